#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""gdb.py - a guest under gdb; what `make gdb PROG=name` does.

Usage: gdb.py [VAR=VALUE]... -- [PROG] [GDB-OPTION]...

QEMU waits at its first instruction, with its gdb stub and the guest's console on sockets in a folder
of its own, so that several can run. gdb has the symbols of kernel and servers and the commands of
octavo-gdb.py (`oct`). With PROG, it has that program's too, the guest is told to run it and then
power off, and it stops at its main; PROG may have arguments ('malloc 1000'). Without, the guest
boots to a shell, which `oct type` types into.
"""
import glob
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import octavo

HERE = os.path.dirname(os.path.abspath(__file__))


def find_program(base, name):
    """(ELF file, path in the guest) of a program of the boot archive."""
    for folder, place in (("user/bin", "bin"), ("user/demo", "demo"), ("user/bench", "bench"),
                          ("tests/guest", "test"), ("apps", "bin")):
        elf = os.path.join(base, folder, name + ".elf")
        if os.path.exists(elf):
            return elf, f"/{place}/{name}"
    sys.exit(f"gdb: no program {name} in {base}")


def stop_at_main(elf):
    """gdb commands for a stop at this program's main, not at another's at the same address."""
    symbols = subprocess.run(["nm", elf], stdout=subprocess.PIPE, text=True, check=True).stdout
    main = re.search(r"^([0-9a-f]+) T main$", symbols, re.MULTILINE)[1]
    name = os.path.basename(elf)[:-len(".elf")][:15]
    return [f'tbreak *0x{main} if $_streq($oct_task(), "{name}")']


def servers(base):
    """user/NAME/NAME.elf, but no program that happens to be called like its folder."""
    found = (os.path.relpath(path, base) for path in sorted(glob.glob(base + "/user/*/*.elf")))
    return [path for path in found if re.fullmatch(r"user/(?!bin|demo|bench)(\w+)/\1\.elf", path)]


def script(kernel, base, elf, folder):
    lines = ["set pagination off", "set confirm off", "set architecture riscv:rv64",
             "set print pretty on", "set breakpoint pending on", f"file {kernel}"]
    lines += [f"add-symbol-file {base}/{server}" for server in servers(base)]
    lines += [f"add-symbol-file {elf}"] if elf else []
    lines += [f"source {HERE}/octavo-gdb.py", f"target remote {folder}/gdb"]
    lines += stop_at_main(elf) if elf else []
    path = os.path.join(folder, "commands")
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    return path


def main():
    arguments = sys.argv[1:]
    variables = {}
    while arguments and re.match(r"[A-Z_]+=", arguments[0]):
        name, value = arguments.pop(0).split("=", 1)
        variables[name] = value
    if arguments[:1] == ["--"]:
        arguments.pop(0)
    words = arguments.pop(0).split() if arguments and arguments[0][:1] != "-" else []
    command, bootargs = octavo.qemu_command(variables, build=False)
    kernel = os.path.join(octavo.ROOT, command[command.index("-kernel") + 1])
    base = os.path.dirname(os.path.dirname(kernel))
    elf = None
    if words:
        elf, words[0] = find_program(base, words[0])
        bootargs += " run=" + " ".join(words).encode().hex()
        if elf.startswith(os.path.join(base, "tests")):
            command, _ = octavo.qemu_command({**variables, "TESTS": "1"}, build=False)

    with tempfile.TemporaryDirectory(prefix="octavo-gdb-") as folder:
        log = os.path.join(folder, "console.log")
        command += ["-S", "-display", "none", "-monitor", "none", "-no-reboot",
                    "-chardev", f"socket,id=gdb,path={folder}/gdb,server=on,wait=off",
                    "-gdb", "chardev:gdb",
                    "-chardev", f"socket,id=con,path={folder}/con,server=on,wait=off,logfile={log}",
                    "-serial", "chardev:con"]
        if bootargs.strip():
            command += ["-append", bootargs.strip()]
        qemu = subprocess.Popen(command, cwd=octavo.ROOT, stdin=subprocess.DEVNULL,
                                preexec_fn=octavo.die_with_parent, start_new_session=True)
        try:
            environment = dict(os.environ, OCTAVO_GDB_CONSOLE=folder + "/con", OCTAVO_GDB_LOG=log)
            commands = script(kernel, base, elf, folder)
            while not os.path.exists(folder + "/gdb") and qemu.poll() is None:
                pass
            return subprocess.call(["gdb-multiarch", "-q", "-nx", "-x", commands, *arguments],
                                   env=environment)
        finally:
            qemu.kill()
            qemu.wait()


if __name__ == "__main__":
    sys.exit(main())
