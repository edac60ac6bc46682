#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs a test, for meson test --wrapper. One in some thousands of Wine's processes ends with 1 before the program has said
# a word; no program of ours does. It is started again then, as ../shared/command.py does for what Python tests start.
set -u

case ${1##*/} in
wine*) ;;
*) exec "$@" ;;
esac
out=$(mktemp)
trap 'rm -f "$out"' EXIT
for restarts in 1 2 3 4; do
	"$@" >"$out"
	status=$?
	if [ "$status" -ne 1 ] || [ -s "$out" ] || [ "$restarts" -eq 4 ]; then break; fi
	echo "# Wine failed (1) and was started again: ${2##*/}" >&2
done
cat "$out"
exit "$status"
