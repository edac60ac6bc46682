#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The extension for Visual Studio Code: its grammars by the library with which the editor reads them, its code with a stand-in
for the editor, and its package by vsce. ../docs/test_templates.py has its problem matcher. Argument: the command. Prints TAP.
"""

import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

from shared import outside
from shared.tap import Tap

FOLDER = outside.ROOT / "packaging" / "vscode"
SCHEMA = json.loads((outside.ROOT / "docs" / "configuration.schema.json").read_text(encoding="utf-8"))

# Tokens of each line: [from, to, scopes]. A regular expression that oniguruma refuses throws.
TOKENS = """
async function answer([grammar, texts], textmate, oniguruma) {
    const fs = require('node:fs');
    const { loadWASM, OnigScanner, OnigString } = require(oniguruma + '/release/main.js');
    const { Registry, INITIAL } = require(textmate);
    await loadWASM(fs.readFileSync(oniguruma + '/release/onig.wasm').buffer);
    const registry = new Registry({
        onigLib: Promise.resolve({ createOnigScanner: (patterns) => new OnigScanner(patterns),
            createOnigString: (text) => new OnigString(text) }),
        loadGrammar: async () => grammar });
    const loaded = await registry.loadGrammar(grammar.scopeName);
    return texts.map((lines) => {
        let state = INITIAL;
        return lines.map((line) => {
            const { tokens, ruleStack } = loaded.tokenizeLine(line, state);
            state = ruleStack;
            return tokens.map((token) => [token.startIndex, token.endIndex, token.scopes]);
        });
    });
}
"""

# The extension, and what it asks of an editor.
EDITOR = """
function answer({ texts, command, folders, given }, folder) {
    const registered = {};
    class Task {
        constructor(definition, scope, name, source, execution, matchers) {
            Object.assign(this, { definition, scope, name, source, execution, matchers });
        }
    }
    const vscode = {
        Task, ProcessExecution: class { constructor(process, args) { Object.assign(this, { process, args }); } },
        TaskScope: { Workspace: 2 }, TaskGroup: { Test: 'test' },
        Range: class { constructor(...at) { this.at = at; } },
        CompletionItem: class { constructor(label, kind) { Object.assign(this, { label, kind }); } },
        CompletionItemKind: { Property: 'key', Value: 'value' },
        workspace: { workspaceFolders: folders, getConfiguration: (name) => ({ get: (key) => name + '.' + key === 'sessionlint.command' && command }) },
        tasks: { registerTaskProvider: (type, provider) => (registered[type] = provider) },
        languages: { registerCompletionItemProvider: (type, provider) => (registered[type] = provider) },
    };
    const Module = require('node:module');
    const load = Module._load;
    Module._load = (name, ...more) => (name === 'vscode' ? vscode : load(name, ...more));
    const context = { subscriptions: [] };
    require(folder + '/extension.js').activate(context);
    const completed = texts.map((text) => {
        const lines = text.split('|')[0].split('\\n');
        const position = { line: lines.length - 1, character: lines.at(-1).length };
        return registered['sessionlint-configuration'].provideCompletionItems({ getText: () => text.replace('|', '') }, position);
    });
    const resolved = given.map((definition) => registered.sessionlint.resolveTask({ definition, scope: 1, name: 'x' }) ?? null);
    return { completed, resolved, subscriptions: context.subscriptions.length, tasks: registered.sessionlint.provideTasks(),
        same: given.every((definition, at) => !resolved[at] || resolved[at].definition === definition) };
}
"""

PAIR = re.compile(r'(?:^|(?<=[ \t]))([A-Za-z_][A-Za-z0-9_.-]*)=("(?:[^"\\]|\\.)*(?:"|$)|[^ \t"]*)(?=[ \t]|$)')
WORDS = {"event": "entity.name.function.event", "notify": "entity.name.function.event", "from": "constant.language.state",
         "to": "constant.language.state", "state": "constant.language.state", "time": "constant.other.time"}


def tokens(name, *texts):
    grammar = json.loads((FOLDER / f"{name}.tmLanguage.json").read_text(encoding="utf-8"))
    answer = outside.node(TOKENS, [grammar, [text.splitlines() for text in texts]],
                          outside.package("vscode-textmate", "release/main.js"), outside.package("vscode-oniguruma", ""))
    ending = grammar["scopeName"].replace("source", "", 1)
    return [[[(first, last, [scope.removesuffix(ending) for scope in scopes[1:]]) for first, last, scopes in line]
             for line in text] for text in answer]


def scope_of(key, value):
    """What a value has to be; this test reads it by itself."""
    if value.startswith('"'):
        return "string.quoted.double"
    if re.fullmatch(r"[+-]?(0[xX][0-9A-Fa-f]+|[0-9]+)", value) and key not in ("time", "call", "allow"):
        return "constant.numeric"
    return WORDS.get(key)


def wrong_in(line, got):
    """What is wrong with the tokens of a line."""
    if line.startswith("#"):
        return None if [scopes for _, _, scopes in got] == [["comment.line.number-sign"]] else "not a comment"
    keys = [(first, last) for first, last, scopes in got if scopes == ["variable.other.key"]]
    pairs = list(PAIR.finditer(line))
    if keys != [found.span(1) for found in pairs]:
        return f"keys {keys}"
    for found in pairs:
        wanted = scope_of(found[1], found[2])
        inside = [scopes for first, _, scopes in got if found.start(2) <= first < found.end(2)]
        if wanted and found[2] and not all(scopes[:1] == [wanted] for scopes in inside):
            return f"{found[0]}: {inside}"
    return None


def check_traces(tap):
    """Each line of the traces has its keys, and a comment is one."""
    paths = sorted((outside.ROOT / "traces").rglob("*.trace"))
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in paths]
    wrong, keys = [], 0
    for path, text, lines in zip(paths, texts, tokens("trace", *texts)):
        wrong += [f"{path.name}:{at}: {why}: {line}" for at, (line, got) in enumerate(zip(text.splitlines(), lines), 1)
                  if (why := wrong_in(line, got))]
        keys += sum(scopes == ["variable.other.key"] for got in lines for _, _, scopes in got)
    tap.none(wrong, f"{len(paths)} traces, {keys} keys: all as they are")
    tap.ok(keys > 1000 and len(paths) > 20, "these are all traces", keys, len(paths))


def plain(line):
    """The innermost scopes of a line, without separators; quotes are one with what they enclose."""
    scopes = [found[-1] for _, _, found in line if found and not found[-1].startswith(("punctuation", "keyword"))]
    return [one for at, one in enumerate(scopes) if not (one.startswith("string") and scopes[at - 1:at] == [one])]


def check_lines(tap):
    """Lines that traces of the project do not have."""
    cases = {
        'host="a # b" x-own=1 # end': ["variable.other.key", "string.quoted.double", "variable.other.key", "constant.numeric",
                                       "comment.line.number-sign"],
        "host=a#b": ["variable.other.key", "string.unquoted"],
        r'user="a\"b=c" to=0x1F': ["variable.other.key", "string.quoted.double", "constant.character.escape",
                                   "string.quoted.double", "variable.other.key", "constant.numeric"],
        " \tsession=7  event=12": ["variable.other.key", "constant.numeric", "variable.other.key", "constant.numeric"],
        "host=12ab io=0xZZ": ["variable.other.key", "string.unquoted"] * 2,
        "host= event=Logon": ["variable.other.key", "variable.other.key", "entity.name.function.event"],
        'host="open event=Logon': ["variable.other.key", "string.quoted.double"],
        "no pair": [], "=x": [], "9a=b": [],
        "allow=trace/gap call=IoRegisterContainerNotification marker=boot": [
            "variable.other.key", "entity.other.attribute-name.rule", "variable.other.key", "support.function",
            "variable.other.key", "constant.language"],
    }
    for line, got in zip(cases, tokens("trace", *cases)):
        tap.same(plain(got[0]), cases[line], f"trace: {line}")
    first, second = tokens("trace", 'host="open\nsession=1')[0]
    tap.same(second[0][2], ["variable.other.key"], "a text that is open ends with its line")


def check_configuration(tap):
    cases = {
        "# a = b": ["comment.line.number-sign"], "  # x": ["comment.line.number-sign"],
        "strict = true": ["variable.other.key", "constant.language.boolean"],
        "reorder=10s": ["variable.other.key", "constant.numeric"], "pointer-size = 4": ["variable.other.key", "constant.numeric"],
        "rule = session/unfinished=off": ["variable.other.key", "entity.other.attribute-name.rule", "constant.language.severity"],
        "rule = gap=error  ": ["variable.other.key", "entity.other.attribute-name.rule", "constant.language.severity"],
        "baseline = ci/known.json": ["variable.other.key", "string.unquoted"], "strict": [],
        "source = winlogon-operational": ["variable.other.key", "string.unquoted"],
    }
    for line, got in zip(cases, tokens("configuration", *cases)):
        tap.same(plain(got[0]), cases[line], f".sessionlint: {line}")


def stage(folder):
    subprocess.run([FOLDER / "build", "--stage", folder], check=True, stdin=subprocess.DEVNULL)
    return pathlib.Path(folder) / "vscode"


def check_extension(tap, folder):
    keys = list(SCHEMA["properties"])
    rules = outside.run([sys.argv[1], "rules"]).stdout
    texts = {
        "|": keys, "st|": keys, "strict = true\n|": [key for key in keys if key != "strict"],
        "rule = gap=off\n|": keys, "|\nsource = wdm": [key for key in keys if key != "source"],
        "strict = |": ["true", "false"], "source=w|": SCHEMA["properties"]["source"]["enum"],
        "rule = |": re.findall(r"^(\S+/\S+)", rules, re.M), "rule = gap=|": ["note", "warning", "error", "off"],
        "# st|": [], "frobnicate = |": [], "strict |": [], "reorder = |": [], "baseline = |": [],
    }
    given = [{"type": "sessionlint", "paths": ["a", "b c"], "options": ["--strict"], "watch": True}, {"type": "sessionlint"}]
    answer = outside.node(EDITOR, {"texts": list(texts), "command": "C:\\x y\\sessionlint.exe", "folders": [{"name": "f"}], "given": given},
                          folder)
    for text, items in zip(texts, answer["completed"]):
        tap.same([item["label"] for item in items], texts[text], f"completion: {text!r}")
    (item,) = [item for item in answer["completed"][1] if item["label"] == "strict"]
    tap.ok(item["insertText"] == "strict = " and item["range"]["at"] == [0, 0, 0, 2] and item["detail"] and item["kind"] == "key",
           "a key takes the place of what was typed, and says what it means", item)
    tap.ok(answer["subscriptions"] == 2 and answer["same"], "what is registered is given back, a definition stays what it is")
    offered = [(one["name"], one["execution"]["args"], one["matchers"], one["isBackground"]) for one in answer["tasks"]]
    check, watch = ["check", "--color=never"], ["check", "--color=never", "--watch"]
    tap.same(offered, [("check the current file", [*check, "--", "${file}"], "$sessionlint", False),
                       ("check the folder", [*check, "--", "${workspaceFolder}"], "$sessionlint", False),
                       ("check the folder again whenever a file changes", [*watch, "--", "${workspaceFolder}"],
                        "$sessionlint-watch", True)], "the tasks")
    whole, none = answer["resolved"]
    tap.ok(none is None and whole["execution"] == {"process": "C:\\x y\\sessionlint.exe", "args": [*watch, "--strict", "--", "a", "b c"]},
           "a task of tasks.json", whole)


def check_manifest(tap, folder):
    """What package.json names is there; the lines of --watch begin and end a run."""
    manifest = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    version = re.search(r"^  version: '(.*)'", (outside.ROOT / "meson.build").read_text(encoding="utf-8"), re.M)[1]
    contributes = manifest["contributes"]
    named = [manifest["main"], *(one["configuration"] for one in contributes["languages"]), *(one["path"] for one in contributes["grammars"])]
    tap.none([name for name in named if not (folder / name).is_file()], "the files that it names are there")
    scopes = [json.loads((folder / one["path"]).read_text(encoding="utf-8"))["scopeName"] for one in contributes["grammars"]]
    tap.same(scopes, [one["scopeName"] for one in contributes["grammars"]], "the grammars have their scopes")
    tap.same(manifest["version"], version, "its version is that of the project")
    (folder / "x.trace").write_text("session=1 event=Created\n", encoding="utf-8")
    watch = subprocess.Popen([os.path.abspath(sys.argv[1]), "check", "--watch", "x.trace"], cwd=folder, stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    background = next(one["background"] for one in contributes["problemMatchers"] if "background" in one)
    begins, ends = (re.compile(background[key]) for key in ("beginsPattern", "endsPattern"))
    lines = iter(watch.stderr.readline, "")
    first = next((line for line in lines if ends.search(line.rstrip("\n"))), None)
    (folder / "x.trace").write_text("session=1 event=Created\nsession=1 event=Terminated\n", encoding="utf-8")
    second = next((line for line in lines if begins.search(line.rstrip("\n"))), None)
    watch.kill()
    watch.wait()
    (folder / "x.trace").unlink()
    tap.ok(first and second, "the lines of --watch end a run, and begin the next one", first, second)


def check_package(tap):
    """Two packages are the same, and have the files alone."""
    outside.program("vsce")
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        packages = []
        for folder in (first, second):
            subprocess.run([FOLDER / "build", folder], check=True, stdin=subprocess.DEVNULL,
                           env={**os.environ, "SOURCE_DATE_EPOCH": "1795521600"})
            packages += pathlib.Path(folder).glob("sessionlint-*.vsix")
        tap.ok(len(packages) == 2 and len({hashlib.sha256(path.read_bytes()).hexdigest() for path in packages}) == 1,
               "two packages are the same", packages)
        names = {pathlib.PurePath(name).name for name in zipfile.ZipFile(packages[0]).namelist()}
        wanted = {path.name for path in FOLDER.iterdir()} - {"build", "README.md"}
        tap.same(names, wanted | {"readme.md", "LICENSE.txt", "configuration.schema.json", "extension.vsixmanifest",
                                  "[Content_Types].xml"}, "the package has its files, and no others")


def main():
    tap = Tap()
    for claim, check in (("the grammar reads the traces", check_traces), ("the grammar reads odd lines", check_lines),
                         ("the grammar reads .sessionlint", check_configuration)):
        outside.attempt(tap, claim, check)
    with tempfile.TemporaryDirectory() as folder:
        staged = stage(folder)
        outside.attempt(tap, "the extension completes and offers tasks", check_extension, staged)
        check_manifest(tap, staged)
    outside.attempt(tap, "vsce makes the package", check_package)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
