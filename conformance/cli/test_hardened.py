#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The command and the shared library are built so that a memory error is hard to make use of.

Arguments: the command, the shared library or -, whether what they are made of is fortified, and sanitized. Prints TAP.
"""

import pathlib
import struct
import sys

from shared.tap import Tap

PT_DYNAMIC, PT_GNU_STACK, PT_GNU_RELRO = 2, 0x6474e551, 0x6474e552
DT_FLAGS, DT_FLAGS_1, DT_BIND_NOW, DT_TEXTREL = 30, 0x6ffffffb, 24, 22
DF_BIND_NOW, DF_1_NOW, DF_1_PIE = 8, 1, 0x08000000
X86_64 = 62

# Calls that the C library checks where the compiler knows how large the buffer is.
CHECKED = {"__snprintf_chk", "__vsnprintf_chk", "__memcpy_chk", "__fprintf_chk", "__printf_chk", "__read_chk", "__memset_chk"}


class Elf:
    """What is asked of an ELF file of 64 bits, little-endian."""

    def __init__(self, path):
        self.data = pathlib.Path(path).read_bytes()
        self.kind, self.machine = struct.unpack_from("<HH", self.data, 16)
        programs, = struct.unpack_from("<Q", self.data, 32)
        sections, = struct.unpack_from("<Q", self.data, 40)
        size, count, each, number, names = struct.unpack_from("<5H", self.data, 54)
        self.segments = [struct.unpack_from("<II6Q", self.data, programs + i * size) for i in range(count)]
        self.sections = [struct.unpack_from("<II4QIIQQ", self.data, sections + i * each) for i in range(number)]
        self.dynamic = {}
        for segment in self.segments:
            if segment[0] == PT_DYNAMIC:
                for at in range(segment[2], segment[2] + segment[5], 16):
                    tag, value = struct.unpack_from("<QQ", self.data, at)
                    self.dynamic[tag] = value

    def symbols(self, kind):
        """Name, section and address of the symbols in the section of that type."""
        for section in self.sections:
            if section[1] != kind:
                continue
            strings = self.sections[section[6]][4]
            for at in range(section[4], section[4] + section[5], 24):
                name, _, _, where, value, _ = struct.unpack_from("<IBBHQQ", self.data, at)
                end = self.data.index(b"\0", strings + name)
                yield self.data[strings + name:end].decode(), where, value

    def imported(self):
        return {name.split("@")[0] for name, where, _ in self.symbols(11) if where == 0 and name}

    def begins_with(self, name, code):
        """Whether the function of that name begins with these bytes; None if it is not known where it is."""
        for known, where, value in self.symbols(2):
            if known == name and 0 < where < len(self.sections):
                section = self.sections[where]
                at = section[4] + value - section[3]
                return self.data[at:at + len(code)] == code
        return None


def check_elf(tap, name, path, program, fortified, sanitized):
    elf = Elf(path)
    flags, flags_1 = elf.dynamic.get(DT_FLAGS, 0), elf.dynamic.get(DT_FLAGS_1, 0)
    if program:
        tap.ok(elf.kind == 3 and flags_1 & DF_1_PIE, f"{name}: position independent, so that no address is known")
    tap.ok(any(segment[0] == PT_GNU_RELRO for segment in elf.segments)
           and (flags & DF_BIND_NOW or flags_1 & DF_1_NOW or DT_BIND_NOW in elf.dynamic),
           f"{name}: full RELRO, the tables of the linker are read-only")
    stack = [segment[1] for segment in elf.segments if segment[0] == PT_GNU_STACK]
    tap.ok(stack and not stack[0] & 1, f"{name}: the stack is not executable")
    tap.ok(DT_TEXTREL not in elf.dynamic and not any(segment[0] == 1 and segment[1] & 3 == 3 for segment in elf.segments),
           f"{name}: no segment is writable and executable")
    if sanitized:
        tap.skip(f"{name}: stack protector and fortified calls", "a sanitizer is built in")
        return
    imported = elf.imported()
    tap.ok("__stack_chk_fail" in imported, f"{name}: the stack protector is there")
    if fortified:
        tap.ok(imported & CHECKED, f"{name}: calls of the C library are fortified", sorted(imported))
    else:
        tap.skip(f"{name}: calls of the C library are fortified", "it is built without optimization")
    if elf.machine == X86_64:
        good = elf.begins_with("sessionlint_version" if not program else "main", b"\xf3\x0f\x1e\xfa")
        if good is None:
            tap.skip(f"{name}: functions begin with ENDBR64 (CET)", "its symbols are stripped")
        else:
            tap.ok(good, f"{name}: functions begin with ENDBR64 (CET)")
    else:
        tap.skip(f"{name}: functions begin with a landing pad", "the test knows that of x86-64 alone")


def check_pe(tap, path):
    data = pathlib.Path(path).read_bytes()
    at, = struct.unpack_from("<I", data, 60)
    flags, = struct.unpack_from("<H", data, at + 24 + 70)
    for bit, what in ((0x20, "addresses of 64 bits are random"), (0x40, "it can be loaded anywhere"),
                      (0x100, "data is not executable")):
        tap.ok(flags & bit, f"sessionlint.exe: {what}")


def main():
    tap = Tap()
    command, library, fortified, sanitized = sys.argv[1], sys.argv[2], sys.argv[3] == "true", sys.argv[4] == "true"
    data = pathlib.Path(command).read_bytes()
    if data.startswith(b"MZ"):
        check_pe(tap, command)
    elif data[:6] != b"\x7fELF\x02\x01":
        tap.skip("how the command is built", "it is no ELF file of 64 bits")
    else:
        check_elf(tap, "the command", command, True, fortified, sanitized)
        if library != "-":
            check_elf(tap, "the library", library, False, fortified, sanitized)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
