#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The page in Markdown, parsed by GitHub's cmark-gfm with all its extensions and by markdown-it: headings, tables and
text, nothing that a trace could make a link, an image or HTML of, and the text that the text format has. The pages of
coverage and of the matrix are held to the same. Argument: the command. Prints TAP.
"""

import sys
import xml.etree.ElementTree as ElementTree

from shared import outside, outside_reports
from shared.command import Command
from shared.folder import Folder
from shared.report_traces import PAYLOADS, hostile, told_in_text
from shared.tap import Tap

EXTENSIONS = ("table", "autolink", "strikethrough", "tagfilter", "tasklist", "footnotes")

# What keeps an address and a mention from becoming one: no more than that may be HTML.
NOTHING = "<!-- -->"

PLAIN = {"heading", "paragraph", "text", "softbreak", "table", "table_header", "table_row", "table_cell"}
OURS = {"list", "item", "emph", "strong", "code", "html_block"}  # of pages that repeat nothing of a trace

# A name up to this long is not clipped.
NAME = 60


def read_cmark(page):
    """(kinds of what is on the page, texts of the cells of each row), by cmark-gfm."""
    options = [word for name in EXTENSIONS for word in ("-e", name)]
    done = outside.run([outside.program("cmark-gfm"), "--unsafe", *options, "-t", "xml"], page)
    kinds, rows = set(), []
    for element in ElementTree.fromstring(done.stdout)[:]:
        for one in element.iter():
            kind = one.tag.rpartition("}")[2]
            if kind != "html_inline" or one.text != NOTHING:
                kinds.add(kind)
            if kind == "table_row":
                rows.append(["".join(part.text or "" for part in cell.iter() if part.tag.endswith("}text"))
                             for cell in one])
    return kinds, rows


def read_markdown_it(page):
    """The same by markdown-it, with HTML allowed."""
    kinds, rows = set(), []
    names = {"bullet_list": "list", "list_item": "item", "em": "emph", "code_inline": "code", "inline": "text",
             "text_special": "text", "thead": "table", "tbody": "table", "tr": "table_row", "th": "table_cell",
             "td": "table_cell", "blockquote": "block_quote"}
    markdown = outside.module("markdown_it").MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for token in markdown.parse(page.decode("utf-8")):
        for one in (token, *(token.children or ())):
            kind = one.type.removesuffix("_open").removesuffix("_close")
            if kind != "html_inline" or one.content != NOTHING:
                kinds.add(names.get(kind, kind))
        if token.type == "tr_open":
            rows.append([])
        elif token.children and rows:
            rows[-1].append("".join(one.content for one in token.children if one.type in ("text", "text_special")))
    return kinds, [row for row in rows if row]


READERS = {"cmark-gfm": read_cmark, "markdown-it": read_markdown_it}

# What a parser must find where it is not escaped.
BAITS = {"html_inline": b"a <b>c</b>", "html_block": b"<script>x</script>", "link": b"[a](http://b)",
         "image": b"![a](http://b)", "code_block": b"    a", "block_quote": b"> a"}


def check_pages(tap, pages, name):
    for what, (page, allowed) in pages.items():
        kinds, _ = READERS[name](page)
        tap.ok("table" in kinds and kinds <= allowed, f"{name}: {what}", kinds - allowed)
    for kind, bait in BAITS.items():
        kinds, _ = READERS[name](bait)
        tap.ok(kind in kinds, f"{name} would see a {kind}", kinds)


def check_cells(tap, command, name):
    """What is read in the cells is what the text format says."""
    for what, payload in PAYLOADS.items():
        if len(payload) > NAME - len("other"):
            continue  # clipped
        trace = hostile(payload)
        _, rows = READERS[name](command.run("check", "-q", "--format=markdown", "-", input=trace).out)
        cells = [row[1].removesuffix(" (cascade)") for row in rows if len(row) == 3 and row[0].startswith("<stdin>:")]
        texts = [text for _, text in told_in_text(command, trace)]
        short = [text for text in texts if len(text) < 4 * NAME]
        tap.ok(short and set(short) <= set(cells) and len(cells) == len(texts), f"{name}: {what}, the cells", *cells,
               *texts)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        pages = {what: (result.out, PLAIN) for what, result in outside_reports.reports(command, "markdown", folder).items()}
    traces = str(outside.ROOT / "traces" / "legal")
    for what, words in {"coverage": ["coverage", "--format=markdown", traces],
                        "matrix": ["diagram", "--format=matrix", "lsm"]}.items():
        pages[what] = (command.run(*words).out, PLAIN | OURS)
    for name in READERS:
        outside.attempt(tap, f"{name}: the pages", check_pages, pages, name)
        outside.attempt(tap, f"{name}: the cells", check_cells, command, name)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
