# SPDX-License-Identifier: MIT
"""What a damaged .evtx file must still yield, and how the commands are asked for it."""

import json
import pathlib
import re

from shared import evtx_bytes, evtx_oracle, process

# Rules that tell of damage.
DAMAGE = ("trace/malformed", "trace/gap")


class Damage:
    """A damaged log and what is expected of it.

    lost: ids of records that need not be read any more, or can read differently;
    claimed: ids that one of them says are its own, so that there can be two of that id;
    says: what one finding names, in its message or by its place; nothing: nothing is to be said;
    malformed: the finding is an error, and the status 2;
    unsure: where the records end cannot be known: what is left over from an earlier use of the
    chunk can be read too, and can be malformed.
    """

    def __init__(self, name, log, lost=(), says=(), malformed=None, unsure=False, claimed=()):
        self.name, self.log, self.lost = name, log, set(lost)
        self.claimed, self.says, self.unsure = set(claimed), tuple(says), unsure
        self.malformed = bool(lost) if malformed is None else malformed


class Outcome:
    """What the commands say of one file."""

    def __init__(self):
        self.status, self.findings, self.crash = None, [], None
        self.contents, self.troubles, self.mapped = {}, [], []


class Judge:
    """Runs the commands on files in a folder."""

    def __init__(self, folder, dump_evtx, dump_records, sessionlint):
        self.folder = pathlib.Path(folder)
        self.dump_evtx, self.dump_records = dump_evtx, dump_records
        self.sessionlint = sessionlint

    def check(self, path, data=None):
        """Status and findings of 'sessionlint check'; data goes to standard input."""
        outcome = Outcome()
        outcome.status, output, errors = process.run(
            [self.sessionlint, "check", "--format=json", path], data)
        outcome.crash = process.crash_of(outcome.status, errors)
        for line in output.decode("utf-8").splitlines():
            finding = json.loads(line)
            if "rule" in finding:
                outcome.findings.append(finding)
        return outcome

    def outcomes(self, logs):
        """What the commands say of logs: by name. The dumps read all of them in one run."""
        paths = {}
        for number, (name, log) in enumerate(logs.items()):
            paths[name] = self.folder / f"{number:04}.evtx"
            paths[name].write_bytes(log.data)
        files = [str(path) for path in paths.values()]
        contents = evtx_oracle.dump(self.dump_evtx, files)
        mapped = evtx_oracle.dump_mapped(self.dump_records, files)
        outcomes = {}
        for name, path in paths.items():
            outcome = outcomes[name] = self.check(path)
            for entry in contents[str(path)]:
                if "trouble" in entry:
                    outcome.troubles.append(entry)
                else:
                    outcome.contents.setdefault(entry["id"], []).append(entry)
            outcome.mapped = mapped[str(path)]
            path.unlink()
        return outcomes


def content_of(entry):
    """A record without its place; None if it cannot be read."""
    return None if "damaged" in entry else (entry["written"], entry["leaves"])


def told(record):
    """A mapped record without its place. An export with a chunk twice is read like a log of several channels, which
    the flags of an annotation show."""
    left_out = ("offset", "flags") if record["kind"] == "annotation" else ("offset",)
    return {key: value for key, value in record.items() if key not in left_out}


def is_told(record):
    """Whether a mapped record is of the log, and does not tell of damage."""
    return ("end" not in record and record["kind"] != "malformed" and
            record["marker"] not in ("gap", "remark"))


def records_problems(base, damage, outcome):
    """Records that are missing, changed or made up."""
    for record_id, entries in base.contents.items():
        if record_id in damage.lost:
            continue
        have = [content_of(entry) for entry in outcome.contents.get(record_id, [])]
        if content_of(entries[0]) not in have:
            yield f"record {record_id} is {'changed' if have else 'lost'}"
    made_up = outcome.contents.keys() - base.contents.keys() - damage.lost - damage.claimed
    for record_id in sorted(set() if damage.unsure else made_up):
        yield f"record {record_id} is made up"
    want = [told(each) for each in base.mapped
            if is_told(each) and each["line"] not in damage.lost]
    have = [told(each) for each in outcome.mapped
            if is_told(each) and each["line"] not in damage.lost | made_up | damage.claimed]
    for record in want:
        if record["line"] in damage.claimed and record not in map(told, outcome.mapped):
            yield f"record {record['line']} is not delivered: another one has its id"
    want = [record for record in want if record["line"] not in damage.claimed]
    for a, b in zip(have, want):
        if a != b:
            yield f"delivered {a}, not {b}"
            break
    if len(have) != len(want):
        yield f"{len(have)} records are delivered, not {len(want)}"


def findings_problems(base, damage, outcome):
    """Whether the status is right, and a finding tells of the damage and its place."""
    allowed = {2 if damage.malformed or base.status == 2 else base.status}
    if damage.unsure:
        allowed.add(2)
    if damage.lost and not damage.malformed:
        # without the records that were lost there can be less to find
        allowed.add(0)
    if outcome.status not in allowed:
        yield f"the status is {outcome.status}, not {min(allowed)}"
    findings = [finding for finding in outcome.findings if finding["rule"] in DAMAGE]
    if not damage.says:
        before = [plain(finding) for finding in base.findings]
        new = [plain(finding) for finding in findings if plain(finding) not in before]
        if new:
            yield f"nothing is lost, but it says: {new}"
        return
    if not damage.malformed and not any(record["kind"] == "event" for record in base.mapped if "end" not in record):
        gaps = [plain(finding) for finding in findings if finding["rule"] == "trace/gap"]
        if gaps:
            yield f"no record is of a session, but it says: {gaps[:4]}"
        return
    if "file header is damaged" in damage.says:
        yield from (f"a damaged file header is believed: {finding['message']}"
                    for finding in findings if "header counts" in finding["message"])
    rules = ("trace/malformed",) if damage.malformed else DAMAGE
    if not any(finding["rule"] in rules and all(names(finding, word) for word in damage.says)
               for finding in findings):
        yield (f"no finding of {' or '.join(rules)} names {' and '.join(damage.says)}: "
               f"{[plain(finding) for finding in findings[:4]]}")


def plain(finding):
    """What a finding says, but for a remark on whether the log was closed."""
    return finding["rule"], finding["message"].replace(" (the log was not closed)", "")


def names(finding, word):
    """Whether a finding names a chunk or a record by its message or its place."""
    if re.search(rf"(?<![0-9a-z]){re.escape(word)}(?![0-9])", finding["message"]):
        return True
    chunk = (finding["offset"] - evtx_bytes.FILE_HEADER) // evtx_bytes.CHUNK + 1
    return word in (f"chunk {chunk}", f"record {finding['line']}") and finding["line"] > 0


def problems_of(base, damage, outcome):
    if outcome.crash:
        return [outcome.crash]
    return [*records_problems(base, damage, outcome), *findings_problems(base, damage, outcome)]


def base_outcome(judge, log):
    """The outcome of a log before it is damaged; it has to be sound itself."""
    outcome = judge.outcomes({"base": log})["base"]
    ids = [record.id for record in log.records()]
    if outcome.crash or sorted(outcome.contents) != sorted(ids):
        raise RuntimeError(f"the log is not read before it is damaged: {outcome.crash}")
    return outcome


def judge_all(judge, report, name, log, damages):
    """States a claim for each damage of a log."""
    base = base_outcome(judge, log)
    damages = list(damages)
    outcomes = judge.outcomes({number: damage.log for number, damage in enumerate(damages)})
    for number, damage in enumerate(damages):
        report.none(problems_of(base, damage, outcomes[number]),
                    f"{name}: {damage.name}: {len(base.contents) - len(damage.lost)} of "
                    f"{len(base.contents)} records are read")


def real_logs(folder, *names):
    """Real logs by their names; nothing where the folder is absent."""
    folder = pathlib.Path(folder)
    return {name: evtx_bytes.Log((folder / name).read_bytes())
            for name in names if (folder / name).is_file()}


def written_log(folder, trace_to_evtx, *options):
    """A log that trace_to_evtx generates."""
    path = pathlib.Path(folder) / "generated.evtx"
    status, _, errors = process.run([trace_to_evtx, *options, path])
    if status:
        raise RuntimeError(f"trace_to_evtx: {errors.strip()}")
    return evtx_bytes.Log(path.read_bytes())
