# SPDX-License-Identifier: MIT
"""Runs of the command in a terminal."""

import os
import re
import subprocess

from shared.command import TIMEOUT


def on_terminal(command, arguments, trace, which, **environment):
    """What the command writes to a terminal that is its standard output or error."""
    above, below = os.openpty()
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm", "LC_ALL": "C.UTF-8", **command.environment,
                   **environment}
    with subprocess.Popen([*command.words, *arguments], stdin=subprocess.PIPE, env=environment,
                          **{"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, which: below}) as process:
        os.close(below)
        process.stdin.write(trace)
        process.stdin.close()
        data = b""
        try:
            while block := os.read(above, 65536):
                data += block
        except OSError:
            pass  # a terminal without its last writer is at an end
        process.wait(TIMEOUT)
    os.close(above)
    text = data.decode("utf-8", "backslashreplace")
    # Wine's console hides the cursor while it writes
    return re.sub("\033\\[\\?25[lh]", "", text) if command.wine else text
