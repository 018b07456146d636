#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mutants.py - break the source on purpose, one line at a time, and see that a test notices.

What it is for: a test that cannot fail proves nothing. Each mutant of tests/mutants/*.txt is put into
a copy of the tree (build/mutants/tree), the test it names is run there, and must turn red: it
must build, and the named test must fail, time out or panic. What it must not do: touch this tree.

A mutant is a block of lines, blocks are separated by blank lines, # begins a comment line:

    mutant: buddy-keeps-halves          its name
    file: mm/buddy.c
    find: order + 1 < BUDDY_ORDERS      text that occurs in exactly one line of the file
    with: order + 1 < 1                 what takes its place in that line
    test: host/buddy                    what run-tests -k is given; before the mutants, all these
                                        tests are run once on the unbroken copy and must pass
    set: SMP=4                          optional: more variables for run-tests

Usage: mutants.py [-k NAME]    Last line: N passed, N failed. (passed = noticed)
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import time

import octavo

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
TREE = os.path.join(BUILD, "mutants", "tree")
SECONDS = 600
KEYS = {"mutant", "file", "find", "with", "test", "set"}


class Wrong(Exception):
    """A mutant that does not fit the source (any more)."""


def read_lists():
    mutants = []
    for path in sorted(glob.glob(os.path.join(ROOT, "tests/mutants/*.txt"))):
        with open(path, encoding="utf-8") as source:
            text = re.sub(r"^#.*\n", "", source.read(), flags=re.MULTILINE)
        for block in re.split(r"\n\s*\n", text.strip()):
            mutant = {"set": ""}
            for line in block.splitlines():
                key, _, value = line.partition(":")
                if key not in KEYS:
                    sys.exit(f"{path}: {line!r}: one of {sorted(KEYS)} and a colon is wanted")
                mutant[key] = value.removeprefix(" ")
            if not {"mutant", "file", "find", "with", "test"} <= mutant.keys():
                sys.exit(f"{path}: incomplete: {block!r}")
            mutants.append(mutant)
    return mutants


def check(problems):
    """For make check: mutants that do not fit the source any more, or whose names are taken."""
    names = set()
    for mutant in read_lists():
        name = mutant["mutant"]
        try:
            mutated(mutant, ROOT)
        except Wrong as error:
            problems.append(f"mutant {name}: {error}")
        if name in names:
            problems.append(f"mutant {name}: the name is taken")
        names.add(name)


def copy_tree():
    """The files git knows or would add, as they are now; objects of an earlier copy stay valid."""
    listing = subprocess.run(["git", "ls-files", "-z", "-c", "-o", "--exclude-standard"], cwd=ROOT,
                             stdout=subprocess.PIPE, check=True).stdout.decode()
    wanted = {name for name in listing.split("\0") if name and os.path.exists(f"{ROOT}/{name}")}
    for folder, _, names in os.walk(TREE):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), TREE)
            if not path.startswith("build/") and path not in wanted:
                os.remove(os.path.join(TREE, path))
    for name in wanted:
        source, target = os.path.join(ROOT, name), os.path.join(TREE, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if not same(source, target):
            shutil.copy(source, target)


def same(a, b):
    if not os.path.exists(b):
        return False
    with open(a, "rb") as first, open(b, "rb") as second:
        return first.read() == second.read()


def run_tests(test, settings):
    """(exit status, output) of run-tests in the copy."""
    environment = octavo.clean_environment("BUILD")
    try:
        done = subprocess.run(["tests/tools/run-tests", "-k", test, *settings.split()], cwd=TREE,
                              env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=SECONDS)
        return done.returncode, done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired as late:
        return 1, (late.stdout or b"").decode(errors="replace") + "\nnot ok time-out\n0 passed, 1 failed"


def mutated(mutant, tree=TREE):
    """(path in that tree, source, broken source)."""
    path = os.path.join(tree, mutant["file"])
    try:
        with open(path, encoding="utf-8") as source:
            text = source.read()
    except OSError as error:
        raise Wrong(f"{mutant['file']}: {error.strerror}") from error
    if text.count(mutant["find"]) != 1:
        raise Wrong(f"{mutant['file']} has {text.count(mutant['find'])} times {mutant['find']!r}")
    return path, text, text.replace(mutant["find"], mutant["with"])


def write(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def try_mutant(mutant):
    """None when the test noticed, else why not."""
    path, text, broken = mutated(mutant)
    write(path, broken)
    try:
        status, output = run_tests(mutant["test"], mutant["set"])
    finally:
        write(path, text)
    if "not ok build" in output or "Makefile:" in output and "Error" in output:
        return "does not build:\n" + output[-600:]
    if status == 0:
        return f"survived: {mutant['test']} still passes"
    if not re.search(r"^\d+ passed, [1-9]", output, re.MULTILINE):
        return "no test failed:\n" + output[-600:]
    return None


def main():
    if len(sys.argv) not in (1, 3) or sys.argv[1:2] not in ([], ["-k"]):
        sys.exit(__doc__)
    name_filter = sys.argv[2] if len(sys.argv) == 3 else ""
    mutants = [m for m in read_lists() if name_filter in m["mutant"]]
    if not mutants:
        sys.exit(f"mutants: none is called {name_filter!r}")
    copy_tree()
    for test, settings in sorted({(m["test"], m["set"]) for m in mutants}):
        status, output = run_tests(test, settings)
        if status != 0:
            print(output[-3000:])
            print(f"mutants: {test} fails without any mutant")
            print("0 passed, 1 failed")
            return 1
    passed = failed = 0
    for mutant in mutants:
        began = time.monotonic()
        try:
            why = try_mutant(mutant)
        except Wrong as error:
            why = str(error)
        passed, failed = passed + (not why), failed + bool(why)
        line = f"{'not ok' if why else 'ok    '} mutant/{mutant['mutant']}"
        print(line + (f": {why}" if why else f" ({mutant['test']}, {time.monotonic() - began:.0f} s)"),
              flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
