#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What library functions give, compared with one stored reference, and what else this file does:

    run-tests -k values                     the test
    values.py --seed N [--scale N] [SECTION...]   other drawn cases, against a reference made at once by this
                                            host's glibc; VAR=VALUE as for run-tests
    values.py --make-reference              makes tests/guest/values/reference anew: make values-reference

The program tests/guest/values calls functions of the C library with listed and drawn arguments and writes one
line a case, "SUBJECT CASE: RESULT". Compiled for a host with glibc it makes the reference: of <math.h> the
correctly rounded values, of everything else what glibc gives. The stored reference is Debian 13's. It holds
the results alone, in order, and a checksum of the cases they belong to: the guest's lines have those.

What is compared how: the table TOLERANCE below, and else to the letter. What may differ: the table under
KINDS_HEADING in docs/posix.md, with patterns as of a shell, `SECTION: CASES` or `SECTION: CASES <= N ulp`; each must
match a case that differs, so the table only shrinks.
"""
import fnmatch
import lzma
import math
import os
import re
import struct
import subprocess
import sys
import tempfile
import zlib

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests/tools"))
import octavo

TIMEOUT = 120
SECTIONS = ["rounding", "exact", "elementary", "powers", "gamma", "bessel", "complex", "fenv", "printf", "wprintf",
            "scanf", "wscanf", "strtod", "strtol", "calendar", "strftime", "strptime", "bytes", "wide", "multibyte",
            "sorting", "regex", "fnmatch"]
SOURCE = os.path.join(ROOT, "tests/guest/values")
REFERENCE = os.path.join(SOURCE, "reference")
REFERENCE_LIBRARY = "glibc 2.41"  # Debian 13's
SEED = 1
KNOWN = ["1.8", "1.8.6", "1.8.10", "1.8.12"]  # the versions of picolibc of which docs/posix.md tells
KINDS_FILE = "docs/posix.md"
KINDS_HEADING = "## Values that differ"
SHOWN = 6  # differences of each subject that a failure shows

# section: [(pattern of cases, ulps)], the first that fits; ulps count from the correctly rounded value, of complex
# results in units of the larger part
TOLERANCE = {
    "elementary": [("*", 2)],
    "powers": [("pow* drawn *", 4), ("*", 2)],
    "gamma": [("signgam *", 0), ("lgamma*_r *", 0), ("* drawn *", 4), ("*", 2)],
    "bessel": [("*", 2)],
    "complex": [("con*", 0), ("cproj *", 0), ("c*", 4)],
}
BY_NORM = {"complex"}


class Wrong(Exception):
    """The output or the reference is not what this file expects."""


# --- Lines ---------------------------------------------------------------------------------------

def read_lines(path):
    """(library, [(case, result)]) of the program's output."""
    with open(path, encoding="ascii") as file:
        library, *lines = file.read().splitlines() or [""]
    if not lines or lines[-1] != "end":
        raise Wrong("the program stopped after: " + "\n".join([library, *lines][-3:]))
    pairs = []
    for line in lines[:-1]:
        case, colon, result = line.partition(":")
        if not colon:
            raise Wrong(f"no result in {line!r}")
        pairs.append((case, result.removeprefix(" ")))
    return library, pairs


def checksum(pairs):
    return f"{zlib.crc32(chr(10).join(case for case, _ in pairs).encode()):08x}"


def stored(section, pairs):
    """The results that are stored for these cases."""
    path = os.path.join(REFERENCE, section + ".xz")
    with lzma.open(path, "rt", encoding="ascii") as file:
        head, *results = file.read().splitlines()
    wanted = f"{REFERENCE_LIBRARY} seed {SEED} cases {len(pairs)} checksum {checksum(pairs)}"
    if head != wanted:
        raise Wrong(f"{path} is of other cases ({head}; the guest's: {wanted}): make values-reference")
    return results


# --- Comparison ----------------------------------------------------------------------------------

def position(digits):
    """Where a number with these bits stands among all; both zeros are 0."""
    bits, sign = int(digits, 16), 1 << (4 * len(digits) - 1)
    return bits if bits < sign else sign - bits


def number(digits):
    """The double or float with these bits; None for other text."""
    if not re.fullmatch("[0-9a-f]{8}|[0-9a-f]{16}", digits):
        return None
    return struct.unpack(">f" if len(digits) == 8 else ">d", bytes.fromhex(digits))[0]


def ulps(wanted, got):
    """How many numbers lie from one to the other; None when no number of ulps makes up for it."""
    if wanted == got:
        return 0
    if number(wanted) is None or number(got) is None or len(wanted) != len(got):
        return None
    difference = abs(position(wanted) - position(got))
    return difference or None  # zeros with different signs


def ulps_by_norm(wanted, got):
    """The same for the parts of a complex number: the larger difference in ulps of the larger part."""
    far = [ulps(*words) for words in zip(wanted, got)]
    values = [(number(w), number(g)) for w, g in zip(wanted, got)]
    if None in far or not all(math.isfinite(x) for pair in values for x in pair):
        return far
    size = max(abs(w) for w, _ in values)
    unit = math.ulp(size) * (1 if len(wanted[0]) == 16 else 2**29)
    return [math.ceil(max(abs(w - g) for w, g in values) / unit)]


def tolerance(section, case):
    return next((ulp for pattern, ulp in TOLERANCE.get(section, []) if fnmatch.fnmatchcase(case, pattern)), 0)


def differences(section, pairs, results):
    """[(case, wanted, got, ulps or None)] of all that is not as it should be."""
    found = []
    for (case, got), wanted in zip(pairs, results):
        if wanted == got:
            continue
        parts = wanted.split(), got.split()
        far = ulps_by_norm(*parts) if section in BY_NORM else [ulps(*words) for words in zip(*parts)]
        same_form = len(parts[0]) == len(parts[1]) and None not in far
        if not same_form or max(far) > tolerance(section, case):
            found.append((case, wanted, got, max(far) if same_form else None))
    return found


def kinds():
    """[(section, pattern of cases, ulps or None, versions of picolibc or [])] of docs/posix.md."""
    with open(os.path.join(ROOT, KINDS_FILE), encoding="utf-8") as file:
        table = file.read().partition(KINDS_HEADING)[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (?!what|-)(.*?) \| (.*?) \| (.*?) \|$", table, re.MULTILINE)
    if len(rows) > 30:
        raise Wrong(f"{KINDS_FILE}: {len(rows)} kinds of difference, at most 30")
    found = []
    for _, versions, cases in rows:
        for section, pattern, limit in re.findall(r"`(\w+): (.*?)(?: <= (\d+) ulp)?`", cases):
            found.append((section, pattern, int(limit) if limit else None, re.findall(r"[\d.]+\d", versions)))
    return found


def tell(found):
    """Lines that show the first differences of each subject."""
    subjects = {}
    for difference in found:
        subjects.setdefault(difference[0].partition(" ")[0], []).append(difference)
    for subject, of in subjects.items():
        yield f"{subject}: {len(of)}"
        for case, wanted, got, far in of[:SHOWN]:
            yield f"    {case}: wanted {wanted}, got {got}" + (f" ({far} ulp)" if far is not None else "")


def judge(section, found, version, all_kinds=True):
    """Takes away what may differ; raises when more does, or, with all_kinds, less. What a version that docs/posix.md
    cannot know has of its kinds is not asked."""
    rest, unseen = found, []
    for of, pattern, limit, versions in kinds():
        if of != section or (versions and version in KNOWN and version not in versions):
            continue
        left = [(case, wanted, got, far) for case, wanted, got, far in rest
                if not fnmatch.fnmatchcase(case, pattern) or (limit and (far is None or far > limit))]
        if len(left) == len(rest):
            unseen.append(pattern)
        rest = left
    if rest:
        raise AssertionError("\n" + "\n".join([*tell(rest), f"{section}: {len(rest)} cases differ"]))
    assert not unseen or not all_kinds or version not in KNOWN, \
        f"{KINDS_FILE} lists {unseen}, but nothing of the kind differs: take it out"


# --- Running -------------------------------------------------------------------------------------

def run_guest(section, seed=SEED, scale=1, variables=None):
    """The guest's lines."""
    with octavo.folder() as share:
        result = octavo.run(f"/test/values out {seed} {scale} {section}", {"SHARE": share, **(variables or {})},
                            seconds=60 * scale)
        path = os.path.join(share, "out")
        if not os.path.exists(path):
            raise Wrong(f"status {result.status} {result.why}\n{result.err.decode(errors='replace')}")
        return read_lines(path)[1]


def build_host(folder):
    """The program for this host; its name."""
    program = os.path.join(folder, "values")
    sources = sorted(os.path.join(SOURCE, name) for name in os.listdir(SOURCE) if name.endswith(".c"))
    subprocess.run([os.environ.get("HOSTCC", "cc"), "-O1", "-w", "-fno-builtin", "-frounding-math",
                    "-DVALUES_REFERENCE", "-I", ROOT, "-o", program, *sources, "-lm"], check=True)
    return program


def run_host(program, section, seed=SEED, scale=1):
    path = program + ".out"
    subprocess.run([program, path, str(seed), str(scale), section], check=True)
    return read_lines(path)


def picolibc_version(variables=None):
    with open(os.path.join(octavo.build_folder(variables)[0], "toolchain.mk"), encoding="utf-8") as file:
        return re.search(r"^PICOLIBC_VERSION := (.*)$", file.read(), re.MULTILINE)[1]


def make_test(section):
    def test():
        pairs = run_guest(section)
        found = differences(section, pairs, stored(section, pairs))
        print(f"{section}: {len(pairs)} cases, seed {SEED}, {len(found)} differ")
        judge(section, found, picolibc_version())
    return test


for _section in SECTIONS:
    globals()["test_" + _section] = make_test(_section)


# --- By hand -------------------------------------------------------------------------------------

def make_reference():
    os.makedirs(REFERENCE, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="octavo-values-") as folder:
        program = build_host(folder)
        for section in SECTIONS:
            library, pairs = run_host(program, section)
            if library != REFERENCE_LIBRARY:
                sys.exit(f"the reference is made by {REFERENCE_LIBRARY} (Debian 13); this is {library}")
            head = f"{library} seed {SEED} cases {len(pairs)} checksum {checksum(pairs)}"
            text = "".join(line + "\n" for line in [head, *(result for _, result in pairs)])
            with open(os.path.join(REFERENCE, section + ".xz"), "wb") as file:
                file.write(lzma.compress(text.encode("ascii"), preset=9 | lzma.PRESET_EXTREME))
            print(section, head)


def compare_fresh(sections, seed, scale, variables):
    failed = 0
    with tempfile.TemporaryDirectory(prefix="octavo-values-") as folder:
        program = build_host(folder)
        octavo.make({**variables, "TESTS": "1"}, "boot")
        for section in sections:
            library, wanted = run_host(program, section, seed, scale)
            pairs = run_guest(section, seed, scale, {**variables, "TESTS": "1"})
            if [case for case, _ in wanted] != [case for case, _ in pairs]:
                raise Wrong(f"{section}: the host's cases are others than the guest's")
            found = differences(section, pairs, [result for _, result in wanted])
            print(f"{section}: {len(pairs)} cases, seed {seed}, against {library}: {len(found)} differ", flush=True)
            try:
                judge(section, found, picolibc_version(variables), all_kinds=False)
            except AssertionError as difference:
                print(difference)
                failed += 1
    return 1 if failed else 0


def main(arguments):
    seed, scale, sections, variables = 0, 1, [], {}
    if arguments == ["--make-reference"]:
        return make_reference()
    while arguments:
        word = arguments.pop(0)
        if word in ("--seed", "--scale") and arguments and arguments[0].isdigit():
            number = int(arguments.pop(0))
            seed, scale = (number, scale) if word == "--seed" else (seed, number)
        elif word in SECTIONS:
            sections.append(word)
        elif re.match(r"[A-Z_]+=", word):
            variables.update([word.split("=", 1)])
        else:
            sys.exit(__doc__ + "\nSections: " + " ".join(SECTIONS))
    return compare_fresh(sections or SECTIONS, seed, scale, variables) if seed else sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
