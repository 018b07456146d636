# SPDX-License-Identifier: MIT
"""Lua 5.4 from Debian's source, built unchanged with the SDK: tests/lua/*.lua give what the host's
lua5.4 gives, byte for byte. Scripts come through standard input, one boot each; those in tests/lua/files
lie in the share, and what they leave there is compared too.

What a script must not print: addresses, times, random numbers without a seed, the name of the program.
"""
import glob
import hashlib
import os
import re
import shutil
import subprocess
import tempfile

import octavo

TIMEOUT = 240
SCRIPTS = sorted(glob.glob(os.path.join(octavo.ROOT, "tests/lua/*.lua")))
FILE_SCRIPTS = sorted(glob.glob(os.path.join(octavo.ROOT, "tests/lua/files/*.lua")))


def port():
    """make port-lua; returns where it is."""
    octavo.port("lua")
    return os.path.join(octavo.build_folder()[0], "root/bin/lua")


def test_source_is_unchanged():
    port()
    folder = os.path.join(octavo.build_folder()[0], "ports/lua")
    with open(folder + "/sums.before", encoding="utf-8") as text:
        before = text.read()
    with open(folder + "/sums.after", encoding="utf-8") as text:
        assert text.read() == before
    for line in before.splitlines():
        total, name = line.split(None, 1)
        with open(os.path.join(folder, "source", name), "rb") as source:
            assert hashlib.sha256(source.read()).hexdigest() == total, name
    assert len(re.findall(r"src/l\w+\.[ch]$", before, re.MULTILINE)) > 50


def tell(script, wanted, got):
    """Whether both gave the same; if not, prints where."""
    print(f"--- {script}: {got.status} {got.why}\n{got.err.decode(errors='replace')}")
    lines, others = wanted.stdout.splitlines(), got.out.splitlines()
    for line, other in zip(lines, others):
        if line != other:
            print(f"host  {line[:300]!r}\nguest {other[:300]!r}")
    if len(lines) != len(others):
        print(f"host  {len(lines)} lines, guest {len(others)}")
    return (got.out, got.status) == (wanted.stdout, wanted.returncode)


def on_host(words, **more):
    return subprocess.run(["lua5.4", *words], stdout=subprocess.PIPE, check=False,
                          env={**os.environ, "LC_ALL": "C", "TZ": "UTC"}, **more)


def same(script, variables):
    with open(script, "rb") as source:
        text = source.read()
    wanted = on_host(["-"], input=text)
    return tell(script, wanted, octavo.run("lua -", variables, stdin=text, seconds=60))


def contents(folder):
    found = {}
    for name in os.listdir(folder.encode()):
        if name == b"tmp":
            continue
        with open(os.path.join(folder.encode(), name), "rb") as file:
            found[name] = file.read()
    return found


def same_files(script, variables):
    with tempfile.TemporaryDirectory(prefix="octavo-host-") as host, \
            tempfile.TemporaryDirectory(prefix="octavo-share-") as share:
        for folder in (host, share):
            shutil.copy(script, folder + "/script.lua")
            os.mkdir(folder + "/tmp")
        wanted = on_host(["script.lua"], cwd=host)
        good = tell(script, wanted, octavo.run("lua script.lua", {**variables, "SHARE": share}, seconds=90))
        left, other = contents(host), contents(share)
        for name in left.keys() | other.keys():
            if left.get(name) != other.get(name):
                print(f"differs: {name!r}, {len(left.get(name, ''))} and {len(other.get(name, ''))} bytes")
        return good and left == other


def compare(scripts, how):
    if not shutil.which("lua5.4"):
        raise octavo.Skip("the host has no lua5.4 to compare with")
    with octavo.archive_with([port()]) as variables:
        differ = [os.path.basename(script) for script in scripts if not how(script, variables)]
    assert not differ, differ


def test_scripts():
    assert len(SCRIPTS) >= 20
    compare(SCRIPTS, same)


def test_scripts_with_files():
    assert len(FILE_SCRIPTS) >= 9
    compare(FILE_SCRIPTS, same_files)


test_scripts_with_files.TIMEOUT = 480
