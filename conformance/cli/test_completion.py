#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Completion scripts and manual pages: they tell what --help tells, and nothing else; shells and groff take them.

Arguments: the command; the folder where the build put what is to be installed, or - if it did not. Prints TAP.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from shared.command import RULES, STATUS_CLEAN, TIMEOUT, Command
from shared.tap import Tap

# shell: name of the installed file
SHELLS = {"bash": "sessionlint", "zsh": "_sessionlint", "fish": "sessionlint.fish", "powershell": "sessionlint.ps1"}
SEVERITIES = ("off", "note", "warning", "error")
FORMATS = ("text", "json", "sarif", "junit", "gitlab", "github", "azure", "markdown", "csv", "html", "perfetto")
MODELS = ("published", "observed", "wts", "sens", "lsm", "winlogon", "winlogon-operational", "profile", "rdp", "account", "registration")

# A line up to the cursor, and the words that may stand for its last one; {} stands for what bash gives back of it
# already, as it breaks words at = and :.
LINES = [
    ("sessionlint ch", ["check"]),
    ("sessionlint co", ["completion", "coverage"]),
    ("sessionlint --v", ["--version"]),
    ("sessionlint check --fo", ["--format="]),
    ("sessionlint check --base", ["--baseline="]),
    ("sessionlint baseline ", ["list", "prune", "write"]),
    ("sessionlint baseline --fail-on=w", ["{--fail-on=}warning"]),
    ("sessionlint check --st", ["--start=", "--strict"]),
    ("sessionlint check --format=j", ["{--format=}json", "{--format=}junit"]),
    ("sessionlint check --format ", FORMATS),
    ("sessionlint check -f sa", ["sarif"]),
    ("sessionlint check --strict --source=w", ["{--source=}wdm", "{--source=}winlogon", "{--source=}winlogon-operational",
                                              "{--source=}wts"]),
    ("sessionlint check --rule=ga", ["{--rule=}gap="]),
    ("sessionlint check --rule=trace/g", ["{--rule=}trace/gap="]),
    ("sessionlint check --rule=gap=", [f"{{--rule=gap=}}{name}" for name in SEVERITIES]),
    ("sessionlint check --rule gap=of", ["{gap=}off"]),
    ("sessionlint check --output=ju", ["{--output=}junit:"]),
    ("sessionlint check --output=junit:x", []),
    ("sessionlint check --anchor=x", []),
    ("sessionlint check x", []),
    ("sessionlint check --quiet x", []),
    ("sessionlint check --frob", []),
    ("sessionlint frobnicate --fo", []),
    ("sessionlint coverage --format=", [f"{{--format=}}{name}" for name in ("json", "lcov", "markdown", "text")]),
    ("sessionlint coverage --require=pa", ["{--require=}pairs="]),
    ("sessionlint model w", ["winlogon", "winlogon-operational", "wts"]),
    ("sessionlint model --model=", [f"{{--model=}}{name}" for name in MODELS]),
    ("sessionlint model --export=m", ["{--export=}murphi"]),
    ("sessionlint model --export ws", []),
    ("sessionlint model --export l", ["lsm"]),
    ("sessionlint diagram r", ["rdp", "registration"]),
    ("sessionlint explain unf", ["unfinished"]),
    ("sessionlint explain tsts/o", ["tsts/order-lost"]),
    ("sessionlint timeline --format=t", ["{--format=}text", "{--format=}timesketch"]),
    ("sessionlint timeline --se", ["--session=", "--sessions", "--severity="]),
    ("sessionlint timeline --severity=", [f"{{--severity=}}{name}" for name in ("note", "warning", "error")]),
    ("sessionlint completion ", SHELLS),
    ("sessionlint man m", ["man", "model"]),
]

BASH = r"""
source "$1"
COMP_LINE=$2 COMP_POINT=${#2}
[[ $3 ]] && COMP_WORDBREAKS=$' \t\n'
complete -p sessionlint >/dev/null || exit 3
_sessionlint 2>/dev/null || exit 4
printf '%s\n' "${COMPREPLY[@]}"
"""


def told(command):
    """The commands that --help tells, and the long and short options of each."""
    listed = command.run("--help").text.split("\nCommands:\n")[1].split("\n\n")[0]
    commands = re.findall(r"^  ([a-z]+) ", listed, re.M)
    return {name: [(long, letter.strip("- ,"), value) for letter, long, value in re.findall(
        r"^  (-.,|   ) --([a-z-]+)(=?)", command.run(name, "--help").text, re.M)] for name in commands}


def spellings(options, value="="):
    return sorted(f"--{long}{value if takes else ''}" for long, _, takes in options)


def told_by_bash(script):
    top = re.search(r"list='([^']*)'\n\telse", script).group(1).split()
    options = {name: sorted(words.split()) for name, words in re.findall(r'"([a-z]+) -"\) list=\'([^\']*)\'', script)}
    letters = {(name, letter) for name, letter in re.findall(r'"([a-z]+) -([a-zA-Z])"', script)}
    return top, options, letters


def told_by_zsh(script):
    top = re.findall(r"^\t\t'([a-z]+):", script, re.M)
    blocks = re.findall(r"^\t\t([a-z]+)\)\n\t\t\t_arguments(.*?)^\t\t\t;;", script, re.M | re.S)
    options = {name: sorted(re.findall(r"^\t\t\t\t'\*(?:'\{-[^,]*,)?(--[a-z-]+=?)", block, re.M))
               for name, block in blocks}
    letters = {(name, letter) for name, block in blocks for letter in re.findall(r"'\{-(.)\+?,--", block)}
    return [*top, "--help", "--version"], options, letters


def told_by_fish(script):
    top = re.findall(r"-n __sessionlint_at -a ([a-z]+) ", script)
    lines = re.findall(r"-n '__sessionlint_at ([a-z]+)'(?: -s (.))? -l ([a-z-]+)( -[rx])?", script)
    options = {name: sorted(f"--{long}{'=' if value else ''}" for of, _, long, value in lines if of == name)
               for name in top}
    return [*top, "--help", "--version"], options, {(of, letter) for of, letter, _, _ in lines if letter}


def told_by_powershell(script):
    blocks = re.findall(r"^\t\t'([a-z]*)(?: -)?' = @\(\n(.*?)^\t\t\)", script, re.M | re.S)
    rows = {name: re.findall(r"^\t\t\t'([^|]+)\|", block, re.M) for name, block in blocks}
    return rows.pop(""), {name: sorted(row) for name, row in rows.items()}, set(
        re.findall(r"^\t\t'([a-z]+) -([a-z])' = @\(", script, re.M))


READERS = {"bash": told_by_bash, "zsh": told_by_zsh, "fish": told_by_fish, "powershell": told_by_powershell}


def check_scripts(tap, command, commands, scripts):
    """Each script has each command and option of --help, and no other."""
    letters = {(name, letter) for name, options in commands.items() for _, letter, _ in options if letter}
    taking = {(name, letter) for name, options in commands.items() for _, letter, value in options if letter and value}
    for shell, script in scripts.items():
        top, options, short = READERS[shell](script)
        tap.same(sorted(top), sorted([*commands, "--help", "--version"]), f"{shell}: the commands of --help")
        for name, row in commands.items():
            tap.same(options.get(name), spellings(row), f"{shell}: the options of {name}")
        tap.same(sorted(options), sorted(commands), f"{shell}: options of no other command")
        # bash and PowerShell offer the long names, and words behind a letter that takes some
        if shell == "bash":
            tap.same(short, taking, "bash: the letters that take a value")
        elif shell == "powershell":
            tap.same(short, taking - {("diagram", "o"), ("diagram", "t"), ("diff", "w"), ("timeline", "o")},
                     "powershell: the letters that take fixed words")
        else:
            tap.same(short, letters, f"{shell}: the letters")
        names = [row.split()[0] for row in command.run("rules").text.splitlines()]
        tap.ok(len(names) == RULES and all(name in script for name in names), f"{shell}: the rules")


def run_shell(tap, words, **options):
    """What a shell printed, or None, with a failure, where it complained."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=TIMEOUT, **options)
    if done.returncode or done.stderr:
        tap.ok(False, f"{words[0]} has no complaint", done.returncode, done.stderr)
        return None
    return done.stdout


def check_bash(tap, path):
    """What bash completes, with its usual breaks of words and with none at = and :."""
    for line, expected in LINES:
        for whole in ("", "1"):
            out = run_shell(tap, ["bash", "--norc", "--noprofile", "-c", BASH, "bash", path, line, whole])
            words = [re.sub(r"\{(.*)\}", r"\1" if whole else "", word) for word in expected]
            tap.same(sorted((out or "").split()), sorted(words),
                     f"bash: {line}[TAB]{', = and : in words' * bool(whole)}")


def check_fish(tap, path):
    for line, expected in LINES:
        out = run_shell(tap, ["fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", path, line],
                        cwd=path.parent / "empty")
        words = [row.split("\t")[0] for row in (out or "").splitlines()]
        # fish 4 also offers words that only contain what is typed
        words = [word for word in words if word.startswith(line.split(" ")[-1])]
        # fish writes an option without the mark of its value, and a severity only behind its rule
        whole = [re.sub(r"[{}]", "", word) for word in expected]
        whole = [word[:-1] if re.fullmatch(r"--[a-z-]+=", word) else word for word in whole]
        if "--rule=" in line and expected and not line.endswith("gap="):
            whole = [word + name for word in whole for name in SEVERITIES]
        tap.same(sorted(words), sorted(whole), f"fish: {line}[TAB]")


def check_shells(tap, scripts):
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "empty").mkdir()
        for shell, script in scripts.items():
            path = pathlib.Path(folder) / SHELLS[shell]
            path.write_text(script)
            program = {"powershell": "pwsh"}.get(shell, shell)
            if not shutil.which(program):
                tap.skip(f"{shell} takes its script", f"no {program} here")
            elif shell == "powershell":
                parse = ("$e = $null; [void][System.Management.Automation.Language.Parser]::ParseFile("
                         f"'{path}', [ref]$null, [ref]$e); $e; exit $e.Count")
                tap.same(run_shell(tap, ["pwsh", "-NoProfile", "-Command", parse]), "", "powershell takes its script")
            else:
                tap.same(run_shell(tap, [program, "-n", path]), "", f"{shell} takes its script")
                if shell in ("bash", "fish"):
                    {"bash": check_bash, "fish": check_fish}[shell](tap, path)


def plain_roff(text):
    """What a line of a page says, without the letters that are roff's own."""
    text = re.sub(r"\\f[BIR]", "", text)
    for roff, character in (("\\-", "-"), ("\\(aq", "'"), ("\\(ga", "`"), ("\\(ha", "^"), ("\\(ti", "~"), ("\\&", ""),
                            ("\\e", "\\")):
        text = text.replace(roff, character)
    return text


def check_page(tap, name, page, text, options):
    """The page of a command has its options, each with what help says of it."""
    found = re.findall(r"^\.TP\n(?:-(.), )?--([a-z-]+)(=?).*\n(.*)$", page, re.M)
    tap.same(sorted((long, letter, value) for letter, long, value, _ in found), sorted(options),
             f"man {name}: the options of --help")
    wrong = [long for _, long, _, says in found if not re.search(rf"--{long}\S* +{re.escape(says)}\n", text)]
    tap.same(wrong, [], f"man {name}: what help says of them")
    details = text.split("\nOptions:\n")[0].split()[3:]
    lost = [word for word in details if word not in page]
    tap.same(lost, [], f"man {name}: every word of the help")


def check_pages(tap, command, commands):
    pages = {name: command.run("man", *([name] if name else [])) for name in ("", *commands)}
    for name, result in pages.items():
        title = f"sessionlint{'-' * bool(name)}{name}"
        page = plain_roff(result.text)
        tap.ok(result.status == STATUS_CLEAN and not result.err and f"\n.TH {title.upper()} 1 " in page
               and f"\n.SH NAME\n{title} - " in page, f"man {name}: a page of that title", result)
        if name:
            check_page(tap, name, page, command.run(name, "--help").text, commands[name])
        else:
            tap.same(re.findall(r"^\.TP\n([a-z]+)\n", page, re.M), list(commands), "man: the commands of --help")
            tap.same(re.findall(r"^\.BR sessionlint-([a-z]+) \(1\)", page, re.M), list(commands),
                     "man: the pages of the commands")
        if not shutil.which("groff"):
            tap.skip(f"man {name}: groff takes it", "no groff here")
            continue
        done = subprocess.run(["groff", "-man", "-Tutf8", "-ww"], input=result.out, capture_output=True, check=False,
                              timeout=TIMEOUT)
        tap.ok(done.returncode == 0 and not done.stderr and b"sessionlint" in done.stdout,
               f"man {name}: groff has no warning", done.stderr)


def check_installed(tap, command, commands, folder):
    """The build has made the script of each shell and the page of each command."""
    if folder == "-":
        tap.skip("what is to be installed", "the command is for another system")
        return
    made = {path.name: path.read_bytes() for path in pathlib.Path(folder).iterdir() if path.is_file()}
    expected = {name: command.run("completion", shell).out for shell, name in SHELLS.items()}
    expected["sessionlint.1"] = command.run("man").out
    expected.update((f"sessionlint-{name}.1", command.run("man", name).out) for name in commands)
    tap.same(sorted(made), sorted(expected), "a script for each shell and a page for each command are to be installed")
    for name, content in expected.items():
        tap.ok(made.get(name) == content, f"{name}: what the command prints")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    commands = told(command)
    tap.ok(len(commands) >= 8 and all(commands.values()), "--help tells commands, and each its options", commands)
    scripts = {}
    for shell in SHELLS:
        result = command.run("completion", shell)
        tap.ok(result.status == STATUS_CLEAN and result.out and not result.err, f"completion {shell}", result)
        scripts[shell] = result.text
    check_scripts(tap, command, commands, scripts)
    check_shells(tap, scripts)
    check_pages(tap, command, commands)
    check_installed(tap, command, commands, sys.argv[2])
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
