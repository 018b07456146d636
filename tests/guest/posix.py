# SPDX-License-Identifier: MIT
"""Ordinary C programs (posix_*.c) here and on the host: they must say the same."""
import difflib
import os
import subprocess
import tempfile

import octavo

TIMEOUT = 240


def compare(name, stdin=b"", variables=None):
    """Builds the program for the host, runs both in empty folders below /, and compares what they print."""
    source = os.path.join(octavo.ROOT, "tests/guest", name + ".c")
    with tempfile.TemporaryDirectory(prefix="octavo-posix-") as folder:
        share, here = os.path.join(folder, "share"), os.path.join(folder, "here")
        os.makedirs(os.path.join(share, "here"))
        os.mkdir(here)
        os.chmod(folder, 0o755)
        program = os.path.join(folder, name)
        subprocess.run(["cc", "-D_GNU_SOURCE", "-w", "-O1", "-o", program, source, "-lm"], check=True)
        environment = {"PATH": "/bin", "HOME": "/", "LC_ALL": "C"}
        host = subprocess.run([program], cwd=here, input=stdin, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=60, env=environment, check=False)
        guest = octavo.run("/test/" + name + " 2>&1", {"SHARE": share, **(variables or {})},
                           seconds=200, stdin=stdin)
        lines = [out.decode(errors="backslashreplace").splitlines() for out in (host.stdout, guest.out)]
        difference = list(difflib.unified_diff(*lines, "host", "guest", lineterm="", n=1))
        assert not difference, "\n".join(difference[:200]) + f"\nstatus {guest.status} {guest.why}"
        assert host.returncode == guest.status, (host.returncode, guest.status, guest.why)


def test_stdio():
    compare("posix_stdio")


def test_library():
    compare("posix_library", stdin=b"input\n")


def test_files():
    compare("posix_files")
