# SPDX-License-Identifier: MIT
"""Ordinary C programs (posix_*.c) here and on the host: they must say the same."""
import difflib
import os
import signal
import subprocess
import tempfile

import octavo

TIMEOUT = 240


def lines_of(output):
    return output.decode(errors="backslashreplace").splitlines()


def plain_signals():
    """A job in the background ignores these, and so would all that it starts."""
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


def compare(name, stdin=b"", prepare=None, user=None, variables=None):
    """Builds the program for the host, runs both in folders of their own, which prepare(folder) has
    filled, and compares what they print. user: whom the host's is run as."""
    source = os.path.join(octavo.ROOT, "tests/guest", name + ".c")
    with tempfile.TemporaryDirectory(prefix="octavo-posix-") as folder:
        share, here = os.path.join(folder, "share"), os.path.join(folder, "here")
        os.makedirs(os.path.join(share, "here"))
        os.mkdir(here)
        os.chmod(folder, 0o755)
        for place in (os.path.join(share, "here"), here):
            if prepare:
                prepare(place)
        program = os.path.join(folder, name)
        subprocess.run(["cc", "-D_GNU_SOURCE", "-w", "-O1", "-I", octavo.ROOT, "-o", program,
                        source, "-lm"], check=True)
        environment = {"PATH": "/bin", "HOME": "/", "LC_ALL": "C"}
        host = subprocess.run([program], cwd=here, input=stdin, stdout=subprocess.PIPE, user=user,
                              stderr=subprocess.STDOUT, timeout=octavo.patience(60), env=environment, check=False,
                              preexec_fn=plain_signals)
        guest = octavo.run("/test/" + name + " 2>&1", {"SHARE": share, **(variables or {})},
                           seconds=200, stdin=stdin)
        difference = list(difflib.unified_diff(lines_of(host.stdout), lines_of(guest.out), "host", "guest",
                                               lineterm="", n=1))
        assert not difference, "\n".join(difference[:200]) + f"\nstatus {guest.status} {guest.why}"
        assert host.returncode == guest.status, (host.returncode, guest.status, guest.why)


def test_stdio():
    compare("posix_stdio")


def test_library():
    compare("posix_library", stdin=b"input\n")


def test_locks():
    compare("posix_locks")


def test_children():
    compare("posix_children", stdin=b"a line\n")


def test_signals():
    compare("signals")


def test_forks():
    compare("forks")


def test_execs():
    compare("execs")


def test_files():
    compare("posix_files")


def test_folders():
    compare("posix_folders")


def as_nobody():
    """QEMU's option to give up root: -runas, which 10.0 has no more, or -run-with user=."""
    qemu = octavo.VARIABLES.get("QEMU", "qemu-system-riscv64")
    text = subprocess.run([qemu, "-help"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          timeout=octavo.patience(60), check=False, text=True).stdout
    return "-runas nobody" if "\n-runas " in text else "-run-with user=nobody"


def test_refused():
    """As a user to whom the files do not belong."""
    if os.getuid() != 0:
        raise octavo.Skip("needs root, to be somebody else")

    def prepare(folder):
        for name in ("shut", "readonly", "unreadable", "open"):
            os.mkdir(os.path.join(folder, name))
        for name in ("f", "shut/f", "readonly/f", "unreadable/f", "open/other"):
            with open(os.path.join(folder, name), "w", encoding="ascii") as file:
                file.write("text")
            os.chmod(os.path.join(folder, name), 0o644)
        os.chmod(os.path.join(folder, "f"), 0)
        for name, mode in (("shut", 0), ("readonly", 0o755), ("unreadable", 0o711), ("open", 0o777)):
            os.chmod(os.path.join(folder, name), mode)

    compare("posix_refused", prepare=prepare, user="nobody", variables={"QEMU_EXTRA": as_nobody()})


def test_full():
    """A share of 256 KiB."""
    with tempfile.TemporaryDirectory(prefix="octavo-full-") as share:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "octavo", share],
                              stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            raise octavo.Skip("no tmpfs can be mounted here")
        try:
            guest = octavo.run("/test/posix_refused full 2>&1", {"SHARE": share}, seconds=100)
            lines = [line.partition(" ")[2] if line[:1].isdigit() else line for line in lines_of(guest.out)]
            assert guest.status == 0, (guest.status, lines)
            assert "ENOSPC" in lines[0] or lines[1] == "fsync -1 ENOSPC", lines
            assert lines[2] == "stream ENOSPC", lines
            assert [line.rpartition("=")[2].strip() for line in lines[3:]] == ["0", "0", "1", "0"], lines
            with open(os.path.join(share, "h"), encoding="ascii") as file:
                assert file.read() == "room again"
        finally:
            subprocess.run(["umount", share], check=True)
