# SPDX-License-Identifier: MIT
"""Random CSV."""

from shared import text_oracle, text_random


def cell(value, quote=False):
    """One field; None is no value."""
    if value is None:
        return ""
    text = str(value)
    if quote or not text or any(c < " " or c in '",;\x7f' for c in text):
        return '"' + text.replace('"', '""') + '"'
    return text


BYTES = b'",;\n\r\t \0a=#\xff'


def random_text(chance, wrong):
    """A header and rows; wrong: how many of these are changed."""
    columns = list(dict.fromkeys([*text_random.keys_for(chance), "session", "event"]))
    columns = [key for key in columns if key in text_oracle.KEYS or (key[:2] == "x-" and len(key) > 2)]
    separator = chance.choice(",,,;\t")
    text = separator.join(cell(key, chance.random() < 0.2) for key in columns).encode() + b"\n"
    # real texts quote whole columns, and the reader has a fast path for what is like the row before
    quoted = [chance.random() < 0.3 for _ in columns] if chance.random() < 0.7 else None
    absent = chance.choice((0, 0.1))
    for _ in range(chance.choice((1, 3, 20, 20))):
        values = [None if chance.random() < absent else text_random.value_for(chance, key) for key in columns]
        row = separator.join(cell(value, quoted[i] if quoted else chance.random() < 0.3)
                             for i, value in enumerate(values)).encode()
        row += chance.choice((b"\n", b"\n", b"\n", b"\n", b"\n", b"\r\n", b"\n\n"))
        text += mutated(chance, row) if chance.random() < wrong else row
    return text, separator


def mutated(chance, row):
    row = bytearray(row)
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(len(row) + 1)
        row[at:at + chance.choice((0, 1, 1, 3))] = bytes([chance.choice((chance.randrange(256), *BYTES))])
    return bytes(row) + b"\n"
