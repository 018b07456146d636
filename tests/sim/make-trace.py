#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make-trace.py - prints a reference string made to show something.

Usage: make-trace.py loop|scan|phases|mixed [REFERENCES]

loop    500 pages round and round
scan    a few hundred popular pages, and every so often a long scan that is never repeated
phases  four programs, one after the other, each with its own 200 pages
mixed   popular pages, a loop and a scan taking turns

The same arguments always print the same string.
"""
import random
import sys


def popular(dice, pages):
    """A page number below `pages`; low ones are far more likely."""
    return int(pages * dice.random() ** 4)


def loop(dice, n):
    return (i % 500 for i in range(n))


def scan(dice, n):
    fresh = 10000
    for i in range(n):
        if i % 5000 < 1500:
            fresh += 1
            yield fresh
        else:
            yield popular(dice, 800)


def phases(dice, n):
    for i in range(n):
        phase = i * 4 // n
        yield 1000 * phase + popular(dice, 200)


def mixed(dice, n):
    fresh = 10000
    for i in range(n):
        kind = i // 1000 % 4
        if kind < 2:
            yield popular(dice, 800)
        elif kind == 2:
            yield 2000 + i % 400
        else:
            fresh += 1
            yield fresh


KINDS = {"loop": loop, "scan": scan, "phases": phases, "mixed": mixed}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in KINDS:
        sys.exit(__doc__)
    length = int(sys.argv[2]) if len(sys.argv) > 2 else 50000
    for number, page in enumerate(KINDS[sys.argv[1]](random.Random(1), length)):
        print(page, "w" if number % 7 == 0 else "r")
