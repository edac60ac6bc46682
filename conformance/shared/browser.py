# SPDX-License-Identifier: MIT
"""A Chromium without a window, driven by chromedriver over WebDriver's HTTP with nothing but Python's library."""

import base64
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

TIMEOUT = 90

# What is sent for keys that are no letters (WebDriver, "Keyboard actions").
KEYS = {"Enter": "\ue007", "Tab": "\ue004", "Escape": "\ue00c", "ArrowUp": "\ue013", "ArrowDown": "\ue015",
        "ArrowLeft": "\ue012", "ArrowRight": "\ue014", "Home": "\ue011", "End": "\ue010", "PageDown": "\ue00f",
        "Space": " "}

# The driver is here, whatever proxy there is.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def missing():
    """Why there is no browser here; None if there is one."""
    for names in (("chromium", "chromium-browser", "google-chrome"), ("chromedriver",)):
        if not any(map(shutil.which, names)):
            return f"{names[0]} is not installed"
    return None


class Browser:
    """One session; a context manager. Each page is opened in the same window."""

    def __init__(self, width=1400, height=1000):
        self.size = width, height
        self.folder = tempfile.mkdtemp(prefix="sessionlint-browser-")
        self.driver = self.root = None

    def __enter__(self):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                       env={**os.environ, "HOME": self.folder, "TMPDIR": self.folder})
        for line in self.driver.stdout:
            if found := re.search(rb"successfully on port (\d+)", line):
                break
        else:
            raise RuntimeError("chromedriver does not start")
        self.root = f"http://127.0.0.1:{int(found[1])}/session"
        arguments = ["--headless=new", "--disable-gpu", "--hide-scrollbars", "--disable-extensions", "--no-first-run",
                     "--disable-background-networking", "--force-color-profile=srgb", "--disable-dev-shm-usage",
                     f"--user-data-dir={self.folder}/profile", "--window-size={},{}".format(*self.size)]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            # root has no sandbox
            arguments.append("--no-sandbox")
        path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        session = self.call("POST", "", {"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": arguments, "binary": path},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            "unhandledPromptBehavior": "ignore"}}})
        self.root += "/" + session["sessionId"]
        self.resize(*self.size)
        return self

    def __exit__(self, *_):
        try:
            self.call("DELETE", "")
        except OSError:
            pass
        self.driver.terminate()
        self.driver.wait()
        self.driver.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.root + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with DIRECT.open(request, timeout=TIMEOUT) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.read().decode()[:600]}") from error

    # ---- pages ----

    def open(self, path, fragment="", wait=TIMEOUT):
        """Opens a page from the disk and waits until its script has run, and what it drew is to be seen; false if it has not."""
        self.call("POST", "/url", {"url": "about:blank"})
        self.logs("browser"), self.logs("performance")
        self.call("POST", "/url", {"url": pathlib.Path(path).resolve().as_uri() + fragment})
        end = time.monotonic() + wait
        while not self.run("return document.documentElement.dataset.ready === 'yes'"):
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        # before that, what is drawn has no width
        self.painted()
        return True

    def run(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def painted(self, script="", *arguments):
        """Runs a script and waits until what it did is to be seen; returns how long that took, in milliseconds."""
        return self.call("POST", "/execute/async", {"script": """
            const done = arguments[arguments.length - 1];
            const begin = performance.now();
            (function () { %s }).apply(null, Array.prototype.slice.call(arguments, 0, -1));
            requestAnimationFrame(() => {
                const channel = new MessageChannel();
                channel.port1.onmessage = () => done(performance.now() - begin);
                channel.port2.postMessage(0);
            });""" % script, "args": list(arguments)})

    def find(self, selector):
        return self.call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector):
        self.call("POST", f"/element/{self.find(selector)}/click", {})
        self.painted()

    def press(self, *keys):
        """Presses keys one after the other, where the focus is."""
        actions = [{"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})
        self.painted()

    def write(self, selector, text):
        """Puts the focus into a field and writes into it."""
        self.call("POST", f"/element/{self.find(selector)}/clear", {})
        self.call("POST", f"/element/{self.find(selector)}/value", {"text": text})
        self.painted()

    def resize(self, width, height):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def media(self, **features):
        """Emulates media="print", or features as prefers_color_scheme="dark"."""
        self.devtools("Emulation.setEmulatedMedia", media=features.pop("media", ""),
                      features=[{"name": name.replace("_", "-"), "value": value} for name, value in features.items()])
        self.painted()

    # ---- what there is to see ----

    def devtools(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def logs(self, kind):
        return self.call("POST", "/se/log", {"type": kind})

    def complaints(self):
        """What the console says: errors of scripts and breaches of the policy."""
        return [entry["message"] for entry in self.logs("browser")]

    def requests(self):
        """What the page has asked for, itself not counted."""
        found = []
        for entry in self.logs("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(message["params"]["request"]["url"])
        return [url for url in found if not re.match(r"file:.*\.html(#|$)|about:", url)]

    def dialog(self):
        """The text of a dialog that is open; None: there is none."""
        try:
            return self.call("GET", "/alert/text")
        except RuntimeError:
            return None

    def picture(self, path):
        pathlib.Path(path).write_bytes(base64.b64decode(self.call("GET", "/screenshot")))

    def whole_picture(self, path):
        """Of the page from its top to its end."""
        size = self.devtools("Page.getLayoutMetrics")["cssContentSize"]
        data = self.devtools("Page.captureScreenshot", captureBeyondViewport=True,
                             clip={"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1})
        pathlib.Path(path).write_bytes(base64.b64decode(data["data"]))

    def print(self):
        """The page as PDF."""
        return base64.b64decode(self.call("POST", "/print", {"background": True}))
