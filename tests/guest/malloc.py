# SPDX-License-Identifier: MIT
"""What docs/malloc.md says of the two mallocs: the table of `malloc compare`, and that a large block that is
wanted again and again costs no request. heap.c tests what they do."""
import re

import octavo

TIMEOUT = 240
COUNTED = {"ICOUNT": "1"}


def table(text):
    """{what: [instructions, break, pages: picolibc's and ours each]} of all rows."""
    rows = re.findall(r"^(\S.*?)((?:\s+\d+){6})$", text, re.MULTILINE)
    return {what: [int(number) for number in numbers.split()] for what, numbers in rows}


def test_table():
    result = octavo.run("malloc compare", COUNTED, seconds=120)
    assert result.status == 0, (result.status, result.why, result.err)
    found = table(result.out.decode())
    assert len(found) == 12, result.out
    few, many = found["100"], found["100000"]
    assert many[0] > 100 * few[0], "picolibc's list of free blocks is as long as there are blocks"
    assert many[1] < 3 * few[1], "with bins nothing takes longer because there is much"
    for what, (_, _, break_picolibc, break_ours, pages_picolibc, pages_ours) in found.items():
        if what.isdigit():
            assert break_ours <= 1.3 * break_picolibc + 64, (what, break_ours, break_picolibc)
            assert pages_ours <= 1.3 * pages_picolibc + 4, (what, pages_ours, pages_picolibc)
    mebibyte, kept, too_large, sparse = (found[what] for what in ("1 MiB", "16 MiB", "40 MiB", "16 MiB, 1 page"))
    assert mebibyte[0] > 100000 and mebibyte[1] < 2000, mebibyte
    assert kept[5] >= 4096 and too_large[5] <= 4 and too_large[4] >= 10240, (kept, too_large)
    assert sparse[4] >= 4096 and sparse[5] <= 4, sparse


def test_bench_rows():
    """The goal of the row, 1,500, includes a byte written in each of 256 pages."""
    result = octavo.run("/bench/malloc; /bench/malloc-bin", {**COUNTED, "IN_STEP": ""}, seconds=60)
    median = {row.split("\t")[0]: int(row.split("\t")[2]) for row in result.out.decode().splitlines()}
    assert list(median) == ["malloc_64", "malloc_1MiB", "binmalloc_64", "binmalloc_1MiB"], result.out
    assert median["binmalloc_1MiB"] <= 1500 and median["binmalloc_64"] <= 500, median
    assert median["malloc_64"] <= 500 and median["malloc_1MiB"] > 100000, median
