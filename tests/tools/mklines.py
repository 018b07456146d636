#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mklines.py - a table of source lines and stack frames, for a program that shows its own backtraces.

What it is for: a pager that crashes names functions, files and lines without help from the host
(user/pager/evict/backtrace.c). It reads the program's DWARF by objdump and readelf and writes a binary table, which
is linked into rodata in a second link. What it must not do: list data or anything that moves when
the table grows.

All numbers little-endian; addresses are offsets from `base`.

    base u64; then for each of lines, frames, functions: u32 bytes
    lines      rows of 4 bytes, in order of address: u16 step / 2, u16 line. A row is valid up to the next one.
               Line 0: nothing is known. Line 0xffff: no row; the step is the number of the file from here on
    frames     rows of 4 bytes: u16 step / 2, u8 (CFA - sp) / 16, u8: ra is at CFA - this; 0: in the register.
               CFA 0xff: not to be unwound by sp alone
    functions  u32 address, then its name and a 0; ended by address ~0
    files      names, each with a 0

Usage: mklines.py PROGRAM.elf OUTPUT [--cross PREFIX] [--empty]
"""
import argparse
import os
import re
import struct
import subprocess

NO_LINE, FILE_ROW = 0, 0xFFFF
NOISE = re.compile(r"^(\$|\.L|L0)")
LINE = re.compile(r"^\S+\s+(\d+|-)\s+0x([0-9a-f]+)(?:\s+\d+)?(\s+x)?$")
FDE = re.compile(r"^[0-9a-f]+ [0-9a-f]+ [0-9a-f]+ FDE .*pc=([0-9a-f]+)\.\.([0-9a-f]+)")


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True,
                          errors="replace").stdout.splitlines()


def line_rows(elf, cross):
    """(address, file, line) of statements, in order; (address, None, 0) where a sequence ends."""
    rows, full = [], {}
    here = os.getcwd() + "/"
    listing = output(cross + "objdump", "--dwarf=decodedline", "-WL", elf)
    for text in output(cross + "readelf", "--debug-dump=info", "--dwarf-depth=1", elf):
        name = re.search(r"DW_AT_name .*: (\S+)$", text)
        if name:  # in the listing a unit's own file comes without its folder at first
            full.setdefault(os.path.basename(name[1]) + ":", name[1] + ":")
    name = own = None
    for text in listing:
        if text.startswith("File name "):
            own = name  # the unit's own file: a sequence begins with it, and not each objdump says so again
        if text.endswith(":") and " " not in text[:-1]:
            name = full.get(text, text)[:-1].removeprefix("./").removeprefix(here)
        match = LINE.match(text)
        if match and name and (match[3] or match[1] == "-"):
            end = match[1] == "-"
            rows.append((int(match[2], 16), 0 if end else 1, None if end else name,
                         0 if end else int(match[1])))
            name = own if end else name
    rows.sort(key=lambda row: row[:2])  # where one ends another may begin
    last = {}
    for address, _, file, line in rows:  # of several for one address the last one counts
        last[address] = (file, line)
    return [(address, *last[address]) for address in sorted(last)]


def frame_rows(elf, cross):
    """(address, CFA - sp, CFA - place of ra) in order."""
    rows, columns, end = [], [], 0
    for text in output(cross + "readelf", "--debug-dump=frames-interp", elf):
        match = FDE.match(text)
        if match:
            start, end = int(match[1], 16), int(match[2], 16)
            rows += [(start, 0, 0), (end, -1, 0)]
            continue
        fields = text.split()
        if fields[:2] == ["LOC", "CFA"]:
            columns = fields
        elif end and len(fields) == len(columns) and re.fullmatch(r"[0-9a-f]{16}", fields[0]):
            cfa = re.fullmatch(r"sp\+(\d+)", fields[1])
            place = fields[columns.index("ra")] if "ra" in columns else "u"
            rows.append((int(fields[0], 16), int(cfa[1]) if cfa else -1,
                         int(place[2:]) if place.startswith("c-") else 0))
        elif not fields:
            end = 0 if "CIE" in text else end
    last = {}
    for address, cfa, place in sorted(rows, key=lambda row: (row[0], row[1] >= 0)):
        last[address] = (cfa, place)
    return [(address, *last[address]) for address in sorted(last)]


def functions(elf, cross, low):
    last = None
    for text in output(cross + "nm", "-n", elf):
        fields = text.split()
        if len(fields) == 3 and fields[1] in "tTwW" and not NOISE.match(fields[2]) and fields[0] != last:
            last = fields[0]
            if int(last, 16) < low:
                continue
            yield int(last, 16), fields[2]


class Rows:
    """Rows of a step from the row before and two more bytes."""
    def __init__(self, base):
        self.at, self.bytes = base, bytearray()

    def add(self, address, rest, filler):
        while address - self.at > 0xFFFF * 2:
            self.bytes += struct.pack("<H", 0xFFFF) + filler
            self.at += 0xFFFF * 2
        self.bytes += struct.pack("<H", (address - self.at) // 2) + rest
        self.at = address


def table(elf, cross):
    lines = line_rows(elf, cross)
    base = lines[0][0]
    names = list(functions(elf, cross, base))
    files, number, current, known = {}, Rows(base), None, None
    for address, file, line in lines:
        if (file, line) == known:
            continue
        known = (file, line)
        if file is not None and file != current:
            current = file
            index = files.setdefault(file, len(files))
            number.bytes += struct.pack("<HH", index, FILE_ROW)
        number.add(address, struct.pack("<H", min(line, FILE_ROW - 1)), struct.pack("<H", NO_LINE))
    frames, known = Rows(base), None
    for address, cfa, place in frame_rows(elf, cross):
        if address < base or (cfa, place) == known:
            continue
        known = (cfa, place)
        plain = 0 <= cfa < 0xFF * 16 and cfa % 16 == 0 and place < 256
        frames.add(address, struct.pack("<BB", *((cfa // 16, place) if plain else (0xFF, 0))), b"\xff\0")
    text = b"".join(struct.pack("<I", address - base) + name.encode() + b"\0" for address, name in names)
    text += struct.pack("<I", 0xFFFFFFFF)
    return (struct.pack("<QIII", base, len(number.bytes), len(frames.bytes), len(text)) + number.bytes +
            frames.bytes + text + b"".join(name.encode() + b"\0" for name in files) + b"\0")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("elf")
    parser.add_argument("output")
    parser.add_argument("--cross", default="riscv64-unknown-elf-")
    parser.add_argument("--empty", action="store_true")
    options = parser.parse_args()
    made = struct.pack("<QIII", 0, 0, 0, 0) + b"\0" if options.empty else table(options.elf, options.cross)
    with open(options.output, "wb") as out:
        out.write(made)


if __name__ == "__main__":
    main()
