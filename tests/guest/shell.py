# SPDX-License-Identifier: MIT
"""The shell: its language, by lines and what they must write; and the line editor, at the console.

Also what standard output gives to the byte (tests/guest/lib_stdio.c), and the messages of programs
that die. Several lines share a boot.
"""
import re

import octavo

ARGUMENTS = "/test/lib_stdio arguments"
VARIABLE = "/test/lib_stdio variable"
STATUS = "/test/lib_stdio status"

LANGUAGE = (  # a line of shell, what it writes to standard output
    ("echo one two   three", "one two three\n"),
    ("echo 'one   two' \"three   four\"", "one   two three   four\n"),
    (f"{ARGUMENTS} '' \"\" a\\ b 'c\"d' \"e'f\" g''h", "[][][a b][c\"d][e'f][gh]"),
    (f"{ARGUMENTS} '$X' \"\\$X\" \\$X \"\\\"\" '\\'", "[$X][$X][$X][\"][\\]"),
    ("X=hello; echo $X ${X} \"$X\" '$X' ${X}s $Xs", "hello hello hello $X hellos\n"),
    (f"X='a  b'; {ARGUMENTS} $X \"$X\"", "[a][b][a  b]"),
    (f"X=; {ARGUMENTS} $X \"$X\" $NOTSET", "[]"),
    (f"Y=1; {VARIABLE} Y; export Y; {VARIABLE} Y", "(unset)1"),
    (f"Z=7 {VARIABLE} Z; {VARIABLE} Z; echo .$Z", "7(unset).\n"),
    (f"export A=1; unset A; {VARIABLE} A", "(unset)"),
    ("true; echo $?; false; echo $?", "0\n1\n"),
    ("true && echo yes || echo no; false && echo yes || echo no", "yes\nno\n"),
    ("false || false || echo third; true && true && echo both", "third\nboth\n"),
    ("! true; echo $?; ! false; echo $?", "1\n0\n"),
    (f"{STATUS} 42; echo $?; {STATUS} 0; echo $?", "42\n0\n"),
    ("no-such-program; echo $?", "127\n"),
    ("/no/such/path; echo $?", "127\n"),
    ("/test/lib_stdio die; echo $?", "139\n"),
    ("/test/lib_process die illegal; echo $?", "132\n"),
    ("/test/lib_process die break; echo $?", "133\n"),
    ("/test/lib_process die abort; echo $?", "134\n"),
    ("/test/lib_process die kill-self; echo $?", "137\n"),
    (f"{STATUS} 3 & wait $!; echo $?", "3\n"),
    ("sleep 30 & kill $!; wait $!; echo $?", "143\n"),
    ("sleep 30 & kill -9 $!; wait $!; echo $?; wait; echo $?", "137\n0\n"),
    ("sh -c 'exit 9'; echo $?; sh -c 'echo $0-$1-$#' name one two", "9\nname-one-2\n"),
    ("echo a; # a comment; echo b", "a\n"),
    ("echo no#comment; echo '#' quoted", "no#comment\n# quoted\n"),
    ("echo gone >/dev/null; echo stays", "stays\n"),
    ("echo to-stderr 1>&2; echo out", "out\n"),
    ("no-such-program 2>&1", "sh: no-such-program: not found\n"),
    ("echo one; echo two; exit 5; echo never", "one\ntwo\n"),
)


def test_language(smp):
    """Each line in a shell of its own; the marks between them are this line's."""
    quote = lambda text: "'" + text.replace("'", "'\\''") + "'"
    for part in range(0, len(LANGUAGE), 8):
        rows = LANGUAGE[part:part + 8]
        line = "; ".join(f"sh -c {quote(row[0])}; echo '<<>>'" for row in rows)
        result = octavo.run(line, {"SMP": smp, "TESTS": "1"}, seconds=60)
        assert result.status == 0, (result.status, result.why, result.out)
        pieces = result.out.decode().split("<<>>\n")
        for (source, wanted), got in zip(rows, pieces):
            assert got == wanted, f"{source}\n  wrote  {got!r}\n  wanted {wanted!r}"
        assert len(pieces) == len(rows) + 1, result.out


def test_syntax_errors():
    result = octavo.run("sh -c 'echo |'; echo $?; sh -c \"echo 'x\"; echo $?; sh -c '&& a'; echo $?",
                        seconds=60)
    assert result.out == b"2\n2\n2\n", result.out
    assert result.err.count(b"syntax error") == 3, result.err


STDIO = (  # mode, what it writes, its status
    ("return", b"no newline", 3),
    ("exit", b"before[at exit][destructor]", 4),
    ("_exit", b"", 5),
    ("abort", b"", 134),
)


def test_stdio_flush(smp):
    for mode, out, status in STDIO:
        result = octavo.run(f"/test/lib_stdio {mode}", {"SMP": smp, "TESTS": "1"}, seconds=30)
        assert (result.status, result.out) == (status, out), (mode, result.status, result.out)


def test_stdio_streams():
    result = octavo.run("/test/lib_stdio streams", {"TESTS": "1"}, seconds=30)
    assert (result.out, result.err) == (b"out1 out2", b"err1 err2"), (result.out, result.err)


def test_stdio_bytes(smp):
    result = octavo.run("/test/lib_stdio bytes 60000", {"SMP": smp, "TESTS": "1"}, seconds=60)
    wanted = bytes((i * 7 + i // 256) & 0xff for i in range(60000))
    assert result.status == 0 and result.out == wanted, (result.status, len(result.out))


def test_stdin():
    data = bytes((i * 11 + i // 253) & 0xff for i in range(30000))
    for mode in ("copy", "copy-stdio"):
        result = octavo.run(f"/test/lib_stdio {mode}", {"TESTS": "1"}, stdin=data, seconds=60)
        assert result.status == 0 and result.out == data, (mode, result.status, len(result.out))


def test_message_of_a_death():
    """The refused access, and no other, is what the message tells: its kind, address and pc."""
    line = "; ".join(f"/test/everypage {mode}" for mode in ("read", "write", "execute"))
    result = octavo.run("/test/everypage; " + line, {"TESTS": "1"}, seconds=90)
    err, out = result.err.decode(), result.out.decode()
    page = int(re.search(r"^# read (0x[0-9a-f]+)$", out, re.MULTILINE)[1], 16)
    told = re.findall(r"^everypage \(pid \d+\): segmentation fault: (.*) (0x[0-9a-f]+) at pc "
                      r"(0x[0-9a-f]+)$", err, re.MULTILINE)
    assert [(how, int(address, 16)) for how, address, _ in told[:3]] == [
        ("read of", page + 8), ("write to", page + 8), ("fetch from", page + 8)], err
    assert int(told[2][2], 16) == page + 8 and int(told[0][2], 16) < page, err


def test_sbrk_demo():
    result = octavo.run("sbrk", seconds=60)
    breaks = [int(x, 16) for x in re.findall(r"^sbrk\(-?\w+\)\s+(0x[0-9a-f]+)$", result.out.decode(),
                                             re.MULTILINE)]
    start = breaks[0]
    assert breaks == [start, start, start + 0x100000, start + 0x100000, start], result.out
    assert result.status == 0 and b" NO" not in result.out, result.out
    resident = re.findall(rb"pmap: .* (\d+)K resident", result.out)
    assert resident == [b"0", b"4"], resident


def test_demos():
    result = octavo.run("malloc 7 60000 && threads && hello", {"SMP": "4"}, seconds=90)
    assert result.status == 0 and b"all contents right" in result.out, (result.status, result.out)
    assert b"all right" in result.out and result.out.endswith(b"hello, world\n"), result.out


UP, DOWN, LEFT, HOME, END = "\x1b[A", "\x1b[B", "\x1b[D", "\x1b[H", "\x1b[F"


def test_line_editor():
    """History and cursor keys; the words are split so that the echo of a line is no match."""
    def line(guest, keys, wanted):
        guest.send(keys + "\r")
        guest.expect(wanted)
        guest.expect(octavo.PROMPT)

    with octavo.boot() as guest:
        line(guest, "echo fir''st", r"\r\nfirst\r")
        line(guest, "echo sec''ond", r"\r\nsecond\r")
        line(guest, UP + UP, r"\r\nfirst\r")
        line(guest, UP + UP + UP + DOWN, r"\r\n(first|second)\r")
        line(guest, "cho in''sert" + HOME + "e", r"\r\ninsert\r")
        line(guest, "echo ab''d" + LEFT + "c" + END + "e", r"\r\nabcde\r")
        line(guest, "echo gone\x15echo ki''ll", r"\r\nkill\r")
        line(guest, "echo x''y\x7fz", r"\r\nxz\r")
        guest.send("echo half\x03")  # ^C drops the line
        guest.expect(octavo.PROMPT)
        line(guest, "echo status-$?", r"\r\nstatus-130\r")
        guest.send("echo 'two\r")
        guest.expect(r"> ")
        line(guest, "lines'", r"\r\ntwo\r\nlines\r")
