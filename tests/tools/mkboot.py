#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mkboot.py - write the boot archive: cpio "newc" with every file's data on a page boundary.

What it is for: the pager can use the pages of the archive as they lie in memory. Alignment is made
by NULs after the name (the header counts them as part of it), which every newc reader skips. What it
must not do: copy anything of the host but contents and the execute bit, so that the same files give
the same archive.

A program for /bin that cannot run is refused: ELF for another machine, or not linked statically.

Usage: mkboot.py ARCHIVE NAME=FILE...       (newc: cpio(5), "New ASCII Format")
"""
import os
import struct
import sys

PAGE = 4096
HEADER = 110  # "070701" and 13 fields of 8 hexadecimal digits
S_IFDIR, S_IFREG = 0o040000, 0o100000
ET_EXEC, EM_RISCV, PT_DYNAMIC, PT_INTERP = 2, 243, 2, 3
COMPILER = "build/sdk/bin/octavo-gcc (make sdk) makes programs for Octavo"


def unfit(data):
    """Why these bytes are no program for Octavo, or ""; a script is one."""
    if data[:2] == b"#!":
        return ""
    if data[:4] != b"\x7fELF" or len(data) < 64:
        return "neither an ELF file nor a script"
    kind, machine = struct.unpack_from("<HH", data, 16)
    if data[4:6] != b"\2\1" or machine != EM_RISCV:
        return "not for 64-bit RISC-V"
    at, size, count = *struct.unpack_from("<Q", data, 32), *struct.unpack_from("<HH", data, 54)
    if size < 56 or at + size * count > len(data):
        return "damaged: program headers beyond its end"
    types = {struct.unpack_from("<I", data, at + i * size)[0] for i in range(count)}
    if types & {PT_DYNAMIC, PT_INTERP}:
        return "dynamically linked"
    return "" if kind == ET_EXEC else "not an executable (an object file?)"


def entry(out, inode, name, mode, data):
    raw = name.encode() + b"\0"
    if data:
        raw += bytes(-(out.tell() + HEADER + len(raw)) % PAGE)
    fields = [inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(raw), 0]
    out.write(b"070701" + b"".join(b"%08x" % field for field in fields) + raw)
    out.write(bytes(-out.tell() % 4))
    out.write(data)
    out.write(bytes(-out.tell() % 4))


def main():
    archive, *pairs = sys.argv[1:]
    files = dict(pair.split("=", 1) for pair in pairs)
    if len(files) != len(pairs):
        sys.exit("mkboot: the same name twice: " + " ".join(pairs))
    dirs = {os.path.dirname(name) for name in files} - {""}
    temporary = archive + ".tmp"
    with open(temporary, "wb") as out:
        inode = 1
        for name in sorted(dirs):
            entry(out, inode, name, S_IFDIR | 0o755, b"")
            inode += 1
        for name in sorted(files):
            with open(files[name], "rb") as source:
                data = source.read()
            why = unfit(data) if name.startswith("bin/") else ""
            if why:
                out.close()
                os.unlink(temporary)
                sys.exit(f"{files[name]}: {why}; {COMPILER}")
            mode = 0o755 if os.access(files[name], os.X_OK) else 0o644
            entry(out, inode, name, S_IFREG | mode, data)
            inode += 1
        entry(out, 0, "TRAILER!!!", 0, b"")
        out.write(bytes(-out.tell() % PAGE))
    os.replace(temporary, archive)


if __name__ == "__main__":
    main()
