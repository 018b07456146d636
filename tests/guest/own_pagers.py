# SPDX-License-Identifier: MIT
"""Pagers made from the library: files through the upper pager, evicted pages kept in memory, contents made on
demand; and the pager that docs/write-a-pager.md prints."""
import glob
import os
import re
import shutil
import subprocess
import tempfile

import octavo

TIMEOUT = 400
SETTINGS = {name: value for name, value in octavo.VARIABLES.items() if name != "TESTS"}


def run(line, seconds=200, **variables):
    result = octavo.run(line, {"TESTS": "1", **variables}, seconds=seconds)
    assert result.status == 0, (result.status, result.why, result.out, result.err)
    return result.out.decode()


def with_pager_program(name, line, **variables):
    """The same, with this one of our build as /lib/pager/NAME."""
    with tempfile.TemporaryDirectory() as share:
        os.makedirs(share + "/lib/pager")
        shutil.copy(os.path.join(octavo.build_folder()[1], "strip/pagers", name), share + "/lib/pager")
        return run(line, SHARE=share, **variables)


def all_well(out, ends):
    assert "not ok" not in out, [line for line in out.splitlines() if line.startswith("not ok")]
    assert len(re.findall(r"^done [1-9]", out, re.MULTILINE)) == ends, out[-2000:]


def test_files():
    """What a program sees of files under a second pager, and under one below that."""
    with tempfile.TemporaryDirectory() as share:
        out = run("with-pager clock 64 /test/under_pager files && with-pager fifo 64 /test/under_pager hostile && "
                  "with-pager lru 256 with-pager arc 64 /test/under_pager files", SHARE=share)
        all_well(out, 3)
        assert not glob.glob(share + "/.octavo-removed-*"), os.listdir(share)


def test_programs():
    """What the first pager's tests ask, of a second one; with a part of the disk for its swap."""
    out = run("with-pager clock 1024 /test/mman && with-pager lru 64 /test/forks && with-pager arc 64 /test/execs",
              SWAP="64M")
    all_well(out, 3)


def test_swap():
    """Parts of a disk of 2048 pages for pagers one after the other, beside and below each other. Whoever gets too
    little finds out by itself."""
    out = run("with-pager lru 64 thrash 200; with-pager lru 512 with-pager fifo 64 thrash 150; "
              "with-pager clock 64 thrash 150 & with-pager arc 64 thrash 150; wait; "
              "with-pager clock 64 thrash 9999; echo = $?", SWAP="8M")
    assert len(re.findall(r"^\d+ pages and \d+ steps, all as they should be. Frames: \d+ of 64\.", out,
                          re.MULTILINE)) == 4 and out.endswith("= 2\n"), out


def test_primes():
    """Twice through a file four times as large as memory: it is made as often as it has to be, and no disk is used."""
    out = with_pager_program(
        "primes", "with-pager --prog /lib/pager/primes clock 64 /test/under_pager primes 1000000", SWAP="")
    all_well(out, 1)
    assert "primes 78498 78498\n" in out, out
    made, pages, frames = map(int, re.search(r"^made (\d+) of (\d+), (\d+) frames", out, re.MULTILINE).groups())
    assert (pages, frames) == (245, 64) and 2 * pages - frames <= made <= 3 * pages, (made, pages, frames)


def test_instead_of_the_first():
    """PAGER_PROG: the system's own pager is another one, and makes its file for whoever opens it."""
    pager = os.path.join(octavo.build_folder()[1], "strip/pagers/primes")
    shown = subprocess.run(["make", "-n", "V=1", f"PAGER_PROG={pager}", *(f"{k}={v}" for k, v in SETTINGS.items()),
                            "boot"], cwd=octavo.ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    assert re.search(rf"mkboot\.py .*sbin/pager={re.escape(pager)}\b", shown), shown[-1000:]
    with octavo.archive_with([], pager) as variables:
        out = run("head -c 30 /made/primes/1000; echo; thrash 200 100", FRAMES="128", **variables)
    assert re.match(r"\.\.\*\*\.\*\.\*\.\.\.\*\.\*\.\.\.\*\.\*\.\.\.\*\.\.\.\.\.\*\n200 pages and 100 steps, all as they", out), out


def test_compress():
    """Three times the memory that there is; data that does not compress is no worse off than before."""
    octavo.port("lz4")
    out = with_pager_program("compress", "with-pager --prog /lib/pager/compress 128 thrash -n 1024 200 400; "
              "with-pager --prog /lib/pager/compress 128 thrash -n 4000 200 400; echo = $?; "
              "with-pager --prog /lib/pager/compress arc 128 thrash 90 200; "
              "with-pager --prog /lib/pager/compress 96 sh -c 'thrash -n 1024 60 120 > /a & thrash -n 1024 60 120; wait; cat /a'",
              SWAP="")
    first = re.match(r"200 pages and 400 steps, all as they should be\. Frames: \d+ of 64\. \w+ has chosen "
                     r"\d+ pages to go, (\d+) of them to the disk; (\d+) came back\.\n"
                     r"(\d+) pages are kept in (\d+) KiB: (\d+)% of their size\n"
                     r"= 137\n90 pages and 200 steps, all as they should be\. Frames: \d+ of 64\. arc ", out)
    assert first, out
    gone, back, kept, kib, share = map(int, first.groups())
    assert gone >= 136 and back >= 136 and kept >= 136 and 25 <= share <= 40, out
    assert 64 * 4 >= kib >= kept, out  # at most its part of the frames; each page is a KiB of noise at least
    assert len(re.findall(r"^60 pages and 120 steps, all as they should be\. Frames: \d+ of 48\.", out, re.MULTILINE)) == 2, out


def test_document():
    """docs/write-a-pager.md: its pager as printed, by the commands as printed."""
    with open(os.path.join(octavo.ROOT, "docs/write-a-pager.md"), encoding="utf-8") as text:
        document = text.read()
    program = re.search(r"^```c\n(.*?)^```", document, re.MULTILINE | re.DOTALL)[1]
    command, shown = re.search(r"^\$ make run PAGERS=\S+ CMD='(.*?)'\n(.*?)^```", document,
                               re.MULTILINE | re.DOTALL).groups()
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "squares.c")
        with open(source, "w", encoding="utf-8") as file:
            file.write(program)
        octavo.make({**SETTINGS, "PAGERS": source},
                    os.path.join(octavo.build_folder()[1], "strip/pagers/squares"))
        assert with_pager_program("squares", command) == shown
