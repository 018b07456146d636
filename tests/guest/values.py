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
KINDS_HEADING in docs/posix.md; each of its patterns must match a case that differs, so it only shrinks.
"""
import fnmatch
import lzma
import os
import re
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
KINDS_FILE = "docs/posix.md"
KINDS_HEADING = "## Values that differ"
SHOWN = 6  # differences of each subject that a failure shows

# section: [(pattern of cases, ulps)], the first that fits; ulps count from the correctly rounded value
TOLERANCE = {
    "elementary": [("*", 2)],
    "powers": [("pow* drawn *", 4), ("*", 2)],
    "gamma": [("signgam *", 0), ("lgamma*_r *", 0), ("* drawn *", 4), ("*", 2)],
    "bessel": [("*", 2)],
    "complex": [("c*", 2)],
}


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


def ulps(wanted, got):
    """How many numbers lie from one to the other; None when no number of ulps makes up for it."""
    if wanted == got:
        return 0
    if not all(re.fullmatch("[0-9a-f]{8}|[0-9a-f]{16}", text) for text in (wanted, got)) or len(wanted) != len(got):
        return None
    difference = abs(position(wanted) - position(got))
    return difference or None  # zeros with different signs


def tolerance(section, case):
    return next((ulp for pattern, ulp in TOLERANCE.get(section, []) if fnmatch.fnmatchcase(case, pattern)), 0)


def differences(section, pairs, results):
    """[(case, wanted, got, remark)] of all that is not as it should be."""
    found = []
    for (case, got), wanted in zip(pairs, results):
        if wanted == got:
            continue
        far = [ulps(*words) for words in zip(wanted.split(), got.split())]
        same_form = len(wanted.split()) == len(got.split()) and None not in far
        if not same_form or max(far) > tolerance(section, case):
            found.append((case, wanted, got, f" ({max(far)} ulp)" if same_form and max(far) < 1 << 62 else ""))
    return found


def kinds():
    """[(section, pattern of cases, versions of picolibc or [])] of docs/posix.md."""
    with open(os.path.join(ROOT, KINDS_FILE), encoding="utf-8") as file:
        table = file.read().partition(KINDS_HEADING)[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (?!what|-)(.*?) \| (.*?) \| (.*?) \|$", table, re.MULTILINE)
    if len(rows) > 30:
        raise Wrong(f"{KINDS_FILE}: {len(rows)} kinds of difference, at most 30")
    found = []
    for _, versions, cases in rows:
        for section, pattern in re.findall(r"`(\w+): (.*?)`", cases):
            found.append((section, pattern, re.findall(r"[\d.]+\d", versions)))
    return found


def tell(found):
    """Lines that show the first differences of each subject."""
    subjects = {}
    for difference in found:
        subjects.setdefault(difference[0].partition(" ")[0], []).append(difference)
    for subject, of in subjects.items():
        yield f"{subject}: {len(of)}"
        for case, wanted, got, remark in of[:SHOWN]:
            yield f"    {case}: wanted {wanted}, got {got}{remark}"


def judge(section, found, version):
    """Takes away what may differ; raises when more does, or less."""
    rest, unseen = found, []
    for of, pattern, versions in kinds():
        if of != section or (versions and version not in versions):
            continue
        left = [difference for difference in rest if not fnmatch.fnmatchcase(difference[0], pattern)]
        if len(left) == len(rest):
            unseen.append(pattern)
        rest = left
    if rest:
        raise AssertionError("\n" + "\n".join([*tell(rest), f"{section}: {len(rest)} cases differ"]))
    assert not unseen, f"{KINDS_FILE} lists {unseen}, but nothing of the kind differs: take it out"


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
                judge(section, found, picolibc_version(variables))
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
