#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lays out what the site is made of: the documents where they are in the source, so that their links lead to the same files,
and pages that the command writes. Arguments: the root of the source, the command, the folder to make, and the page that
checks, if it was made."""

import pathlib
import re
import shutil
import subprocess
import sys
import urllib.parse

NAVIGATION = (
    ("Start", ("README.md", "docs/account.md", "docs/timeline.md", "docs/html.md")),
    ("Gate", ("docs/gate.md", "docs/ci.md", "docs/recording.md", "traces/README.md", "docs/coverage.md", "docs/diff.md")),
    ("Reference", ("docs/rules.md", "docs/traceability.md", "docs/formats.md", "commands.md", "models.md",
                   "docs/diagrams.md", "schemas.md")),
    ("Programs", ("docs/library.md", "docs/python.md", "docs/page.md", "docs/detections.md", "docs/formal.md",
                  "docs/certificate.md")),
    ("Project", ("docs/theory.md", "docs/performance.md", "docs/versions.md", "CHANGELOG.md", "SECURITY.md", "CONTRIBUTING.md",
                 "conformance/README.md", "packaging/README.md")),
)

CONFIGURATION = """\
site_name: sessionlint
site_description: Checks recorded traces of Windows user sessions against the published session state machine
docs_dir: source
use_directory_urls: false
theme:
  name: material
  font: false
  features: [navigation.tabs, navigation.top, content.code.copy, search.highlight]
  palette:
    - media: "(prefers-color-scheme: light)"
      scheme: default
      primary: indigo
      toggle: {icon: material/weather-night, name: Dark}
    - media: "(prefers-color-scheme: dark)"
      scheme: slate
      primary: indigo
      toggle: {icon: material/weather-sunny, name: Light}
extra:
  generator: false
plugins: [search, offline]
markdown_extensions:
  - tables
  - attr_list
  - md_in_html
  - toc: {permalink: true}
  - pymdownx.highlight
  - pymdownx.superfences
validation:
  links: {unrecognized_links: warn, anchors: warn, not_found: warn}
"""

LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")

# GitHub draws it; a browser would have to load a program from elsewhere for that
MERMAID = re.compile(r"^```mermaid\n.*?^```\n", re.M | re.S)


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, stdin=subprocess.DEVNULL).stdout.decode("utf-8")


def documents():
    return [page for _, pages in NAVIGATION for page in pages]


def copy_document(root, source, name):
    """Copies a document, and the files that it links to and that are no pages. What is not part of the site is not linked."""
    text = (root / name).read_text(encoding="utf-8")
    folder = pathlib.PurePosixPath(name).parent

    def link(match):
        target = match[1]
        if re.match(r"[a-z]+:", target):
            return match[0]
        path = (root / folder / urllib.parse.unquote(target)).resolve()
        if path.is_dir() and (path / "README.md").exists():
            path, target = path / "README.md", target.rstrip("/") + "/README.md"
        relative = path.relative_to(root).as_posix()
        if relative not in documents() and path.is_file() and path.suffix != ".md":
            copy = source / relative
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
        elif relative not in documents():
            return "]"
        return f"]({target}{match[2] or ''})"

    picture = pathlib.PurePosixPath(*[".."] * len(folder.parts), "docs/diagrams/published.svg")
    text = MERMAID.sub(f"![The machine]({picture})\n", text)
    text = LINK.sub(link, text)
    # what is left of a link that leads nowhere here
    text = re.sub(r"(?<!!)\[([^\[\]]+)\](?![(\[:])", r"\1", text) if "](" in text else text
    to = source / name
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(text, encoding="utf-8")
    (source / "docs/diagrams").mkdir(parents=True, exist_ok=True)
    shutil.copy(root / "docs/diagrams/published.svg", source / "docs/diagrams/published.svg")


def commands(command):
    """The manual pages."""
    names = [None] + re.findall(r"^  ([a-z]+) +\S", run(command, "--help"), re.M)
    text = "# Manual pages\n"
    for name in names:
        page = run(command, "man", *([name] if name else []))
        body = subprocess.run(["mandoc", "-T", "html", "-O", "fragment"], input=page.encode(), check=True,
                              capture_output=True).stdout.decode("utf-8")
        # its headings are below that of the page; of two places with one name only one would be found
        body = re.sub(r"<(/?)h([12])\b", lambda m: f"<{m[1]}h{int(m[2]) + 2}", body)
        body = re.sub(r' id="[^"]*"', "", re.sub(r'<a class="permalink" href="#[^"]*">(.*?)</a>', r"\1", body, flags=re.S))
        text += f"\n## sessionlint{' ' + name if name else ''}\n\n<div class=\"manual\">\n{body}\n</div>\n"
    return text


def models(command, source):
    """A picture of each model."""
    helped = run(command, "diagram", "--help")
    names = re.search(r"--model=NAME +(.*)", helped)[1].replace(" or ", ", ").replace(" (default)", "").split(", ")
    (source / "models").mkdir()
    text = "# The machines\n\nEach is drawn from the table that the command checks with.\n"
    for name in names:
        (source / "models" / f"{name}.svg").write_text(run(command, "diagram", name), encoding="utf-8")
        text += f"\n## {name}\n\n![The machine {name}](models/{name}.svg)\n"
    return text


def schemas(root, source):
    text = "# JSON schemas\n\n| schema | of |\n|---|---|\n"
    for path in sorted((root / "docs").glob("*.schema.json")):
        shutil.copy(path, source / "docs" / path.name)
        title = re.search(r'"title": "([^"]*)"', path.read_text(encoding="utf-8"))
        text += f"| [{path.name}](docs/{path.name}) | {title[1] if title else ''} |\n"
    return text


def main():
    root, command, folder, page = pathlib.Path(sys.argv[1]).resolve(), *sys.argv[2:5]
    folder, page = pathlib.Path(folder), pathlib.Path(page)
    source = folder / "source"
    source.mkdir(parents=True)
    made = {"commands.md": lambda: commands(command), "models.md": lambda: models(command, source),
            "schemas.md": lambda: schemas(root, source)}
    for name in documents():
        if name not in made:
            copy_document(root, source, name)
    for name, make in made.items():
        (source / name).write_text(make(), encoding="utf-8")
    lines = [CONFIGURATION, "nav:\n"]
    for title, pages in NAVIGATION:
        lines.append(f"  - {title}:\n" + "".join(f"    - {name}\n" for name in pages))
    if page.is_file():
        (source / "check").mkdir()
        shutil.copy(page, source / "check" / "sessionlint.html")
        (source / "check.md").write_text("# Check logs here\n\n[Open the page that checks](check/sessionlint.html){ .md-button }: drop "
                                         "`.evtx` files or a folder on it. Nothing leaves your computer.\n", encoding="utf-8")
        lines.append("  - Check logs here: check.md\n")
    (folder / "mkdocs.yml").write_text("".join(lines), encoding="utf-8")
    return 0


sys.exit(main())
