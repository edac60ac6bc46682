#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A step of action.yml: checks, and ends with the status of sessionlint. Its settings are variables, since texts of a
# workflow must not become part of a script.
set -uo pipefail

fail() {
	echo "::error title=sessionlint::$1"
	echo "status=2" >>"${GITHUB_OUTPUT:-/dev/null}"
	exit 2
}

# The lines of a text that are not blank, each with a NUL.
lines() {
	local line
	while IFS= read -r line; do
		line=${line#"${line%%[![:space:]]*}"} line=${line%"${line##*[![:space:]]}"}
		[ -z "$line" ] || printf '%s\0' "$line"
	done <<<"$1"
}

mapfile -d '' -t paths < <(lines "${SESSIONLINT_PATHS:-}")
mapfile -d '' -t options < <(lines "${SESSIONLINT_OPTIONS:-}")
[ ${#paths[@]} -gt 0 ] || fail "paths: nothing to check"

reports=${SESSIONLINT_REPORTS:-session-reports}
# it becomes an output: a second line would be another output
[[ $reports != *[[:cntrl:]]* ]] || fail "reports: not the name of a folder"
mkdir -p -- "$reports" || fail "reports: the folder cannot be made"
files=(sessions.md sessions.sarif sessions.junit.xml sessions.html sessions.jsonl)
# a report of an earlier run must not be taken for one of this run
(cd -- "$reports" && rm -f -- "${files[@]}") || fail "reports: the folder cannot be written"
[ -z "${SESSIONLINT_BASELINE:-}" ] || options+=("--baseline=$SESSIONLINT_BASELINE")
[ -z "${SESSIONLINT_FAIL_ON:-}" ] || options+=("--fail-on=$SESSIONLINT_FAIL_ON")
[ -z "${SESSIONLINT_ANCHOR:-}" ] || options+=("--anchor=$SESSIONLINT_ANCHOR")

"$SESSIONLINT" check --hide-suppressed \
	--output=github:- \
	--output="markdown:$reports/sessions.md" \
	--output="sarif:$reports/sessions.sarif" \
	--output="junit:$reports/sessions.junit.xml" \
	--output="html:$reports/sessions.html" \
	--output="json:$reports/sessions.jsonl" \
	"${options[@]}" -- "${paths[@]}" </dev/null
status=$?

[ ! -f "$reports/sessions.md" ] || cat -- "$reports/sessions.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
{
	echo "status=$status"
	[ ! -f "$reports/sessions.sarif" ] || echo "sarif=$reports/sessions.sarif"
} >>"${GITHUB_OUTPUT:-/dev/null}"
exit $status
