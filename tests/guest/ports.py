# SPDX-License-Identifier: MIT
"""The other ports: built unchanged, and their work in the guest is what the host's own programs make of it."""
import bz2
import gzip
import os
import shutil
import subprocess
import tempfile

import octavo

TIMEOUT = 400
TEXT = "".join(f"{n} {n * n % 977} {'octavo' * (n % 5)}\n" for n in range(20000)).encode()
AWK = r"""{ sum[$2 % 7] += $1; text = text substr($3, 1, 2) }
END { for (i = 0; i < 7; i++) printf "%d %d %.3f\n", i, sum[i], sum[i] / NR; print length(text), toupper("ends") }
"""


def in_guest(program, line, share):
    os.makedirs(share + "/bin")
    shutil.copy(os.path.join(octavo.build_folder()[0], "root/bin", program), share + "/bin")
    with open(share + "/text", "wb") as out:
        out.write(TEXT)
    done = octavo.run(line, {"SHARE": share}, seconds=90)
    assert done.status == 0, (done.status, done.why, done.out, done.err)
    return done.out


def read(path):
    with open(path, "rb") as file:
        return file.read()


def test_bzip2():
    octavo.port("bzip2")
    with tempfile.TemporaryDirectory() as share:
        in_guest("bzip2", "bzip2 -k text && bzip2 -t text.bz2 && bzip2 -dc text.bz2 > again", share)
        assert read(share + "/again") == TEXT == bz2.decompress(read(share + "/text.bz2"))


def test_zlib():
    octavo.port("zlib")
    with tempfile.TemporaryDirectory() as share:
        in_guest("minigzip", "minigzip < text > text.gz && minigzip -d < text.gz > again", share)
        assert read(share + "/again") == TEXT == gzip.decompress(read(share + "/text.gz"))


def test_mawk():
    octavo.port("mawk")
    if not shutil.which("mawk"):
        raise octavo.Skip("the host has no mawk to compare with")
    with tempfile.TemporaryDirectory() as share:
        with open(share + "/script", "w", encoding="ascii") as out:
            out.write(AWK)
        found = in_guest("mawk", "mawk -f script text", share)
        wanted = subprocess.run(["mawk", "-f", "script", "text"], cwd=share, stdout=subprocess.PIPE, check=True)
        assert found == wanted.stdout and len(found) > 50, (found, wanted.stdout)
