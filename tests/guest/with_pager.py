# SPDX-License-Identifier: MIT
"""with-pager: programs under pagers of their own, beside the system's."""
import os
import re
import shutil
import tempfile

import octavo

TIMEOUT = 120


def run(line, seconds=90, **variables):
    return octavo.run(line, variables, seconds=seconds)


def lines(*commands):
    """Runs each command and tells its status; the machine's lines on standard error come with them."""
    return "\n".join(f"{command} 2>&1; echo \"= $?\"" for command in commands)


def answers(result):
    """What each command of lines() wrote, and its status."""
    parts = re.split(r"^= (\d+)\n", result.out.decode(), flags=re.MULTILINE)
    return list(zip(parts[0:-1:2], map(int, parts[1::2])))


def test_status():
    """The program's status is with-pager's, and what it starts has the same pager."""
    done = answers(run(lines(
        "with-pager lru 64 hello",
        "with-pager clock:start=0 64 false",
        "with-pager fifo 64 sh -c 'exit 42'",
        "with-pager fifo 64 sh -c 'kill -9 $$'",
        "with-pager arc 128 sh -c 'hello | cat; (hello); exec hello'",
        "with-pager fifo 128 with-pager lru 64 sh -c 'ps; exit 7'",
        "ps")))
    assert [status for _, status in done] == [0, 1, 42, 137, 0, 7, 0], done
    assert done[0][0] == "hello, world\n" and done[4][0] == 3 * "hello, world\n", done
    assert re.search(r"pager:fifo\n.*pager:lru\n", done[5][0], re.DOTALL), done[5]
    assert "pager:" not in done[6][0], "all pagers are gone with their programs"


def test_errors():
    """What is wrong is said, in words, and nothing is left of it."""
    result = run(lines(
        "with-pager nosuch 64 hello", "with-pager lru 15 hello", "with-pager lru 9999999 hello",
        "with-pager lru many hello", "with-pager lru 64 nosuch", "with-pager lru 64",
        "with-pager --prog /nosuch 64 hello", "with-pager --prog /lib 64 hello",
        "echo no pager > /tmp/t; with-pager --prog /tmp/t 64 hello",
        "with-pager --prog /bin/hello 64 hello", "with-pager clock:no=1 64 hello", "ps"))
    done = answers(result)
    expected = [
        r"no such policy: nosuch; there are .*\barc\b.*\bclock\b", r"15 frames are too few.*at least 16",
        r"9999999 frames are more than there are: at most \d+ ", r"many is no number of frames",
        r"nosuch: no such program", r"usage: with-pager", r"/nosuch: No such file", r"/lib: ",
        r"/tmp/t: not a pager program", r"/bin/hello: No such file|ended before it was ready",
        r"ended before it was ready"]
    for (text, status), pattern in zip(done, expected):
        assert status and re.search(pattern, text), (pattern, status, text)
    assert "pager:" not in done[-1][0], done[-1]
    assert b"policy clock:no=1: no such parameter" in result.err + result.kernel, (result.err, result.kernel, result.boot)


def bad(folder):
    """tests/guest/pager_bad.c in the share."""
    shutil.copy(os.path.join(octavo.build_folder(octavo.VARIABLES)[1], "strip/tests/guest/pager_bad"),
                os.path.join(folder, "bad"))


def test_failure():
    """A pager that crashes, ends or hangs takes its own programs with it, and nobody else; one that never
    answers does not keep them from being killed."""
    with tempfile.TemporaryDirectory(prefix="octavo-pager-") as folder:
        bad(folder)
        result = run("with-pager fifo 64 sh -c 'sleep 8; hello' & " + lines(
            "with-pager --prog /bad crash 64 hello", "with-pager --prog /bad exit 64 hello",
            "with-pager --prog /bad spin 64 hello",
            "with-pager --prog /bad mute 64 hello & sleep 1; kill -9 $!; sleep 1; ps",
            "ps | grep ' hello$' | while read pid rest; do kill -9 $pid; done; sleep 1; ps",
            "wait; echo all well"), SHARE=folder)
    done = answers(result)
    assert [status for _, status in done[:3]] == [137] * 3, (done, result.err)
    said = (result.err + result.kernel).decode()
    for how in ("crash", "exit", "spin"):
        assert re.search(rf"init: pager:{how} \(pid \d+\), policy {how}, has ended; so do its programs: "
                         r"hello \(pid \d+\)", said), (how, said)
    assert re.search(r"pager:crash \(pid \d+\): segmentation fault: write to 0x8 ", said), said
    assert re.search(r"pager:spin \(pid \d+\) hangs", said), said
    assert "pager:mute" in done[3][0] and "pager:mute" not in done[4][0], done
    assert "all well" in done[5][0] and "hello, world" in result.out.decode(), done


def test_waits():
    """A pager that waits for something else than messages, before it serves or later, is ended as one that runs
    for ever is; in virtual time, of which a minute is short."""
    with tempfile.TemporaryDirectory(prefix="octavo-pager-") as folder:
        bad(folder)
        result = run("with-pager fifo 64 sh -c 'sleep 200; hello' & " + lines(
            "with-pager --prog /bad wait 64 hello", "with-pager --prog /bad never 64 hello", "wait"),
            SHARE=folder, ICOUNT="1")
    done = answers(result)
    said = (result.err + result.kernel).decode()
    assert [status for _, status in done] == [137, 1, 0] and "hello, world" in result.out.decode(), (done, said)
    assert "the pager ended before it was ready" in done[1][0], done
    for how in "wait", "never":
        assert re.search(rf"init: pager:{how} \(pid \d+\) hangs: it has waited for 60 s without", said), said
    assert re.search(r"policy wait, has ended; so do its programs: hello \(pid \d+\)", said), said
    assert not re.search(r"pager:fifo .* (hangs|ended)", said), said


def test_three():
    """Three at once with different policies, each over more than its memory, none above it."""
    with tempfile.TemporaryDirectory(prefix="octavo-pager-") as folder:
        with open(os.path.join(folder, "data"), "wb") as file:
            file.write(os.urandom(1 << 20))
        each = " & ".join(
            f"with-pager {policy} {frames} sh -c 'mapread /data > /dev/null; thrash 150 200 > /dev/null && "
            f"/test/evict_do stat > /{policy}'" for policy, frames in (("lru", 64), ("fifo", 96), ("arc", 128)))
        result = run(f"{each} & wait; echo all ended", TESTS="1", SHARE=folder)
        assert b"all ended" in result.out, (result.status, result.why, result.err)
        stats = {}
        for policy in ("lru", "fifo", "arc"):
            with open(os.path.join(folder, policy), encoding="ascii") as text:
                line = re.search(r"^stat (.*)$", text.read(), re.MULTILINE)[1]
            stats[policy] = dict(word.split("=", 1) for word in line.split())
            assert stats[policy]["policy"] == policy, stats
    for policy, frames in (("lru", 64), ("fifo", 96), ("arc", 128)):
        stat = stats[policy]
        assert int(stat["limit"]) == frames and 0 < int(stat["frames"]) <= frames, stat
        assert int(stat["evictions"]) > 100 and stat["killed"] == "0", stat
        assert int(stat["written"]) > 0 and stat["errors"] == "0", stat


def test_account():
    """All that a pager takes is its own account's, but for the start of its program; and it can be seen."""
    result = run("with-pager -v lru 64 sh -c 'thrash 150 > /dev/null; pagerctl pagers'", SWAP="64M")
    whole, program = map(int, re.search(rb"itself (\d+), and (\d+) for its program", result.err).groups())
    assert program <= 4, ("what is read-only is the system pager's", result.err)
    line = re.search(r"^ *\d+ +\d+ +\d+ +64 +(\d+) +(\d+) +(\d+) pager:lru ", result.out.decode(), re.MULTILINE)
    used, taken, most = map(int, line.groups())
    assert used < taken <= most == whole + program, (whole, program, result.out)
    for frames in (16, 300, 1000):  # not fewer, for want of room for what the pager needs itself
        result = run(f"with-pager lru {frames} sh -c 'thrash {frames * 5 // 4} 300 > /dev/null; pagerctl pagers'",
                     SWAP="64M")
        assert re.search(rf"^ *\d+ +\d+ +\d+ +{frames} .* pager:lru ", result.out.decode(), re.MULTILINE), result.out


def test_interrupt():
    """^C ends the program, and its pager with it."""
    with octavo.boot({}) as guest:
        guest.send("with-pager lru 64 sh -c 'echo out''side; sleep 100'\r")
        guest.expect(r"\r\noutside\r")
        guest.send("\x03")
        guest.expect(octavo.PROMPT)
        guest.send("echo stat''us-$?; sleep 1; ps; echo en''d\r")
        guest.expect(r"status-130\r")
        assert b"pager:" not in guest.expect(r"(.|\n)*?\nend\r")[0]
