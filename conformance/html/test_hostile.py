#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a trace says is text in the page, whatever it says: no element, no dialog, no request, nothing that the console
complains of. Arguments: the command, the root of the source, a folder of logs. Prints TAP.
"""

import pathlib
import re
import sys
import unicodedata

from shared.browser import Browser, missing
from shared.command import Command
from shared.folder import Folder
from shared.report_traces import PARTS, PAYLOADS, hostile
from shared.tap import Tap

# Elements that a page has of its own, by name; nothing else may be in it.
KNOWN = set("""html head meta title style body a header h1 h2 h3 h4 span nav button main noscript section div form fieldset
legend label input select option output datalist strong p dl dt dd table caption thead tbody tr th td canvas ul ol li kbd
meter script details summary pre svg desc defs marker path rect g text tspan circle""".split())

COUNT = """const names = {};
    for (const element of document.querySelectorAll('*')) {
        const name = element.localName;
        names[name] = (names[name] || 0) + 1;
    }
    return names;"""

OPEN_ALL = """document.querySelectorAll('.row .open[aria-expanded=false]').forEach(button => button.click());"""


def unsafe(text):
    return [sign for sign in text if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp") and sign not in "\n\t"]


def look(tap, browser, path, name, findings):
    """Opens a page with all its findings and looks at what it has become."""
    tap.ok(browser.open(path), f"{name}: the script runs to its end")
    browser.painted(OPEN_ALL)
    browser.painted("document.querySelector('#mark-next').click()")
    browser.painted("dispatchEvent(new Event('beforeprint'))")
    elements = browser.run(COUNT)
    tap.same(sorted(set(elements) - KNOWN), [], f"{name}: no element of the trace's making")
    tap.same([elements.get(name, 0) for name in ("script", "style", "img", "iframe")], [3, 1, 0, 0],
             f"{name}: no script, style or image beside the page's own")
    text = browser.run("return document.body.innerText")
    tap.same(unsafe(text), [], f"{name}: no sign that turns or hides text")
    tap.same(browser.run("return document.querySelectorAll('.row .detail').length"), findings,
             f"{name}: each finding opens")
    tap.same(browser.dialog(), None, f"{name}: no dialog")
    tap.same(browser.complaints(), [], f"{name}: the console is silent")
    tap.same(browser.requests(), [], f"{name}: nothing is asked of anybody")
    return text


def check_payloads(tap, command, browser, folder):
    for name, payload in PAYLOADS.items():
        trace = hostile(payload)
        path = folder.file(f"{name}.html")
        result = command.run("check", "-q", "--format=json", f"--output=html:{path}", "-", input=trace)
        text = look(tap, browser, path, name, len(result.findings))
        if name == "script":
            tap.ok("<script>alert(1)</script>" in text, f"{name}: it is to be read as it is")
        words = browser.run("""const field = document.querySelector('#filter-host');
            field.value = arguments[0];
            field.dispatchEvent(new Event('input'));
            return location.hash;""", payload[:40].decode("utf-8", "replace"))
        tap.ok(not re.search(r"[<>\"\s]", words), f"{name}: in a fragment, too", words)


def check_policy(tap, browser, folder, page):
    """A script that is not the page's own is refused, and this test would see it."""
    text = page.read_text(encoding="utf-8")
    browser.open(folder.file("other.html", text.replace("start();\n</script>", "start(); alert(1)\n</script>")), wait=2)
    tap.ok(any("Content Security Policy" in line for line in browser.complaints()), "another script is refused")
    path = folder.file("more.html", text.replace("</body>", "<script>document.title = 'x'</script>"
                                                 "<img src=x.png><p style='color:red'>x</p></body>"))
    browser.open(path)
    told = [line for line in browser.complaints() if "Content Security Policy" in line]
    tap.ok(len(told) >= 3, "what is added is refused: script, image, style", told)
    tap.same(browser.run("return document.title"), "sessionlint report", "and does not run")
    browser.open(page)
    tap.same(browser.run("""try {
        document.querySelector('h1').innerHTML = '<b>x</b>';
        return 'made';
    } catch (error) {
        return error.name;
    }"""), "TypeError", "text cannot be made elements of, not even by mistake")
    browser.complaints()
    browser.run("setTimeout(() => { throw new Error('seen'); }, 0)")
    browser.painted()
    tap.ok(any("seen" in line for line in browser.complaints()), "an error of a script would be seen")


def check_fragments(tap, browser, path):
    """The fragment is somebody else's text, too."""
    for fragment in ("#text=<img src=x onerror=alert(1)>", "#rule=__proto__&sort=constructor", "#open=-1 99999999 x 1e9",
                     "#severity=fatal", "#findings", "#%E0%A4%A", "#sort=toString down&session=1e99&host=%00"):
        tap.ok(browser.open(path, fragment), f"fragment {fragment}: the page comes up")
        tap.same((browser.complaints(), browser.dialog()), ([], None), f"fragment {fragment}: and does nothing else")


def check_real(tap, command, browser, folder, root, logs):
    traces = sorted((root / "traces").glob("*/*.*"))
    for trace in traces:
        path = folder.file(f"{trace.name}.html")
        command.run("check", "-q", f"--output=html:{path}", str(trace))
        found = browser.open(path) and browser.complaints() == []
        tap.ok(found, f"{trace.parent.name}/{trace.name}: a page without complaint")
    if not logs.is_dir():
        tap.skip("real logs", f"there is no {logs.name} folder")
        return
    for log in sorted(path for path in logs.iterdir() if path.is_dir()):
        path = folder.file(f"{log.name}.html")
        command.run("check", "-q", f"--output=html:{path}", str(log))
        tap.ok(browser.open(path), f"{log.name}: a page of real logs")
        tap.same((browser.complaints(), browser.requests()), ([], []), f"{log.name}: and no complaint")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    if missing():
        tap.skip("the page in a browser", missing())
        return tap.done()
    with Folder() as folder, Browser() as browser:
        check_payloads(tap, command, browser, folder)
        path = folder.file("parts.html")
        command.run("check", "-q", f"--output=html:{path}", "-", input=PARTS.read_bytes())
        check_policy(tap, browser, folder, path)
        check_fragments(tap, browser, path)
        check_real(tap, command, browser, folder, pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
