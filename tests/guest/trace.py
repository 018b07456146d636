# SPDX-License-Identifier: MIT
"""Recordings and reference strings (docs/tracing.md): what the pager writes is what happened, pagesim
nominates the same victims from it, and a program with a known string has just that one."""
import glob
import os
import re

import octavo
from recordings import Share, pagesim, text_of

TIMEOUT = 300
POLICIES = ("2q aging arc car clock clockpro eclock fifo lfu lirs lru lruk mru nru random s3fifo sieve "
            "wsclock").split()
PROGRAMS = {"thrash": "thrash 150 60", "fork": "/test/evict_do fork 130", "shared": "/test/evict_do shared 150",
            "file": "/test/evict_do file /data 150", "walk": "/test/refs_do walk 200 300",
            "tools": "seq 9000 | sort -r | uniq | wc"}


def count(lines, kind):
    return sum(line[0] == kind for line in lines[2:])


# --- Replay --------------------------------------------------------------------------------------

def record(share, policy, names, **variables):
    script = "".join(f"pagerctl policy {policy}\npagerctl trace on /{policy}.{name}\n{PROGRAMS[name]} > /out\n"
                     f"pagerctl trace off\n" for name in names)
    share.run(script, seconds=60, FRAMES="128", **variables)


def test_replay_of_every_policy():
    """Each policy, five programs and more: the simulator names the victims that the guest's policy named."""
    with Share() as share:
        for policy in POLICIES:
            names = list(PROGRAMS)
            record(share, policy, names)
            out = pagesim("--replay", *(share.file(f"{policy}.{name}") for name in names))[0].decode().splitlines()
            assert len(out) == len(names) >= 5, out
            victims = [int(re.search(r"(\d+) victims, all the same", line)[1]) for line in out]
            assert sum(victims) > 150 and sum(n > 20 for n in victims) >= 4, (policy, victims)
            altered(share, policy, text_of(share.file(f"{policy}.thrash")))
        round_trip(share)


def altered(share, policy, lines):
    """One page that comes under another number, or does not come; one victim that was another."""
    half = len(lines) // 2
    enter = next(i for i in range(half, len(lines)) if lines[i][0] == "e")
    victim = next(i for i in range(half, len(lines)) if re.match(r"= \d+$", lines[i]))
    number = int(lines[victim][2:])
    for changed in ([*lines[:enter], *lines[enter + 1:]],
                    [*lines[:victim], f"= {number + 1}", *lines[victim + 1:]]):
        path = share.write("altered", "\n".join(changed) + "\n")
        error = pagesim("--replay", path, status=2)[1]
        assert "altered:" in error, (policy, error)


def round_trip(share):
    """Bytes to text and back are the same bytes."""
    for path in glob.glob(share.file("*.file")):
        text = share.write("text", pagesim("--text", path)[0])
        with open(path, "rb") as file:
            assert pagesim("--bytes", text)[0] == file.read(), path


def spared_by(lines, i):
    """Is line i the only reason why this call of clock has not named that frame? It is neither busy, nor was told
    as used or came since it was looked at last, nor is named after a whole round."""
    number = lines[i].split()[1]
    named = next(line for line in lines[i:] if line[0] == "=").split()[1]
    before = next(line for line in reversed(lines[:i]) if line[0] in "Rue" and line.split()[1] == number)
    return named != number and lines[i + 1] != f"B {number}" and before[0] == "R"


def test_altered_answer():
    """An accessed bit that was not seen makes another victim of it."""
    with Share() as share:
        share.run("pagerctl trace on /rec\nthrash 100 200\npagerctl trace off\n", FRAMES="64", PAGER="clock")
        lines = text_of(share.file("rec"))
        answer = next(i for i in range(len(lines) // 2, len(lines)) if lines[i][0] == "R" and spared_by(lines, i))
        path = share.write("altered", "\n".join(lines[:answer] + lines[answer + 1:]) + "\n")
        assert "diverged" in pagesim("--replay", path, status=2)[1]


# --- What is in a recording ----------------------------------------------------------------------

def test_contents():
    """In the middle of a run, over switches of the policy, and as the pager itself has counted."""
    with Share() as share:
        out = share.run("thrash 90 30\npagerctl trace on /rec\npagerctl stats\n/test/evict_do file /data 90\n"
                        "pagerctl policy arc\nthrash 90 60\npagerctl policy clock:start=1\nthrash 90 60\n"
                        "pagerctl stats\npagerctl trace off\npagerctl faults /rec\n", FRAMES="64")
        lines, data = text_of(share.file("rec")), share.read("rec")
        told = re.search(r"^(\d+) events, (\d+) bytes$", out, re.MULTILINE)
        assert (int(told[1]), int(told[2])) == (len(lines) - 1, len(data)), (told[0], len(lines), len(data))
        assert lines[1].startswith("policy clock frames 64 max 66 seed 0"), lines[1]
        assert [line.split()[1] for line in lines[2:] if line[0] == "P"] == ["arc", "clock:start=1"]
        between = lines[next(i for i in range(len(lines)) if lines[i].startswith("s ") and
                             lines[i].endswith("/evict_do") or lines[i].endswith(" evict_do")):]
        for row, kind in (("evictions", "evicted"), ("pages from swap", "i")):
            first, last = (int(n) for n in re.findall(rf"^{row} +(\d+)", out, re.MULTILINE))
            seen = sum(line[0] == kind[0] if len(kind) == 1 else line.endswith(" evicted") for line in between)
            assert 0 < seen <= last - first + 8 and seen >= last - first - 8, (row, first, last, seen)
        for kind in "euv=ltfhoiwrsxE":
            assert count(lines, kind) > 0, f"no event {kind}"
        assert out.count(" thrash ") or re.search(r"^thrash +w ", out, re.MULTILINE), out[-500:]
        victims = count(lines, "v")
        assert f" {victims} victims, all the same" in pagesim("--replay", share.file("rec"))[0].decode()
        assert b"references to" in pagesim("--policy", "lru,opt", "--frames", "64", share.file("rec"))[0]


def test_hints():
    with Share() as share:
        share.run("pagerctl trace on /rec faults\n/test/mman > /out\npagerctl trace off\n")
        lines = text_of(share.file("rec"))
        assert count(lines, "m") > 3 and count(lines, "f") > 10 and count(lines, "e") == 0, lines[:5]


def test_much():
    """More than the ring holds, many times: requests wait, and nothing is lost."""
    with Share() as share:
        out = share.run("pagerctl trace on /rec\nthrash 400 6000\npagerctl trace off\n", seconds=200,
                        FRAMES="128", PAGER="clock")
        assert int(re.search(r"(\d+) bytes$", out, re.MULTILINE)[1]) == len(share.read("rec")), out
        assert "all the same" in pagesim("--replay", share.file("rec"))[0].decode()


def test_second_pager():
    """One without fs writes through the pager above it; the system's goes on without a recording."""
    with Share() as share:
        share.write("inner", "pagerctl trace on /rec\nthrash 90 100\npagerctl trace off\ntrace-refs /refs hello\n")
        out = share.run("with-pager lru 96 sh /inner\npagerctl trace off 2>&1 || true\n")
        assert "nothing is recorded" in out, out
        assert "policy lru frames 96" in text_of(share.file("rec"))[1]
        victims = re.search(rb"(\d+) victims, all the same", pagesim("--replay", share.file("rec"))[0])
        assert int(victims[1]) > 20, victims[0]
        assert count(text_of(share.file("refs")), "a") > 100


def test_errors():
    with Share() as share:
        out = share.run("pagerctl trace off 2>&1 || true\npagerctl trace on /no/rec 2>&1 || true\n"
                        "pagerctl trace on /script/rec 2>&1 || true\npagerctl trace on / 2>&1 || true\n"
                        "pagerctl trace on /rec\npagerctl trace on /other 2>&1 || true\n"
                        "pagerctl faults /script 2>&1 || true\ntrace-refs /r hello 2>&1 || true\nhello\n")
        assert out.splitlines() == [
            "pagerctl: nothing is recorded", "pagerctl: /no/rec: No such file or directory",
            "pagerctl: /script/rec: Not a directory", "pagerctl: /: Is a directory",
            "pagerctl: /other: there is a recording already",
            "pagerctl: /script: no recording, or damaged", "trace-refs: /r: Device or resource busy",
            "hello, world"], out
        # The machine was stopped while it ran: it is whole nevertheless.
        assert text_of(share.file("rec"))[-1].startswith("E "), share.read("rec")[-20:]


def first_difference(one, other):
    for number, (a, b) in enumerate(zip(one, other)):
        if a != b:
            return number, a, b
    return len(one), len(other)


# --- Reference strings ---------------------------------------------------------------------------

class Dice:
    def __init__(self, state=0):
        self.state = state

    def __call__(self, sides):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & ((1 << 64) - 1)
        return (self.state >> 33) % sides


def references(share, name, first, pages):
    """[(space, page, kind)] of the data of an array; an access to the same page again is left out."""
    found = []
    for line in text_of(share.file(name)):
        word = line.split()
        if word[0] == "a" and first <= int(word[2], 16) < first + pages:
            found.append((int(word[1]), int(word[2], 16) - first, word[3]))
    return found


def walk(pages, steps, state=0):
    """What refs_do's walk() references: [(page, kind)], with reads and writes of the page that is there left
    out, but for the first write after reads."""
    dice, string, last = Dice(state), [], (None, None)
    for _ in range(steps):
        page, kind = dice(pages), "w" if dice(3) == 0 else "r"
        if page != last[0] or (kind, last[1]) == ("w", "r"):
            string.append((page, kind))
            last = (page, kind)
    return string


def array(out):
    return int(re.search(r"^array ([0-9a-f]+)$", out, re.MULTILINE)[1], 16)


def test_known_string():
    with Share() as share:
        out = share.run("trace-refs /refs /test/refs_do walk 50 2000\n")
        seen = references(share, "refs", array(out), 50)
        assert [s[1:] for s in seen] == walk(50, 2000), first_difference([s[1:] for s in seen], walk(50, 2000))
        faults = pagesim("--csv", "--policy", "lru,opt", "--frames", "8,20", share.file("refs"))[0]
        assert len(faults.splitlines()) == 5, faults


def test_string_under_pressure():
    """Eviction between the faults changes nothing of it."""
    with Share() as share:
        out = share.run("trace-refs /refs /test/refs_do walk 80 1000\n", FRAMES="48")
        assert [s[1:] for s in references(share, "refs", array(out), 80)] == walk(80, 1000)


def test_string_of_children():
    with Share() as share:
        out = share.run("trace-refs /refs /test/refs_do fork\n")
        seen = references(share, "refs", array(out), 20)
        spaces = sorted({s[0] for s in seen})
        assert len(spaces) == 2, spaces
        for state, space in enumerate(spaces):
            assert [s[1:] for s in seen if s[0] == space] == walk(20, 60, state), (state, seen)


def test_across_pages():
    """An access across a border makes both its pages, and nothing hangs."""
    with Share() as share:
        out = share.run("trace-refs /refs /test/refs_do odd\ntrace-refs /calls /test/refs_do call\n")
        pages = [s[1] for s in references(share, "refs", array(out), 8)]
        across = [pages[i:i + 2] for i in range(len(pages) - 1)]
        for page in range(6):
            assert [page, page + 1] in across and [page + 1, page] in across, (page, pages)
