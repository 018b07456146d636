# SPDX-License-Identifier: MIT
"""The programs of user/demo that have to do with mapped files and copied memory."""
import os
import re
import tempfile

import octavo

TIMEOUT = 200
KIB = 1024


def share():
    return tempfile.TemporaryDirectory(prefix="octavo-demo-")


def test_mapread(smp):
    """Nothing is copied through a mapping, and a page of it costs at most a fault."""
    with share() as folder:
        data = bytes(range(256)) * 4096
        with open(os.path.join(folder, "data"), "wb") as file:
            file.write(data + b"tail")
        result = octavo.run("mapread; mapread /data", {"SHARE": folder, "SMP": smp}, seconds=90)
    rows = re.findall(r"^(.{22}) +(\d+) bytes copied +(\d+) calls +(-?\d+) minor +(-?\d+) major",
                      result.out.decode(), re.MULTILINE)
    assert result.status == 0 and len(rows) == 8, (result.status, result.out, result.err)
    for size, part in ((4 << 20, rows[:4]), (len(data) + 4, rows[4:])):
        for name, copied, calls, minor, major in part:
            mapped = name.startswith("mapping")
            assert int(copied) == (0 if mapped else size), (name, copied, size)
            faults = int(minor) + int(major)
            assert not mapped or 0 < faults <= size // 4096 + 16, (name, faults)
    assert result.out.count(b"the same each time") == 2, result.out


def test_sparse(smp):
    """Three pages of a gigabyte: the host reads next to nothing."""
    def read_by_host(guest):
        with open(f"/proc/{guest.process.pid}/io", encoding="ascii") as text:
            return int(re.search(r"rchar: (\d+)", text.read())[1])

    with share() as folder, octavo.boot({"SHARE": folder, "SMP": smp}) as guest:
        guest.send("ls / > /dev/null; echo read''y\r")
        guest.expect(r"\r\nready\r")
        before = read_by_host(guest)
        guest.send("sparse; echo stat''us-$?\r")
        guest.expect(r"0K resident")
        guest.expect(r"two of zeros, and the word")
        guest.expect(r"12K resident")
        guest.expect(r"status-0")
        taken = read_by_host(guest) - before
        assert taken < 256 * KIB, f"{taken} bytes were read on the host"


RECORDS = "".join(f"{chr(97 + i)}{chr(65 + i)}{i} {20 + i}\r\n" for i in range(10))
AS_STORED = b"".join(bytes((97 + i, 65 + i, 48 + i, 0)) + (20 + i).to_bytes(4, "little")
                     for i in range(10))


def test_records():
    """What writer stores through its pointer is seen by reader at once, after a restart, and on the
    host."""
    def read(guest):
        guest.send("reader; echo stat''us-$?\r")
        guest.expect(re.escape(RECORDS) + "status-0\r")
        guest.expect(octavo.PROMPT)

    with share() as folder:
        with octavo.boot({"SHARE": folder}) as guest:
            guest.send("writer /tmp/records 4 &\r")
            guest.expect(r"10 records are in the mapping")
            read(guest)
            guest.expect(r"writer: unmapped", 30)
            guest.send("\r")
            read(guest)
            guest.send("reboot\r")
            guest.wait(30)
        with open(os.path.join(folder, "tmp/records"), "rb") as file:
            stored = file.read()
        assert stored == AS_STORED, stored
        with octavo.boot({"SHARE": folder}) as guest:
            read(guest)


def test_fork_and_barrier(smp):
    """Shared and private counters; pages noted by their first store."""
    result = octavo.run("counters && barrier && barrier 100", {"SMP": smp}, seconds=90)
    assert result.status == 0, (result.status, result.out, result.err)
    for line in (b"child:  private counter 20005\n", b"parent: private counter 10005\n",
                 b"both:   shared counter  30000\n"):
        assert line in result.out, result.out
    assert len(re.findall(rb"faults, 0 pages noted wrongly\n", result.out)) == 2, result.out
