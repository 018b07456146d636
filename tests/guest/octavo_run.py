# SPDX-License-Identifier: MIT
"""octavo-run's promise: stdin, stdout and stderr byte for byte, and the exit status."""
import os
import random
import shutil
import subprocess
import tempfile

import octavo

TOOL = os.path.join(octavo.ROOT, "tests/tools/octavo-run")
# (variable, a file of the tree to take, what becomes of it when it is called moved.c)
OUTSIDE = (("APPS", "user/demo/hello.c", "apps/moved.o"),
           ("PAGERS", "user/pagers/primes.c", "pagers/moved.o"),
           ("POLICIES", "user/pager/evict/policy/fifo.c", "user/pager/evict/policy/moved.o"))
SETTINGS = [f"{name}={value}" for name, value in {**octavo.VARIABLES, "TESTS": "1"}.items()]


def octavo_run(line, stdin=b"", options=(), settings=()):
    return subprocess.run([TOOL, *options, *SETTINGS, *settings, "--", line], input=stdin,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)


def test_every_byte(smp):
    data = bytes(range(256)) * 20 + random.Random(smp).randbytes(20000)
    done = octavo_run("/test/copy err", data, settings=[f"SMP={smp}"])
    assert done.returncode == 0, done.stderr[-300:]
    assert done.stdout == data, f"{len(done.stdout)} bytes of {len(data)}"
    assert done.stderr == data, f"{len(done.stderr)} bytes of {len(data)}"


def test_no_program_can_end_the_run():
    done = octavo_run("/test/copy mark; echo after", b"input")
    assert done.returncode == 0, done.stderr
    assert done.stdout == b"\x01OCTAVO-RUN-END 42\n\x01OCTAVO-RUN-BEGIN\n\x01k\x01\x01\0inputafter\n"


def test_empty_input_ends():
    done = octavo_run("/test/copy; /test/copy; echo $?")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"0\n", b"")


def test_status():
    for status, told in ((0, 0), (1, 1), (123, 123), (124, 123), (126, 123), (127, 127), (200, 200)):
        assert octavo_run(f"exit {status}").returncode == told, status


def test_time_out():
    done = octavo_run("echo before; sleep 100", options=["-t", "5"])
    assert (done.returncode, done.stdout) == (124, b"before\n")


def test_did_not_boot():
    done = octavo_run("true", settings=["OPENSBI=/dev/null"])
    assert (done.returncode, done.stdout) == (126, b""), done.stderr[-300:]


def test_long_line():
    text = "x" * 900
    done = octavo_run(f"echo {text}")
    assert (done.returncode, done.stdout) == (0, text.encode() + b"\n"), done.stderr
    done = octavo_run("echo " + "x" * 1100)
    assert (done.returncode, done.stdout) == (126, b""), done.stderr
    assert b"at most" in done.stderr, done.stderr


def test_warnings_of_outside_sources():
    """A warning in a source from outside the tree is shown, and stops nothing; in the tree it is an error."""
    build, folder = octavo.build_folder()
    for variable, source, target in OUTSIDE:
        with tempfile.TemporaryDirectory() as place:
            path = place + "/warns.c"
            shutil.copy(os.path.join(octavo.ROOT, source), path)
            with open(path, "a", encoding="utf-8") as text:
                text.write("static int nobody_calls_this(void) { int unused; return 0; }\n")
            target = os.path.join(folder, target.replace("moved", "warns"))
            done = octavo.run_make({**octavo.VARIABLES, variable: path}, target)
            assert done.returncode == 0 and os.path.exists(target), (variable, done.stderr)
            for what in ("warning: unused variable", "nobody_calls_this"):
                assert what in done.stderr, (variable, done.stderr)
            os.unlink(target)
    commands = octavo.make(octavo.VARIABLES, "-n", "-W", "user/demo/hello.c", f"{folder}/user/demo/hello.o")
    with open(os.path.join(build, "toolchain.mk"), encoding="utf-8") as text:
        known = "TOOLCHAIN_KNOWN := yes" in text.read()
    assert ("-Werror" in commands) == known, commands


def test_sources_that_move():
    """A file of APPS, PAGERS or POLICIES is built again from where it is now, or missed by name."""
    folder = octavo.build_folder()[1]
    for variable, source, target in OUTSIDE:
        with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
            old, new = first + "/moved.c", second + "/moved.c"
            target = os.path.join(folder, target)
            shutil.copy(os.path.join(octavo.ROOT, source), old)
            octavo.make({**octavo.VARIABLES, variable: old}, target)
            shutil.move(old, new)
            with open(new, "a", encoding="utf-8") as text:
                text.write('static const char mark[] __attribute__((used)) = "it has moved";\n')
            octavo.make({**octavo.VARIABLES, variable: new}, target)
            with open(target, "rb") as made:
                assert b"it has moved" in made.read(), variable
            try:
                octavo.make({**octavo.VARIABLES, variable: old}, target)
                assert False, f"{variable}: no error"
            except octavo.NotBuilt as error:
                assert f"{old}: no such file" in str(error), (variable, error)
