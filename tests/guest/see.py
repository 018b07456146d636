# SPDX-License-Identifier: MIT
"""What shows a running system: vmstat, vmtop, wss."""
import re

import octavo

TIMEOUT = 240
ESCAPE = b"\033"


def run(line, seconds=100, **variables):
    result = octavo.run(line, {"TESTS": "1", **variables}, seconds=seconds)
    assert result.status == 0, (result.status, result.out, result.err)
    return result.out.decode()


def test_vmstat():
    out = run("vmstat 0.1 23; vmstat; thrash 200 200 > /dev/null; vmstat", FRAMES="64").splitlines()
    titles = out[0].split()
    rows = [dict(zip(titles, map(int, line.split()))) for line in out if not line.split()[0] == "free"]
    assert len(rows) == 25 and all(len(row) == len(titles) for row in rows), out
    assert sum(line.split()[0] == "free" for line in out) == 4, out  # again after 20 lines
    assert all(row["id%"] <= 100 for row in rows), rows
    before, after = rows[-2:]  # both since boot
    assert before["swapin"] == 0 and after["swapin"] > 0 and after["evict"] > 0, (before, after)
    assert octavo.run("vmstat 0", {}, seconds=60).status == 2


def pictures(text):
    """Of each: what stands in its first lines, and its processes by name."""
    for picture in re.split(r"^(?=vmtop: up)", text, flags=re.MULTILINE)[1:]:
        head, table = re.split(r"^ *PID.*\n", picture, maxsplit=1, flags=re.MULTILINE)
        yield head, {row.split(None, 8)[8].strip(): row.split() for row in table.split("\n\n")[0].splitlines()}


def test_vmtop_plain():
    out = run("thrash 300 2000000 & vmtop -n 9 -d 0.4; kill $!", FRAMES="128", PAGER="arc")
    assert ESCAPE.decode() not in out
    shown = list(pictures(out))
    assert len(shown) == 9, out
    for head, processes in shown:
        assert re.search(r"^pager \d+: frames \d+ of 128: ", head, re.MULTILINE), head
        assert re.search(r"^policy arc: T1 \d+ T2 \d+", head, re.MULTILINE), head
        assert {"vmtop", "sh", "pager", "init"} <= set(processes), processes
        assert processes["pager"][3] == "0K", "a server has no pager"
    assert any("thrash" in processes and int(processes["thrash"][4]) > 0 for _, processes in shown), shown
    assert octavo.run("vmtop -n 0", {}, seconds=60).status == 1
    assert octavo.run("vmtop -d x", {}, seconds=60).status == 1


def test_vmtop_terminal():
    """Pictures over each other; q and ^C end it, and the shell has its terminal back."""
    with octavo.boot({}) as guest:
        for key in ("q", "\x03"):
            guest.send("vmtop -d 0.2\r")
            guest.expect(rb"\033\[Hvmtop: up")
            guest.expect(rb"\033\[Hvmtop: up[^\n]*\033\[K\r\n")
            guest.send(key)
            guest.expect(octavo.PROMPT)
            guest.send("echo ba''ck\r")
            guest.expect(rb"echo ba''ck.*\r\nback\r\n")
            guest.expect(octavo.PROMPT)


def test_wss():
    out = run("thrash 100 2000000 > /dev/null & sleep 1; wss $! 0.5; wss $$ 0.3; kill $!", ICOUNT="1", SHARE="")  # nobody waits for the host's disk
    busy, shell = out.splitlines()[:2]
    used, mapped = map(int, re.search(r"thrash: (\d+) of (\d+) mapped pages", busy).groups())
    assert 100 <= used <= mapped < 160, busy
    assert int(re.search(r"sh: (\d+) of", shell)[1]) < 10, shell
    for line in ("wss 99999", "wss 1x", "wss"):
        assert octavo.run(line, {}, seconds=60).status in (1, 2), line


def test_wss_disturbs_nobody():
    """What policies see, and so what they evict, is the same with somebody who counts all the time."""
    for policy in ("lru", "clock", "nru", "arc"):
        lines = [run(f"/test/working_set {mode} 4000", FRAMES="128", PAGER=policy, ICOUNT="1", SEED="1")
                 for mode in ("plain", "measure")]
        assert lines[0] == lines[1] and int(lines[0].split()[1]) > 1000, (policy, lines)


def test_second_pager():
    """All of them also show programs under a pager of their own."""
    out = run("with-pager arc 64 thrash 40 20000000 > /dev/null & sleep 2; vmtop -n 2 -d 0.3; pagerctl pagers; "
              "pid=$(ps | grep thrash | head -n 1 | cut -c 1-5); wss $pid 0.5; pmap $pid; vmstat -p $pid; "
              "kill $pid; wait; true")
    head, processes = list(pictures(out))[-1]
    pager = re.search(r"^pager (\d+): frames \d+ of 64: ", head, re.MULTILINE)
    assert pager and "policy arc: T1" in head and head.count("\npager ") == 2, head
    assert processes["thrash"][1] == pager[1] and processes["sh"][1] != pager[1], processes
    used, mapped = map(int, re.search(r"thrash: (\d+) of (\d+) mapped pages", out).groups())
    assert 40 <= used <= mapped <= 64, out
    assert re.search(r"^total: .* in \d+ regions, [1-9]\d*K resident", out, re.MULTILINE), out
