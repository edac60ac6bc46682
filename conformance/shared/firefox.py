# SPDX-License-Identifier: MIT
"""A Firefox without a window, driven by WebDriver BiDi over a WebSocket (RFC 6455) with nothing but Python's library."""

import base64
import itertools
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import tempfile
import time

TIMEOUT = 120


def missing():
    """Why there is no Firefox here; None if there is one."""
    return None if program() else "firefox is not installed"


def program():
    return next(filter(None, map(shutil.which, ("firefox", "firefox-esr"))), None)


class Socket:
    """The part of RFC 6455 that a client needs: messages of text."""

    def __init__(self, host, port, path):
        self.stream = socket.create_connection((host, port), TIMEOUT)
        key = base64.b64encode(os.urandom(16)).decode()
        self.stream.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        self.file = self.stream.makefile("rb")
        if b" 101 " not in self.file.readline():
            raise RuntimeError("Firefox refuses the connection")
        while self.file.readline() not in (b"\r\n", b""):
            pass

    def send(self, text):
        data, mask = text.encode(), os.urandom(4)
        size = len(data)
        # the shortest form alone is right
        head = struct.pack("!BB", 0x81, 0x80 | size) if size < 126 else \
            struct.pack("!BBH", 0x81, 0xFE, size) if size < 65536 else struct.pack("!BBQ", 0x81, 0xFF, size)
        self.stream.sendall(head + mask + bytes(byte ^ key for byte, key in zip(data, itertools.cycle(mask))))

    def receive(self):
        message = b""
        while True:
            first, size = self.file.read(2)
            size &= 0x7F
            if size > 125:
                form = "!H" if size == 126 else "!Q"
                [size] = struct.unpack(form, self.file.read(struct.calcsize(form)))
            data = self.file.read(size)
            if first & 0x0F <= 2:
                message += data
                if first & 0x80:
                    return message.decode()

    def close(self):
        self.file.close()
        self.stream.close()


class Firefox:
    """One window; a context manager."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="sessionlint-firefox-")
        self.events, self.count = [], 0
        self.process = self.socket = self.window = None

    def __enter__(self):
        self.process = subprocess.Popen([program(), "--headless", "--no-remote", "--remote-debugging-port=0", "--profile", self.folder],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, "HOME": self.folder})
        for line in self.process.stderr:
            if found := re.search(rb"BiDi listening on ws://([^:/]+):(\d+)", line):
                break
        else:
            raise RuntimeError("Firefox does not start")
        self.socket = Socket(found[1].decode(), int(found[2]), "/session")
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self.window = self.call("browsingContext.getTree")["contexts"][0]["context"]
        return self

    def __exit__(self, *_):
        self.socket.close()
        self.process.terminate()
        self.process.wait()
        self.process.stderr.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, method, **parameters):
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.socket.receive())
            if answer.get("id") == self.count:
                break
            self.events.append(answer)
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['error']}: {answer['message']}")
        return answer["result"]

    def open(self, path):
        self.call("browsingContext.navigate", context=self.window, url=path.resolve().as_uri(), wait="complete")

    def evaluate(self, expression, ownership="none"):
        result = self.call("script.evaluate", expression=expression, target={"context": self.window}, awaitPromise=True,
                           resultOwnership=ownership)
        if result["type"] == "exception":
            raise RuntimeError(result["exceptionDetails"]["text"])
        return result["result"]

    def run(self, expression):
        """The value of an expression: text, a number or a truth."""
        return self.evaluate(expression).get("value")

    def until(self, expression):
        """Waits until an expression is true; false: it never is."""
        end = time.monotonic() + TIMEOUT
        while not self.run(f"Boolean({expression})"):
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def choose(self, selector, paths):
        """Puts files into a field."""
        element = self.evaluate(f"document.querySelector({json.dumps(selector)})", "root")
        self.call("input.setFiles", context=self.window, element={"sharedId": element["sharedId"]}, files=[str(path.resolve()) for path in paths])

    def complaints(self):
        return [event["params"]["text"] for event in self.events if event.get("method") == "log.entryAdded"]

    def requests(self):
        return [event["params"]["request"]["url"] for event in self.events if event.get("method") == "network.beforeRequestSent"]
