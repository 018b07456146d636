# SPDX-License-Identifier: MIT
"""More memory used than there is: every byte is checked by the programs themselves (demo/thrash and
test/evict_do), which frames go is the policies' business, and what the disk is made to do wrong is QEMU's
blkdebug."""
import json
import os
import re
import sys
import tempfile

import octavo

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
import debugger

TIMEOUT = 240
POLICIES = ("2q aging arc car clock clockpro eclock fifo lfu lirs lru lruk mru nru random s3fifo sieve "
            "wsclock").split()
PAGE = 4096
STATES = "ABSENT READING CLEAN DIRTY CLEANING".split()


def run(line, seconds=100, **variables):
    return octavo.run(line, {"TESTS": "1", **variables}, seconds=seconds)


def good(result):
    assert result.status == 0, (result.status, result.why, result.out[-400:], result.err[-400:],
                                result.kernel[-400:])
    return result


def numbers(result):
    """evict_do's last line, as a dictionary."""
    line = re.findall(rb"^stat (.*)$", result.out, re.MULTILINE)[-1].decode()
    pairs = dict(word.split("=", 1) for word in line.split())
    return {key: int(value) if value.isdigit() else value for key, value in pairs.items()}


def within(stat, limit):
    """Residency was never seen above the limit."""
    assert stat["limit"] == limit and 0 < stat["peak"] <= limit, stat


def test_every_policy():
    for policy in POLICIES:
        result = good(run("thrash 200 300; /test/evict_do stat", FRAMES="64", PAGER=policy))
        stat = numbers(result)
        assert stat["policy"] == policy and stat["evictions"] > 250, (policy, stat)
        assert stat["killed"] == 0 and stat["errors"] == 0, (policy, stat)


def test_parameters_and_nonsense():
    assert numbers(run("/test/evict_do stat", PAGER="clock:start=1"))["policy"] == "clock"
    for text in ("nosuch", "clock:start=2", "clock:no=1"):
        result = run("/test/evict_do stat", PAGER=text)
        assert numbers(result)["policy"] == "clock" and b"the policy is clock" in result.boot, text


def test_processes(smp):
    """Several programs, each of which does not fit by itself, for a busy host may let one end before
    the next begins. On four harts less, for there each shoot-down costs QEMU time slices of the host."""
    frames, what, least = (80, "4 96 96", 300) if smp == 1 else (64, "2 80 8", 100)
    result = good(run(f"/test/evict_do children {what}", 200, SMP=str(smp), FRAMES=str(frames)))
    stat = numbers(result)
    within(stat, frames)
    assert stat["evictions"] > least and stat["killed"] == 0, stat


def test_policies_change():
    """The same while policies take turns, as fast as a shell can call for them."""
    result = good(run(f"/test/evict_do children 4 96 96 & for x in {' '.join(2 * POLICIES)}; do "
                      "pagerctl policy $x || echo bad; done; wait $!; echo status $?", seconds=200,
                      FRAMES="96"))
    stat = numbers(result)
    within(stat, 96)
    assert b"status 0" in result.out and b"bad" not in result.out, (result.out, result.err, result.kernel)
    assert stat["evictions"] > 300 and stat["killed"] == 0, (stat, result.out)


def test_few_frames():
    """As low as it goes: docs/pager.md says 16."""
    stat = numbers(good(run("thrash 64 128; /test/evict_do stat", FRAMES="16")))
    assert stat["limit"] == 16 and stat["killed"] == 0, stat
    assert numbers(good(run("/test/evict_do stat", FRAMES="1")))["limit"] == 16


def test_progress():
    """As few frames, and the policy that takes what came last: several programs that talk, threads that wait in calls,
    a mapped file. Each gets on."""
    with tempfile.TemporaryDirectory(prefix="octavo-share-") as share:
        result = good(run("hello; seq 20 | sort -r | uniq | wc; /test/evict_do file /data 12; thrash 40 40; "
                          "/test/evict_do stat", FRAMES="16", PAGER="mru", SHARE=share))
    stat = numbers(result)
    assert stat["limit"] == 16 and stat["policy"] == "mru" and stat["killed"] == 0, stat
    assert b"     20      20      51" in result.out, result.out


def test_copy_on_write():
    """Pages shared by fork go to one slot, and come back for each."""
    stat = numbers(good(run("/test/evict_do fork 200", FRAMES="64")))
    within(stat, 64)
    assert stat["in"] > 200, stat


def test_shared_memory():
    stat = numbers(good(run("/test/evict_do shared 200", FRAMES="64")))
    within(stat, 64)
    assert stat["in"] > 100, stat


def test_locked():
    good(run("/test/evict_do locked 300", FRAMES="128"))


def test_file():
    """Dirty pages of a file go to the file."""
    with tempfile.TemporaryDirectory(prefix="octavo-share-") as share:
        result = good(octavo.run("/test/evict_do file /data 300", {"TESTS": "1", "FRAMES": "64",
                                                                  "SHARE": share}, seconds=100))
        stat = numbers(result)
        within(stat, 64)
        with open(os.path.join(share, "data"), "rb") as file:
            data = file.read()
    want = b"".join((((page << 40 | 2 << 20 | i) * 0x9e3779b97f4a7c15) & (1 << 64) - 1).to_bytes(8, "little")
                    for page in range(300) for i in range(PAGE // 8))
    assert data == want


def test_edges():
    """Every legal transition of a frame's state is taken."""
    with tempfile.TemporaryDirectory(prefix="octavo-share-") as share:
        result = good(octavo.run("/test/evict_do fork 100; cat /nofile; /test/evict_do file /data 200",
                                 {"TESTS": "1", "FRAMES": "48", "SHARE": share, "PAGER": "wsclock"},
                                 seconds=100))
    counts = [int(n) for n in numbers(result)["edges"].split(",")]
    missing = [f"{STATES[f]}-{STATES[t]}" for f, t in
               [(0, 1), (0, 3), (1, 0), (1, 2), (2, 3), (2, 0), (3, 4), (3, 0), (4, 2), (4, 3)]
               if counts[5 * f + t] == 0]
    assert not missing, missing


def test_no_disk():
    """What fits works; what does not ends the program that has most, and nobody else."""
    good(run("thrash 64 128", FRAMES="128", SWAP=""))
    result = run("thrash 100 100 & thrash 4000 1 3; echo status $?; wait; hello", FRAMES="256", SWAP="",
                 MEM="64M")
    text = result.out + result.kernel + result.boot
    assert b"hello, world" in result.out, (result.out, result.err)
    assert b"100 pages and 100 steps, all as they should be" in result.out, (result.out, text[-600:])


def test_full_disk():
    """Out of memory and swap."""
    result = run("thrash 110 900 & thrash 40 300 2; wait; hello; /test/evict_do stat", FRAMES="64",
                 SWAP="256K")
    assert result.out.count(b"all as they should be") == 1, (result.out, result.err)
    assert b"hello, world" in result.out and numbers(result)["killed"] == 1, result.out
    assert b"thrash" in result.err + result.kernel + result.out, (result.err, result.kernel)


def test_bytes_on_disk():
    """What the pager says it has written is what the disk has got."""
    guest = octavo.boot({"TESTS": "1", "FRAMES": "64"}, qmp=True)
    with guest:
        guest.send("thrash 200 200; /test/evict_do stat\n")
        match = guest.expect(rb"stat .*written=(\d+) read=(\d+) ", 60)
        written, read = (int(n) * PAGE for n in match.groups())
        stats = [d["stats"] for d in guest.qmp("query-blockstats") if d.get("device") == "swap"][0]
        # 200 steps touch some 126 pages; 64 frames hold at most half of them.
        assert written > 50 * PAGE and stats["wr_bytes"] == written, (written, stats)
        assert stats["rd_bytes"] == read, (read, stats)


def faulty(line, errors, seconds=100, **variables):
    """Runs a line with a disk on which these errors are injected."""
    with tempfile.NamedTemporaryFile(prefix="octavo-swap-") as disk:
        disk.truncate(16 << 20)
        node = {"driver": "raw", "node-name": "swap",
                "file": {"driver": "blkdebug", "inject-error": errors,
                         "image": {"driver": "file", "filename": disk.name}}}
        return octavo.run(line, {"TESTS": "1", "SWAP": "", "FRAMES": "64", **variables},
                          seconds=seconds, options=["-blockdev", json.dumps(node), "-device",
                                                    "virtio-blk-device,drive=swap,werror=report"])


def error(kind, **more):
    return {"event": "none", "iotype": kind, "errno": 5, **more}


def test_write_fails_once():
    stat = numbers(good(faulty("thrash 200 200; /test/evict_do stat", [error("write", once=True)])))
    assert stat["killed"] == 0 and stat["evictions"] > 100, stat


def test_bad_sectors():
    """Pages that cannot be written in one place are written elsewhere."""
    bad = [error("write", sector=8 * n + 3) for n in (20, 21, 37, 60, 61, 62, 63)]
    stat = numbers(good(faulty("thrash 200 400; /test/evict_do stat", bad)))
    assert stat["errors"] >= 3 and stat["killed"] == 0, stat


def test_disk_that_takes_nothing():
    """Nothing can be written: too much is too much, and all else lives."""
    result = faulty("thrash 40 40; thrash 300 1; echo status $?; hello; /test/evict_do stat",
                    [error("write")])
    assert b"40 pages and 40 steps, all as they should be" in result.out, (result.out, result.err)
    assert b"status 137" in result.out and b"hello, world" in result.out, (result.out, result.err)
    stat = numbers(result)
    assert stat["errors"] > 0 and stat["written"] == 0, stat


def test_shared_memory_on_a_bad_disk():
    """Pages that several programs share: bad sectors are gone round, and who needs what cannot be read again
    gets SIGBUS, in either program."""
    bad = [error("write", sector=8 * n + 3) for n in (20, 21, 37, 60, 61, 62, 63)]
    stat = numbers(good(faulty("/test/evict_do shared 200", bad)))
    assert stat["errors"] >= 3 and stat["killed"] == 0, stat
    result = faulty("/test/evict_do shared 200; echo status $?; hello; thrash 40 40",
                    [error("read", sector=8 * n) for n in range(20, 200)])
    assert b"status 138" in result.out and b"hello, world" in result.out, (result.out, result.err)
    assert b"40 pages and 40 steps, all as they should be" in result.out, (result.out, result.err)


def test_read_only_disk():
    """It is no swap."""
    with tempfile.NamedTemporaryFile(prefix="octavo-swap-") as disk:
        disk.truncate(16 << 20)
        node = {"driver": "raw", "node-name": "swap", "read-only": True,
                "file": {"driver": "file", "filename": disk.name, "read-only": True}}
        result = octavo.run("thrash 40 40; /test/evict_do stat", {"TESTS": "1", "SWAP": "", "FRAMES": "64"},
                            options=["-blockdev", json.dumps(node), "-device",
                                     "virtio-blk-device,drive=swap"])
        stat = numbers(good(result))
        assert stat["slots"] == 0 and stat["written"] == 0 and stat["killed"] == 0, stat


def test_unreadable_page():
    """The program that needs it gets SIGBUS, nobody else."""
    result = faulty("thrash 200 1; echo status $?; hello; thrash 40 40",
                    [error("read", sector=8 * n) for n in range(20, 60)])
    assert b"status 138" in result.out and b"hello, world" in result.out, (result.out, result.err)
    assert b"40 pages and 40 steps, all as they should be" in result.out, (result.out, result.err)


PRESSURE = """
run_until(gdb.Breakpoint("sys_null"))
for field in "low", "high":  # so much would have to be free; it is told once
    gdb.execute("set var 'mm/buddy.c'::zones[1].info.%s = 1000000" % field)
print("RESULT pressed")
leave_running()
"""


def test_all_of_a_small_machine():
    """Every frame holds a page, most of them of a file: what the pager needs beside them is still there."""
    with octavo.folder() as share:
        with open(os.path.join(share, "data"), "wb") as file:
            file.truncate(48 << 20)
        result = run("cat /data > /dev/null; thrash 2000 1000 > /out & cat /data > /dev/null; wait; cat /out",
                     SHARE=share, MEM="48M", FRAMES="", SWAP="64M")
    assert b"2000 pages and 1000 steps, all as they should be" in result.out, (result.out, result.err)


def test_memory_pressure():
    """The kernel's notification makes the pager evict and give frames back; it takes them again later."""
    results, status, seen = debugger.under_gdb(PRESSURE, "/test/evict_do pressure 300",
                                               variables={"FRAMES": "400"})
    assert results == ["pressed"] and status == 0, (results, status, seen[-900:])
    assert b"relieved 128" in seen and b"OCTAVO-RUN-END 0" in seen, seen[-900:]
