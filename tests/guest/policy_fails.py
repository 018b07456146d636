# SPDX-License-Identifier: MIT
"""Policies that fail (tests/policies, in a pager of their own): the message names the policy, the call, file
and line, and the last lines of its log; clock takes its place, and programs notice nothing. A pager that fails
says so too, and takes its programs along.
(A student's own file: students.py.)"""
import os
import re

import octavo

TIMEOUT = 300

# Of each: the call, what is said of it, and the function in whose lines it happens.
FAILS = {
    "bad_asks": ("victim", "it asks about what is no entered frame", "asking_victim"),
    "bad_crash": ("victim", r"it touched 0x\w+, where nothing is", "crash_victim"),
    "bad_enter": ("enter", "it touched 0x123456789, where nothing is", "crash_enter"),
    "bad_loop": ("victim", "it does not come back", "look_for_ever"),
    "bad_spin": ("leave", "it does not come back", "spin_leave"),
    "bad_stack": ("victim", "it ran out of stack", "search"),
}
NONSENSE = {
    "bad_busy": "it names pages that are busy",
    "bad_garbage": "what it names is no page",
    "bad_never": "it names no page, though some could go",
}
ON = b"the policy is clock from now on, and all goes on"


def line_of(policy, function):
    """Lines of a function in its file, first and last."""
    with open(os.path.join(octavo.ROOT, f"tests/policies/{policy}.c"), encoding="utf-8") as file:
        text = file.read().splitlines()
    first = next(i for i, line in enumerate(text) if f"{function}(" in line and not line.startswith(" "))
    return first + 1, first + 1 + text[first:].index("}")


def bad_archive():
    """The boot archive in which the pager has the bad policies."""
    settings = {name: value for name, value in octavo.VARIABLES.items() if name != "TESTS"}
    build = settings.get("BUILD", os.environ.get("BUILD", "build"))  # as make spells it
    target = os.path.join(build, *(["release"] if settings.get("DEBUG") == "0" else []), "bad.cpio")
    octavo.make(settings, target)
    return {"INITRD": os.path.join(octavo.ROOT, target), "TESTS": "1", "FRAMES": "64"}


def guest(line, variables, seconds=200):
    result = octavo.run(line, variables, seconds=seconds)
    return result, result.boot + result.kernel + result.err


def one_by_one(names, variables):
    """Each with the same work; what the console said of it."""
    line = "; ".join(f"echo {name} >&2; pagerctl policy {name}; thrash 200 150; pagerctl policy"
                     for name in names)
    result, said = guest(line, variables)
    assert result.status == 0, (result.status, result.why, said[-600:])
    assert result.out.count(b"all as they should be") == len(names), (result.out, said)
    assert len(re.findall(rb"^clock\r?$", result.out, re.MULTILINE)) == len(names), (result.out, said)
    assert said.count(ON) == len(names), said
    return said.decode(errors="replace")


def test_crashes_and_loops():
    said = one_by_one(FAILS, bad_archive())
    for name, (call, what, function) in FAILS.items():
        found = re.search(rf"policy {name} failed in {call}: {what}\r?\n((?:pager:   .*\n)+)", said)
        assert found, (name, said)
        where = re.findall(rf"(?:at|from) \w+ at tests/policies/{name}\.c:(\d+)", found[1])
        first, last = line_of(name, function)  # the compiler may have put it into its caller
        assert any(first <= int(line) <= last for line in where), (name, first, last, found[1])
    assert "its log ends with: victim 100 is the last" in said, said
    assert re.search(r"from search at tests/policies/bad_stack.c:\d+, \d+ times", said), said


def test_nonsense():
    said = one_by_one(NONSENSE, bad_archive())
    for name, what in NONSENSE.items():
        assert f"policy {name} failed: {what}" in said, (name, said)


def test_changes_that_fail():
    """In init nothing has happened; in handing over the new one comes all the same, in taking over clock."""
    result, said = guest("thrash 200 2000000 & sleep 1; pagerctl policy lru; pagerctl policy bad_init; echo $?; "
                         "pagerctl policy; pagerctl policy bad_over; pagerctl policy lru; pagerctl policy; "
                         "pagerctl policy bad_over:taking=1; echo $?; pagerctl policy; kill $!", bad_archive())
    assert result.out.split() == b"1 lru lru 1 clock".split(), (result.out, said)
    assert b"policy bad_init failed in init: it touched 0x8, where nothing is" in said, said
    assert b"policy bad_over failed in leave: stopped at a breakpoint" in said, said
    assert b"policy bad_over failed in enter: stopped at a breakpoint" in said, said
    assert said.count(ON) == 1, said


def test_at_boot():
    result, said = guest("thrash 64 64; pagerctl policy", {**bad_archive(), "PAGER": "bad_init"})
    assert result.status == 0 and result.out.endswith(b"clock\n"), (result.out, said)
    assert b"bad_init failed in init" in said and b"PAGER=bad_init: it has failed; the policy is clock" in said, said


def test_pager_fails():
    """What a policy breaks beyond its own call is the pager's end: with a message of the same kind."""
    result, said = guest("pagerctl policy bad_scribble; thrash 200 100", bad_archive())
    assert result.status != 0 and b"init: pager has died" in said, (result.status, said)
    assert re.search(rb"the pager failed: it touched 0x\w+, where nothing is; its policy is clock", said), said
    assert re.search(rb"from fault_\w+ at user/pager/calls/fault\.c:\d+", said), said


def test_beside():
    """In a pager for a few programs: the message, and they end; nobody else notices. And pagerctl -p, also of the
    system's pager, where the programs of another one have no space."""
    work = 'sh -c "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do ls /bin | sort | tail -n 1; done"'
    result, said = guest(f"export OUT=$$; for p in bad_crash bad_loop; do with-pager $p 48 {work}; echo $?; done; "
                         "with-pager lru 40 sh -c 'pagerctl policy; pagerctl policy arc; pagerctl policy; "
                         "pagerctl -p $$ policy; pagerctl -p $OUT policy; pagerctl pagers'; "
                         "pagerctl pagers; pagerctl policy",
                         {**bad_archive(), "FRAMES": "512"})
    assert result.status == 0, (result.status, result.why, said)
    text = result.out.decode()
    lines = [line.split() for line in text.splitlines()]
    assert text.startswith("137\n137\nlru\narc\narc\nclock\n") and text.endswith("clock\n"), (text, said)
    assert sum(line[-1:] == ["arc"] and line[2:4] == ["2", "40"] for line in lines) == 1, text
    assert text.count("pager:") == 1, text  # in the second list there is none but the system's
    for name in "bad_crash", "bad_loop":
        what = FAILS[name][1]
        assert re.search(rf"pager:{name}: policy {name} failed in victim: {what}", said.decode()), said
        assert f"pager:{name}: the pager ends: its programs end with it".encode() in said, said
    assert b"tests/policies/bad_crash.c:" in said and ON not in said, said
