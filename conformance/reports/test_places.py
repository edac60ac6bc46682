#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reports for build systems name files from the current folder on, however the user names them; what lies elsewhere by
its absolute path. Argument: the command. Prints TAP.
"""

import json
import os
import sys
import urllib.parse
import urllib.request

from shared.log_commands import azure_of, github_of
from shared.command import Command
from shared.folder import Folder
from shared.tap import Tap

TRACE = "session=1 event=Created\nsession=1 event=Logon\nsession=1 event=Logon\n"
NAME = "a b, \u00e9;%41.trace"


def places(command, folder, argument, *options):
    """How each format calls the file: {format: path}."""
    result = {form: command.run("check", "-q", f"--format={form}", "--rule=unfinished=off", *options, argument,
                                cwd=folder).text for form in ("sarif", "gitlab", "github", "azure")}
    uris = [location["physicalLocation"]["artifactLocation"]["uri"] for entry in json.loads(result["sarif"])["runs"][0]["results"]
            for location in entry["locations"] + [step["location"] for flow in entry.get("codeFlows", [])
                                                  for thread in flow["threadFlows"] for step in thread["locations"]]]
    return {"sarif": {path_of(uri) for uri in uris},
            "gitlab": {issue["location"]["path"] for issue in json.loads(result["gitlab"])},
            "github": {properties["file"] for _, properties, _ in github_of(result["github"])},
            "azure": {properties["sourcepath"] for _, properties, _ in azure_of(result["azure"])}}


def path_of(uri):
    parts = urllib.parse.urlsplit(uri)
    return urllib.request.url2pathname(parts.path) if parts.scheme == "file" else urllib.parse.unquote(uri)


def spellings(top):
    """How a file below the folder can be called from there."""
    path = f"logs/{NAME}"
    return [path, f"./{path}", f"logs//./{NAME}", f"logs/../logs/{NAME}", f"../{top.name}/{path}", str(top / path),
            f"{top}/./logs/../logs/{NAME}", f"{top}//{path}", f"linked/{NAME}"]


def check_inside(tap, command, top):
    for argument in spellings(top):
        expected = argument if argument.startswith("linked") else f"logs/{NAME}"
        for form, found in places(command, top, argument).items():
            tap.same(found, {expected}, f"{form}: {argument.replace(str(top), 'TOP')}")
    result = places(command, top, f"{top}/linked/{NAME}")
    tap.ok(all(found == {f"logs/{NAME}"} for found in result.values()), "an absolute path by a link to the folder", result)
    result = places(command, top / "logs", ".")
    tap.ok(all(found == {NAME} for found in result.values()), "a folder is the current one", result)
    result = places(command, top, "logs/")
    tap.ok(all(found == {f"logs/{NAME}"} for found in result.values()), "a folder with a slash", result)
    result = places(command, "/", str(top / "logs" / NAME))
    tap.ok(all(found == {str(top / "logs" / NAME)[1:]} for found in result.values()), "from the root", result)


def check_outside(tap, command, top):
    """What is not below the current folder has no relative path that a service would take."""
    inner = top / "inner"
    inner.mkdir()
    absolute = str(top / "logs" / NAME)
    for argument in (f"../logs/{NAME}", absolute, f"{inner}/../logs/{NAME}"):
        for form, found in places(command, inner, argument).items():
            tap.same(found, {absolute}, f"{form}: {argument.replace(str(top), 'TOP')} from another folder")
    (top / "logs2").mkdir()
    for form, found in places(command, top / "logs2", absolute).items():
        tap.same(found, {absolute}, f"{form}: a folder whose name begins like the current one")


def check_anchor(tap, command, top):
    for argument in ("src/driver.c", "./src/driver.c", f"{top}/src/driver.c", "src/../src/driver.c"):
        result = command.run("check", "-q", "--format=sarif", f"--anchor={argument}:7", f"logs/{NAME}", cwd=top)
        found = {entry["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
                 for entry in json.loads(result.out)["runs"][0]["results"]}
        tap.same(found, {"src/driver.c"}, f"--anchor={argument.replace(str(top), 'TOP')}")


def check_invocation(tap, command, top):
    """A relative URI, joined with the working directory, is the file."""
    for folder, argument in ((top, f"logs/{NAME}"), (top / "logs", NAME), ("/", str(top / "logs" / NAME))):
        run = json.loads(command.run("check", "-q", "--format=sarif", argument, cwd=folder).out)["runs"][0]
        base = run["invocations"][0]["workingDirectory"]["uri"]
        uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        tap.ok(base.startswith("file:///") and base.endswith("/")
               and os.path.samefile(path_of(urllib.parse.urljoin(base, uri)), top / "logs" / NAME),
               f"the working directory, from {str(folder).replace(str(top), 'TOP')}", base, uri)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    if command.for_windows:
        tap.skip("places of files", "Wine's folders have other names")
        return tap.done()
    with Folder() as folder:
        top = (folder.path / "top \u00fc").resolve()
        folder.file(f"{top}/logs/{NAME}", TRACE)
        folder.file(f"{top}/src/driver.c", "")
        (top / "linked").symlink_to("logs")
        for check in (check_inside, check_anchor, check_invocation, check_outside):
            check(tap, command, top)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
