# SPDX-License-Identifier: MIT
"""What can be wrong in one place of a C source. The text is formatted by clang-format: an operator with spaces on both sides has
two operands.
"""

import collections
import re

Token = collections.namedtuple("Token", "kind text start end")

TOKENS = re.compile(r"""
    (?P<comment> /\*.*?\*/ | //[^\n]* )
  | (?P<directive> ^[ \t]*\#(?:\\\n|[^\n])* )
  | (?P<string> "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' )
  | (?P<number> (?:0[xX][0-9A-Fa-f]+|\d+)(?:[uU]?[lL]{0,2}) )
  | (?P<name> [A-Za-z_]\w* )
  | (?P<mark> <<= | >>= | \.\.\. | -> | \+\+ | -- | << | >> | <= | >= | == | != | && | \|\| | [-+*/%&|^]= | [-+*/%&|^<>=!~?:;,.(){}\[\]\#\\] )
""", re.X | re.S | re.M)

# What an operator with two operands becomes.
BINARY = {
    "relation": {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="},
    "logic": {"&&": "||", "||": "&&"},
    "arithmetic": {"+": "-", "-": "+", "*": "/", "/": "*", "%": "/", "+=": "-=", "-=": "+="},
    "bits": {"&": "|", "|": "&", "^": "|", "<<": ">>", ">>": "<<", "&=": "|=", "|=": "&=", "^=": "|="},
}
# Of those with one operand these are left out, and these are changed wherever they stand.
UNARY = {"!": "logic", "~": "bits"}
STEPS = {"++": "--", "--": "++"}
WORDS = {"true": "false", "false": "true"}

KEYWORDS = {"if", "else", "for", "while", "do", "switch", "case", "default", "return", "break", "continue", "goto", "sizeof"}
DECLARING = {"static", "const", "struct", "enum", "union", "extern", "unsigned", "signed", "inline", "typedef", "volatile"}
ASSIGNING = {"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "++", "--"}

DEFINITION = re.compile(r"[ \t]*#[ \t]*define[ \t]+\w+[ \t]+(?P<value>(?:\\\n|[^\n])*)")
NUMBER = re.compile(r"(0[xX][0-9A-Fa-f]+|\d+)([uUlL]*)")
# clang-format lays these out; what they hold is no table
CELL = re.compile(r"[A-Z][A-Z0-9_]+|\d\w*|true|false|NULL")


def tokens_of(text):
    """The tokens, without comments, strings and directives."""
    return [Token(found.lastgroup, found[0], found.start(), found.end()) for found in TOKENS.finditer(text)
            if found.lastgroup not in ("comment", "directive", "string")]


def definitions_of(text):
    """The tokens of values that #define gives a name."""
    for found in TOKENS.finditer(text):
        define = DEFINITION.match(found[0]) if found.lastgroup == "directive" else None
        if define:
            at = found.start() + define.start("value")
            yield from (Token(token.kind, token.text, token.start + at, token.end + at) for token in tokens_of(define["value"]))


def changes(text):
    """Yields operator, start, end and new text."""
    tokens = tokens_of(text)
    closing = pairs_of(tokens)
    yield from marks(text, tokens)
    yield from constants([*tokens, *definitions_of(text)])
    yield from conditions(text, tokens, closing)
    yield from statements(tokens, closing)
    yield from jumps(text, tokens)
    yield from tables(text, tokens, closing)


def pairs_of(tokens):
    """The index of the bracket that closes each one."""
    found, stack = {}, []
    for i, token in enumerate(tokens):
        if token.kind == "mark" and token.text in "([{":
            stack.append(i)
        elif token.kind == "mark" and token.text in ")]}" and stack:
            found[stack.pop()] = i
    return found


def is_apart(text, token):
    return text[token.start - 1:token.start].isspace() and text[token.end:token.end + 1].isspace()


def marks(text, tokens):
    for token in tokens:
        if token.kind != "mark":
            continue
        for operator, becomes in BINARY.items():
            if token.text in becomes and is_apart(text, token):
                yield operator, token.start, token.end, becomes[token.text]
        if token.text in UNARY and not is_apart(text, token):
            yield UNARY[token.text], token.start, token.end, ""
        if token.text in STEPS:
            yield "arithmetic", token.start, token.end, STEPS[token.text]


def constants(tokens):
    for token in tokens:
        if token.text in WORDS:
            yield "constant", token.start, token.end, WORDS[token.text]
        if token.kind != "number":
            continue
        digits, suffix = NUMBER.fullmatch(token.text).groups()
        base = 16 if digits[:2] in ("0x", "0X") else 8 if digits[0] == "0" else 10
        for value in (int(digits, base) + 1, int(digits, base) - 1):
            if value >= 0:
                yield "constant", token.start, token.end, (f"0x{value:0{len(digits) - 2}x}" if base == 16 else str(value)) + suffix


def conditions(text, tokens, closing):
    """A branch that is always taken, or never; what the condition calls is called all the same."""
    for i, token in enumerate(tokens[:-1]):
        if token.text == "if" and i + 1 in closing:
            start, end = tokens[i + 1].start, tokens[closing[i + 1]].end
            yield "condition", start, end, f"({text[start:end]} || true)"
            yield "condition", start, end, f"({text[start:end]} && false)"


def begins_statement(tokens, i, closing_of):
    """Whether a statement begins at a token."""
    before = tokens[i - 1].text if i else ""
    if before in (";", "{", "}", "else"):
        return True
    # after the parenthesis of a branch or of a loop
    opened = closing_of.get(i - 1)
    return opened is not None and opened > 0 and tokens[opened - 1].text in ("if", "for", "while")


def end_of_statement(tokens, i, closing):
    """The index of its semicolon; None if there is none before a brace."""
    while i < len(tokens):
        if tokens[i].text == ";":
            return i
        if tokens[i].text in "{}" and tokens[i].kind == "mark":
            return None
        i = closing.get(i, i) + 1 if tokens[i].text != "{" else i
    return None


def is_action(tokens, first, last):
    """Whether it calls or assigns, and does not declare."""
    token = tokens[first]
    if token.kind == "name" and (token.text in KEYWORDS or token.text in DECLARING):
        return False
    if token.kind != "name" and token.text not in ("*", "++", "--", "("):
        return False
    after = tokens[first + 1]
    if token.kind == "name" and (after.kind == "name" or after.text in (":", "*", ";")):
        return False
    # a member that points to a function
    if token.kind == "name" and after.text == "(" and tokens[first + 2].text == "*":
        return False
    return after.text == "(" or any(each.text in ASSIGNING for each in tokens[first:last])


def statements(tokens, closing):
    """A statement that is not there."""
    closing_of = {end: start for start, end in closing.items()}
    inside = {i for start, end in closing.items() if tokens[start].text == "(" for i in range(start + 1, end)}
    for i in range(1, len(tokens) - 1):
        if i in inside or not begins_statement(tokens, i, closing_of):
            continue
        last = end_of_statement(tokens, i, closing)
        if last is not None and last > i + 1 and is_action(tokens, i, last):
            yield "statement", tokens[i].start, tokens[last].start, ""


def jumps(text, tokens):
    """A loop that goes on or ends; a function that returns nothing of what it found."""
    for i, token in enumerate(tokens[:-1]):
        if token.text in ("break", "continue") and tokens[i + 1].text == ";":
            yield "jump", token.start, token.end, "continue" if token.text == "break" else "break"
        if token.text == "return" and tokens[i + 1].text != ";":
            end = next((each for each in tokens[i + 1:] if each.text == ";"), None)
            value = text[tokens[i + 1].start:end.start] if end else ""
            if value and not re.fullmatch(r"0|1|-1|NULL|false|true", value):
                yield "jump", tokens[i + 1].start, end.start, "0"


def tables(text, tokens, closing):
    """A cell of a constant table becomes the next one in its column that is different."""
    for i, token in enumerate(tokens[:-1]):
        if token.text == "=" and tokens[i + 1].text == "{" and i + 1 in closing and is_constant(tokens, i):
            columns = collections.defaultdict(list)
            for column, cell in cells(tokens, i + 1, closing):
                columns[column].append(cell)
            for column in columns.values():
                for number, cell in enumerate(column):
                    others = [each.text for each in column[number + 1:] + column[:number] if each.text != cell.text]
                    if others:
                        yield "table", cell.start, cell.end, others[0]


def is_constant(tokens, i):
    """Whether what is initialized here is declared const."""
    while i > 0 and tokens[i].text not in (";", "}"):
        if tokens[i].text == "const":
            return True
        i -= 1
    return False


def cells(tokens, first, closing, depth=0):
    """The plain cells between two braces, each with its column: how deep it is, and its name or number there."""
    i, number, name = first + 1, 0, None
    last = closing[first]
    while i < last:
        token = tokens[i]
        if token.text == "{" and i in closing:
            yield from cells(tokens, i, closing, depth + 1)
            i = closing[i]
        elif token.text == "." and tokens[i + 1].kind == "name":
            name = tokens[i + 1].text
            i += 1
        elif token.text == ",":
            number, name = number + 1, None
        elif CELL.fullmatch(token.text) and tokens[i - 1].text in ("{", ",", "=") and tokens[i + 1].text in (",", "}"):
            # rows of plain values are one column
            plain = depth == 0
            yield (depth, name or (None if plain else number)), token
        i = closing[i] + 1 if token.text in ("(", "[") and i in closing else i + 1
