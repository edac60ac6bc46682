# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# The commands of dev that make and try packages. dev reads this file, which uses its functions.

release_needs=(npm:npm clang:clang wasm-ld:lld llvm-strip:llvm /usr/lib/wasm32-wasi/libc.a:wasi-libc git:git pip3:python3-pip dh:debhelper wixl:wixl msibuild:msitools xz:xz-utils)
# what release --check installs the packages in; without them those checks are skipped
release_check_needs=(lintian:lintian autopkgtest:autopkgtest skopeo:skopeo ruby:ruby mmdebstrap:mmdebstrap qemu-aarch64:qemu-user wine:wine64 wine:wine
	/usr/lib/python3/dist-packages/yaml:python3-yaml /usr/lib/python3/dist-packages/jsonschema:python3-jsonschema
	/usr/share/doc/python3-venv:python3-venv)
page_needs=(clang:clang wasm-ld:lld llvm-strip:llvm /usr/lib/wasm32-wasi/libc.a:wasi-libc)
python_needs=(/usr/lib/python3/dist-packages/pip:python3-pip /usr/share/doc/python3-venv:python3-venv java:openjdk-17-jre-headless)

# Installs the compiler's own library for WebAssembly, which has a package for each version.
need_wasm_library() {
	compgen -G "$(clang -print-resource-dir)/lib/wasi/libclang_rt.builtins-wasm32.a" >/dev/null ||
		install_packages "libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev-wasm32"
}

# The page and the npm package are tested here and not by test: that must not take longer.
page() {
	local missing
	need "${build_needs[@]}" "${page_needs[@]}"
	need_wasm_library || exit 2
	bash "$top/packaging/page/build" "$top/build-page" || exit 2
	echo "dev: build-page/sessionlint.html" >&2
	[ "${1:-}" = test ] || return 0
	mapfile -t missing < <(lacking chromium:chromium chromedriver:chromium-driver node:nodejs npm:npm)
	want "${missing[@]}"
	build build || exit 2
	# not in a folder of memory: Chromium shows no page what is in /dev
	suites build --suite page
	sum
}

# What the Python package does with packages of others; the suite python of ./dev test needs none.
test_python() {
	local venv=$top/build-python-package package=$top/packaging/python wanted
	need "${build_needs[@]}" "${python_needs[@]}"
	mapfile -t missing < <(lacking psql:postgresql)
	want "${missing[@]}"
	check 'gcc, warnings are errors' env CC=gcc "$top/dev" compile build-gcc -Dwerror=true
	wanted=$package/tests/requirements.txt
	if ! cmp -s "$wanted" "$venv/requirements.txt"; then
		echo 'dev: installing packages for Python (900 MB) in build-python-package/' >&2
		rm -rf "$venv"
		{ /usr/bin/python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps \
			--no-build-isolation --require-hashes --requirement "$wanted" && cp "$wanted" "$venv"; } </dev/null || exit 2
	fi
	export SESSIONLINT_LIBRARY=$top/build-gcc/src/libsessionlint.so SESSIONLINT_COMMAND=$top/build-gcc/sessionlint
	export SESSIONLINT_LOGS=$top/../shared/logs PYTHONPATH=$package/src
	check 'mypy --strict' "$venv/bin/mypy" --strict --cache-dir "$venv/mypy" "$package/src"
	check 'pytest' "$venv/bin/python" -m pytest -q -p no:cacheprovider -rs "$package/tests" "$@" </dev/null
}

# The detection packs, with parsers and engines that test does not fetch because they are large.
test_detections() {
	local missing
	need "${build_needs[@]}" "${test_needs[@]}"
	mapfile -t missing < <(lacking node:nodejs npm:npm pip3:python3-pip)
	want "${missing[@]}"
	python3 "$top/conformance/tools/fetch.py" "$top/build-detections" "$top/conformance/detections"
	python3 "$top/conformance/tools/fetch_python.py" "$top/build-detections" "$top/conformance/detections"
	check 'gcc, warnings are errors' env CC=gcc "$top/dev" compile build-gcc -Dwerror=true
	suites build-gcc --suite detections
}

# The documents as a site, in build-site/site/. The page that checks is part of it if it was made.
site() {
	need "${build_needs[@]}" mandoc:mandoc npm:npm openssl:openssl /usr/share/doc/python3-venv:python3-venv
	build build >&2 || exit 2
	bash "$top/packaging/site/build" "$top/build-site" "$top/build/sessionlint" || exit 2
	echo "dev: build-site/site/index.html" >&2
}

# Makes all packages of this commit in build-release/; see packaging/README.md.
release() {
	local status=0 missing
	need "${build_needs[@]}" git:git
	mapfile -t missing < <(lacking "${release_needs[@]}")
	want "${missing[@]}"
	# without it, what is made for the web is not
	! command -v clang >/dev/null || need_wasm_library || :
	export PYTHONPATH=$top/packaging:$top/conformance
	if [ "${1:-}" != --check ]; then
		exec /usr/bin/python3 -m release "$top/build-release" "$@"
	fi
	mapfile -t missing < <(lacking "${release_check_needs[@]}")
	want "${missing[@]}"
	build build >&2 || exit 2
	/usr/bin/python3 -m release "$top/build-release" || status=$?
	use_memory_folder
	/usr/bin/python3 -m release.verify "$top/build-release" "$top/build/sessionlint" \
		"${SESSIONLINT_LOGS:-$top/../shared/logs}/remote-desktop" twice || status=1
	exit "$status"
}
