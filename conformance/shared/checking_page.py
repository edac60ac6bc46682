# SPDX-License-Identifier: MIT
"""The page that checks, in a browser: what a reader does with it, and what it gives."""

import pathlib
import time

from shared.browser import Browser, missing

NAME = "sessionlint.html"
WAIT = 300  # seconds; ends a run that hangs


def why_not(folder):
    """Why the page cannot be tried; None if it can."""
    if not (pathlib.Path(folder) / NAME).is_file():
        return f"there is no {NAME}: ./dev page makes it"
    return missing()


class CheckingPage(Browser):
    """The page, opened from the disk; a context manager. Downloads go into a folder."""

    def __init__(self, folder, downloads, **size):
        super().__init__(**size)
        self.path, self.downloads = pathlib.Path(folder) / NAME, pathlib.Path(downloads)

    def __enter__(self):
        super().__enter__()
        self.devtools("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(self.downloads))
        self.open(self.path)
        return self

    @staticmethod
    def comes(condition):
        """Waits until a function returns something true; false: it never does."""
        end = time.monotonic() + WAIT
        while not condition():
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def until(self, condition):
        """The same for an expression of the page."""
        return self.comes(lambda: self.run(f"return Boolean({condition})"))

    def set(self, **values):
        """Sets options by their ids, as a reader does."""
        for name, value in values.items():
            self.run("""const element = document.getElementById(arguments[0]);
                if (element.type === 'checkbox') {
                    element.checked = arguments[1];
                } else {
                    element.value = arguments[1];
                }
                element.dispatchEvent(new Event('change', {bubbles: true}));""", name, value)

    def finished(self):
        return self.until("document.documentElement.dataset.done === 'yes'")

    def begin_drop(self, *paths):
        """Drops files and folders of the disk, as the file manager does."""
        # Chromium reads no path with .. in it
        data = {"items": [], "files": [str(pathlib.Path(path).resolve()) for path in paths], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.devtools("Input.dispatchDragEvent", type=kind, x=300, y=120, data=data)

    def drop(self, *paths):
        self.begin_drop(*paths)
        return self.finished()

    def choose(self, field, *paths):
        """Chooses files, or a folder, with a field of the page."""
        # the browser looks through the folder before the page learns of it
        self.run("delete document.documentElement.dataset.done")
        self.call("POST", f"/element/{self.find('#' + field)}/value", {"text": "\n".join(str(path.resolve()) for path in paths)})
        return self.finished()

    def download(self, name, click=None):
        """The bytes of a result, by its link on the page."""
        path = self.downloads / name
        path.unlink(missing_ok=True)
        self.run(click or "document.querySelector(`a.download[download='${arguments[0]}']`).click()", name)
        # it has this name when it is whole
        if not self.comes(path.exists):
            raise RuntimeError(f"{name} is not downloaded")
        return path.read_bytes()

    def text(self, selector):
        return self.run("return document.querySelector(arguments[0]).textContent", selector)

    def workers(self):
        """How many workers there are."""
        return sum(target["type"] == "worker" for target in self.devtools("Target.getTargets")["targetInfos"])

    def others(self):
        """What the page has asked for beside its own worker, pictures and frame, which it made itself."""
        return [url for url in self.requests() if not url.startswith("blob:")]
