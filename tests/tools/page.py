#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""page.py - do what a page of docs/ says, word by word.

What it is for: a tutorial whose commands nobody has typed is wrong sooner or later. What it must not
do: know any page; all it goes by is Markdown:

    ... `PATH` ...:           a paragraph with a path and a colon at its end, then
    ```c or ```make           that file
    ```console                `$ COMMAND`: in a shell, in the top folder. If lines of output follow, they
                              must be among what it writes, in this order; else it must succeed
                              `octavo$ LINE`: typed into the guest that the last `$ make qemu` started;
                              it is left at the end of the block

Usage: page.py [--show] PAGE [FOLDER]    --show: what commands write is printed, too. FOLDER takes the place of $HOME. Exit status 0 when all came true.
"""
import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import octavo

COMMAND_SECONDS = 900
show = False
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Wrong(Exception):
    """The page does not tell the truth."""


class Guest(octavo.Machine):
    """What `make qemu` starts, as a person would have it: its output, and keys."""

    def __init__(self, command):
        self._directory, self._qmp, self._matched, self.seen = tempfile.TemporaryDirectory(), None, 0, b""
        self.process = subprocess.Popen(["sh", "-c", command], cwd=octavo.ROOT, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0,
                                        start_new_session=True)
        self.output_fd, self.input_fd = self.process.stdout.fileno(), self.process.stdin.fileno()

    def leave(self):
        """As a person leaves QEMU; then everything that the command started is ended, too."""
        try:
            self.send("\x01x")
            self.wait(60)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.close()

    def line(self, text):
        at = self._matched
        self.send(text + "\n")
        self.expect(octavo.PROMPT, 60)
        return self.seen[at:self._matched].decode(errors="replace").replace("\r", "")


def compare(command, wanted, output):
    """wanted: lines that must be in the output, in this order."""
    lines = iter(output.splitlines())
    for want in wanted:
        if not any(line.rstrip() == want.rstrip() for line in lines):
            raise Wrong(f"{command}\n  should have said: {want}\n  but said:\n{output[-3000:]}")


def steps(block):
    """(prompt, command, output lines) of each."""
    found = []
    for line in block.splitlines():
        match = re.match(r"(octavo\$|\$) (.*)", line)
        if match:
            found.append((match[1], match[2], []))
        else:
            found[-1][2].append(line)
    return found


def on_host(command, wanted):
    done = subprocess.run(["sh", "-c", command], cwd=octavo.ROOT, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=COMMAND_SECONDS,
                          text=True, errors="replace", check=False)
    if show:
        print(done.stdout, flush=True)
    if done.returncode != 0:
        raise Wrong(f"{command}\n  failed with {done.returncode}:\n{done.stdout[-3000:]}")
    compare(command, wanted, done.stdout)


def run_block(block):
    guest = None
    try:
        for prompt, command, wanted in steps(block):
            print(f"{prompt} {command}", flush=True)
            if prompt == "octavo$":
                compare(command, wanted, guest.line(command))
            elif command.startswith("make qemu"):
                guest = Guest(command)
                guest.expect(octavo.PROMPT, COMMAND_SECONDS)
            else:
                on_host(command, wanted)
    finally:
        if guest:
            guest.leave()


def write_file(path, text):
    path = os.path.expandvars(path)
    print(f"  writes {path}", flush=True)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def do_page(page, home=None):
    """Raises Wrong. home: instead of $HOME."""
    if home:
        os.environ["HOME"] = home
    for name in [name for name in os.environ if name.startswith(("MAKE", "MFLAGS"))]:
        del os.environ[name]
    with open(page, encoding="utf-8") as text:
        text = text.read()
    at = 0
    for block in BLOCK.finditer(text):
        before = text[at:block.start()].strip().split("\n\n")[-1].replace("\n", " ")
        at = block.end()
        path = re.search(r"`(\$HOME/[^`]+)`[^`]*:$", before)
        if block[1] == "console":
            run_block(block[2])
        elif path and block[1] in ("c", "make"):
            write_file(path[1], block[2])


if __name__ == "__main__":
    show = sys.argv[1:2] == ["--show"]
    try:
        do_page(*sys.argv[1 + show:])
    except (Wrong, octavo.Failed) as wrong:
        sys.exit(f"page.py: {wrong}")
