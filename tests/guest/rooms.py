# SPDX-License-Identifier: MIT
"""tests/tools/rooms.py, which `make check` runs: each breach of an order of rooms is seen, and what is in
order is not complained of. No guest is started: small trees are compiled here and looked at."""
import os
import subprocess
import sys
import tempfile

import octavo

CROSS = os.environ.get("CROSS", "riscv64-unknown-elf-")

DOCUMENT = """\
| room | has | may know | cycle | lines |
|---|---|---|---|---|
| `src/base/` | what all need | nothing | | 20 |
| `src/side/` | what stands beside | nothing | | 20 |
| `src/top/` | what uses both | all above | 2 | 40 |

| table | for |
|---|---|
| `struct base_ops` | top's way down |

| name | why |
|---|---|
| `main` | C |
"""
TREE = {
    "doc.md": DOCUMENT,
    "src/base/base.h": "#pragma once\nstruct base_ops { int (*get)(int); };\nint base_add(int a);\n"
                       "void base_set(const struct base_ops *ops);\n",
    "src/base/base.c": '#include "src/base/base.h"\nstatic const struct base_ops *known;\n'
                       "void base_set(const struct base_ops *ops)\n{\n    known = ops;\n}\n"
                       "int base_add(int a)\n{\n    return known->get(a);\n}\n",
    "src/side/side.h": "#pragma once\nint side_other(int a);\n",
    "src/side/side.c": '#include "src/side/side.h"\nint side_other(int a)\n{\n    return a;\n}\n',
    "src/top/top.h": "#pragma once\nint top_twice(int a);\nextern int top_number;\n",
    "src/top/top.c": '#include "src/top/top.h"\n#include "src/base/base.h"\n#include "src/side/side.h"\n'
                     "int top_number;\nstatic int twice(int a)\n{\n    return 2 * side_other(a);\n}\n"
                     "static const struct base_ops ops = {.get = twice};\n"
                     "int top_twice(int a)\n{\n    base_set(&ops);\n    return base_add(a);\n}\n",
    "src/top/start.c": '#include "src/top/top.h"\nint main(void)\n{\n    return top_twice(1);\n}\n',
}


def look(changes):
    """(exit status, output) of rooms.py on that tree with these files changed or added; None removes one."""
    with tempfile.TemporaryDirectory() as tree:
        files = {path: text for path, text in {**TREE, **changes}.items() if text is not None}
        for path, text in files.items():
            for folder in ("", "build"):
                os.makedirs(os.path.dirname(os.path.join(tree, folder, path)), exist_ok=True)
            with open(os.path.join(tree, path), "w", encoding="utf-8") as out:
                out.write(text)
        for path in files:
            if path.endswith(".c"):
                subprocess.run([CROSS + "gcc", "-ffreestanding", "-O2", "-g", "-I.", "-c", path, "-o",
                                f"build/{path[:-2]}.o"], cwd=tree, check=True)
        done = subprocess.run([sys.executable, os.path.join(octavo.ROOT, "tests/tools/rooms.py"), tree, "doc.md",
                               "src"], env={**os.environ, "BUILD": "build"}, stdout=subprocess.PIPE, text=True)
        return done.returncode, done.stdout


def is_red(changes, *wanted):
    status, text = look(changes)
    missing = [part for part in wanted if part not in text]
    assert status == 1 and not missing, f"{missing} in status {status}:\n{text}"


def more(path, text):
    return {path: TREE[path] + text}


def test_order_kept():
    status, text = look({})
    assert status == 0 and "0 against the order" in text, text


def test_call():
    is_red(more("src/base/base.c", "int top_twice(int a);\nint base_up(int a)\n{\n    return top_twice(a);\n}\n"),
           "src/base/base.c: refers to top_twice (top.c), which is src/top's: src/base may not know it",
           "these rooms know each other in a circle: src/base, src/top", "1 against the order")


def test_variable():
    is_red(more("src/side/side.c", "extern int top_number;\nint side_up(void)\n{\n    return top_number;\n}\n"),
           "src/side/side.c: refers to top_number (top.c)")


def test_room_beside():
    is_red(more("src/side/side.c", "int base_add(int a);\nint side_up(void)\n{\n    return base_add(1);\n}\n"),
           "src/side/side.c: refers to base_add (base.c), which is src/base's: src/side may not know it")


def test_include():
    is_red({"src/base/base.c": '#include "src/top/top.h"\n' + TREE["src/base/base.c"]},
           "src/base/base.c: line 1 includes src/top/top.h, which is src/top's: src/base may not know it")


def test_table_of_another_room():
    is_red(more("src/top/top.c", "int (*const top_table[])(int) = {side_other};\n"),
           "src/top/top.c: the table top_table has side_other of src/side")


def test_table_of_its_own_room():
    status, text = look(more("src/top/top.c", "int (*const top_table[])(int) = {twice};\n"))
    assert status == 0, text


def test_table_of_a_type():
    is_red({"doc.md": DOCUMENT.replace("| `struct base_ops` | top's way down |\n", "")},
           "src/top/top.c: the table ops is of src/base's struct base_ops",
           "src/base/base.h: struct base_ops has functions, and src/top uses it")


def test_table_filled_later():
    is_red(more("src/base/base.c", "static int (*later)(int);\nvoid base_hook(int (*fn)(int))\n{\n"
                "    later = fn;\n}\nint base_run(void)\n{\n    return later(1);\n}\n"),
           "src/base/base.c: the table later is filled while the program runs")


def test_table_that_is_gone():
    is_red({"doc.md": DOCUMENT.replace("| `struct base_ops`", "| `old` | |\n| `struct base_ops`")},
           "doc.md: the table old is not there any more")


def test_cycle():
    files = {f"src/top/f{i}.c": f"int f{(i + 1) % 3}_go(void);\nint f{i}_go(void)\n{{\n"
                                f"    return f{(i + 1) % 3}_go() + 1;\n}}\n" for i in range(3)}
    is_red(files, "src/top: 3 files call each other in a circle, at most 2 may: f0.c, f1.c, f2.c")
    two = {"src/top/f0.c": files["src/top/f0.c"], "src/top/f1.c": files["src/top/f1.c"].replace("f2_", "f0_")}
    status, text = look(two)
    assert status == 0 and "2: f0.c, f1.c" in text, text


def test_name():
    is_red(more("src/side/side.c", "int other(void)\n{\n    return 1;\n}\n"),
           "src/side/side.c: the external name other does not begin with side_")
    is_red({"src/top/start.c": None}, "doc.md: no file has the name main that is not its own")


def test_budget():
    is_red({"doc.md": DOCUMENT.replace("| | 20 |", "| | 3 |", 1)}, "src/base: ", "lines of code, budget 3 (doc.md)")


def test_no_room_and_no_object():
    is_red({"src/other/other.c": "int other_one;\n"}, "src/other/other.c: in no room of doc.md")
    is_red({"src/top/asm.S": "\n"}, "src/top/asm.S: its object build/src/top/asm.o is not built")


def test_document():
    is_red({"doc.md": DOCUMENT.replace("all above", "base, nobody")}, "'nobody' is no room above it",
           "src/top/top.c: refers to side_other")
