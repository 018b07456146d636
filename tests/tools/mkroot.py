#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mkroot.py - put the programs into the folder that the guest sees as its root.

What it is for: build/root becomes a root to work in, with bin, demo, bench, etc, home, tmp. What it must
not do: touch what is not its own. A program there that is not what was put there last time is somebody's,
and stays (a line says so). What is named by --mine is put there whatever is there, and then is
somebody's. One that is not wanted any more is removed. A program is replaced by renaming, so a guest that runs the old one goes on with it.

Usage: mkroot.py ROOT LIST [--mine NAME]... NAME=FILE...      (LIST: what was put there; made here)
"""
import hashlib
import os
import sys

FOLDERS = {"bin": 0o755, "etc": 0o755, "home": 0o755, "tmp": 0o1777}


def digest(path):
    try:
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return "unreadable"


def read_list(path):
    try:
        with open(path, encoding="utf-8") as text:
            return {name: sum_ for sum_, name in (line.rstrip("\n").split("  ", 1) for line in text)}
    except FileNotFoundError:
        return {}


def install(source, target):
    temporary = f"{target}.{os.getpid()}.new"
    with open(source, "rb") as file:
        data = file.read()
    with open(temporary, "wb") as out:
        out.write(data)
    os.chmod(temporary, 0o755)
    os.replace(temporary, target)


def make_folders(root, names):
    for name in names:
        path = os.path.join(root, name)
        if not os.path.isdir(path):
            os.makedirs(path)
            os.chmod(path, FOLDERS.get(name, 0o755))


def main():
    root, list_path, *words = sys.argv[1:]
    mine = {words[i + 1] for i, word in enumerate(words) if word == "--mine"}
    wanted = dict(word.split("=", 1) for word in words if "=" in word)
    before, now = read_list(list_path), {}
    make_folders(root, [*FOLDERS, *{os.path.dirname(name) for name in wanted}])
    for name, source in wanted.items():
        target = os.path.join(root, name)
        new, there = digest(source), digest(target)
        if new is None:
            sys.exit(f"mkroot: {source}: No such file")
        if there not in (None, new, before.get(name)) and name not in mine:
            print(f"  KEEP    {target}: not what make put there; remove it to have Octavo's",
                  file=sys.stderr)
            if name in before:
                now[name] = before[name]
            continue
        if there != new:
            install(source, target)
        if name not in mine:
            now[name] = new
    for name in before.keys() - wanted.keys():
        target = os.path.join(root, name)
        if digest(target) == before[name]:
            os.unlink(target)
    with open(f"{list_path}.{os.getpid()}", "w", encoding="utf-8") as out:
        out.writelines(f"{sum_}  {name}\n" for name, sum_ in sorted(now.items()))
    os.replace(out.name, list_path)


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        sys.exit(f"mkroot: {error}")
