#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_sim.py - the tests of the policies and their simulator; what `make test-sim` does.

Usage: test_sim.py --build FOLDER [--traces FOLDER] [--seed N] [NAME...]

Runs every test whose name contains one of NAME (all, if none is given). Prints one line for each
that fails or is skipped, and as the last line `N passed, N failed, N skipped`. The tests are in
sim_cases.py (the command pagesim), sim_build.py (building, plots, documents) and sim_replay.py (make replay).
"""
import argparse
import os
import random
import subprocess
import sys
import tempfile
import traceback

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TIME_LIMIT = 300


class Skip(Exception):
    pass


class Context:
    """What a test gets: programs to run and a folder of its own."""

    def __init__(self, build, traces, seed, session_folder, folder):
        self.build, self.traces, self.seed, self.folder = build, traces, seed, folder
        self.session_folder = session_folder  # shared by all tests of this run
        self.pagesim_path = os.path.join(build, "host", "pagesim")

    def run(self, *command, cwd=TOP, **more):
        return subprocess.run([str(c) for c in command], cwd=cwd, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=TIME_LIMIT, **more)

    def pagesim(self, *args, status=0, **more):
        """Runs pagesim, checks its exit status and returns (stdout, stderr)."""
        result = self.run(self.pagesim_path, *args, **more)
        assert result.returncode == status, \
            f"pagesim {' '.join(map(str, args))}: status {result.returncode}, not {status}: " \
            f"{result.stdout[-300:]}{result.stderr[-300:]}"
        return result.stdout, result.stderr

    def table(self, path, frames, policies="all", *more):
        """{(policy, frames): (references, faults, evictions, writebacks)}"""
        out, _ = self.pagesim("--csv", "--policy", policies, "--frames", frames, *more, path)
        rows = [line.rsplit(",", 5) for line in out.splitlines()[1:]]
        return {(r[0].strip('"'), int(r[1])): tuple(map(int, r[2:])) for r in rows}

    def faults(self, path, frames, policies="all", *more):
        return {key: row[1] for key, row in self.table(path, frames, policies, *more).items()}

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def published(self, name):
        if not self.traces:
            raise Skip("TRACES= is not set")
        path = os.path.join(self.traces, f"{name}.trace.gz")
        if not os.path.exists(path):
            raise Skip(f"no {path}")
        return path

    def random_trace(self, length=20000):
        dice = random.Random(self.seed)
        words = [f"{int(300 * dice.random() ** 3)}{dice.choice(['', 'r', 'w'])}"
                 for _ in range(length)]
        return self.write("random.trace", "\n".join(words) + "\n")


def same(got, expected, what=""):
    assert got == expected, f"{what}: {got!r}, expected {expected!r}"


def verdict(name, test, context):
    """Runs one test; prints a line unless it passes."""
    try:
        test(context)
        return "passed"
    except Skip as skip:
        print(f"SKIP {name}: {skip}", flush=True)
        return "skipped"
    except Exception as error:  # a test that cannot run has failed
        if not isinstance(error, AssertionError):
            traceback.print_exc()
        print(f"FAIL {name}: {error}", flush=True)
        return "failed"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--traces", default="")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    counts = {"passed": 0, "failed": 0, "skipped": 0}

    import sim_build
    import sim_cases
    import sim_replay
    print(f"seed {args.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="test-sim-") as session:
        for module in (sim_cases, sim_build, sim_replay):
            for name, test in list(vars(module).items()):
                if name.startswith("test_") and any(n in name for n in args.names or [""]):
                    folder = os.path.join(session, name)
                    os.mkdir(folder)
                    context = Context(os.path.abspath(args.build), args.traces, args.seed, session,
                                      folder)
                    counts[verdict(name, test, context)] += 1
    print(f"{counts['passed']} passed, {counts['failed']} failed" +
          (f", {counts['skipped']} skipped" if counts["skipped"] else ""))
    sys.exit(counts["failed"] > 0)


if __name__ == "__main__":
    sys.modules["test_sim"] = sys.modules["__main__"]  # the tests import this file by its name
    main()
