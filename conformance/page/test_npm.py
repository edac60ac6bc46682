#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The npm package, installed into a new project: the command finds what the native one finds, and check() the same.
Arguments: the command, the folder of the page, the root of the source, a folder of logs. Prints TAP.
"""

import base64
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

from shared.command import Command
from shared.folder import Folder
from shared.tap import Tap

TRACE = b"session=1 event=Created\nsession=1 event=Logon\n"

# Calls check() with the words of a file of JSON, and writes what it returns or throws.
CALLER = """import {readFileSync} from 'node:fs';
import {check, version} from 'sessionlint';
const calls = JSON.parse(readFileSync('calls.json', 'utf8'));
const results = calls.map(({paths, bytes, names, options}) => {
    try {
        const inputs = paths ?? bytes.map((text, i) => names ? {name: names[i], bytes: Buffer.from(text, 'base64')} : Buffer.from(text, 'base64'));
        return check(inputs, options);
    } catch (error) {
        return {error: error.constructor.name, message: error.message};
    }
});
console.log(JSON.stringify({version, results}));
"""


def pack(root, wasm, folder):
    subprocess.run(["bash", root / "packaging/npm/build", folder, wasm], check=True, stdin=subprocess.DEVNULL)
    [package] = pathlib.Path(folder).glob("sessionlint-*.tgz")
    return package


def install(package, project):
    """A new project that has the package alone, without a network."""
    project.mkdir()
    (project / "package.json").write_text('{"name": "project", "private": true}')
    subprocess.run(["npm", "install", "--offline", "--no-audit", "--no-fund", package], cwd=project, check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def npx(project, *arguments, **options):
    if "input" not in options and "stdin" not in options:
        options["stdin"] = subprocess.DEVNULL
    done = subprocess.run(["npx", "--no-install", "--prefix", project, "sessionlint", *map(str, arguments)], check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, **{"cwd": project, **options})
    return done.returncode, done.stdout


def check_package(tap, root, wasm, folder, package):
    again = pack(root, wasm, folder / "again")
    tap.same(*(hashlib.sha256(path.read_bytes()).hexdigest() for path in (package, again)), "packed twice: the same bytes")
    listing = subprocess.run(["tar", "tf", package], check=True, capture_output=True, text=True).stdout.split()
    tap.same(sorted(pathlib.PurePath(name).name for name in listing),
             sorted(["LICENSE", "README.md", "host_files.js", "index.d.ts", "index.js", "memory_files.js", "package.json", "run.js",
                     "sessionlint.js", "sessionlint.wasm", "wasi.js"]), "the package has these files")
    tap.same(bool(re.search(r'"(pre|post)?install"', (root / "packaging/npm/package.json").read_text())), False, "it runs nothing when it is installed")


def check_command(tap, command, project, logs):
    """The same arguments, in the same folder, for both."""
    machine = logs / "remote-desktop"
    shutil.copytree(machine, project / "logs")
    for claim, arguments in (
            ("a folder together", ("check", "--together", "--format=json", "logs")),
            ("a relative path", ("check", "--format=json", "logs/LocalSessionManager.evtx")),
            ("a path with ..", ("check", "--format=json", f"../{project.name}/logs/../logs/LocalSessionManager.evtx")),
            ("an absolute path", ("check", "--format=json", machine / "LocalSessionManager.evtx")),
            ("all logs apart", ("check", "--format=json", logs)),
            ("text", ("check", "--strict", "logs")),
            ("a timeline", ("timeline", "--together", "--format=ndjson", "logs")),
            ("a diagram", ("diagram", "--trace=logs")),
            ("rules", ("rules",)), ("help", ("check", "--help")), ("no file", ("check", "none.evtx")), ("wrong usage", ("check", "--bogus"))):
        told = command.run(*map(str, arguments), cwd=project)
        tap.same(npx(project, *arguments), (told.status, told.out), f"{claim}: output and exit status are the command's")
    sarif = project / "out.sarif"
    tap.same(npx(project, "check", "-q", f"--output=sarif:{sarif.name}", "logs")[0], 0, "a report is written")
    tap.ok(sarif.is_file() and json.loads(sarif.read_text())["version"] == "2.1.0", "where it was wanted")
    tap.same([path.name for path in project.iterdir() if "sessionlint-" in path.name], [], "and no file is left beside it")


def check_streams(tap, command, project, logs):
    told = command.check(TRACE)
    tap.same(npx(project, "check", "-q", "--format=json", "-", input=TRACE), (told.status, told.out), "a pipe")
    path = logs / "remote-desktop/LocalSessionManager.evtx"
    told = command.run("check", "-q", "--format=json", "-", input=path.read_bytes())
    tap.same(npx(project, "check", "-q", "--format=json", "-", input=path.read_bytes()), (told.status, told.out), "a pipe with a log")
    with open(path, "rb") as file:
        tap.same(npx(project, "check", "-q", "--format=json", "-", stdin=file), (told.status, told.out), "a file on standard input")
    node = subprocess.Popen(["node", project / "node_modules/sessionlint/sessionlint.js", "check", "--notes=all", logs], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    node.stdout.readline()
    node.stdout.close()
    errors = node.stderr.read()
    tap.ok(node.wait() in (0, 1, 2) and b"\n    at " not in errors, "a pipe that nobody reads any more", errors)


def check_api(tap, command, project, logs):
    text = [base64.b64encode(TRACE).decode()]
    calls = [
        {"paths": "logs", "options": {"together": True}},
        {"paths": ["logs/System.evtx", str(logs / "remote-desktop/LocalSessionManager.evtx")], "options": {"strict": True, "rules": {"gap": "off"}}},
        {"paths": "logs", "options": {"together": "computer", "anonymize": True, "start": "unknown", "config": False}},
        {"bytes": text, "names": ["a.trace"], "options": {"source": "wdm"}},
        {"bytes": text * 2},
        {"paths": "none.evtx"},
        {"paths": "logs", "options": {"bogus": 1}},
        {"paths": "logs", "options": {"start": "bogus"}},
        {"paths": []},
    ]
    words = [["--together", "logs"], ["--strict", "--rule=gap=off", "logs/System.evtx", str(logs / "remote-desktop/LocalSessionManager.evtx")],
             ["--together=computer", "--anonymize", "--start=unknown", "--no-config", "logs"]]
    (project / "calls.json").write_text(json.dumps(calls))
    (project / "caller.mjs").write_text(CALLER)
    done = subprocess.run(["node", "caller.mjs"], cwd=project, check=False, capture_output=True, stdin=subprocess.DEVNULL)
    if not tap.same((done.returncode, done.stderr), (0, b""), "check() can be called"):
        return
    answer = json.loads(done.stdout)
    results = answer["results"]
    tap.same(f"sessionlint {answer['version']}", command.run("--version").text.strip(), "the version is the command's")
    for result, arguments in zip(results, words):
        told = command.run("check", "-q", "--format=json", *arguments, cwd=project)
        tap.same((result["findings"], result["summary"], result["status"]), (told.findings, told.summary, told.status),
                 f"check(): the same findings with {' '.join(arguments)}")
    tap.same([(finding["file"], finding["message"]) for finding in results[3]["findings"] if finding["severity"] == "error"],
             [("a.trace", "Logon is illegal in Created")], "check(): bytes with a name")
    tap.same(sorted({finding["file"] for finding in results[4]["findings"]}), ["input", "input-2"], "check(): bytes without one")
    tap.same((results[5]["status"], "No such file" in results[5]["message"]), (2, True), "check(): a file that is not there")
    tap.same([result["error"] for result in results[6:]], ["TypeError", "Error", "TypeError"], "check(): wrong usage is an exception")


# Paths of the program, and where they lie on Windows.
WINDOWS_PATHS = {
    r"/": r"/",
    r"/C:": "C:\\",
    r"/C:/Users/a/logs": r"C:/Users/a/logs",
    r"/C:/Users/a/logs\System.evtx": r"C:/Users/a/logs\System.evtx",
    r"/C:/Users/a/..\System.evtx": r"C:/Users/a/..\System.evtx",
    r"/C:/Users/a/D:\logs\System.evtx": r"D:\logs\System.evtx",
    r"/C:/Users/a/D:/logs": r"D:/logs",
    r"/C:/Users/a/\\server\share\System.evtx": r"\\server\share\System.evtx",
    r"/\\server\share/a.evtx": r"\\server\share/a.evtx",
}


def check_windows_paths(tap, project):
    script = """import {programPath, windowsPath} from './node_modules/sessionlint/host_files.js';
const paths = JSON.parse(process.argv[1]);
console.log(JSON.stringify([paths.map(windowsPath), programPath('C:\\\\Users\\\\a'), programPath('\\\\\\\\server\\\\share')]));"""
    done = subprocess.run(["node", "--input-type=module", "-e", script, json.dumps(list(WINDOWS_PATHS))], cwd=project, check=True,
                          stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    tap.same(json.loads(done.stdout), [list(WINDOWS_PATHS.values()), "/C:/Users/a", r"/\\server\share"],
             "paths of Windows, of drives and of servers, and the way back")


def check_golden(tap, root, project):
    """All golden reports, by the package."""
    done = subprocess.run([sys.executable, root / "conformance/golden/test_golden.py", project / "node_modules/.bin/sessionlint", root],
                          check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    tap.none([line for line in done.stdout.splitlines() if line.startswith("not ok")], "the golden reports are the command's")
    tap.ok(done.returncode == 0 and done.stdout.count("\nok ") > 50, "all of them were made", done.stderr)


def check_types(tap, project):
    if not shutil.which("tsc"):
        tap.skip("the types", "tsc is not installed")
        return
    (project / "types.mts").write_text("""import {check, type CheckResult, type Finding} from 'sessionlint';
const result: CheckResult = check('logs', {together: 'machine', rules: {gap: 'off'}});
const first: Finding | undefined = result.findings[0];
const count: number = result.summary.severities.error;
check([new Uint8Array()]);
check({name: 'a', bytes: new Uint8Array()});
// @ts-expect-error
check(1);
// @ts-expect-error
check('logs', {start: 'bogus'});
export {first, count};
""")
    done = subprocess.run(["tsc", "--noEmit", "--strict", "--module", "nodenext", "--moduleResolution", "nodenext", "types.mts"],
                          cwd=project, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    tap.ok(done.returncode == 0, "the types are what they say", done.stdout)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    page, root, logs = map(pathlib.Path, sys.argv[2:])
    wasm = page / "wasi/sessionlint.wasm"
    if not wasm.is_file():
        return tap.skip_all("there is no sessionlint.wasm: ./dev page makes it")
    for program in ("node", "npm", "npx"):
        if not shutil.which(program):
            return tap.skip_all(f"{program} is not installed")
    os.environ["npm_config_update_notifier"] = "false"
    with Folder() as folder:
        package = pack(root, wasm, folder.path / "package")
        project = folder.path / "project"
        install(package, project)
        check_package(tap, root, wasm, folder.path, package)
        if logs.is_dir():
            check_command(tap, command, project, logs)
            check_streams(tap, command, project, logs)
            check_api(tap, command, project, logs)
        else:
            tap.skip("real logs", f"there is no {logs.name} folder")
        check_windows_paths(tap, project)
        check_golden(tap, root, project)
        check_types(tap, project)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
