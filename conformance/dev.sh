# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# The commands of dev that test for other systems, with model checkers, that prove, and that mutate. dev reads this file,
# which uses its functions.

windows_needs=("${mingw_needs[@]}" wine:wine64 wine:wine evtxexport:libevtx-utils)
# What checks the model; without it those tests are skipped.
formal_needs=(spin:spin rumur:rumur vsd2xhtml:libvisio-tools dot:graphviz pip3:python3-pip)
formal_modules=(z3 jsonschema) # of Python
# What proves the code; on other systems than Debian 12 it has other versions, and the proofs are skipped.
prove_needs=(frama-c:frama-c-base why3:why3 z3:z3 cvc4:cvc4)
cross_machines=(aarch64 s390x)
cross_needs=(evtxexport:libevtx-utils)
for machine in "${cross_machines[@]}"; do
	package=${machine/aarch64/arm64}
	cross_needs+=("$machine-linux-gnu-gcc:gcc-$machine-linux-gnu" "qemu-$machine:qemu-user"
		"/usr/$machine-linux-gnu/include/stdio.h:libc6-dev-$package-cross")
done

# The command as users of Windows have it, and Wine to run it, which keeps its files in the build folder.
build_windows() {
	need "${build_needs[@]}" "${windows_needs[@]}"
	export WINEPREFIX=$top/build-windows/wine WINEDEBUG=-all LC_ALL=C.UTF-8
	# no .NET, no browser, no menus: they are not needed, and Wine would ask for them
	export WINEDLLOVERRIDES='mscoree,mshtml,winemenubuilder.exe='
	unset DISPLAY
	# Wine looks for its server below TMPDIR: the server that is started here would not be found with another one
	use_memory_folder
	trap 'wineserver -k || true' EXIT
	check 'mingw-w64, warnings are errors' "$top/dev" compile build-windows -Dwerror=true \
		--cross-file "$top/conformance/windows/mingw-w64-x86_64.ini"
	check 'sessionlint.exe needs no library but those of Windows' imports_check
	check 'Wine starts' wine_start
	is_built build-windows || wine_started=
	# what Debian's script does in the end, without the script, and the loader does not start itself again
	if [ -x /usr/lib/wine/wine64 ] && [ ! -e /usr/lib/wine/wine ]; then
		export WINE=/usr/lib/wine/wine64 WINELOADER=/usr/lib/wine/wine64 WINELOADERNOEXEC=1
	fi
}

# Its suites under Wine; without those of which test_all has compared runs already.
test_windows() {
	local without=()
	# what test skips where mingw-w64 is not there
	check 'gcc, warnings are errors' env CC=gcc "$top/dev" compile build-gcc -Dwerror=true
	[ "$mingw_tested" ] || suites build-gcc 'second source' examples
	[ "$wine_started" ] || return 0
	[ ! "$twins_tested" ] || without=(--no-suite twin)
	# a start of Wine takes its time where the machine is busy
	suites build-windows --wrapper "bash $top/conformance/tools/again.sh" --timeout-multiplier 5 --suite golden --suite cli --suite rules \
		--suite base --suite model --suite library --suite gate --suite diff --suite windows "${without[@]}"
	grep -h '^# Wine failed' "$top"/build-windows/meson-logs/testlog*.txt || true
}

# A server that stays makes each start under Wine a hundred times as fast.
wine_start() {
	mkdir -p "$WINEPREFIX"
	wineserver -p >/dev/null 2>&1 || true
	wine wineboot -i </dev/null >"$top/build-windows/wine.log" 2>&1 || { cat "$top/build-windows/wine.log"; return 1; }
	wine_started=yes
}

imports_check() {
	local extra
	[ -f "$top/build-windows/sessionlint.exe" ] || return 1
	extra=$(x86_64-w64-mingw32-objdump -p "$top/build-windows/sessionlint.exe" | awk '/DLL Name:/ { print $3 }' |
		grep -viE '^(kernel32|msvcrt)\.dll$' || true)
	[ -z "$extra" ] || { echo "$extra"; return 1; }
}

# The model in the tools of its field: every source, tolerance and mask. TLC is run if TLA2TOOLS names its jar, dot2c
# if LINUX_VERIFICATION names tools/verification of Linux.
test_formal() {
	local missing
	need "${build_needs[@]}"
	mapfile -t missing < <(lacking "${formal_needs[@]}"; python_missing "${formal_modules[@]}")
	want "${missing[@]}"
	python3 "$top/conformance/tools/fetch_python.py" "$top/build-formal" "$top/conformance/formal"
	check 'gcc, warnings are errors' env CC=gcc "$top/dev" compile build-gcc -Dwerror=true
	SESSIONLINT_FORMAL=all suites build-gcc --suite formal
	claims_of build-gcc
}

# The contracts in the sources, by Frama-C.
test_prove() {
	local missing
	need "${build_needs[@]}"
	mapfile -t missing < <(lacking "${prove_needs[@]}")
	want "${missing[@]}"
	check 'gcc, warnings are errors' env CC=gcc "$top/dev" compile build-gcc -Dwerror=true
	suites build-gcc --suite prove
	claims_of build-gcc
}

# Mutants of the sources, and of each cell of the table: which of them the tests notice.
mutate() {
	need "${build_needs[@]}" git:git /usr/bin/ld.gold:binutils
	use_memory_folder
	exec python3 "$top/conformance/tools/mutate.py" "$top" "$top/build-mutation" "$@"
}

# A table of the claims that the tests of a build folder state, and who checked them.
claims_of() {
	echo
	sed -n 's/^# claim: //p' "$top/$1"/meson-logs/testlog*.txt |
		awk -F ' [|] ' 'BEGIN { row = "%-60s  %-20s  %-45s  %s\n"; printf row, "claim", "tool", "of", "result" }
			{ printf row, $1, $2, $3, $4 }'
}

# The command and the readers as other machines have them: the tests compare with the same files.
test_cross() {
	local machine folder
	use_memory_folder
	[ $# -gt 0 ] || set -- "${cross_machines[@]}"
	need "${build_needs[@]}" "${cross_needs[@]}"
	for machine in "$@"; do
		folder=build-$machine
		check "gcc for $machine, warnings are errors" "$top/dev" compile "$folder" -Dwerror=true \
			--cross-file "$top/conformance/cross/$machine.ini"
		if is_built "$folder"; then
			bash "$top/conformance/cross/emulate.sh" "$machine" "$top/$folder/sessionlint" \
				"$top/$folder"/conformance/tools/dump_{records,recognition,evtx}
			suites "$folder" --timeout-multiplier 10 --suite golden --suite formats --suite cli
		fi
	done
}
