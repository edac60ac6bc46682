#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The command line itself: help, version, and every word that can be wrong; and the commands that only
tell: rules, explain, model. Argument: the command. Prints TAP.
"""

import re
import sys

from shared.command import RULES, STATUS_CLEAN, STATUS_FAILED, Command
from shared.table import RECONNECT, RECONNECTED, TABLE
from shared.tap import Tap

COMMANDS = ("check", "baseline", "coverage", "rules", "explain", "model", "diagram", "diff", "timeline", "completion", "man")
OPTIONS = {
    "check": ("format", "output", "certificate", "anchor", "junit-flavor", "notes", "strict", "fail-on", "fail-on-undetermined", "rule", "baseline", "allow-stale", "show-suppressed", "hide-suppressed",
              "host", "session", "user", "address", "since", "until", "severity",
              "start", "source", "pointer-size", "reverse", "recover", "join", "reorder", "together", "window", "anonymize", "jobs", "config", "no-config", "watch", "quiet", "color", "help"),
    "baseline": ("baseline", "reason", "expires", "fail-on", "strict", "rule", "start", "source", "pointer-size",
                 "reverse", "recover", "join", "reorder", "together", "window", "anonymize", "jobs", "config", "no-config", "quiet", "help"),
    "coverage": ("format", "output", "merge", "require", "chart", "start", "source", "pointer-size", "reverse", "recover", "join", "reorder", "together", "window", "anonymize", "jobs", "config",
                 "no-config", "help"),
    "rules": ("markdown", "traceability", "export", "source", "length", "help"),
    "explain": ("help",),
    "model": ("model", "mask", "tolerance", "export", "sql", "start", "provenance", "help"),
    "diagram": ("format", "output", "model", "mask", "trace", "start", "source", "pointer-size", "reverse", "recover", "join", "reorder", "together", "window", "anonymize", "jobs", "config",
                "no-config", "help"),
    "diff": ("format", "witness", "traces", "start", "source", "pointer-size", "reverse", "recover", "join", "reorder", "together", "window", "anonymize", "jobs", "config", "no-config", "help"),
    "timeline": ("format", "output", "sessions", "bom", "strict", "rule", "baseline", "host", "session", "user", "address", "since", "until", "severity", "start", "source",
                 "pointer-size", "reverse", "recover", "join", "reorder", "together", "window", "anonymize", "jobs", "config", "no-config", "color", "help"),
    "completion": ("help",),
    "man": ("help",),
}
MODELS = ("published", "observed", "wts", "sens", "lsm", "winlogon", "winlogon-operational", "profile", "rdp", "account")

# What is typed, and what the complaint must hold. A near word is offered, a far one is not.
WRONG = [
    (["cjeck"], "unknown command 'cjeck'; did you mean check?"),
    (["rule"], "unknown command 'rule'; did you mean rules?"),
    (["CHECK"], "unknown command 'CHECK'; did you mean check?"),
    (["frobnicate"], "unknown command 'frobnicate'\n"),
    ([""], "unknown command ''\n"),
    (["--strict"], "unknown option '--strict'"),
    (["--hlep"], "unknown option '--hlep'; did you mean --help?"),
    (["--versoin"], "unknown option '--versoin'; did you mean --version?"),
    (["help", "cjeck"], "unknown command 'cjeck'; did you mean check?"),
    (["check"], "missing file; '-' is standard input"),
    (["check", "--quiet"], "missing file"),
    (["check", "--formt=json", "x"], "unknown option --formt; did you mean --format?"),
    (["check", "--Format=json", "x"], "unknown option --Format; did you mean --format?"),
    (["check", "--frobnicate", "x"], "unknown option --frobnicate\n"),
    (["check", "--hlp"], "unknown option --hlp; did you mean --help?"),
    (["check", "-z", "x"], "unknown option -z\n"),
    (["check", "-qz", "x"], "unknown option -z\n"),
    (["check", "--format"], "--format needs a value: NAME"),
    (["check", "-f"], "-f needs a value: NAME"),
    (["check", "--quiet=yes", "x"], "--quiet takes no value"),
    (["check", "--strict=", "x"], "--strict takes no value"),
    (["check", "--format=jsn", "x"], "unknown format 'jsn'; did you mean json?"),
    (["check", "-fjsn", "x"], "unknown format 'jsn'; did you mean json?"),
    (["check", "--format=", "x"], "unknown format ''\n"),
    (["check", "--format=xml", "x"], "unknown format 'xml'\n"),
    (["check", "--anchor", "x"], "--anchor needs FILE:LINE, not 'x'"),
    (["check", "--anchor=x.c:0", "x"], "--anchor needs FILE:LINE"),
    (["check", "--anchor=x.c:2147483648", "x"], "--anchor needs FILE:LINE"),
    (["check", "--anchor=:7", "x"], "--anchor needs FILE:LINE"),
    (["check", "--anchor=./:7", "x"], "--anchor needs FILE:LINE"),
    (["check", "--junit-flavor=gitlap", "x"], "unknown flavour of JUnit 'gitlap'; did you mean gitlab?"),
    (["check", "--fail-on=warn", "x"], "unknown severity 'warn'"),
    (["check", "--fail-on=errors", "x"], "unknown severity 'errors'; did you mean error?"),
    (["check", "--fail-on=off", "x"], "unknown severity 'off'"),
    (["check", "--start=unknowm", "x"], "unknown start 'unknowm'; did you mean unknown?"),
    (["check", "--source=evtx", "x"], "unknown source 'evtx': wdm, wts, sens, lsm, winlogon, "
     "winlogon-operational, profile, rdp or account\n"),
    (["check", "--source=wmd", "x"], "unknown source 'wmd'; did you mean wdm?"),
    (["check", "--color=alwayz", "x"], "unknown colour setting 'alwayz'; did you mean always?"),
    (["check", "--rule=gap", "x"], "--rule needs NAME=SEVERITY, not 'gap'"),
    (["check", "--rule=gpa=off", "x"], "unknown rule 'gpa'"),
    (["check", "--rule=unfinshed=off", "x"], "unknown rule 'unfinshed'; did you mean"),
    (["check", "--rule=session/unfinshed=off", "x"],
     "unknown rule 'session/unfinshed'; did you mean session/unfinished?"),
    (["check", "--rule=trace/unfinished=off", "x"], "unknown rule 'trace/unfinished'"),
    (["check", "--rule==off", "x"], "unknown rule ''\n"),
    (["check", "--rule=gap=", "x"], "unknown severity '': off, note, warning or error\n"),
    (["check", "--rule=gap=of", "x"], "unknown severity 'of'; did you mean off?"),
    (["check", "--rule=gap=never", "x"], "unknown severity 'never': off, note, warning or error\n"),
    (["check", "--config=", "x"], "--config needs a path"),
    (["check", "--no-config=yes", "x"], "--no-config takes no value"),
    (["check", "--baseline=", "x"], "--baseline needs a path"),
    (["check", "--allow-stale=yes", "x"], "--allow-stale takes no value"),
    (["baseline"], "missing action: write, prune or list"),
    (["baseline", "prun"], "unknown action 'prun'; did you mean prune?"),
    (["baseline", "write", "--baseline=b"], "missing log; '-' is standard input"),
    (["baseline", "list", "x", "--baseline=b"], "list takes no logs"),
    (["baseline", "list"], "missing baseline: use --baseline=FILE"),
    (["baseline", "write", "--reason=", "x"], "--reason needs a text"),
    (["baseline", "write", "--reason= \t", "x"], "--reason needs a text"),
    (["baseline", "write", "--expires=soon", "x"], "--expires needs a date such as 2026-12-31, not 'soon'"),
    (["baseline", "write", "--expires=2026-02-29", "x"], "--expires needs a date"),
    (["baseline", "write", "--expires=2026-1-1", "x"], "--expires needs a date"),
    (["baseline", "write", "--expires=2001-01-01", "x"], "is in the past"),
    (["baseline", "prune", "--reason=x", "--baseline=b", "x"], "--reason and --expires can only be used with write"),
    (["coverage"], "missing file; '-' is standard input"),
    (["coverage", "--format=lcv", "x"], "unknown format 'lcv'; did you mean lcov?"),
    (["coverage", "--output=lcov", "x"], "--output needs FORMAT:PATH, not 'lcov'"),
    (["coverage", "--output=lcv:y", "x"], "unknown format 'lcv'; did you mean lcov?"),
    (["coverage", *["--output=lcov:/dev/null"] * 9, "x"], "too many --output options"),
    (["coverage", "--require=transitions", "x"], "--require needs NAME=PERCENT, not 'transitions'"),
    (["coverage", "--require=pairs=80%,", "x"], "--require needs NAME=PERCENT, not ''"),
    (["coverage", "--require=pair=80%", "x"], "unknown group 'pair'; did you mean pairs?"),
    (["coverage", "--require=pairs=80", "x"], "--require needs a percentage such as 80%, not '80'"),
    (["coverage", "--require=pairs=%", "x"], "not '%'"),
    (["coverage", "--require=pairs=101%", "x"], "not '101%'"),
    (["coverage", "--require=pairs=100.01%", "x"], "not '100.01%'"),
    (["coverage", "--require=pairs=1.%", "x"], "not '1.%'"),
    (["coverage", "--require=pairs=1.234%", "x"], "not '1.234%'"),
    (["coverage", "--require=pairs=-1%", "x"], "not '-1%'"),
    (["coverage", "--chart=", "x"], "--chart needs a path"),
    (["coverage", "--source=wmd", "x"], "unknown source 'wmd'; did you mean wdm?"),
    (["rules", "--markdwn"], "unknown option --markdwn; did you mean --markdown?"),
    (["rules", "unfinishd"], "unknown rule or clause 'unfinishd'; did you mean"),
    (["explain"], "missing rule"),
    (["explain", "session/gap"], "unknown rule or clause 'session/gap'"),
    (["explain", "session"], "unknown rule or clause 'session'\n"),
    (["explain", "session/"], "unknown rule or clause 'session/'\n"),
    (["model", "bserved"], "unknown model 'bserved'; did you mean observed?"),
    (["model", "wdm"], "unknown model 'wdm'\n"),
    (["model", "--model"], "--model needs a value: NAME"),
    (["model", "registration"], "registration needs --export"),
    (["model", "--export=promla"], "unknown language 'promla'; did you mean promela?"),
    (["model", "--tolerance=knownn"], "unknown tolerance 'knownn'; did you mean known?"),
    (["model", "registration", "--export=tla-trace"], "--export=tla-trace cannot be used with registration"),
    (["model", "registration", "--export=tla", "--tolerance=known"], "--tolerance cannot be used with registration"),
    (["model", "registration", "--export=tla", "--mask=logon"], "--mask describes a driver"),
    (["model", "--export=tla", "--sql=duckdb"], "--sql, --export and --provenance cannot be used together"),
    (["model", "--sql=duckdb", "--tolerance=known"], "--tolerance cannot be used with --sql"),
    (["model", "lsm", "wts"], "only one model can be given"),
    (["model", "lsm", "lsm"], "only one model can be given"),
    (["model", "--model=lsm", "wts"], "only one model can be given"),
    (["model", "lsm", "-m", "wts"], "only one model can be given"),
    (["diagram", "lsm", "wts"], "only one model can be given"),
    (["diagram", "--model=registration", "wts"], "only one model can be given"),
    (["rules", "--markdown", "gap"], "--markdown prints all rules"),
    (["rules", "gap", "--markdown"], "--markdown prints all rules"),
    (["rules", "--traceability", "gap"], "--traceability prints all rules"),
    (["rules", "--traceability", "--markdown"], "--traceability cannot be combined with --markdown"),
    (["diagram", "--model=registraton"], "unknown model 'registraton'; did you mean registration?"),
    (["diagram", "publishe"], "unknown model 'publishe'; did you mean published?"),
    (["diagram", "--model="], "unknown model ''\n"),
    (["diagram", "--model=<script>\x1b[31m"], "unknown model '<script>\\x1b[31m'\n"),
    (["diagram", "--format=png"], "unknown format 'png'"),
    (["diagram", "--format=mermiad"], "unknown format 'mermiad'; did you mean mermaid?"),
    (["diagram", "-f"], "-f needs a value: NAME"),
    (["diagram", "--output"], "--output needs a value: PATH"),
    (["diagram", "--mask=0x40"], "--mask=0x40 has bits set that do not correspond to an event"),
    (["diagram", "--mask=logn"], "--mask needs a number or events separated by commas, not 'logn'"),
    (["diagram", "lsm", "--mask=logon"], "--mask describes a driver"),
    (["diagram", "registration", "--mask=logon"], "--mask describes a driver"),
    (["diagram", "--trace"], "--trace needs a value: FILE"),
    (["diagram", "--source=lms"], "unknown source 'lms'; did you mean lsm?"),
    (["diagram", "registration", "--trace=x"], "--trace cannot be used with registration"),
    (["timeline"], "missing file; '-' is standard input"),
    (["timeline", "--format=jsn", "x"], "unknown format 'jsn'"),
    (["timeline", "--severity=off", "x"], "unknown severity 'off'"),
    (["timeline", "--baseline=", "x"], "--baseline needs a path"),
    (["timelin", "x"], "unknown command 'timelin'; did you mean timeline?"),
    (["completion"], "missing shell: bash, zsh, fish or powershell"),
    (["completion", "bahs"], "unknown shell 'bahs'; did you mean bash?"),
    (["completion", "bash", "zsh"], "only one shell can be given"),
    (["man", "cjeck"], "unknown command 'cjeck'; did you mean check?"),
    (["man", "check", "rules"], "only one page can be given"),
]


def check_help(tap, command):
    result = command.run("--help")
    tap.ok(result.status == STATUS_CLEAN and not result.err and all(
        f"\n  {name} " in result.text for name in COMMANDS), "--help lists the commands", result)
    for same in (["-h"], ["help"]):
        tap.same(command.run(*same).out, result.out, f"{same[0]} is --help")
    tap.ok(all(word in result.text.split("Exit status: ")[1] for word in ("0 ", "1 ", "--require", "2 ")),
           "--help tells the exit status of every command", result)
    bare = command.run()
    tap.ok(bare.status == STATUS_FAILED and bare.err == result.out and not bare.out,
           "no command: the help on standard error, status 2", bare)
    for name in COMMANDS:
        result = command.run(name, "--help")
        tap.ok(result.status == STATUS_CLEAN and not result.err
               and result.text.startswith(f"Usage: sessionlint {name} "), f"{name} --help", result)
        missing = [option for option in OPTIONS[name] if f"--{option}" not in result.text]
        told = re.findall(r"^  (?:-.,|   ) --([a-z-]+)", result.text, re.M)
        tap.same((missing, sorted(told)), ([], sorted(OPTIONS[name])), f"{name} --help tells each option")
        valued = {option for option in re.findall(r"--([a-z-]+)=", result.text) if option in OPTIONS[name]}
        tap.same("the last one counts" in result.text, bool(valued), f"{name} --help tells what counts if one is given twice")
        for same in ([name, "-h"], ["help", name], [name, "--help", "--frobnicate"]):
            tap.same(command.run(*same).out, result.out, f"{' '.join(same)} is {name} --help")


def check_version(tap, command):
    result = command.run("--version")
    tap.ok(result.status == STATUS_CLEAN and re.fullmatch(r"sessionlint \d+\.\d+\.\d+\n", result.text),
           "--version", result)
    tap.same(command.run("-V").out, result.out, "-V is --version")


def check_wrong(tap, command):
    """A wrong word is told on standard error, with a near one, and is status 2."""
    for arguments, complaint in WRONG:
        words = arguments if len(arguments) < 10 else [*arguments[:3], "..."]
        result = command.run(*arguments)
        tap.ok(result.status == STATUS_FAILED and not result.out and complaint in result.error
               and result.error.startswith("sessionlint: ") and "--help'" in result.error,
               f"{words} is refused", f"expected {complaint!r}", result)


def check_spellings(tap, command):
    """The ways to write an option."""
    trace = b"session=1 event=Created\nsession=1 event=Terminated\nsession=1 event=Logon\n"
    known = command.run("check", "--quiet", "--format=json", "-", input=trace)
    tap.ok(known.status == 1 and len(known.findings) == 2, "the trace for the spellings has a finding", known)
    for arguments in (["-q", "-f", "json", "-"], ["-qfjson", "-"], ["-qf", "json", "-"],
                      ["--quiet", "--format", "json", "-"], ["-", "--quiet", "--format=json"],
                      ["--quiet", "--format=text", "--format=json", "-"],
                      ["-q", "-f", "text", "--format=sarif", "-fjson", "--start=unknown", "--start=auto", "-"],
                      ["--quiet", "--format=json", "--", "-"]):
        result = command.run("check", *arguments, input=trace)
        tap.ok(result.out == known.out and result.status == known.status, f"check {' '.join(arguments)}",
               result)
    result = command.run("check", "--quiet", "--", "--strict")
    tap.ok(result.status == STATUS_FAILED and "--strict: No such file" in result.error,
           "behind -- everything is a file", result)


def check_rules(tap, command):
    result = command.run("rules")
    rows = re.findall(r"^(\w+/[a-z-]+) +(note|warning|error) +(\S.*)$", result.text, re.M)
    tap.ok(result.status == STATUS_CLEAN and len(rows) == len(result.text.splitlines()) == RULES,
           f"rules: {RULES} rules, a line each", result)
    markdown = command.run("rules", "--markdown").text
    for name, severity, summary in rows:
        short = name.split("/")[1]
        told = command.run("explain", name)
        tap.ok(told.status == STATUS_CLEAN and told.text.startswith(f"{name} ({severity}")
               and summary in told.text and "\nA trace that breaks it:\n" in told.text
               and "\nA trace that does not:\n" in told.text, f"explain {name}", told)
        prose = [line for line in told.text.splitlines() if not line.startswith("    ")]
        tap.ok(max(map(len, prose)) <= 80, f"explain {name} fits into 80 columns", told)
        for same in (["rules", name], ["explain", short], ["explain", name.upper()]):
            tap.same(command.run(*same).out, told.out, f"{' '.join(same)} is explain {name}")
        tap.ok(f"\n## {name}\n\n{summary}\n" in markdown and f"\n| {name} | {severity}" in markdown,
               f"rules --markdown has {name}")
    both = command.run("explain", "gap", "unfinished")
    tap.ok(both.status == STATUS_CLEAN and both.text == command.run("explain", "gap").text + "\n"
           + command.run("explain", "unfinished").text, "explain tells several rules", both)
    half = command.run("explain", "gap", "nonsense")
    tap.ok(half.status == STATUS_FAILED and half.out.strip() == command.run("explain", "gap").out.strip()
           and "unknown rule or clause 'nonsense'" in half.error, "explain with one wrong name tells the other", half)


def rows_of(text):
    """The rows below the last heading of a model's table."""
    table = text.rsplit("\nfrom ", 1)[-1].splitlines()[1:]
    return [tuple(row.split()) for row in table if len(row.split()) == 3]


def check_models(tap, command):
    tables = {name: command.run("model", name) for name in MODELS}
    for name, result in tables.items():
        rows = rows_of(result.text)
        tap.ok(result.status == STATUS_CLEAN and not result.err and result.text.startswith(f"{name}: ")
               and result.text.endswith(f"\n{len(rows)} transitions\n") and len(set(rows)) == len(rows),
               f"model {name}: {len(rows)} transitions, counted and listed", result)
        for same in (["model", f"--model={name}"], ["model", "-m", name]):
            tap.same(command.run(*same).out, result.out, f"{' '.join(same)} is model {name}")
    tap.same(command.run("model").out, tables["published"].out, "model is model published")
    published = {(state, event, to) for (state, event), to in TABLE.items()}
    tap.same(set(rows_of(tables["published"].text)), published, "model published: the 17 of the page")
    tap.same(set(rows_of(tables["observed"].text)), published | {(*RECONNECT, RECONNECTED)},
             "model observed: the 17 and the reconnect")
    tap.same(rows_of(command.run("model", "--tolerance=observed").text), rows_of(tables["observed"].text),
             "model --tolerance=observed: the same")
    tap.same(rows_of(command.run("model", "lsm", "--tolerance=implied").text), rows_of(tables["lsm"].text),
             "model lsm --tolerance=implied: that of the model")
    for name in ("wts", "sens", "lsm", "winlogon", "winlogon-operational", "profile", "account"):
        events = {event for _, event, _ in rows_of(tables[name].text)}
        hidden = {"wts": set(), "sens": {"Created", "Terminated"}, "lsm": {"Created", "Terminated"},
                  "winlogon": {"Created", "Terminated", "Connected", "Disconnected"}, "winlogon-operational": set(), "account": set(),
                  "profile": {"Created", "Terminated", "Connected", "Disconnected"}}[name]
        tap.ok({"Logon", "Logoff"} <= events and not hidden & events,
               f"model {name}: no transition by an event that the source hides", sorted(events))
    events = {event for _, event, _ in rows_of(tables["rdp"].text)}
    tap.same(events, {"Connected"}, "model rdp: transitions by Connected alone")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    check_help(tap, command)
    check_version(tap, command)
    check_wrong(tap, command)
    check_spellings(tap, command)
    check_rules(tap, command)
    check_models(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
