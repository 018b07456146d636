# SPDX-License-Identifier: MIT
"""Lua 5.4 from Debian's source, built unchanged with the SDK: tests/lua/*.lua give what the host's
lua5.4 gives, byte for byte. Scripts come through standard input, one boot each.

What a script must not print: addresses, times, random numbers without a seed, the name of the program.
"""
import glob
import os
import re
import shutil
import subprocess

import octavo

TIMEOUT = 240
SCRIPTS = sorted(glob.glob(os.path.join(octavo.ROOT, "tests/lua/*.lua")))
SETTINGS = {name: value for name, value in octavo.VARIABLES.items() if name != "TESTS"}


def port():
    """make port-lua; returns where it is."""
    try:
        octavo.make(SETTINGS, "port-lua")
    except octavo.NotBuilt as failure:
        why = re.search(r"^port lua: (cannot fetch.*|needs apt-get.*)$", str(failure), re.MULTILINE)
        if why:
            raise octavo.Skip(why[1])
        raise
    return os.path.join(octavo.build_folder()[0], "root/bin/lua")


def test_source_is_unchanged():
    port()
    folder = os.path.join(octavo.build_folder()[0], "ports/lua")
    with open(folder + "/sums.before", encoding="utf-8") as text:
        before = text.read()
    with open(folder + "/sums.after", encoding="utf-8") as text:
        assert text.read() == before
    now = subprocess.run(["sha256sum", "-c", "--quiet", folder + "/sums.before"],
                         cwd=folder + "/source", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert now.returncode == 0, now.stdout
    assert len(re.findall(r"src/l\w+\.[ch]$", before, re.MULTILINE)) > 50


def same(script, variables):
    with open(script, "rb") as source:
        text = source.read()
    wanted = subprocess.run(["lua5.4", "-"], input=text, stdout=subprocess.PIPE, check=False,
                            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"})
    got = octavo.run("lua -", variables, stdin=text, seconds=60)
    print(f"--- {script}: {got.status} {got.why}\n{got.err.decode(errors='replace')}")
    for line, other in zip(wanted.stdout.splitlines(), got.out.splitlines()):
        if line != other:
            print(f"host  {line[:300]!r}\nguest {other[:300]!r}")
    return (got.out, got.status) == (wanted.stdout, wanted.returncode)


def test_scripts():
    if not shutil.which("lua5.4"):
        raise octavo.Skip("the host has no lua5.4 to compare with")
    assert len(SCRIPTS) >= 20
    differ = []
    with octavo.archive_with([port()]) as variables:
        for script in SCRIPTS:
            if not same(script, variables):
                differ.append(os.path.basename(script))
    assert not differ, differ
