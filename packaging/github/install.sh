#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A step of action.yml: writes to $GITHUB_OUTPUT which command checks.
#   SESSIONLINT_VERSION     release to download, or empty: build it here
#   SESSIONLINT_REPOSITORY  owner/name that has the releases
set -euo pipefail

fail() {
	local text=$1
	# a line feed would begin another command to the runner
	text=${text//'%'/%25} text=${text//$'\r'/%0D} text=${text//$'\n'/%0A}
	echo "::error title=sessionlint::$text"
	exit 2
}

# The file of a release for this runner.
asset() {
	case ${RUNNER_OS:-$(uname -s)}-${RUNNER_ARCH:-$(uname -m)} in
	Linux-X64 | Linux-x86_64) echo "sessionlint-$1-linux-x86_64" ;;
	Linux-ARM64 | Linux-aarch64) echo "sessionlint-$1-linux-aarch64" ;;
	Windows-X64) echo "sessionlint-$1-windows-x64.exe" ;;
	Windows-ARM64) echo "sessionlint-$1-windows-arm64.exe" ;;
	*) return 1 ;;
	esac
}

download() {
	local version=${1#v} file folder=${RUNNER_TEMP:-/tmp}/sessionlint
	[[ $version =~ ^[0-9]+(\.[0-9]+)*$ ]] || fail "version: '$1' is not the number of a release"
	file=$(asset "$version") || fail "no release for ${RUNNER_OS:-$(uname -s)} on ${RUNNER_ARCH:-$(uname -m)}; leave version empty on Debian or Ubuntu"
	mkdir -p "$folder"
	gh release download "v$version" --repo "$SESSIONLINT_REPOSITORY" --dir "$folder" --clobber \
		--pattern "$file" --pattern SHA256SUMS || fail "release $version could not be downloaded from $SESSIONLINT_REPOSITORY"
	(cd "$folder" && awk -v file="$file" '$2 == file' SHA256SUMS | sha256sum --check --quiet --strict -) ||
		fail "$file is not the file that SHA256SUMS of the release lists"
	chmod +x "$folder/$file"
	echo "command=$folder/$file" >>"$GITHUB_OUTPUT"
}

build() {
	local top
	top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
	"$top/dev" run --version || fail "sessionlint could not be built here; set version to download a release"
	echo "command=$top/build/sessionlint" >>"$GITHUB_OUTPUT"
}

if [ "${SESSIONLINT_VERSION:-}" ]; then download "$SESSIONLINT_VERSION"; else build; fi
