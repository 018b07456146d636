# SPDX-License-Identifier: MIT
"""names.py - which reserved names of picolibc the library leans on; a part of `make check`.

user/lib/system, user/lib/posix and user/include shall need nothing of picolibc that another version may call
otherwise. So a name that C reserves for the implementation (C17 7.1.3: it begins with two underscores, or with one
and a capital) is the compiler's, a standard's, or is in the table of docs/picolibc.md, which says why. This looks at

- the source: each such name in it;
- the objects of system/ and posix/: each such symbol that they want and picolibc's libc.a has.

What is in the table and nowhere used is wrong, too. What it must not do: know a name by itself, but for the
compiler's and the standards'."""
import glob
import os
import re
import subprocess

from source import without_c_comments

DOCUMENT = "docs/picolibc.md"
SOURCES = ("user/lib/system/**", "user/lib/posix/**", "user/include/**")
RESERVED = re.compile(r"\b(?:__\w+|_[A-Z]\w*)")
COMPILER = re.compile(
    r"__(?:attribute__|asm__|volatile__|extension__|inline__|restrict|typeof__|noreturn__|func__|cplusplus|octavo__|unix__|"
    r"builtin_\w+|atomic_\w+|ATOMIC_\w+|VA_\w+|FILE__|LINE__|ASSEMBLER__|STDC_\w+|SIZEOF_\w+|GNUC\w*|riscv\w*|cpp_\w+|"
    r"(?:U?INT|LDBL|DBL|FLT|S?CHAR|WCHAR|SHRT|LONG)\w*__)$|"
    r"_(?:Static_assert|Thread_local|Noreturn|Bool|Alignof|Alignas|Generic|Complex|Atomic|Pragma)$")
STANDARD = re.compile(r"_(?:POSIX2?|SC|PC|CS)_\w+$|_IO[FLN]BF$|_Exit$|_GNU_SOURCE$")


def listed():
    """The names of the document's table, the first column of which is headed `reserved name`."""
    with open(DOCUMENT, encoding="utf-8") as text:
        table = re.search(r"^\| reserved name \|.*\n\|[-| ]+\n((?:\|.*\n)+)", text.read(), re.MULTILINE)
    rows = table[1].splitlines() if table else []
    return {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}


def is_free(name):
    return COMPILER.match(name) or STANDARD.match(name)


def in_source():
    """Each name, and a file that has it."""
    found = {}
    for pattern in SOURCES:
        for path in sorted(glob.glob(pattern, recursive=True)):
            if path.endswith((".c", ".h", ".S")):
                with open(path, encoding="utf-8") as source:
                    text = re.sub(r'"(?:\\.|[^"\\\n])*"', '""', without_c_comments(source.read()))
                for name in RESERVED.findall(text):
                    found.setdefault(name, path)
    return {name: path for name, path in found.items() if not is_free(name)}


def in_objects(build, libc, cross):
    """Each name that an object wants and libc.a has, and the object."""
    def nm(option, *paths):
        return subprocess.run([cross + "nm", option, *paths], capture_output=True, text=True, check=False).stdout

    has = set(re.findall(r" [A-TV-Zi] (\w+)$", nm("-g", libc), re.MULTILINE))
    found = {}
    for part in ("system", "posix"):
        for source in sorted(glob.glob(f"user/lib/{part}/*.[cS]")):
            path = os.path.join(build, os.path.splitext(source)[0] + ".o")
            for name in re.findall(r" U (\w+)$", nm("-u", path), re.MULTILINE):
                if RESERVED.fullmatch(name) and name in has and not is_free(name):
                    found.setdefault(name, path)
    return found


def check(problems):
    build, cross = os.environ.get("BUILD", "build"), os.environ.get("CROSS", "riscv64-unknown-elf-")
    with open(os.path.join(build, "toolchain.mk"), encoding="utf-8") as answer:
        libc = re.search(r"^PICOLIBC_LIB := (.*)$", answer.read(), re.MULTILINE)[1] + "/libc.a"
    table, source = listed(), in_source()
    wanted = in_objects(build, libc, cross)
    for name, path in sorted({**wanted, **source}.items()):
        if name not in table:
            problems.append(f"{path}: {name} is reserved, and not in the table of {DOCUMENT}")
    problems += [f"{DOCUMENT}: nothing uses {name}" for name in sorted(table - set(source) - set(wanted))]
    print(f"library: {len(table)} reserved names in the table of {DOCUMENT}, {len(wanted)} of them picolibc's functions")
