#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mkabi.py - docs/abi.md from the headers in kernel/include/abi.

Usage: mkabi.py            writes docs/abi.md
       mkabi.py --check    says whether it is up to date (status 1 if not)

Number, name, arguments and meaning come from the table in syscalls.h, operations and constants from
the headers beside it, what errors mean from errno.h. Only which errors a call can give is written
here; a call that is not in ERRORS, an error that errno.h does not have, and an entry for a call that
is gone all end the program.
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ABI = os.path.join(ROOT, "kernel/include/abi")
OUTPUT = os.path.join(ROOT, "docs/abi.md")

# A handle argument: EBADF when it is none, or of another kind; EPERM without the right it takes.
HANDLE = "EBADF EPERM"
# Room for a new handle.
ROOM = "EMFILE ENOMEM"
# An answer: nobody waits; bad counts or items; items where they may not be; a source that is not an own
# frame; no page tables; the caller takes fewer handles.
ANSWER = "ESTALE EINVAL EPERM EFAULT ENOMEM EBADF E2BIG EMFILE EEXIST"

ERRORS = {
    "call": f"{HANDLE} EPIPE EINTR EFAULT EINVAL E2BIG {ROOM}",
    "reply_recv": f"{ANSWER} EINTR",
    "recv": f"{HANDLE} EAGAIN ETIMEDOUT EINTR",
    "reply": ANSWER,
    "notify": f"{HANDLE} EPIPE",
    "copy": "EINVAL ESTALE EFAULT",
    "close": "EBADF",
    "dup": f"{HANDLE} {ROOM}",
    "port_create": ROOM,
    "right_create": f"{HANDLE} EINVAL EEXIST {ROOM}",
    "task_create": f"{HANDLE} EBUSY EPIPE {ROOM}",
    "task_grant": f"{HANDLE} EPIPE {ROOM}",
    "task_control": f"{HANDLE} EINVAL EPIPE EBUSY ENOMEM",
    "thread_create": f"{HANDLE} EPIPE EINVAL {ROOM}",
    "thread_control": f"{HANDLE} EINVAL EPIPE EFAULT",
    "account_create": f"{HANDLE} {ROOM}",
    "page_alloc": "EINVAL EEXIST ENOMEM",
    "page_free": "EINVAL ENOMEM",
    "vm": f"{HANDLE} ENOENT EINVAL EFAULT ENOMEM EEXIST",
    "device_map": f"{HANDLE} ENODEV EINVAL EEXIST ENOMEM",
    "irq_bind": f"{HANDLE} ENODEV",
    "irq_ack": f"{HANDLE} ENODEV",
    "dma_address": "EFAULT EPERM",
    "yield": "",
    "clock": "",
    "futex_wait": "EINVAL EFAULT EAGAIN ETIMEDOUT EINTR",
    "futex_wake": "EINVAL",
    "info": "EINVAL ENOENT EFAULT",
    "system": f"{HANDLE} ENODEV EINVAL EFAULT",
    "null": "",
}

HEAD = """<!-- Made by tests/tools/mkabi.py from kernel/include/abi. Change those, not this. -->
# The system call interface

An `ecall` from user mode: number in a7, arguments in a0 to a6, result in a0 - zero or more, or a negative
error number. A call keeps ra, sp, gp, tp, s0-s11 and fs0-fs11 and clobbers all other registers; `call`,
`recv` and `reply_recv` answer in a1 to a6 as well. A number that is not in the table gives ENOSYS. Addresses
are virtual ones of the caller; times are nanoseconds since boot, where a deadline of 0 means "do not wait"
and ~0 "for ever". A page of the caller's that is absent is faulted in and the call executed again: the
program does not notice, and gets EFAULT only when its pager refuses.

In C: `sys_NAME()` of `<octavo/syscall.h>`, one for each row, and `ipc_*()` of `<octavo/ipc.h>` for
messages. Both are inline; neither sets errno.

What programs ask of the pager, init and the console are not system calls but messages to them:
user/include/proto has one header for each.
"""


def read(name):
    with open(os.path.join(ABI, name), encoding="utf-8") as text:
        return text.read()


def table():
    """(number, name, arity, arguments, text) of each system call."""
    joined = re.sub(r'"\s*"', "", re.sub(r"\s*\\\n\s*", " ", read("syscalls.h")))
    rows = re.findall(r'X\((\d+), (\w+), (\d+),\s+"([^"]*)"\)', joined)
    for number, name, arity, document in rows:
        arguments, colon, text = document.partition(": ")
        if arity == "0" or not colon:
            arguments, text = "", document
        yield int(number), name, int(arity), arguments, text


def errors():
    """{name: (number, meaning)}."""
    return {name: (int(number), meaning.strip()) for name, number, meaning in
            re.findall(r"#define (E\w+) (\d+) *(?:/\* (.*?) \*/)?\n", read("errno.h"))}


def constants(header, prefix):
    """(name, value, comment) of the enum's or #define's constants with this prefix and a number; the comment
    stands behind it, or on lines of its own above."""
    number = r"(0x[0-9a-f]+|\d+)u?\b"
    above = r"(?:^ +/\*((?:(?!\*/).)*)\*/\n)?"
    found = re.findall(rf"{above}^(?:#define|\s)\s*({prefix}\w+)(?: =)?\s+{number},? *(?:/\*(.*?)\*/)?",
                       read(header), re.MULTILINE | re.DOTALL)
    return [(name, value, re.sub(r"\s+(\* )?", " ", behind or before).strip())
            for before, name, value, behind in found]


def cell(text):
    return text.replace("|", "\\|")


def constant_table(out, title, header, prefix):
    out += ["", f"## {title}", "", f"From `<abi/{header}>`.", "", "| name | value | meaning |",
            "|---|---|---|"]
    out += [f"| `{name}` | {value} | {cell(comment)} |" for name, value, comment
            in constants(header, prefix)]


def document():
    known, rows = errors(), list(table())
    names = [row[1] for row in rows]
    if set(ERRORS) != set(names):
        sys.exit(f"mkabi: ERRORS and the table differ: {sorted(set(ERRORS) ^ set(names))}")
    if [row[0] for row in rows] != list(range(len(rows))):
        sys.exit("mkabi: the numbers of the table have gaps")
    out = [HEAD, f"## The {len(rows)} calls", "", "| | call | arguments | does | errors |",
           "|---|---|---|---|---|"]
    for number, name, _, arguments, text in rows:
        used = list(dict.fromkeys(ERRORS[name].split()))
        if set(used) - set(known):
            sys.exit(f"mkabi: {name}: {set(used) - set(known)} are not in errno.h")
        out.append(f"| {number} | `{name}` | {cell(arguments)} | {cell(text)} | "
                   f"{' '.join(sorted(used))} |")
    out += ["", "## Errors", "", "From `<abi/errno.h>`; the values are picolibc's.", "",
            "| name | number | meaning |", "|---|---|---|"]
    out += [f"| {name} | {number} | {cell(meaning)} |" for name, (number, meaning) in known.items()]
    constant_table(out, "Rights on a handle", "handle.h", "H_")
    constant_table(out, "Operations on tasks", "task.h", "TASK_")
    constant_table(out, "Operations on threads", "task.h", "THREAD_")
    constant_table(out, "Records of `info`", "info.h", "INFO_(?!NAME)")
    constant_table(out, "Operations of `system`", "device.h", "SYSTEM_")
    constant_table(out, "Message kinds", "msg.h", "MSG_KIND_(?!SHIFT)")
    constant_table(out, "What a fault wanted", "msg.h", "ACCESS_")
    constant_table(out, "Changes of a space", "msg.h", "VM_(?!FAULT|WAS|IS|TOUCHED)")
    constant_table(out, "Why a pager said no", "msg.h", "VM_FAULT_")
    return "\n".join(line.rstrip() for line in "\n".join(out).split("\n")) + "\n"


def main():
    text = document()
    if sys.argv[1:] == ["--check"]:
        try:
            with open(OUTPUT, encoding="utf-8") as old:
                if old.read() == text:
                    return 0
        except OSError:
            pass
        print("docs/abi.md is not what tests/tools/mkabi.py makes of kernel/include/abi")
        return 1
    with open(OUTPUT, "w", encoding="utf-8") as out:
        out.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
