#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""bench.py - what operations cost, in guest instructions; what `make bench` does.

Runs every program of user/bench in the release build under -icount shift=0 (one instruction is one
nanosecond there, so a run gives the same figures on every machine) and shows the rows they print:
name, min, median, max, unit, with tabs between. Each row has a boot of its own, so that its figure does not depend
on what was measured before it; only the rows of a program that takes no names of rows are measured together. The machine does not wait for its devices (IN_STEP=): that
would add 10 us to each request, and what a timer costs through the firmware. They go to build/bench.tsv too. What a program
writes to standard error stands above the table.

The row `boot` is made here: instructions from reset to the first shell prompt, OpenSBI's included and
idle ones not. The first shell keeps that time in $BOOT_NS.

Usage: bench.py [VAR=VALUE]...    ROWS="name..." chooses rows
"""
import glob
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import octavo

SECONDS = 300
BOOTS = 3
FIELDS = ["name", "min", "median", "max", "unit"]


def programs():
    """(name, settings, takes names of rows) of each program: what its source says."""
    for path in sorted(glob.glob(os.path.join(octavo.ROOT, "user/bench/*"))):
        if os.path.isdir(path) or path.endswith(".c"):
            name = os.path.basename(path).removesuffix(".c")
            text = ""
            if path.endswith(".c"):
                with open(path, encoding="utf-8") as source:
                    text = source.read()
            settings = {}
            for line in re.findall(r"octavo-bench:\s*([A-Z_= 0-9]*)", text):  # `octavo-bench: FRAMES=512`
                settings.update(word.split("=", 1) for word in line.split())
            both = settings.pop("TWO_MALLOCS", None) is not None  # NAME-bin is linked with ours
            for program in [name, name + "-bin"] if both else [name]:
                yield program, settings, "MEASURE_ROWS(" in text


def measure(line, variables):
    """The rows that one shell line prints, each a list of FIELDS."""
    result = octavo.run(line, variables, seconds=SECONDS)
    sys.stderr.buffer.write(result.err)
    if result.status != 0:
        sys.stderr.buffer.write(result.kernel or result.out)
        sys.exit(f"bench: {line!r} ended with {result.status} {result.why}")
    # Under -icount an idle guest's clock runs ahead of its devices, so init may lose patience with the pager when
    # the power goes off. What it says then is no row.
    rows = [text.split("\t") for text in result.out.decode().splitlines() if "init: " not in text]
    wrong = [row for row in rows if len(row) != len(FIELDS)]
    if wrong:
        sys.exit(f"bench: {line!r} printed {wrong[0]}")
    return rows


def measure_program(name, variables, by_row, wanted):
    """Its rows, those of `wanted` if that is not empty. The first boot tells which rows there are."""
    rows = measure(f"/bench/{name}", variables)
    if wanted:
        rows = [row for row in rows if row[0] in wanted]
    if not by_row:
        return rows
    return [row for name_of_row, *_ in rows for row in measure(f"/bench/{name} {name_of_row}", variables)]


def measure_boot(variables):
    counts = []
    for _ in range(BOOTS):
        with octavo.boot(variables) as guest:
            guest.send("echo =$BOOT_NS=\n")
            counts.append(int(guest.expect(rb"^=(\d+)=\r?$")[1]))
    counts.sort()
    return ["boot", *(str(count) for count in (counts[0], counts[BOOTS // 2], counts[-1])),
            "instructions"]


def main():
    variables = dict(argument.split("=", 1) for argument in sys.argv[1:])
    wanted = variables.pop("ROWS", "").split()
    variables.update(DEBUG="0", ICOUNT="1", IN_STEP="")
    rows = [row for name, settings, by_row in programs()
            for row in measure_program(name, {**variables, **settings}, by_row, wanted)]
    if not wanted or "boot" in wanted:
        rows.append(measure_boot(variables))
    build = variables.get("BUILD", os.environ.get("BUILD", "build"))
    path = os.path.join(octavo.ROOT, build, "bench.tsv")
    with open(path, "w", encoding="utf-8") as out:
        out.writelines("\t".join(row) + "\n" for row in [FIELDS] + rows)
    table = [FIELDS] + rows
    widths = [max(len(row[i]) for row in table) for i in range(len(FIELDS))]
    for name, *numbers, unit in table:
        print(f"{name:<{widths[0]}}", *(f"{n:>{w}}" for n, w in zip(numbers, widths[1:])), unit, sep="  ")


if __name__ == "__main__":
    if not all(re.match(r"[A-Z_]+=", argument) for argument in sys.argv[1:]):
        sys.exit(__doc__)
    main()
