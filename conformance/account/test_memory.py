# SPDX-License-Identifier: MIT
"""What an account of a machine needs of memory: so many bytes for each record that is a witness."""
import os
import subprocess
import sys
import tempfile

from shared.tap import Tap

# 46 measured
BYTES = 64
LIFE = (("lsm", "Logon"), ("winlogon", "Logon"), ("profile", "Logon"), ("lsm", "Logoff"),
        ("winlogon", "Logoff"), ("profile", "Logoff"))


def write(folder, lives):
    for source in ("lsm", "winlogon", "profile"):
        with open(os.path.join(folder, source + ".trace"), "w", encoding="utf-8") as stream:
            for life in range(lives):
                for event in (e for s, e in LIFE if s == source):
                    time = life * 60 + (30 if event == "Logoff" else 0)
                    stream.write(f"time=2026-01-{1 + time // 86400:02}T{time // 3600 % 24:02}:"
                                 f"{time // 60 % 60:02}:{time % 60:02}Z source={source} "
                                 f"session={life % 50 + 1} event={event}\n")


def peak(command, lives):
    """In KiB."""
    with tempfile.TemporaryDirectory() as folder:
        write(folder, lives)
        # with this, memory is touched that is only reserved
        environment = {name: value for name, value in os.environ.items() if name != "MALLOC_PERTURB_"}
        with subprocess.Popen([command, "check", "--together", "--quiet", folder],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, env=environment) as process:
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = 0
            return usage.ru_maxrss


def main():
    tap = Tap()
    small, large = 2000, 40000
    grown = peak(sys.argv[1], large) - peak(sys.argv[1], small)
    each = grown * 1024 / ((large - small) * len(LIFE))
    tap.ok(each < BYTES, f"{each:.0f} bytes for each record, of {BYTES}")
    return tap.done()


sys.exit(main())
