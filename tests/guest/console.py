# SPDX-License-Identifier: MIT
"""The console as someone who types at it sees it, and a boot that has no servers to start."""
import os
import subprocess
import sys
import tempfile

import octavo

PROMPT = octavo.PROMPT
TESTS = {"TESTS": "1"}


def shell(guest, line):
    guest.send(line + "\r")


def sleeping(guest):
    """How many processes ps calls sleep."""
    shell(guest, "ps; echo e''nd")
    return guest.expect(r" PID[^$]*end").group().count(b"sleep")


def test_line_editing(smp):
    with octavo.boot({**TESTS, "SMP": smp}) as guest:
        shell(guest, "/test/terminal reads")
        guest.expect(r"ready\r\n")
        guest.send("helx\x7flo\r")  # DEL
        guest.expect(r"read 6 \[hello\$\]")
        guest.send("one two\x17three\r")  # ^W
        guest.expect(r"read 10 \[one three\$\]")
        guest.send("gone\x15here\r")  # ^U
        guest.expect(r"read 5 \[here\$\]")
        guest.send("no newline\x04")  # ^D ends a line too
        guest.expect(r"read 10 \[no newline\]")
        guest.send("x" * 100 + "\r")  # longer than the reader's buffer
        guest.expect(r"read 64 \[x{64}\]\s+read 37 \[x{36}\$\]")
        guest.send("\x04")
        guest.expect("end 0")
        guest.expect(PROMPT)


def test_type_ahead(smp):
    with octavo.boot({**TESTS, "SMP": smp}) as guest:
        guest.send("/test/terminal reads\rfirst\rsecondd\x7f\r\x04echo af''ter\r")
        guest.expect(r"read 6 \[first\$\]")
        guest.expect(r"read 7 \[second\$\]")
        guest.expect("end 0")
        guest.expect("after")


def test_interrupt(smp):
    with octavo.boot({"SMP": smp}) as guest:
        shell(guest, "echo st''arts; sleep 1000; echo no''t reached")  # the line is given up
        guest.expect("starts")
        guest.drain(1)
        guest.send("\x03")
        guest.expect(PROMPT)
        shell(guest, "echo stat''us $?")
        guest.expect("status 130")
        guest.expect(PROMPT)
        for line in ("sleep 1000 | cat", "cat | sleep 1000", "sleep 1000 | true", "(sleep 1000)",
                     "while true; do sleep 1000; done", "echo $(sleep 1000)"):
            shell(guest, "echo st''arts; " + line)
            guest.expect("starts")
            guest.drain(1)
            guest.send("\x03")
            guest.expect(PROMPT)
            assert sleeping(guest) == 0, line
            guest.expect(PROMPT)
        shell(guest, "sh -c 'echo st\"\"arts; sleep 1000; echo no''t reached'")  # the descendants too
        guest.expect("starts")
        guest.drain(1)
        guest.send("\x03")
        guest.expect(PROMPT)
        assert sleeping(guest) == 0 and b"not reached" not in guest.seen


def test_background_is_not_interrupted():
    with octavo.boot() as guest:
        shell(guest, "sleep 1000 &")
        guest.expect(PROMPT)
        shell(guest, "echo st''arts; sleep 1000")
        guest.expect("starts")
        guest.drain(1)
        guest.send("\x03")
        guest.expect(PROMPT)
        assert sleeping(guest) == 1


def test_dead_reader_leaves_input(smp):
    with octavo.boot({**TESTS, "SMP": smp}) as guest:
        shell(guest, "/test/terminal die")
        guest.drain(1)
        shell(guest, "echo al''ive")
        guest.expect("alive")


def test_signals_while_reading():
    with octavo.boot(TESTS) as guest:
        shell(guest, "/test/terminal restarts")
        guest.expect("three\r")
        guest.send("four\r")
        guest.expect("read 5, after three")
        shell(guest, "/test/terminal interrupted")
        guest.expect("read -1, EINTR")


def test_dump_key():
    with octavo.boot() as guest:
        guest.send("\x1c")
        guest.expect("--- end ---")
        shell(guest, "echo st''ill here")
        guest.expect("still here")


def test_exit_starts_the_next_shell():
    with octavo.boot() as guest:
        shell(guest, "exit")
        guest.expect(PROMPT)
        guest.send("\x04")  # ^D
        guest.expect(PROMPT)
        shell(guest, "echo $PPID; poweroff")
        assert guest.wait() == 0


def boot_with(folder, **files):
    """A Machine whose boot archive holds these programs of the build only: name=file."""
    archive = os.path.join(folder, "archive.cpio")
    subprocess.run([sys.executable, os.path.join(octavo.ROOT, "tests/tools/mkboot.py"), archive,
                    *(f"{name.replace('_', '/')}={path}" for name, path in files.items())], check=True)
    return octavo.Machine({"INITRD": archive})


def test_boot_without_servers():
    variables = octavo.VARIABLES
    build = os.path.join(octavo.ROOT, variables.get("BUILD", "build"))
    if variables.get("DEBUG") == "0":
        build = os.path.join(build, "release")
    con, pipe, pager = (f"{build}/user/{name}/{name}.elf" for name in ("con", "pipe", "pager"))
    true, login = f"{build}/user/bin/true.elf", f"{build}/user/login/login.elf"
    base = {"sbin_con": con, "sbin_pipe": pipe, "sbin_pager": pager}
    for files, says in (
            ({**base, "sbin_con": None}, "cannot start sbin/con"),
            ({**base, "sbin_pipe": None}, "cannot start sbin/pipe"),
            ({**base, "sbin_pager": None}, "cannot start sbin/pager"),
            (base, "cannot start sbin/login"),
            ({**base, "sbin_pager": __file__}, "cannot start sbin/pager"),
            ({**base, "sbin_pager": true}, "pager has died"),
            ({**base, "sbin_con": true}, "con has died"),
            ({**base, "sbin_pipe": true}, "pipe has died"),
            ({**base, "sbin_login": true}, "login has died"),
            ({**base, "sbin_login": login}, "no shell can be started")):
        files = {name: file for name, file in files.items() if file}
        with tempfile.TemporaryDirectory() as folder, boot_with(folder, **files) as guest:
            guest.expect(says)
            status = guest.wait()
            assert status == 126, (says, status)
