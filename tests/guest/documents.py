# SPDX-License-Identifier: MIT
"""The documents against the tree: what is generated is up to date, and every file that is named exists.
(That the functions of a fault are hit in the documented order is in debugger.py.)"""
import glob
import os
import re
import subprocess

import octavo

PATH = re.compile(r"(?<![\w/.-])((?:kernel|mm|sbi|user|tests|docs)/[\w./*-]*\w)")
MADE = ("docs/pictures",)  # by make plot


def documents():
    return sorted(glob.glob(os.path.join(octavo.ROOT, "docs/*.md"))) + [
        os.path.join(octavo.ROOT, "README.md")]


def test_abi_is_up_to_date():
    done = subprocess.run([os.path.join(octavo.ROOT, "tests/tools/mkabi.py"), "--check"],
                          stdout=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stdout


def test_named_files_exist():
    missing = []
    for document in documents():
        with open(document, encoding="utf-8") as text:
            for path in PATH.findall(text.read()):
                if not path.startswith(MADE) and not glob.glob(os.path.join(octavo.ROOT, path)):
                    missing.append(f"{os.path.basename(document)}: {path}")
    assert not missing, missing


def test_links_exist():
    missing = []
    for document in documents():
        with open(document, encoding="utf-8") as text:
            for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text.read()):
                if not target.startswith("http") and not target.startswith("pictures/") and not \
                        os.path.exists(os.path.join(os.path.dirname(document), target)):
                    missing.append(f"{os.path.basename(document)}: {target}")
    assert not missing, missing
