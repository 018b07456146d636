#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""ksyms.py - turn `nm -n` of the kernel into the symbol table that its backtraces read.

What it is for: the kernel names functions in a panic without help from the host. It prints assembly
for one read-only section, .rodata.ksyms, which the linker script places last in rodata, so that
linking with the full table instead of the empty one (--empty) moves no function. What it must not
do: look at anything but text symbols; data moves when the table grows.

    ksym_base     u64          what the addresses are relative to
    ksym_count    u32
    ksym_addrs    u32[count]   function address - ksym_base, ascending
    ksym_name_offs u32[count]  offset of the name in ksym_names
    ksym_names    char[]       NUL-terminated names

Usage: nm -n KERNEL | ksyms.py BASE > ksyms.S        ksyms.py BASE --empty > ksyms.S
"""
import re
import sys

# Assembler-local labels and the linker's mapping symbols are no functions.
NOISE = re.compile(r"^(\$|\.L|L0)")


def text_symbols(lines, base):
    """Yields (offset, name) of the functions within 4 GiB above base, one name an address."""
    last = None
    for line in lines:
        fields = line.split()
        if len(fields) != 3 or fields[1] not in "tTwW" or NOISE.match(fields[2]):
            continue
        offset = int(fields[0], 16) - base
        if 0 <= offset < 1 << 32 and offset != last:
            last = offset
            yield offset, fields[2]


def emit(symbols, base, out):
    names = bytearray()
    offsets = []
    for _, name in symbols:
        offsets.append(len(names))
        names += name.encode() + b"\0"
    out.write('.section .rodata.ksyms, "a", @progbits\n')

    def label(name, alignment):
        out.write(f".balign {alignment}\n.globl {name}\n.type {name}, @object\n{name}:\n")

    label("ksym_base", 8)
    out.write(f".dword {base:#x}\n")
    label("ksym_count", 4)
    out.write(f".word {len(symbols)}\n")
    label("ksym_addrs", 4)
    for offset, _ in symbols:
        out.write(f".word {offset:#x}\n")
    label("ksym_name_offs", 4)
    for offset in offsets:
        out.write(f".word {offset}\n")
    label("ksym_names", 1)
    for _, name in symbols:
        out.write(f'.asciz "{name}"\n')


def main():
    base = int(sys.argv[1], 16)
    symbols = [] if "--empty" in sys.argv else list(text_symbols(sys.stdin, base))
    emit(symbols, base, sys.stdout)


if __name__ == "__main__":
    main()
