# SPDX-License-Identifier: MIT
"""source.py - what the tools that read the source agree on: which files are source, how their lines
are counted, what an #include names. It runs from the top of the tree and judges nothing."""
import os
import re


def is_source(path):
    name = os.path.basename(path)
    if "__pycache__" in path:
        return False
    return name.endswith((".c", ".h", ".S", ".ld", ".py", ".sh", ".mk")) or "." not in name


def is_c(path):
    return path.endswith((".c", ".h", ".S", ".ld"))


def code_lines(path):
    """Lines that are neither blank nor wholly comment; in Python, docstrings count as comment."""
    with open(path, encoding="utf-8", errors="replace") as source:
        text = source.read()
    if is_c(path):
        text = without_c_comments(text)
    elif path.endswith(".py") or text.startswith("#!/usr/bin/env python3"):
        text = re.sub(r'^\s*"""(?:.|\n)*?"""', "", text, flags=re.MULTILINE)
        text = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
    else:
        text = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
    return sum(1 for line in text.splitlines() if line.strip())


def without_c_comments(text):
    token = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|//[^\n]*|/\*.*?\*/', re.DOTALL)
    return token.sub(lambda m: m[0] if m[0][0] in "\"'" else "\n" * m[0].count("\n") or " ", text)


def includes(path):
    """(line number, spelling, file of this tree or None) of each #include."""
    with open(path, encoding="utf-8", errors="replace") as source:
        for number, line in enumerate(source, 1):
            match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if match:
                yield number, match[2], resolve(path, match[1], match[2])


def resolve(path, quote, spelling):
    places = ["", "kernel/include/", "user/include/", "user/pager/evict/"]
    if quote == '"':
        places.insert(0, os.path.dirname(path) + "/")
    for place in places:
        candidate = os.path.normpath(place + spelling)
        if os.path.isfile(candidate):
            return candidate
    return None
