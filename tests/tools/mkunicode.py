#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""mkunicode.py - the classes, cases and widths of wide characters, for user/lib/mends/wctype.c.

    mkunicode.py FILE     prints FILE, user/lib/mends/unicode.txt, as tables in C; what make does
    mkunicode.py --new    prints such a file of what this host's C library says in C.UTF-8

The file in the tree was made on Debian 13 (glibc 2.41, Unicode 16), and is made again by hand when a newer edition
is wanted. Its numbers are hexadecimal but for the last; a "#" begins a comment. Under [kinds] there is a word
FIRST:KIND for characters of one kind, from the first on: the width, "-" for those that do not print, "a" for
alphabetic ones, "l" and "u" for lower and upper case without a pair. Under [upper] and [lower] there is a word
FIRST-LAST/STEP+DISTANCE for characters that towupper and towlower move by the same distance.
"""
import ctypes
import re
import sys
import textwrap

LAST = 0x10ffff
LINE = 100
FLAGS = {"a": "ALPHABETIC", "l": "LOWER_CASE", "u": "UPPER_CASE"}  # of wctype.c


def kind_of(c, libc):
    pair = libc.towupper(c) != c or libc.towlower(c) != c
    case = "" if pair else "l" if libc.iswlower(c) else "u" if libc.iswupper(c) else ""
    return (str(libc.wcwidth(c)) if libc.iswprint(c) else "-") + ("a" if libc.iswalpha(c) else "") + case


def kinds(libc):
    last = None
    for c in range(0x80, LAST + 1):
        kind = kind_of(c, libc)
        if kind != last:
            yield f"{c:x}:{kind}"
        last = kind


def cases(convert):
    """Runs (first, last, step, distance)."""
    runs = []
    for c in range(0x80, LAST + 1):
        distance = convert(c) - c
        if distance:
            first, last, step, of = runs[-1] if runs else (0, 0, 0, 0)
            if of == distance and (first == last and c - first <= 2 or c == last + step):
                runs[-1] = (first, c, c - last if first == last else step, distance)
            else:
                runs.append((c, c, 1, distance))
    return [f"{first:x}-{last:x}/{step}{distance:+d}" for first, last, step, distance in runs]


def print_new():
    libc = ctypes.CDLL(None)
    libc.setlocale.restype = ctypes.c_char_p
    if not libc.setlocale(6, b"C.UTF-8"):  # LC_ALL
        sys.exit("this host has no C.UTF-8")
    print("# Classes, widths and cases of Unicode 16's characters beyond ASCII, as the GNU library 2.41 has them. Made by"
          "\n# tests/tools/mkunicode.py, which says what the words are.")
    for name, words in (("kinds", kinds(libc)), ("upper", cases(libc.towupper)), ("lower", cases(libc.towlower))):
        print(f"[{name}]")
        print(textwrap.fill(" ".join(words), LINE, break_on_hyphens=False))


def row(word):
    if ":" in word:
        first, kind = word.split(":")
        width = "NO_WIDTH" if kind[0] == "-" else kind[0]
        return f"{{0x{first}, {' | '.join([width] + [FLAGS[letter] for letter in kind[1:]])}}},"
    first, last, step, distance = re.fullmatch(r"(\w+)-(\w+)/(\d)([+-]\d+)", word).groups()
    return f"{{0x{first}, 0x{last}, {step}, (uint32_t){int(distance)}}},"


def print_tables(path):
    with open(path, encoding="ascii") as file:
        text = re.sub(r"^#.*$", "", file.read(), flags=re.MULTILINE)
    for name, words in re.findall(r"\[(\w+)\]([^\[]*)", text):
        print(f"static const uint32_t unicode_{name}[][{2 if name == 'kinds' else 4}] = {{")
        print("\n".join(map(row, words.split())) + "\n};")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if sys.argv[1] == "--new":
        print_new()
    else:
        print_tables(sys.argv[1])
