# SPDX-License-Identifier: MIT
"""Files on a disk that fails: tests/guest/file_faults_do.c inside, tests/tools/share_faults.c in QEMU."""
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

import octavo

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
import debugger

PAGE = 4096
DATA = b"".join(bytes([n + 1]) * PAGE for n in range(64))
TIMEOUT = 240


@contextlib.contextmanager
def share():
    path = tempfile.mkdtemp(prefix="octavo-faults-")
    os.chmod(path, 0o755)
    with open(path + "/data", "wb") as file:
        file.write(DATA)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def built(program):
    folder = octavo.VARIABLES.get("BUILD", "build")
    if octavo.VARIABLES.get("DEBUG") == "0":
        folder += "/release"
    return os.path.join(octavo.ROOT, folder, "strip", program)


@contextlib.contextmanager
def failing_host(path):
    """Every QEMU that is started meanwhile fails as /faults of the share says."""
    with tempfile.TemporaryDirectory(prefix="octavo-") as tools:
        library = tools + "/share_faults.so"
        subprocess.run(["gcc", "-O1", "-Wall", "-Wextra", "-shared", "-fPIC", "-o", library,
                        os.path.join(octavo.ROOT, "tests/tools/share_faults.c"), "-ldl"], check=True)
        os.environ["OCTAVO_SHARE_FAULTS"] = path + "/faults"
        os.environ["LD_PRELOAD"] = library
        try:
            yield
        finally:
            del os.environ["LD_PRELOAD"], os.environ["OCTAVO_SHARE_FAULTS"]


def run(path, mode, **variables):
    with failing_host(path):
        done = octavo.run(f"/test/file_faults_do {mode}; /bin/echo alive",
                          {"SHARE": path, "TESTS": "1", **variables}, seconds=100)
    text = done.out.decode(errors="replace")
    wrong = [row for row in text.splitlines() if row.startswith("not ok")]
    assert not wrong, (wrong, done.kernel[-500:])
    assert done.status == 0 and f"done {text.count('ok ')}\nalive" in text, \
        (done.status, done.why, text[-500:], done.kernel[-500:])
    return done


def test_read():
    """EIO, or SIGBUS, for those pages, and only as long as the disk fails."""
    with share() as path:
        shutil.copy(built("user/bin/true"), path + "/broken")
        os.chmod(path + "/broken", 0o755)
        run(path, "read")


def test_write():
    """EIO and ENOSPC come with fsync and msync; what could be written is on the host."""
    with share() as path:
        done = run(path, "write")
        with open(path + "/out", "rb") as file:
            data = file.read()
        want = bytearray(b"a" * 16 * PAGE)
        for page, byte in (9, b"b"), (2, b"c"), (12, b"d"):
            want[page * PAGE:(page + 1) * PAGE] = byte * PAGE
        assert data == bytes(want), [data[n * PAGE] for n in range(16)]
        assert b"1 pages are lost, error 5" in done.kernel + done.err + done.boot, done.kernel[-500:]


def test_killed_meanwhile():
    """Clients that die while the host works for them leave their files as they should be."""
    with share() as path:
        run(path, "slow")
        with open(path + "/data", "rb") as file:
            data = file.read()
        want = DATA[:51 * PAGE] + bytes([51]) * 3 * PAGE + DATA[54 * PAGE:]
        assert data in (want[:60 * PAGE], want), len(data)


def test_no_memory_at_the_end():
    """Several files are dirty and the pager has no memory for more than one job: all are written before the machine
    stops."""
    with share() as path:
        done = octavo.run("exec /test/file_faults_do memory", {"SHARE": path, "TESTS": "1"}, seconds=60)
        assert done.status == 0 and done.out.endswith(b"done 7\n"), (done.status, done.why, done.out, done.kernel)
        for n in range(6):
            with open(f"{path}/late{n}", "rb") as file:
                assert file.read() == b"l" * PAGE, n
        assert b"lost" not in done.kernel + done.err + done.boot, done.err


DYING = """
gdb.execute("add-symbol-file " + FS, to_string=True)
place = gdb.Breakpoint("p9_fsync")
while True:
    gdb.execute("continue", to_string=True)
    here = gdb.selected_inferior().read_memory(int(gdb.parse_and_eval("$pc")), len(CODE))
    if bytes(here) == CODE:  # other programs have something else at this address
        break
place.delete()
print("RESULT fs is at work")
gdb.execute("set $pc = 0")
leave_running()
"""


def code_of(program, function):
    """Its first bytes."""
    done = subprocess.run(["gdb-multiarch", "-nx", "-batch", "-ex", f"x/32xb {function}", program],
                          stdout=subprocess.PIPE, check=True, text=True)
    return bytes(int(byte, 16) for byte in re.findall(r"\t0x([0-9a-f]{2})\b", done.stdout))


def test_server_dies():
    """fs dies under files that are open, mapped and dirty: what is in memory stays, all else is EIO."""
    program = debugger.build("user/fs/fs.elf")
    with share() as path:
        results, status, seen = debugger.under_gdb(
            DYING, "/test/file_faults_do server; /bin/echo alive", FS=program,
            CODE=code_of(program, "p9_fsync"), variables={"SHARE": path})
    text = seen.decode(errors="replace")
    assert results == ["fs is at work"] and status == 0, (results, status, text[-1000:])
    assert "not ok" not in text, re.findall("not ok.*", text)
    assert re.search(r"\ndone 14\s", text) and re.search(r"\salive\s", text) and "fs has died" in text, text
