#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Measures the release build in the folder $1. All sides of a comparison run in one call of hyperfine.
set -euo pipefail

build=$1
events=${BENCH_EVENTS:-5000000}
runs=${BENCH_RUNS:-5}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

sessionlint=$build/sessionlint
make_trace=$build/conformance/tools/make_trace
scan_only=$build/conformance/tools/scan_only
make_contract=$build/conformance/tools/make_contract
trace_to_evtx=$build/conformance/tools/trace_to_evtx

# Runs the commands given as NAME=COMMAND on files of $1 bytes and prints GB/s and the ratio to the first.
compare() {
	local title=$1 bytes=$2 pair arguments=()
	shift 2
	for pair in "$@"; do arguments+=(-n "${pair%%=*}" "${pair#*=}"); done
	hyperfine -N -i --warmup 1 --runs "$runs" --export-csv "$folder/result.csv" "${arguments[@]}" >/dev/null 2>&1
	printf '\n%s (%.0f MB)\n\n| | best | median | of the first |\n|---|---|---|---|\n' "$title" "$(echo "$bytes" | awk '{ print $1 / 1e6 }')"
	# csv: command,mean,stddev,median,user,system,min,max
	awk -F, -v bytes="$bytes" 'NR > 1 { if (NR == 2) first = $4
		printf "| %s | %.2f GB/s | %.2f GB/s | %.2f |\n", $1, bytes / $7 / 1e9, bytes / $4 / 1e9, first / $4 }' "$folder/result.csv"
}

size() { stat -c %s "$1"; }

echo "$(nproc) cores, $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo)"
for sessions in 1000 100000 1000000; do
	"$make_trace" "$events" "$sessions" >"$folder/t.trace"
	compare "text, $events events of $sessions sessions" "$(size "$folder/t.trace")" \
		"Ragel -G2 scanner alone=$scan_only $folder/t.trace" \
		"sessionlint check=$sessionlint check -q --rule unfinished=off $folder/t.trace" \
		"wc -l=wc -l $folder/t.trace"
done
"$make_trace" "$events" 100000 full >"$folder/full.trace"
compare "text with host, from and to, 100000 sessions" "$(size "$folder/full.trace")" \
	"Ragel -G2 scanner alone=$scan_only $folder/full.trace" \
	"sessionlint check=$sessionlint check -q --rule unfinished=off $folder/full.trace"
"$make_trace" "$events" 100000 ndjson >"$folder/t.ndjson"
compare "NDJSON, 100000 sessions" "$(size "$folder/t.ndjson")" \
	"sessionlint check=$sessionlint check -q --rule unfinished=off $folder/t.ndjson" \
	"wc -l=wc -l $folder/t.ndjson"
"$make_contract" "$events" 1 0 50 200 1000 "$folder/ledger" >"$folder/driver.trace"
compare "drivers: 50, with 200 I/O objects and 1000 sessions" "$(size "$folder/driver.trace")" \
	"Ragel -G2 scanner alone=$scan_only $folder/driver.trace" \
	"sessionlint check=$sessionlint check -q --rule unfinished=off $folder/driver.trace" \
	"wc -l=wc -l $folder/driver.trace"
"$make_trace" "$events" 100000 >"$folder/t.trace"
compare "certificate, 100000 sessions" "$(size "$folder/t.trace")" \
	"sessionlint check=$sessionlint check -q --rule unfinished=off $folder/t.trace" \
	"with --certificate=$sessionlint check -q --rule unfinished=off --certificate $folder/t.cert $folder/t.trace"
rm -f "$folder"/*.trace "$folder"/*.ndjson "$folder"/*.cert

"$trace_to_evtx" --events=1000000 --sessions=200 "$folder/t.evtx"
"$trace_to_evtx" --inline --events=1000000 --sessions=200 "$folder/inline.evtx"
off='--rule unfinished=off --rule undocumented-transition=off'
compare ".evtx with templates, every record an event" "$(size "$folder/t.evtx")" \
	"sessionlint check=$sessionlint check -q $off $folder/t.evtx" "reading=cat $folder/t.evtx"
compare ".evtx without templates" "$(size "$folder/inline.evtx")" \
	"sessionlint check=$sessionlint check -q $off $folder/inline.evtx" "reading=cat $folder/inline.evtx"
rm -f "$folder"/*.evtx

echo
echo "Memory: $((events * 4)) events of 100000 live sessions, through a pipe"
"$make_trace" $((events * 4)) 100000 | (
	"$sessionlint" check -q --rule unfinished=off - &
	pid=$!
	peak=0
	while kill -0 $pid 2>/dev/null; do
		now=$(awk '/VmHWM/ { print $2 }' /proc/$pid/status 2>/dev/null || true)
		[ "${now:-0}" -le "$peak" ] || peak=$now
		sleep 0.1
	done
	echo "peak: $((peak / 1024)) MiB"
)

python3 "$(dirname "${BASH_SOURCE[0]}")/page.py" "$sessionlint"
