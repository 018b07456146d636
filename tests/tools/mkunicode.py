#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""mkunicode.py - writes user/lib/mends/unicode.h, the classes, cases and widths of wide characters.

They are what the C library of the host says in C.UTF-8; the header in the tree was made on Debian 13 (glibc
2.41, Unicode 16), and is made again by hand when a newer edition is wanted:

    tests/tools/mkunicode.py > user/lib/mends/unicode.h

Both tables are strings of numbers, of five bits a character, the lowest first: '0' + bits, and 32 more when
another character of the number follows. KINDS has a run of characters of one kind in each number, from the first
on. CASES has three numbers for characters that change their case by the same distance: how far behind the end
of the last such run they begin; twice their number less one, and 1 more when every second is meant; and
twice the distance to the other case (2n + 1 for -n - 1). First those that towupper changes, then towlower's.
"""
import ctypes
import sys

LAST = 0x10ffff
# What user/lib/mends/wctype.c knows, in its order: alphabetic, width, lower or upper case without a pair.
KINDS = [(False, -1, ""), (False, 0, ""), (False, 1, ""), (False, 2, ""),
         (True, 0, ""), (True, 1, ""), (True, 2, ""), (True, 1, "lower"), (True, 1, "upper")]
LINE = 92


def number(value):
    text = ""
    while True:
        value, low = value >> 5, value & 31
        text += chr(ord("0") + low + (32 if value else 0))
        if not value:
            return text


def kind_of(c, libc):
    pair = libc.towupper(c) != c or libc.towlower(c) != c
    case = "" if pair else "lower" if libc.iswlower(c) else "upper" if libc.iswupper(c) else ""
    width = libc.wcwidth(c) if libc.iswprint(c) else -1
    return KINDS.index((bool(libc.iswalpha(c)), width, case))


def kinds(libc):
    text, start = "", 0x80
    for c in range(0x81, LAST + 2):
        if c > LAST or kind_of(c, libc) != kind_of(start, libc):
            text += number((c - start - 1) * len(KINDS) + kind_of(start, libc))
            start = c
    return text


def cases(convert):
    """Runs (first, number, step, distance)."""
    runs = []
    for c in range(0x80, LAST + 1):
        distance = convert(c) - c
        if distance:
            first, count, step, of = runs[-1] if runs else (0, 0, 0, 0)
            if of == distance and (count == 1 and c - first <= 2 or c == first + count * step):
                runs[-1] = (first, count + 1, c - first if count == 1 else step, distance)
            else:
                runs.append((c, 1, 1, distance))
    return runs


def case_text(runs):
    text, last = "", 0x80
    for first, count, step, distance in runs:
        twice = 2 * distance if distance >= 0 else -2 * distance - 1
        text += number(first - last) + number(2 * (count - 1) + step - 1) + number(twice)
        last = first + (count - 1) * step
    return text


def literal(name, text):
    print(f"\nstatic const char {name}[] =")
    lines = [text[i:i + LINE] for i in range(0, len(text), LINE)]
    for line in lines:
        print('    "' + line.replace("\\", "\\\\").replace("?", "\\?") + '"' + (";" if line is lines[-1] else ""))


def main():
    libc = ctypes.CDLL(None)
    libc.setlocale.restype = ctypes.c_char_p
    if not libc.setlocale(6, b"C.UTF-8"):  # LC_ALL
        sys.exit("this host has no C.UTF-8")
    upper, lower = cases(libc.towupper), cases(libc.towlower)
    print("/* SPDX-License-Identifier: MIT\n *\n * Made by tests/tools/mkunicode.py, which says what the strings are."
          "\n * Classes, cases and widths of Unicode 16, as the GNU library 2.41 has them. */")
    print("#ifndef OCTAVO_MENDS_UNICODE_H\n#define OCTAVO_MENDS_UNICODE_H\n")
    text = kinds(libc)
    print(f"#define UNICODE_KINDS {len(KINDS)}")
    print(f"#define UNICODE_RUNS {sum(1 for c in text if ord(c) < ord('0') + 32)}")
    print(f"#define UNICODE_CASES {len(upper) + len(lower)}\n#define UNICODE_CASES_UPPER {len(upper)}")
    print("\n/* clang-format off */")
    literal("unicode_kinds", text)
    literal("unicode_cases", case_text(upper) + case_text(lower))
    print("\n/* clang-format on */\n\n#endif")


if __name__ == "__main__":
    main()
