#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The documents say what is true: generated parts have not drifted, pictures hold the model, links lead somewhere."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

claims = failures = 0


def claim(holds, text):
    global claims, failures
    claims += 1
    failures += not holds
    print(f"{'' if holds else 'not '}ok {claims} - {text}")


def output(*arguments):
    return subprocess.run(arguments, capture_output=True, text=True, check=False)


def model_transitions(command):
    """The table of `observed`, as sessionlint model prints it."""
    text = output(command, "model", "observed").stdout
    rows = text[text.index("from "):].splitlines()[1:]
    return {tuple(row.split()) for row in rows if len(row.split()) == 3}


def picture_transitions(readme):
    picture = re.search(r"```mermaid\n(.*?)```", readme, re.S).group(1)
    found = re.findall(r"^ *(\w+) --> (\w+): (\w+)( \(undocumented\))?$", picture, re.M)
    return {(a, event, b) for a, b, event, _ in found}, {(a, event, b) for a, b, event, mark in found if mark}


def check_readme(command, root):
    readme = (root / "README.md").read_text()
    drawn, undocumented = picture_transitions(readme)
    published = output(command, "model", "published").stdout
    claim(drawn == model_transitions(command), f"README: the picture holds the model's {len(drawn)} transitions")
    claim(undocumented == {("DisconnectedLoggedOn", "Connected", "LoggedOn")} and "17 transitions" in published,
          "README: one of them is marked as undocumented")
    match = re.search(r"    \$ \./dev run (check [^\n]*)\n(.*?)\n\n", readme, re.S)
    shown = "\n".join(line[4:] for line in match.group(2).splitlines())
    run = subprocess.run([command, *match.group(1).split()], capture_output=True, text=True, cwd=root, check=False)
    said = (run.stdout + re.sub(r", [0-9.]+ s, .*", ", ...", run.stderr)).rstrip("\n")
    claim(shown == said, "README: the output shown is what the command says")
    if shown != said:
        print("# " + said.replace("\n", "\n# "))


def check_rules(command, root):
    for name, option in (("rules", "--markdown"), ("traceability", "--traceability")):
        generated = output(command, "rules", option).stdout
        claim((root / "docs" / f"{name}.md").read_text() == generated, f"docs/{name}.md is what the tables of rules make")


def check_coverage(command, root):
    """What docs/coverage.md shows of the command is what it says, as far as it is shown."""
    text = (root / "docs" / "coverage.md").read_text()
    for arguments in ("coverage traces/legal", "coverage --require=transitions=100%,pairs=80% traces/legal"):
        shown = re.search(rf"    \$ \./dev run {re.escape(arguments)}\n(.*?)\n\n", text, re.S).group(1)
        run = subprocess.run([command, *arguments.split()], capture_output=True, text=True, cwd=root, check=False)
        said = run.stderr or run.stdout
        claim(said.startswith("\n".join(line[4:] for line in shown.splitlines()) + "\n"),
              f"docs/coverage.md: {arguments} says what is shown")


def check_diff(command, root):
    """What docs/diff.md shows of the command is what it says."""
    text = (root / "docs" / "diff.md").read_text()
    with tempfile.TemporaryDirectory() as folder:
        for arguments, target in re.findall(r"^    \$ sessionlint (check .*) > (.*)$", text, re.M):
            with open(pathlib.Path(folder) / target, "wb") as file:
                subprocess.run([command, *arguments.split()], stdout=file, cwd=root, check=False)
        for arguments, shown in re.findall(r"^    \$ sessionlint (diff .*)\n((?:(?:    .*)?\n)*?)(?=\n\S)", text, re.M):
            words = [str(pathlib.Path(folder) / word) if word.endswith(".json") else word for word in arguments.split()]
            said = subprocess.run([command, *words], capture_output=True, text=True, cwd=root, check=False).stdout
            claim(said and shown == "".join(f"    {line}\n" if line else "\n" for line in said.splitlines()),
                  f"docs/diff.md: {arguments} says what is shown")


def check_timeline(command, root):
    """What docs/timeline.md shows of the command is what it says."""
    text = (root / "docs" / "timeline.md").read_text()
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    for arguments, shown in re.findall(r"^    \$ sessionlint (timeline .*)\n((?:(?:    .*)?\n)*?)(?=\n\S)", text, re.M):
        said = subprocess.run([command, *arguments.split()], capture_output=True, text=True, cwd=root, env=environment,
                              check=False).stdout
        claim(said and shown == "".join(f"    {line}\n" if line else "\n" for line in said.splitlines()),
              f"docs/timeline.md: {arguments} says what is shown")


# What `./dev docs` draws: the file, and how.
TRACED = ("legal/hosts", "illegal/reconnect", "illegal/logon-twice")
DIAGRAMS = [*((f"{model}.svg", [model]) for model in ("published", "observed", "registration", "lsm")),
            ("traces.svg", [f"--trace=traces/{name}.trace" for name in TRACED]),
            ("published.md", ["published", "--format=matrix"]), ("published.mmd", ["published", "--format=mermaid"])]


def check_diagrams(command, root):
    folder = root / "docs" / "diagrams"
    for name, arguments in DIAGRAMS:
        drawn = subprocess.run([command, "diagram", *arguments], capture_output=True, text=True, cwd=root,
                               check=False).stdout
        claim(drawn and (folder / name).read_text() == drawn, f"docs/diagrams/{name} is what the model makes")
    claim(sorted(path.name for path in folder.iterdir()) == sorted(name for name, _ in DIAGRAMS),
          "docs/diagrams/ has no other file")
    shown = re.findall(r"!\[[^]]+\]\(([^)]+)\)", (root / "docs" / "theory.md").read_text())
    claim("diagrams/observed.svg" in shown and "diagrams/registration.svg" in shown, "docs/theory.md shows them")


def check_links(root):
    documents = [*root.glob("*.md"), *root.glob("docs/*.md"), *root.glob("docs/diagrams/*.md"), *root.glob("traces/*.md")]
    broken = []
    for document in documents:
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text()):
            if not re.match(r"https?:", link) and not (document.parent / link).exists():
                broken.append(f"{document.name}: {link}")
    claim(not broken, f"the links of {len(documents)} documents lead somewhere: {broken or 'all'}")


def main():
    command, root = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2])
    check_readme(command, root)
    check_rules(command, root)
    check_coverage(command, root)
    check_diff(command, root)
    check_timeline(command, root)
    check_diagrams(command, root)
    check_links(root)
    print(f"1..{claims}")
    return failures != 0


sys.exit(main())
