# SPDX-License-Identifier: MIT
"""Compares a policy with a second, plain implementation of it.

The real policy runs in `test-policies --drive`, which prints a recording (record.h) with comments
that tell what the machine did to its bits. check() reads it and asks a model at each victim. Models
in naive_textbook.py meet freed pages, resizes, busy frames and all else; those in naive_papers.py
know references only.
"""
from naive_papers import MODELS as PAPERS
from naive_textbook import MODELS as TEXTBOOK


class Machine:
    """The frames and bits as the recording tells them."""

    def __init__(self):
        self.key, self.accessed, self.dirty, self.busy = {}, {}, {}, {}
        self.discounted = {}

    def enter(self, frame, key, why, dirty):
        self.key[frame], self.dirty[frame] = key, dirty
        if why != "taken":  # a page that was there already keeps its bits
            self.busy[frame] = False
            self.accessed[frame] = self.discounted[frame] = why == "fault"

    def referenced(self, frame):
        told = self.accessed[frame] and not self.discounted[frame]
        self.accessed[frame] = self.discounted[frame] = False
        return told

    def harvested(self):
        for frame in self.key:
            self.accessed[frame] = self.discounted[frame] = False


class Different(Exception):
    pass


def parse(text):
    """("2q:in=20,out=60") -> "2q", {"in": 20, "out": 60}"""
    name, _, rest = text.partition(":")
    return name, {k: int(v) for k, v in (p.split("=") for p in rest.split(",") if p)}


def result(lines, number):
    """The result line of the call before line `number`, past the answers of services."""
    while lines[number][0] in "RBD#":
        number += 1
    return lines[number].split()[1:]


def check_textbook(lines, name, params, nframes):
    machine = Machine()
    model = TEXTBOOK[name](machine, nframes, params)
    victims = 0
    for number, line in enumerate(lines):
        word = line.split()
        kind, frame = word[0], int(word[1]) if len(word) > 1 and word[1].isdigit() else None
        if kind == "#" and word[1] == "touched":
            machine.accessed[int(word[2])] = True
        elif kind == "#" and word[1] == "dirty":
            machine.dirty[int(word[2])] = True
        elif kind == "#" and word[1] == "busy":
            machine.busy[int(word[2])] = word[3] == "1"
        elif kind == "e":
            machine.enter(frame, (word[2], word[3]), word[4], word[5] == "1")
            model.enter(frame, word[4] == "fault")
        elif kind == "u":
            model.used(frame, word[2] == "1")
        elif kind == "l":
            model.leave(frame)
        elif kind == "t":
            machine.harvested()
            model.tick()
        elif kind == "z":
            model.resize(frame)
        elif kind == "v":
            victims += 1
            real, mine = result(lines, number + 1)[0], model.victim()
            real = None if real == "-" else int(real)
            if not isinstance(mine, set):
                mine = {mine}
            if real not in mine:
                raise Different(f"line {number}: {name} nominated {real}, the model {mine}")
        elif kind == "c":
            real, mine = result(lines, number + 1)[0] == "1", model.clean_first(frame)
            if real != mine:
                raise Different(f"line {number}: {name} clean_first {real}, the model {mine}")
            if real:
                machine.dirty[frame] = False
    return victims


def check_paper(lines, name, params, nframes):
    model = PAPERS[name](nframes, params)
    frames, victim, victims = {}, None, 0
    for number, line in enumerate(lines):
        word = line.split()
        if word[0] == "u":
            if model.access(frames[word[1]]) is not None:
                raise Different(f"line {number}: a hit, but the model of {name} evicts")
        elif word[0] == "v":
            victims += 1
            victim = frames[result(lines, number + 1)[0]]
        elif word[0] == "e":
            key = (word[2], word[3])
            if key in model.resident():
                raise Different(f"line {number}: a fault, but the model of {name} has the page")
            mine = model.access(key)
            if mine != victim:
                raise Different(f"line {number}: {name} evicted {victim}, the model {mine}")
            frames[word[1]], victim = key, None
    return victims


def check(recording):
    """Raises Different, or returns the number of victims that were the same."""
    lines = recording.splitlines()
    header = lines[1].split()
    name, params = parse(header[1])
    checker = check_textbook if name in TEXTBOOK else check_paper
    return checker(lines[2:], name, params, int(header[3]))
