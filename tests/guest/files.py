# SPDX-License-Identifier: MIT
"""Open files: the guest program `files` in a share of its own, and what the host finds there afterwards."""
import os
import shutil
import subprocess

import octavo

TIMEOUT = 240


def run(path, line, **variables):
    """Runs one line; its output, after every check in it was right."""
    done = octavo.run(line, {"SHARE": path, "TESTS": "1", **variables}, seconds=120)
    text = done.out.decode(errors="replace")
    assert done.status == 0, (line, done.status, done.why, text[-500:], done.kernel[-500:])
    wrong = [row for row in text.splitlines() if row.startswith("not ok")]
    assert not wrong, (line, wrong)
    assert f"done {text.count('ok ')}" in text, (line, text[-300:])
    return text


def total(data):
    value = 0
    for byte in data:
        value = (value * 31 + byte) & 0xffffffff
    return value


def nothing_hidden(path):
    left = [name for name in os.listdir(path) if name.startswith(".octavo")]
    assert not left, left


def test_calls():
    with octavo.folder() as path:
        run(path, "/test/files basic")
        nothing_hidden(path)
        assert open(path + "/five", "rb").read() == b"0123456789"


def test_hostile():
    with octavo.folder() as path:
        run(path, "/test/files hostile")
        run(path, "/test/files many")
        data = open(path + "/hostile", "rb").read()
        assert data == b"\x07" * 4096, len(data)


def test_big():
    with octavo.folder() as path:
        run(path, "/test/files big")
        assert os.path.getsize(path + "/big") == 10


def test_mappings():
    with octavo.folder() as path:
        run(path, "/test/file_maps map")
        nothing_hidden(path)
        data = open(path + "/mapped", "rb").read()
        assert len(data) == 35000 and data[34000:34001] == b"L" and data[:3] == b"two", len(data)
        assert data[20000:34000] == bytes(14000), "what was beyond the end"
        assert data[5000:5003] == b"MWN", "written again after msync"


def test_beyond_the_end():
    with octavo.folder() as path:
        done = octavo.run("/test/file_maps beyond; echo $?", {"SHARE": path, "TESTS": "1"})
        assert done.out == b"still here\n138\n", done.out  # 128 + SIGBUS
        data = open(path + "/beyond", "rb").read()
        assert data == bytes(99) + b"\x01", data


def built(program):
    """A program of the archive, as a file."""
    folder = octavo.VARIABLES.get("BUILD", "build")
    if octavo.VARIABLES.get("DEBUG") == "0":
        folder += "/release"
    return os.path.join(octavo.ROOT, folder, "strip", program)


def test_programs():
    """Programs are files; one that is replaced on the host is a new one at the next start."""
    with octavo.folder() as path:
        os.mkdir(path + "/own")
        with octavo.Machine({"SHARE": path, "TESTS": "1"}) as guest:
            guest.expect(octavo.PROMPT)
            for program, status in ("true", 0), ("false", 1), ("true", 0):
                shutil.copy(built("user/bin/" + program), path + "/own/prog")
                os.chmod(path + "/own/prog", 0o755)
                guest.send(b"/own/prog; echo status $?\n")
                guest.expect(rb"status %d\r?\n" % status)
            os.chmod(path + "/own/prog", 0o644)
            guest.send(b"/own/prog; echo status $?\n")
            guest.expect(rb"status 126\r?\n")
            with open(path + "/own/prog", "wb") as file:
                file.write(b"\x7fELF but not really" * 100)
            os.chmod(path + "/own/prog", 0o755)
            guest.send(b"/own/prog; echo status $?\n")
            guest.expect(rb"status 12[67]\r?\n")


def test_model():
    """What random calls left is on the host when the machine is off."""
    for smp in "1", "4":
        with octavo.folder() as path:
            text = run(path, "/test/files model", SMP=smp)
            rows = [row.split() for row in text.splitlines() if row.startswith("sum ")]
            assert len(rows) == 3, text
            for _, name, size, value in rows:
                data = open(path + name, "rb").read()
                assert (len(data), total(data)) == (int(size), int(value)), name


def test_advice():
    """What madvise does for files, counted."""
    with octavo.folder() as path:
        for name in "abcd":
            with open(f"{path}/{name}", "wb") as file:
                file.write(bytes(96 * 4096))
        run(path, "/test/read_ahead_do")


def test_full():
    """ENOSPC comes with a later write and with fsync, and goes when there is room again."""
    with octavo.folder() as path:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "octavo", path],
                              stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            raise octavo.Skip("no tmpfs can be mounted here")
        try:
            run(path, "/test/files full")
            data = open(path + "/full", "rb").read()
            assert len(data) == 5004 and data[5000:] == b"fits" and data[4096:5000] == bytes(904)
        finally:
            subprocess.run(["umount", path], check=True)


def test_share_removed():
    with octavo.folder() as path:
        with octavo.Machine({"SHARE": path, "TESTS": "1"}) as guest:
            guest.expect(octavo.PROMPT)
            guest.send(b"/test/files orphaned\n")
            guest.expect(rb"ready\r?\n")
            shutil.rmtree(path)
            output = guest.expect(rb"ready[\s\S]*done (\d+)|ok [\s\S]*?done (\d+)", 60)
            assert b"not ok" not in output.group(), output.group()
        os.mkdir(path)


def test_power_off():
    """What a program that is killed by the end of the machine has written a moment before is there, too."""
    for line in "/test/files held", "/test/files held; poweroff":
        with octavo.folder() as path:
            octavo.run(line, {"SHARE": path, "TESTS": "1"}, seconds=60)
            data = open(path + "/held", "rb").read()
            assert data == b"mapped" + bytes(199994) + b"written", (line, len(data))


def test_host_edits():
    """What the host writes is seen at the next open: also the same size within the same second."""
    with octavo.folder() as path:
        with octavo.Machine({"SHARE": path, "TESTS": "1"}) as guest:
            guest.expect(octavo.PROMPT)
            for text in b"first", b"again", b"other length", b"first":
                with open(path + "/edited", "wb") as file:
                    file.write(text)
                guest.send(f"/test/files check /edited {total(text)}\n".encode())
                guest.expect(rb"ok open\s+ok end\s+ok size\s+ok sum\s")
                guest.expect(rb"done 4")
                guest.expect(octavo.PROMPT)
