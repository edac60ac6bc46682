# SPDX-License-Identifier: MIT
"""Records of calls and callbacks as two: one of the begin and one of the end, between which others come; or as one with
two numbers."""

from shared.driver_calls import CALL_REGISTER

REACH_MAX = 3  # so many other records come between the two
PAIR = "x-pair"


def spread(source, records, often=0.5):
    """Lets calls begin earlier, and callbacks end later, than in the trace."""
    placed = []
    for at, record in enumerate(records):
        if not {"call", "notify"} & {*record} or source.random() > often:
            placed.append((at, 1, record))
            continue
        returned = ("status", "registration") if record.get("call") == CALL_REGISTER else ("status",)
        begin = {key: value for key, value in record.items() if key not in returned} | {"phase": "begin", PAIR: at}
        away = source.randint(0, REACH_MAX)
        placed.append((at - away if "call" in record else at, 0, begin))
        placed.append((at if "call" in record else at + away, 2, record | {"phase": "end", PAIR: at}))
    # those of one call stay in their order
    return [record for *_, record in sorted(placed, key=lambda one: one[:2])]


def number(source, records):
    """Numbers what spread() returns, as of one driver; some calls and callbacks are one record, which ends it."""
    numbered, begins = [], {}
    for seq, record in enumerate([record for record in records if "malformed" not in record and "host" not in record], 1):
        record = {"seq": seq} | {key: value for key, value in record.items() if key != "driver"}
        pair = begins.pop(record.get(PAIR), None)
        if "phase" in record and pair is None:
            begins[record[PAIR]] = record
        elif pair and source.random() < 0.5:
            numbered.remove(pair)
            del record["phase"]
            record.update({"seq": pair["seq"], "seq_end": seq})
        numbered.append(record)
    return numbered
