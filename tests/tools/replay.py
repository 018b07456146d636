#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""replay.py - one HTML page to step through a trace with; what `make replay` does.

Usage: replay.py --pagesim PROGRAM --out FILE [--policies P[,P]] [--frames N] [--from N] [--steps N]
                 [--options '...'] TRACE

TRACE is whatever pagesim reads: a reference string, or a recording of a policy's calls. With a
recording and no --policies the page shows the recording as it was made; with one or two policies the
first is compared to the second on the references that it tells of. `recorded` is the name of the
recording itself, so `--policies recorded,arc` shows both.

All that the page tells comes from `pagesim --story`; nothing is decided here. The page needs nothing
else: no network, no folder beside it. --options are given to pagesim, for instance '--bits 10'.
"""
import argparse
import json
import os
import re
import shlex
import string
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
FRAMES = 12  # if none are given: a table that is seen at a glance
MOST_STEPS, MOST_FRAMES = 100_000, 4096  # what a browser bears
MAGIC = b"octavo-policy-trace", b"OCTRACE"  # of text, and of what the guest writes


def die(text):
    sys.exit(f"replay.py: {text}")


def read(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return file.read()


def split_policies(text):
    """As pagesim does: a part with = but no : belongs to the one before."""
    found = []
    for part in filter(None, text.split(",")):
        if found and re.match(r"[^:=]*=", part):
            found[-1] += "," + part
        else:
            found.append(part)
    return found


def story(args, policy, trace):
    command = [args.pagesim, "--story", "--from", str(args.first), "--steps", str(args.steps)]
    if policy == "recorded":
        command += ["--replay"]
    else:
        command += [*shlex.split(args.options), "--policy", policy, "--frames", str(args.frames)]
    result = subprocess.run([*command, trace], stdout=subprocess.PIPE, text=True)
    if result.returncode != 0:
        sys.exit(result.returncode)
    told = json.loads(result.stdout)
    if told["max"] > MOST_FRAMES:
        die(f"{told['max']} frames: at most {MOST_FRAMES} can be shown")
    return told


class Pages:
    """Pages get small numbers in order of appearance, objects but anonymous memory (0) letters: a:12."""

    def __init__(self):
        self.number, self.names, self.objects = {}, [], {0: ""}

    def __call__(self, key):
        if key not in self.number:
            self.number[key] = len(self.names)
            order = len(self.objects) - 1
            letter = string.ascii_letters[order] if order < 52 else f"{order}"
            self.names.append(f"{self.objects.setdefault(key[0], letter + ':')}{key[1]}")
        return self.number[key]


def compact(event, page):
    if event[0] in "se":
        return [event[0], event[1], page((event[2], event[3])), *event[4:]]
    return event


def pane(told, page, policy):
    return {"policy": told["policy"] + (" (recorded)" if policy == "recorded" else ""),
            "recorded": policy == "recorded", "accessed": told["accessed"], "frames": told["frames"],
            "max": told["max"], "before": told["before"], "lists": told["lists"],
            "steps": [[compact(event, page) for event in step[3]] for step in told["steps"]]}


def references(told):
    return [[step[0], step[1], step[2]] for step in told["steps"][1:]]


def stories(args, page):
    """Of each policy. Beside a recording another policy gets the references that the recording's story has:
    all of them, as a string of page numbers."""
    if "recorded" not in args.policies or len(args.policies) == 1:
        return [story(args, policy, args.trace) for policy in args.policies]
    first, steps = args.first, args.steps
    args.first, args.steps = 1, 1 << 40
    refs = references(story(args, "recorded", args.trace))
    args.first, args.steps = first, steps
    told = []
    with tempfile.NamedTemporaryFile("w", suffix=".refs") as file:
        file.writelines(f"{page((r[0], r[1]))}{'w' if r[2] else 'r'}\n" for r in refs)
        file.flush()
        for policy in args.policies:
            it = story(args, policy, args.trace if policy == "recorded" else file.name)
            if policy != "recorded":
                rename(it, list(page.number))
            told.append(it)
    return told


def rename(told, keys):
    """Page numbers become what they stand for."""
    for step in told["steps"]:
        for event in step[3]:
            if event[0] in "se":
                event[2:4] = keys[event[3]]
    for step in told["steps"][1:]:
        step[0:2] = keys[step[1]]


def recorded_frames(pagesim, path):
    """How many frames there were; None: it is no recording of a policy."""
    with open(path, "rb") as file:
        if not file.read(32).startswith(MAGIC):
            return None
    with subprocess.Popen([pagesim, "--text", path], stdout=subprocess.PIPE, text=True) as text:
        frames = re.findall(r"^policy .* frames (\d+) max ", text.stdout.readline() + text.stdout.readline(), re.M)
        any_policy = any(line.startswith("e ") for line in text.stdout)  # trace-refs records none
        text.kill()
    return int(frames[0]) if frames and any_policy else None


def parse():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1])
    parser.add_argument("--pagesim", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--policies", default="")
    parser.add_argument("--frames", type=int)
    parser.add_argument("--from", dest="first", type=int, default=1)
    parser.add_argument("--steps", type=int, default=20000)
    parser.add_argument("--options", default="")
    parser.add_argument("trace")
    args = parser.parse_args()
    frames = recorded_frames(args.pagesim, args.trace)
    args.policies = split_policies(args.policies or ("recorded" if frames else "lru,opt"))
    args.frames = args.frames or frames or FRAMES
    if len(args.policies) > 2:
        die("one policy, or two side by side")
    if "recorded" in args.policies and not frames:
        die(f"{args.trace} is no recording: name policies")
    if not 1 <= args.frames <= MOST_FRAMES:
        die(f"--frames {args.frames}: 1 to {MOST_FRAMES} can be shown")
    if not 1 <= args.steps <= MOST_STEPS or args.first < 1:
        die(f"--steps {args.steps}: 1 to {MOST_STEPS} can be shown, from 1 on")
    return args


def main():
    args = parse()
    page = Pages()
    told = stories(args, page)
    refs = references(told[0])
    if not refs:
        die(f"there is no reference {args.first}: the trace has {told[0]['whole'][0]}")
    if any(references(other) != refs for other in told[1:]):
        die("the two do not tell of the same references")
    numbers = [page((r[0], r[1])) << 1 | r[2] for r in refs]
    panes = [pane(t, page, p) for t, p in zip(told, args.policies)]
    whole = told[0]["whole"][0]
    cut = ""
    if len(refs) < whole:
        faults = ", ".join(f"{t['policy']} {t['whole'][1]}" for t in told)
        cut = (f"Only references {args.first} to {args.first + len(refs) - 1} of {whole} are shown "
               f"(faults in all: {faults}). REPLAY_FROM= and REPLAY_STEPS= choose another part.")
        print(f"replay.py: {cut}", file=sys.stderr)
    data = {"title": os.path.basename(args.trace), "pages": page.names, "refs": numbers, "from": args.first,
            "cut": cut, "panes": panes,
            "about": f"{whole} references" + (f"; {args.options}" if args.options else "")}
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    html = read("replay.html").replace("@SCRIPT@", read("replay.js")).replace("@DATA@", text)
    os.makedirs(os.path.dirname(os.path.abspath(args.out)), exist_ok=True)
    with open(args.out, "w", encoding="utf-8") as out:
        out.write(html)
    print(f"{args.out}: {len(refs)} references, " + ", ".join(
        f"{p['policy']} {p['before'][1] + sum(e[0] == 'e' and e[3] == 0 for s in p['steps'] for e in s)} faults"
        for p in panes))


if __name__ == "__main__":
    main()
