#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks a site: each link within it leads to a file and a place that are there, and no page loads anything from elsewhere.
Argument: the folder of the site. Prints what is wrong; the status is 1 then."""

import html.parser
import pathlib
import re
import sys
import urllib.parse

# What a browser loads by itself; links that a person follows may lead elsewhere.
LOADED = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("link", "href"), ("object", "data")}
LINKED = {("a", "href"), *LOADED}
ELSEWHERE = re.compile(r"([a-z][a-z0-9+.-]*:)?//|[a-z][a-z0-9+.-]*:", re.I)


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.links, self.places = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("id", "name") and value:
                self.places.add(value)
            if (tag, name) in LINKED and value:
                rel = dict(attrs).get("rel", "")
                self.links.append((value, (tag, name) in LOADED and rel not in ("canonical", "prev", "next")))


def main():
    site = pathlib.Path(sys.argv[1]).resolve()
    # the page that checks is one of its own, with tests of its own
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html")) if path.parent.name != "check"}
    wrong = []
    for path, page in pages.items():
        for link, loaded in page.links:
            if link.startswith("data:"):
                continue
            if ELSEWHERE.match(link):
                if loaded:
                    wrong.append(f"{path.relative_to(site)}: loads {link}")
                continue
            parts = urllib.parse.urlsplit(link)
            target = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target /= "index.html"
            if not target.is_file():
                wrong.append(f"{path.relative_to(site)}: {link} leads nowhere")
            elif parts.fragment and target in pages and urllib.parse.unquote(parts.fragment) not in pages[target].places \
                    and parts.fragment != "__":
                wrong.append(f"{path.relative_to(site)}: {link}: no such place")
    for path in site.rglob("*.css"):
        wrong += [f"{path.relative_to(site)}: loads {found}" for found in
                  re.findall(r"(?:url\(|@import )['\"]?((?:https?:)?//[^'\")]+)", path.read_text(encoding="utf-8"))]
    print("\n".join(wrong), end="\n" if wrong else "")
    if not pages:
        print("no pages")
    return 1 if wrong or not pages else 0


sys.exit(main())
