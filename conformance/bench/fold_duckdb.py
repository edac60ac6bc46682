#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What fold.awk does, in DuckDB with the macros that 'sessionlint model --sql=duckdb' prints: counts lives of sessions with an
illegal event. Arguments: a file with the macros, the trace."""

import sys

import duckdb

# The macros follow one life of a session: the next one begins after Terminated.
QUERY = """
WITH events AS (
  SELECT row_number() OVER () AS place, session, substring(event, 7) AS event
  FROM read_csv(?, delim = ' ', header = false, quote = '', auto_detect = false,
                columns = {'time': 'VARCHAR', 'session': 'VARCHAR', 'event': 'VARCHAR'})),
lives AS (
  SELECT *, count(*) FILTER (event = 'Terminated') OVER (
    PARTITION BY session ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS life FROM events)
SELECT count(*) FROM (
  SELECT session_check(list(session_event(event) ORDER BY place)) AS illegal FROM lives GROUP BY session, life)
WHERE illegal > 0"""


def main():
    macros, trace = sys.argv[1:]
    database = duckdb.connect()
    with open(macros, encoding="utf-8") as file:
        database.execute(file.read())
    print(database.execute(QUERY, [trace]).fetchone()[0])


if __name__ == "__main__":
    main()
