#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Replaces programs for another machine by scripts that run them in qemu-user, so that tests start them as any other.
# Arguments: the machine as qemu calls it, the programs. What is a script already stays.
set -euo pipefail

machine=$1
shift
for program in "$@"; do
	[ "$(head -c 4 "$program")" = $'\x7fELF' ] || continue
	mv "$program" "$program.elf"
	cat >"$program" <<EOF
#!/bin/sh
exec qemu-$machine -L /usr/$machine-linux-gnu "$(realpath "$program.elf")" "\$@"
EOF
	chmod +x "$program"
done
