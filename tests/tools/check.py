#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check.py - what holds for the source as a whole; what `make check` runs.

Counts lines of code (neither blank nor only comment) against the budgets of the design; finds
include cycles, user headers in S-mode files, S-mode files of mm/ that know of the kernel, headers
that do not compile alone, files without a licence line, mutants that do not fit the source any more, and
unformatted code where clang-format is installed; rooms.py looks at who calls whom, names.py at what the library needs of picolibc. Prints a table and what is wrong; exit status 1 when something is.
"""
import glob
import os
import re
import shutil
import subprocess
import sys

import mutants
import names
import rooms
from source import code_lines, includes, is_source

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FILE_LINES = 600
BUDGETS = "docs/budgets.md"

# area: (glob patterns, patterns that do not belong, budget of the whole, budget of each file)
AREAS = {
    "S-mode (kernel, mm, sbi)": (["kernel/**", "mm/**", "sbi/**"], [], 5000, FILE_LINES),
    "pager": (["user/pager/**"], ["user/pager/evict/policy/*"], 4000, FILE_LINES),
    "policies": (["user/pager/evict/policy/*"], [], None, 200),
    "other servers": (["user/{server}/**"], [], None, FILE_LINES),
    "system, posix, include": (["user/lib/system/**", "user/lib/posix/**", "user/include/**"], [], 7500, FILE_LINES),
    "mends": (["user/lib/mends/**"], [], 2000, FILE_LINES),
    "the rest of user/lib": (["user/lib/server/**", "user/lib/tool/**", "user/lib/binmalloc/**"], [], None, FILE_LINES),
    "programs": (["user/bin/**", "user/demo/**", "user/bench/**", "user/pagers/**"], [], None, FILE_LINES),
    "tests": (["tests/**"], ["tests/tools/*"], None, FILE_LINES),
    "tools": (["tests/tools/*", "sdk/*", "ports/*", "Makefile", "*.mk", ".ci/run"], [], None, FILE_LINES),
}
NOT_SERVERS = {"lib", "include", "pager", "pagers", "bin", "demo", "bench"}
S_MODE = ("kernel/", "mm/", "sbi/")


def files_of(patterns, without):
    servers = [name for name in sorted(os.listdir("user")) if name not in NOT_SERVERS] \
        if os.path.isdir("user") else []
    found = set()
    for pattern in patterns:
        for server in servers if "{server}" in pattern else [""]:
            found.update(glob.glob(pattern.replace("{server}", server), recursive=True))
    for pattern in without:
        found.difference_update(glob.glob(pattern, recursive=True))
    return sorted(path for path in found if os.path.isfile(path) and is_source(path))


def accepted_budgets():
    """Areas that have crossed their budget, and how far that is accepted: rows of a table in docs/."""
    with open(BUDGETS, encoding="utf-8") as text:
        rows = re.findall(r"^\| ([^|]+?) \| ([\d,]+) \| ([\d,]+) \|", text.read(), re.M)
    return {area: int(limit.replace(",", "")) for area, _, limit in rows}


def check_budgets(problems):
    accepted = accepted_budgets()
    print(f"{'area':<28} {'files':>5} {'lines':>6} {'budget':>6}  largest file")
    for area, (patterns, without, budget, each) in AREAS.items():
        counts = {path: code_lines(path) for path in files_of(patterns, without)}
        total = sum(counts.values())
        largest = max(counts, key=counts.get, default="")
        print(f"{area:<28} {len(counts):>5} {total:>6} {budget or '':>6}  {largest}"
              + (f" {counts[largest]}" if largest else ""))
        limit = accepted.get(area, budget)
        if budget and total > limit:
            problems.append(f"{area}: {total} lines of code, budget {budget}, "
                            f"accepted in {BUDGETS} {limit}")
        problems += [f"{path}: {lines} lines of code, at most {each}"
                     for path, lines in counts.items() if lines > each]


def check_includes(problems):
    paths = [path for path in glob.glob("**/*.[chS]", recursive=True) if not path.startswith("build")]
    graph = {path: [] for path in paths}
    for path in paths:
        for number, spelling, target in includes(path):
            if target:
                graph[path].append(target)
            where = f"{path}:{number}: includes {spelling}"
            if path.startswith(S_MODE) and (target or spelling).startswith("user/"):
                problems.append(f"{where}: S-mode knows no user header but <abi/...>")
            if path.startswith("mm/") and target and target.startswith("kernel/") \
                    and not target.startswith("kernel/include/abi/"):
                problems.append(f"{where}: mm/ knows nothing of the kernel")
            if path.startswith("user/") and target and target.startswith(S_MODE) \
                    and not target.startswith("kernel/include/abi/"):
                problems.append(f"{where}: of S-mode, user code shares only <abi/...>")
    check_cycles(graph, problems)


def check_cycles(graph, problems):
    state = {}

    def visit(path, trail):
        state[path] = "open"
        for target in graph.get(path, []):
            if state.get(target) == "open":
                loop = trail[trail.index(target):] if target in trail else [path]
                problems.append("include cycle: " + " -> ".join(loop + [target]))
            elif target not in state:
                visit(target, trail + [target])
        state[path] = "done"

    for path in sorted(graph):
        if path not in state:
            visit(path, [path])


def check_licence(problems):
    for path in tracked_files():
        if is_source(path) and os.path.basename(path) not in ("LICENSE", ".gitignore"):
            with open(path, encoding="utf-8", errors="replace") as source:
                if "SPDX-License-Identifier: MIT" not in source.read(600):
                    problems.append(f"{path}: no SPDX-License-Identifier line at its head")


def tracked_files():
    listing = subprocess.run(["git", "ls-files"], stdout=subprocess.PIPE, text=True, check=False)
    return [path for path in listing.stdout.splitlines() if os.path.isfile(path)]


def check_format(problems):
    program = shutil.which("clang-format-14") or shutil.which("clang-format")
    if not program:
        print("clang-format is not installed: formatting not checked")
        return
    version = subprocess.run([program, "--version"], stdout=subprocess.PIPE, text=True, check=False).stdout
    if " version 14." not in version:  # others break some lines in other places
        print(f"formatting not checked: it is clang-format 14's, this is {version.strip()}")
        return
    paths = [path for path in tracked_files() if path.endswith((".c", ".h"))]
    if not paths:
        return
    done = subprocess.run([program, "--dry-run", "--Werror", *paths],
                          stderr=subprocess.PIPE, text=True, check=False)
    bad = sorted(set(re.findall(r"^(\S+?):\d+:\d+: error", done.stderr, re.MULTILINE)))
    problems += [f"{path}: not as clang-format has it" for path in bad]
    if done.returncode and not bad:
        problems.append("clang-format: " + done.stderr.strip()[:200])


def main():
    os.chdir(ROOT)
    problems = []
    check_budgets(problems)
    rooms.check(problems)
    names.check(problems)
    check_includes(problems)
    check_licence(problems)
    check_format(problems)
    mutants.check(problems)
    for problem in problems:
        print(problem)
    print("check: " + (f"{len(problems)} problems" if problems else "all well"))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
