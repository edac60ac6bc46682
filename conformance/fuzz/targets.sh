#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# targets.sh TOP BUILD SECONDS TARGET...: what libFuzzer tries in a build, each target for that long. It goes on with what it
# found before.
set -euo pipefail

top=$1 build=$2 seconds=$3 status=0
shift 3
for name in "$@"; do
	found=$top/build-fuzz/corpus/$name quiet=0
	mkdir -p "$found"
	# it complains of nearly each input
	[ "$name" != configuration ] || quiet=2
	# readers of text begin with the traces of the project
	case $name in text | fast_path) inputs=("$top"/traces/*/) ;; *) inputs=() ;; esac
	# a record of a log takes more room than a line
	case $name in evtx) size=16384 ;; *) size=4096 ;; esac
	echo "dev: fuzz_$name in $build/"
	# leaks are looked for in the tests; the entropic schedule costs more than the targets do
	"$top/$build/conformance/fuzz/fuzz_$name" -max_total_time="$seconds" -max_len=$size -entropic=0 -detect_leaks=0 \
		-close_fd_mask=$quiet -artifact_prefix="$top/build-fuzz/failed-$name-" \
		"$found" "$top/conformance/fuzz/corpus/$name" "${inputs[@]}" 2>&1 |
		grep -aE '^fuzz:|SUMMARY|^Done|written to' || status=1
	! compgen -G "$top/build-fuzz/failed-$name-*" >/dev/null || status=1
done
exit $status
