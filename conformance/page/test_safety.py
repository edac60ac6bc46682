#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The page that checks sends nothing anywhere, whatever runs in it, and what logs and names say stays text.
Arguments: the command, the folder of the page, trace_to_evtx. Prints TAP.
"""

import http.server
import pathlib
import re
import subprocess
import sys
import threading
import unicodedata

from shared.checking_page import NAME, CheckingPage, why_not
from shared.folder import Folder
from shared.report_traces import PAYLOADS, hostile, quoted
from shared.tap import Tap

SIZE_MAX = 2_000_000

# Names that a browser, a shell or the command could act on.
NAMES = ("<img src=x onerror=alert(1)>.trace", "\"'><script>alert(1)<!--.trace", "-q.trace", "--output=html:x.trace", "a\u202ecart.trace",
         "a\nb.trace", "${alert(1)}`.trace", "__proto__", "constructor.trace", "%00%2e%2e.trace", "a\\b.trace", " .trace")

# Ways out of a page. Each returns what became of it.
WAYS_OUT = {
    "fetch": "try { await fetch(url); return 'sent'; } catch (error) { return error.name; }",
    "XMLHttpRequest": "const request = new XMLHttpRequest(); try { request.open('GET', url); request.send(); } catch {} "
                      "return new Promise(resolve => { request.onload = () => resolve('sent'); request.onerror = () => resolve('refused'); });",
    "beacon": "navigator.sendBeacon(url, 'x');",
    "WebSocket": "try { new WebSocket(url.replace('http', 'ws')); } catch {}",
    "EventSource": "try { new EventSource(url); } catch {}",
    "image": "document.body.append(Object.assign(new Image(), {src: url}));",
    "style": "document.head.append(Object.assign(document.createElement('link'), {rel: 'stylesheet', href: url}));",
    "preload": "document.head.append(Object.assign(document.createElement('link'), {rel: 'preload', as: 'fetch', href: url}));",
    "frame": "document.body.append(Object.assign(document.createElement('iframe'), {src: url}));",
    "form": "const form = Object.assign(document.createElement('form'), {action: url, method: 'post'}); "
            "document.body.append(form); form.submit();",
    "worker": "checker.scriptUrl = URL.createObjectURL(new Blob([`fetch('${url}').then(() => postMessage('sent'), () => postMessage('refused'))`])); "
              "const worker = new Worker(policy.createScriptURL('')); "
              "return new Promise(resolve => { worker.onmessage = event => resolve(event.data); worker.onerror = () => resolve('error'); });",
}


class Server:
    """A server on this machine that counts who comes."""

    def __init__(self):
        hits = self.hits = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                hits.append(self.path)
                self.send_response(200)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()

            do_GET = do_POST = do_OPTIONS = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def check_file(tap, path):
    page = path.read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    tap.ok(path.stat().st_size < SIZE_MAX, f"the page is smaller than 2 MB: {path.stat().st_size}")
    tap.same((rules["default-src"], rules["connect-src"]), ("'none'", "'none'"), "nothing is allowed but what is named, and no connection")
    tap.same(sorted(set(" ".join(rules.values()).split())
                    - {"'none'", "'wasm-unsafe-eval'", "blob:", "'script'", "sessionlint-worker"}),
             sorted(set(re.findall(r"'sha256-[^']+'", policy))), "scripts and styles are allowed by their hashes alone")
    tap.same(re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=", page), [], "the file refers to no other file")


def check_ways_out(tap, page, server):
    # otherwise the test would show nothing
    target = page.devtools("Target.createTarget", url=server.url)["targetId"]
    tap.ok(page.comes(lambda: server.hits), "the browser can reach a server on this machine")
    page.devtools("Target.closeTarget", targetId=target)
    page.devtools("Page.bringToFront")
    server.hits.clear()
    for name, way in WAYS_OUT.items():
        page.open(page.path)
        page.call("POST", "/execute/async", {"script": f"""const done = arguments[1];
            setTimeout(() => done('no answer'), 2000);
            (async url => {{ {way} }})(arguments[0]).then(done, error => done(String(error)));""", "args": [server.url + name]})
        tap.ok(page.comes(lambda: any("Content Security Policy" in line for line in page.complaints())), f"{name}: refused by the policy")
    tap.same([hit for hit in server.hits if "favicon" not in hit], [], "nobody came to the server")
    page.open(page.path)


def unsafe(text):
    return [sign for sign in text if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp") and sign not in "\n\t"]


def usual_elements(page, folder):
    """The elements of the page with results of a trace that is not hostile."""
    page.drop(folder.file("usual/a.trace", hostile(b"usual")))
    page.run("document.querySelectorAll('.finding').forEach(element => element.open = true)")
    page.painted()
    return set(page.run("return [...document.querySelectorAll('*')].map(element => element.localName)"))


def look(tap, page, claim, clean):
    """Looks at the page when all that it has is shown."""
    page.run("document.querySelectorAll('.finding').forEach(element => element.open = true)")
    for view in ("findings", "timeline", "diagram", "report"):
        page.run("document.getElementById('tab-' + arguments[0]).click()", view)
    page.painted()
    kinds = page.run("return [...new Set([...document.querySelectorAll('*')].map(element => element.localName))].sort()")
    tap.same(sorted(set(kinds) - clean), [], f"{claim}: no element of the log's making")
    tap.same(page.run("return [document.scripts.length, document.images.length, document.querySelectorAll('iframe').length]"), [2, 1, 1],
             f"{claim}: no script, picture or frame beside the page's own")
    tap.same(unsafe(page.run("return document.body.innerText")), [], f"{claim}: no sign that turns or hides text")
    tap.same((page.dialog(), page.complaints(), page.others()), (None, [], []), f"{claim}: no dialog, no complaint, no request")


def check_hostile(tap, page, folder, clean, trace_to_evtx):
    for name, payload in PAYLOADS.items():
        page.drop(folder.file(f"{name}/a.trace", hostile(payload)))
        look(tap, page, f"trace: {name}", clean)
    tap.ok("<script>alert(1)</script>" in shown(page, folder.path / "script/a.trace"), "a script can be read as it is")
    for name in ("script", "quotes", "direction", "formula", "braces"):
        trace = folder.file(f"evtx/{name}.trace", b"".join(
            b"host=" + quoted(PAYLOADS[name]) + b" source=lsm session=2 time=2026-03-02T09:0%d:00Z event=%s user=" % (i, event)
            + quoted(b"LAB\\" + PAYLOADS[name]) + b" address=" + quoted(PAYLOADS[name]) + b"\n"
            for i, event in enumerate((b"Logon", b"Disconnected", b"Logon", b"Connected"))))
        log = folder.path / f"evtx/{name}.evtx"
        made = subprocess.run([trace_to_evtx, trace, log], check=False, capture_output=True)
        if not tap.ok(made.returncode == 0, f".evtx: {name}: is made", made.stderr):
            continue
        page.drop(log)
        look(tap, page, f".evtx: {name}", clean)
    tap.ok("<script>alert(1)</script>" in shown(page, folder.path / "evtx/script.evtx"), "a script in a log can be read as it is")


def shown(page, path):
    page.drop(path)
    page.run("document.getElementById('tab-timeline').click()")
    return page.run("return document.getElementById('panel-timeline').innerText")


def check_names(tap, page, folder, clean):
    text = b"session=1 event=Created\nsession=1 event=Logon\n"
    for name in NAMES:
        tap.ok(page.drop(folder.file(f"names/{name}", text)), f"name {name!r}: is checked")
        look(tap, page, f"name {name!r}", clean)
        tap.ok("1 error" in page.text("#verdict"), f"name {name!r}: is read as a file", page.text("#verdict") + page.text("#messages"))
    # a dropped folder shows no names that Windows would not accept
    tap.ok(page.choose("folder", folder.path / "names"), "all of them in a folder")
    look(tap, page, "names in a folder", clean)
    tap.ok(f"{len(NAMES)} errors" in page.text("#verdict"), "each of them is read", page.text("#verdict"))


def main():
    tap = Tap()
    folder, trace_to_evtx = pathlib.Path(sys.argv[2]), sys.argv[3]
    if why_not(folder):
        return tap.skip_all(why_not(folder))
    check_file(tap, folder / NAME)
    with Folder() as files, CheckingPage(folder, files.path) as page, Server() as server:
        clean = usual_elements(page, files)
        check_hostile(tap, page, files, clean, trace_to_evtx)
        check_names(tap, page, files, clean)
        check_ways_out(tap, page, server)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
