# SPDX-License-Identifier: MIT
"""Open files: the guest program `files` in a share of its own, and what the host finds there afterwards."""
import contextlib
import os
import shutil
import tempfile

import octavo

TIMEOUT = 240


@contextlib.contextmanager
def share():
    path = tempfile.mkdtemp(prefix="octavo-files-")
    os.chmod(path, 0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


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
    with share() as path:
        run(path, "/test/files basic")
        nothing_hidden(path)
        assert open(path + "/five", "rb").read() == b"0123456789"


def test_hostile():
    with share() as path:
        run(path, "/test/files hostile")
        run(path, "/test/files many")
        data = open(path + "/hostile", "rb").read()
        assert data == b"\x07" * 4096, len(data)


def test_big():
    with share() as path:
        run(path, "/test/files big")
        assert os.path.getsize(path + "/big") == 10


def test_model():
    """What random calls left is on the host when the machine is off."""
    for smp in "1", "4":
        with share() as path:
            text = run(path, "/test/files model", SMP=smp)
            rows = [row.split() for row in text.splitlines() if row.startswith("sum ")]
            assert len(rows) == 3, text
            for _, name, size, value in rows:
                data = open(path + name, "rb").read()
                assert (len(data), total(data)) == (int(size), int(value)), name


def test_host_edits():
    """What the host writes is seen at the next open: also the same size within the same second."""
    with share() as path:
        with octavo.Machine({"SHARE": path, "TESTS": "1"}) as guest:
            guest.expect(octavo.PROMPT)
            for text in b"first", b"again", b"other length", b"first":
                with open(path + "/edited", "wb") as file:
                    file.write(text)
                guest.send(f"/test/files check /edited {total(text)}\n".encode())
                guest.expect(rb"ok open\s+ok end\s+ok size\s+ok sum\s")
                guest.expect(rb"done 4")
                guest.expect(octavo.PROMPT)
