# SPDX-License-Identifier: MIT
"""What is proved of which functions, and changes to them by which it no longer holds."""

import collections

# A claim: its functions in a file below src/; whether goals are split, seconds for a prover and a goal; and pairs of a text
# of the file and what it becomes in a mutant, which must not be proved.
Claim = collections.namedtuple("Claim", "what file functions mutants split seconds", defaults=(False, 30))

CLAIMS = (
    Claim("numbers of 16, 32 and 64 bits are read, the lowest byte first", "base/bytes.h", ("read_u16", "read_u32", "read_u64"),
          (("bytes[1] << 8", "bytes[1] << 7"), ("read_u16(bytes + 2) << 16", "read_u16(bytes + 1) << 16"),
           ("read_u32(bytes + 4)", "read_u32(bytes + 5)"))),
    Claim("a code point is encoded as RFC 3629 says", "base/utf.c", ("utf8_put",),
          (("0xe0 | code >> 12", "0xe0 | code >> 11"), ("if (code < 0x800) {", "if (code <= 0x800) {"))),
    Claim("well-formed UTF-8 is decoded, and nothing else", "base/utf.c", ("utf8_get", "utf8_length"),
          (("\t       : lead < 0xc2 ? 0", "\t       : lead < 0xc1 ? 0"), ("if (i >= size ||", "if (i > size ||"))),
    Claim("the count of valid bytes is no larger than the text", "base/utf.c", ("utf8_valid",),
          (("size - valid, &code)", "size - valid + 1, &code)"),)),
    Claim("UTF-16: units, pairs and halves are decoded; the text fits in 3 bytes a unit", "base/utf.c",
          ("utf16_unit", "utf16_plain", "utf16_pair", "utf16_put_half", "utf16_to_utf8"),
          (("(high - 0xd800) << 10", "(high - 0xd800) << 11"), ("i += code >= 0x10000;", "i += code >= 0x20000;"),
           ("i + 1 < units ? utf16_unit", "i < units ? utf16_unit"), ("units - i >= 4", "units - i >= 3"),
           ("three >= 0x80", "three > 0x80"))),
    Claim("numbers in text: the value, in its limits, or an error", "base/number.c",
          ("ascii_lower", "text_of", "digits_parse", "decimal_parse", "number_parse", "number32_parse"),
          (("text.size > 19)", "text.size > 20)"), ("if (number > limit)", "if (number > limit + 1)"),
           ("(limit - digit) / base", "limit / base"))),
    Claim("a number is written as its decimal digits, 1 to 20, without leading zeros", "base/number.c", ("decimal_write",),
          (("digits[DECIMAL_SIZE - ++size]", "digits[DECIMAL_SIZE - size++]"), ("'0' + number % 10)", "'0' + number % 9)"),
           ("while (number > 0);", "while (number > 9);"), ("memcpy(to, digits + DECIMAL_SIZE - size, size)", "memcpy(to, digits, size)")), True),
    Claim("a set of states leads to what its states lead to", "model/model.c", ("belief_of", "row_fill", "model_events_of"),
          (("row[highest] | row[rest];", "row[highest] & row[rest];"), ("rest < highest; rest++", "rest < highest - 1; rest++"))),
    Claim("the projection onto an EventMask: hidden events are followed until nothing is new, before and after what is shown",
          "model/projection.c", ("mask_selects", "project_once", "project_closure", "project_closures", "project_row"),
          (("\t\tnext = project_once(model, mask, abrupt, belief);", "\t\tnext = belief;"), ("from &= NOT_LOGGED_ON;", "from &= LOGGED_ON;"),
           ("|= model->next[event][from];", "|= model->reached[event][from];"), ("row[belief] = closure[next", "row[belief] = next[next"),
           ("closure[belief] = project_closure(model", "closure[belief] = project_once(model"))),
    Claim("model_project() fills all its tables with these closures and rows, also in place", "model/projection.c",
          ("row_copy", "project_rows", "events_shown", "project_allowed", "project_next", "project_sums", "reached_copy", "model_project"),
          (("to[belief] = from[belief];", "to[belief] = (sessionlint_belief)belief;"),
           ("project_row(ret_model->closure, model", "project_row(model->closure, model"), ("(mask << 1);", "mask;"),
           ("model->image[event] = model->next[event][SESSIONLINT_BELIEF_ANY];", "model->image[event] = SESSIONLINT_BELIEF_ANY;"),
           ("\trow_copy(model->reached[event],", "\trow_copy(model->next[event],"))),
    Claim("after k lost records the belief is b(k)", "model/model.c", ("model_lose",),
          (("next = belief | begun;", "next = begun;"), ("if (next == belief) {", "if (next != belief) {"))),
    Claim("a count continues after it wraps; nothing is missing before the next number, something is before a larger one", "order/sequence_numbers.c",
          ("numbers_extend", "numbering_place", "numbers_take", "counting_agree", "counting_take", "counting_learn",
           "counting_agrees", "evidence_hole", "evidence_is_enough"),
          (("base - NUMBER_ZERO + seq", "base - NUMBER_ZERO + seq + 1"), ("number == finest->number + 1)", "number == finest->number + 2)"),
           ("number > numbers->number ||", "number < numbers->number ||"))),
    Claim("CRC-32: the tables, and the sum of bytes by them, sixteen at once, follow from the polynomial", "base/crc32_tables.c",
          ("after_zero_bits", "next_table", "crc32_tables_init", "fold", "word_at", "added", "by_words", "take_word", "crc32_by_tables",
           "crc32_power_of_x"),
          (("0xedb88320U", "0xedb88321U"), ("t[0][word >> 24];", "t[0][word >> 23 & 0xff];"), ("sum = sum >> 8 ^ t", "sum = sum >> 7 ^ t"),
           ("fold(tables, 8, word_at(bytes + 4))", "fold(tables, 4, word_at(bytes + 4))"), ("return sum ^ other;", "return sum | other;"),
           ("by_words(tables, sum, bytes + taken)", "by_words(tables, sum, bytes)")), True),
    Claim("a value of an .evtx record is found by descriptors in the record, and lies within it", "trace/evtx/binary_xml.c",
          ("damaged", "spend", "value_find", "value_take"),
          (("values->end - offset < ret_value->size)", "values->end - offset + 1 < ret_value->size)"),
           ("values->end - cursor->offset < ret_value->size)", "values->end - cursor->offset + 1 < ret_value->size)"),
           ("if (index >= values->count)", "if (index > values->count)"),
           ("read_u16(descriptor + 4 * --cursor->index)", "read_u16(descriptor + 4 * cursor->index--)"))),
    Claim("numbers in .evtx values are read within the value", "trace/evtx/value.c", ("hexadecimal_number", "value_number"),
          (("i + 1 < value->size; i += 2", "i < value->size; i += 2"), ("for (i = 2; i < units; i++) {", "for (i = 2; i <= units; i++) {"))),
)

# What is not proved: nobody has done it yet ("not proven"), or Frama-C cannot ("out of reach"); and why.
UNPROVED = (
    ("CRC-32 by instructions of the processor", "out of reach", "they have no meaning in WP; tests compare the sums"),
    ("the binary XML of a record", "out of reach", "recursion through a callback, and memory that grows; it is fuzzed under sanitizers"),
    ("a single step of a recognizer", "out of reach", "Ragel generates it, and it is called by a pointer; tests try all sequences of "
     "eight events"),
    ("what the whole of a trace counts, decided from a window of records", "out of reach", "heaps and lists of records"),
)
