#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A step of action.yml: checks, and ends with the status of sessionlint. Its settings are variables, since texts of a
# workflow must not become part of a script.
set -uo pipefail

lines() {
	local line
	while IFS= read -r line; do
		line=${line#"${line%%[![:space:]]*}"} line=${line%"${line##*[![:space:]]}"}
		[ -z "$line" ] || printf '%s\0' "$line"
	done <<<"$1"
}

mapfile -d '' -t paths < <(lines "${SESSIONLINT_PATHS:-}")
mapfile -d '' -t options < <(lines "${SESSIONLINT_OPTIONS:-}")
[ ${#paths[@]} -gt 0 ] || { echo "::error title=sessionlint::paths: nothing to check"; exit 2; }

reports=${SESSIONLINT_REPORTS:-session-reports}
mkdir -p "$reports" || exit 2
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
	"${options[@]}" -- "${paths[@]}"
status=$?

[ ! -f "$reports/sessions.md" ] || cat "$reports/sessions.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
{
	echo "status=$status"
	[ ! -f "$reports/sessions.sarif" ] || echo "sarif=$reports/sessions.sarif"
} >>"${GITHUB_OUTPUT:-/dev/null}"
exit $status
