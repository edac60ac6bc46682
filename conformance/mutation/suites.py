# SPDX-License-Identifier: MIT
"""The tests that mutants are tried with, of those that `./dev test` runs. The first that fails ends it, so that what kills many in
little time comes first. Counts of work need an optimized build; leaks, and reads of what is not there, need the sanitizers.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Stage:
    """Tests of one build, as suite and name."""

    build: str
    tests: tuple
    # what they can tell something of where it is not known which lines they run
    folders: tuple = ("src/", "machine/")
    # fewer made-up inputs than ./dev test has: test, the arguments that are replaced, and by what
    shorter: tuple = ()
    # and all that no other stage has
    has_rest: bool = False

    def all_tests(self, build):
        """Its tests, in that build."""
        rest = [name for name in sorted(build.tests) if name not in MENTIONED and not name.startswith(LEFT_OUT)] if self.has_rest else []
        return (*self.tests, *rest)

    def key_of(self, test):
        """What tells a test of this build, with these arguments, from others."""
        return " ".join((self.build, test, *(new for each, _, new in self.shorter if each == test)))

    def is_about(self, file):
        return file.startswith(self.folders)


BUILDS = {
    # no time is lost with optimizing what runs once
    "quick": ("-Dbuildtype=plain", "-Doptimization=0", "-Ddefault_library=static", "-Db_pie=false", "-Dc_link_args=-fuse-ld=gold"),
    # to find out which tests run which lines
    "covered": ("-Dbuildtype=plain", "-Doptimization=0", "-Ddefault_library=static", "-Db_pie=false", "-Db_coverage=true"),
    "counted": ("-Dbuildtype=release", "-Ddefault_library=static"),
    # as in ../../dev
    "sanitized": ("-Db_sanitize=address,undefined", "-Db_lundef=false", "-Dbuildtype=plain", "-Doptimization=1", "-Ddefault_library=static",
                  "-Dc_args=-funsigned-char", "-Db_pie=false", "-Dc_link_args=-static-libasan -static-libubsan"),
}

MODEL = Stage("quick", (
    "model/published table", "model/sequences", "model/ladder", "model/losses", "model/masks", "model/lint", "model/registration",
    "model/chart source", "model/projection", "model/views", "model/hidden events",
), ("src/model/", "machine/"))

LIBRARY = ("library/records one by one", "library/public library", "library/suppression", "library/baseline of the library", "library/filters",
           "library/users of findings", "library/table of sessions")

STAGES = (
    Stage("quick", ("golden/golden",)),
    MODEL,
    Stage("quick", ("rules/rules",)),
    Stage("quick", (*LIBRARY, "library/observer", "library/contract of the library", "driver/hosts without a fault"),
          shorter=(("driver/hosts without a fault", "10000", "400"),)),
    Stage("quick", (
        "detections/golden detections", "diagram/diagrams", "cli/masks", "formal/exports", "cli/usage", "cli/contract, random",
        "cli/order of time", "lives/lives", "cli/newest first", "rules/each log alone", "library/records as columns",
        "library/logs that are read ahead", "cli/inputs", "cli/clock of logs", "cli/traces", "cli/unreadable", "gate/nothing judged",
        "reports/together", "account/machines", "library/allowances", "timeline/timeline findings", "timeline/timeline annotations",
        "reports/anonymize", "rules/users of several logs", "cli/oracle", "cli/sources", "cli/verdicts", "timeline/golden timelines",
        "coverage/count of our own", "formats/boots of logs", "library/series are judged as records", "library/partials",
        "fault/faults of partials", "verify/certificate options", "cli/situations", "cli/repeated numbers",
        "library/contract of partials", "library/accounts of the library", "library/what passes filters", "library/ends by the report",
        "cli/many", "cli/joined files", "reports/witnesses", "formats/logs of several channels",
    ), shorter=(("library/partials", "500", "150"), ("lives/lives", "1000000", "30000"), ("lives/lives", "50000", "1500"),
                ("account/machines", "10000", "200"))),
    Stage("sanitized", ("golden/golden", *LIBRARY, "library/series are judged as records", "library/contract of partials",
                        "library/accounts of the library", "fault/faults of partials", "model/masks", "model/projection"), ("src/",)),
    Stage("quick", (), has_rest=True),
    # ten seconds and more
    Stage("quick", (
        "cli/losses", "cli/order of seq", "cli/contract", "cli/random traces", "cli/counts of drivers",
        "verify/certificates", "cli/cascades", "cli/cells", "cli/observed states", "diff/models apart", "driver/hosts without a fault",
    )),
    # what takes longer, as ./dev test has it
    Stage("quick", ("fault/faults",), ("src/",)),
    Stage("quick", ("driver/seeded breaches",), ("src/check/driver/", "src/check/state/")),
    Stage("counted", ("driver/work for a record",), ("src/check/", "src/order/")),
)

MENTIONED = {name for stage in STAGES for name in stage.tests if stage.build == "quick"}

# Tests of what is not mutated, or what takes too long for what it adds.
LEFT_OUT = ("outside/", "html/", "docs/", "python/", "page/", "mutation/", "prove/", "structure/", "bench/", "fuzz/", "windows/", "fault/",
            "base/", "recording/", "growth/", "formal/replay", "formal/claims", "detections/detection ", "reports/perfetto",
            "timeline/timeline in pm4py", "cli/completion", "cli/memory", "driver/memory", "account/memory", "account/cheapest",
            "cli/hardened", "cli/hostile")
# A test that takes longer than this, in seconds, is not in the rest.
REST_SECONDS = 60

# Before this one it is found out whether there is anything to notice.
EQUIVALENT_BEFORE = 4

# They know the table from a transcription in C or in Python, from reviewed reports and traces, or from the drawing.
CELLS = Stage("quick", (
    "model/published table", "model/sequences", "model/chart source", "model/ladder", "model/projection", "golden/golden", "rules/rules",
    "cli/oracle", "cli/verdicts", "formal/provenance",
))
