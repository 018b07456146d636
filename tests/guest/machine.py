# SPDX-License-Identifier: MIT
"""What a machine lacks is one line, and a failure: tests/tools/doctor, tests/tools/toolchain and make on machines
that are made up here, of a PATH with a few commands in it. Nothing is booted."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

import octavo

TIMEOUT = 240
# What POSIX promises; no compiler, no QEMU, no apt-get, no python3.
COMMANDS = ("awk basename cat chmod cmp cp cut date dirname env expr find getconf grep head id ls mkdir mv printf rm sed "
            "sh sleep sort tail tee touch tr true uname uniq wc xargs make git")
CROSS = "riscv64-unknown-elf-"
SYSTEMS = {"fedora": "ID=fedora", "arch": "ID=arch", "manjaro": 'ID=manjaro\nID_LIKE="arch"', "alpine": "ID=alpine",
           "unheard": "ID=unheard"}


class Machine:
    """A folder of commands, and what runs with it as PATH."""

    def __init__(self, folder, commands=COMMANDS):
        self.folder, self.bin = folder, os.path.join(folder, "bin")
        os.mkdir(self.bin)
        for command in commands.split():
            self.link(command)

    def link(self, command, name=None):
        found = shutil.which(command)
        if found:
            os.symlink(os.path.realpath(found), os.path.join(self.bin, name or command))

    def fake(self, command, script):
        """A command that is this piece of sh."""
        path = os.path.join(self.bin, command)
        if os.path.lexists(path):
            os.unlink(path)
        with open(path, "w", encoding="utf-8") as out:
            out.write("#!/bin/sh\n" + script + "\n")
        os.chmod(path, 0o755)

    def tools(self):
        """All that a build needs, as this machine has it."""
        for tool in ("gcc", "ld", "ar", "nm", "strip", "objcopy", "addr2line"):
            self.link(CROSS + tool)
        self.link("qemu-system-riscv64")
        os.symlink(sys.executable, os.path.join(self.bin, "python3"))  # python3 may be a script of pyenv's

    def run(self, *command, **variables):
        environment = {"PATH": self.bin, "HOME": self.folder, "LC_ALL": "C", "NOINSTALL": "1", **variables}
        return subprocess.run(command, cwd=octavo.ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, errors="replace", timeout=200, check=False)

    def doctor(self, **variables):
        return self.run("tests/tools/doctor", "need", "-", "build", **variables)

    def make(self, *words):
        return self.run("make", "-s", f"BUILD={self.folder}/build", *words)


def machine(function):
    """A test that gets a machine with POSIX's commands."""
    def test():
        with tempfile.TemporaryDirectory(prefix="octavo-machine-") as folder:
            function(Machine(folder))
    return test


def one_line(done, *words):
    """make said one line, with these words, and failed."""
    lines = (done.stdout + done.stderr).splitlines()
    assert done.returncode != 0 and len(lines) == 1, (done.returncode, lines)
    for word in words:
        assert word in lines[0], (word, lines[0])


@machine
def test_no_apt(here):
    for name, release in SYSTEMS.items():
        path = os.path.join(here.folder, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(release + "\n")
        done = here.doctor(OS_RELEASE=path)
        assert done.returncode == 1 and done.stdout.count("\n") == 1, done
        assert len(done.stderr.splitlines()) <= 8 and "docs/your-machine.md" in done.stderr, done.stderr
        qemu = re.search(r"^  qemu-system-riscv64: (.*) \(Debian: qemu-system-riscv or -misc\)$", done.stderr, re.MULTILINE)
        assert qemu and ("not known" in qemu[1]) == (name == "unheard"), done.stderr
    here.fake("uname", "echo Darwin")
    done = here.doctor()
    assert "riscv64-elf-gcc" in done.stderr and "picolibc: not known" in done.stderr, done.stderr
    assert here.run("tests/tools/doctor", "show").stdout.count("MISSING") > 10


@machine
def test_missing(here):
    here.fake("apt-get", "exit 1")
    one_line(here.make("boot"), "NOINSTALL is set", "gcc-riscv64-unknown-elf", "binutils-riscv64-unknown-elf", "qemu-system-")
    here.tools()
    os.unlink(os.path.join(here.bin, CROSS + "ld"))
    one_line(here.make("boot"), "binutils-riscv64-unknown-elf")


@machine
def test_another_name(here):
    here.tools()
    os.rename(os.path.join(here.bin, CROSS + "gcc"), os.path.join(here.bin, "riscv64-elf-gcc"))
    here.fake("apt-get", "exit 1")
    one_line(here.make("boot"), "try CROSS=riscv64-elf-")
    one_line(here.make("boot", "CROSS=mine-"), "mine-gcc", "try CROSS=riscv64-elf-")


@machine
def test_too_old(here):
    here.tools()
    here.fake(CROSS + "gcc", 'case $1 in -dumpversion) echo 10.2.0 ;; -dumpmachine) echo riscv64-unknown-elf ;; esac')
    one_line(here.make("boot"), CROSS + "gcc is version 10.2.0, not 12")
    here.fake(CROSS + "gcc", 'case $1 in -dumpversion) echo 13 ;; -dumpmachine) echo arm-none-eabi ;; esac')
    one_line(here.make("boot"), "arm-none-eabi, not for RISC-V")
    os.unlink(os.path.join(here.bin, CROSS + "gcc"))
    here.link(CROSS + "gcc")
    here.fake(CROSS + "ld", "echo 'GNU ld (2.35.2-1+4) 2.35.2'")
    one_line(here.make("boot"), CROSS + "ld is version 2.35, not 2.39")
    os.unlink(os.path.join(here.bin, CROSS + "ld"))
    here.link(CROSS + "ld")
    here.fake("qemu-system-riscv64", "echo 'QEMU emulator version 5.2.0 (Debian)'")
    one_line(here.make("boot"), "qemu-system-riscv64 is version 5, not 7.0")
    os.unlink(os.path.join(here.bin, "qemu-system-riscv64"))
    here.link("qemu-system-riscv64")
    here.fake("python3", "echo 3.7")
    one_line(here.make("boot"), "python3 is version 3.7, not 3.9")


@machine
def test_old_make(here):
    one_line(here.make("MAKE_VERSION=3.81"), "GNU make 4.2 or newer is needed, this is 3.81", "gmake")


def other_picolibc(here, version, gcc=""):
    """A compiler whose picolibc says that it is another version; gcc: and which says so of itself."""
    here.tools()
    compiler = shutil.which(CROSS + "gcc")
    answer = os.path.join(here.folder, "build/toolchain.mk")
    done = here.run("tests/tools/toolchain", answer)
    assert done.returncode == 0, done
    with open(answer, encoding="utf-8") as text:
        include = re.search(r"^PICOLIBC_INCLUDE := (.*)$", text.read(), re.MULTILINE)[1]
    os.unlink(answer)
    copy = os.path.join(here.folder, "include")
    shutil.copytree(include, copy)
    with open(os.path.join(copy, "picolibc.h"), encoding="utf-8") as text:
        header = text.read()
    with open(os.path.join(copy, "picolibc.h"), "w", encoding="utf-8") as out:
        out.write(re.sub(r'(PICOLIBC_VERSION\w*) ".*"', rf'\1 "{version}"', header))
    here.fake(CROSS + "gcc", (f'case $1 in -dump*version) echo {gcc}; exit ;; esac\n' if gcc else "")
              + f'exec {compiler} -I {copy} "$@"')
    return here.run("tests/tools/toolchain", answer), answer


@machine
def test_newer_toolchain(here):
    done, answer = other_picolibc(here, "9.9.9", gcc="99.1.0")
    assert done.returncode == 0 and done.stdout == "", done
    said = done.stderr.splitlines()
    assert len(said) == 2 and said[0].startswith("picolibc 9.9.9 is newer than any that was tried"), said
    assert said[1].startswith("gcc 99.1.0 is newer, or older, than any that was tried"), said
    with open(answer, encoding="utf-8") as text:
        known = re.search(r"^TOOLCHAIN_KNOWN :=(.*)$", text.read(), re.MULTILINE)[1]
    assert known.strip() == "", known
    flags = here.run("make", "-n", f"BUILD={here.folder}/build", "V=1", f"{here.folder}/build/mm/buddy.o").stdout
    assert "mm/buddy.c" in flags and "-Werror" not in flags, flags
    again = here.run("tests/tools/toolchain", answer)
    assert again.returncode == 0 and again.stderr == "", again


@machine
def test_older_picolibc(here):
    done, _ = other_picolibc(here, "1.7.9")
    assert done.returncode == 1 and re.fullmatch(r"picolibc is version 1\.7\.9, not 1\.8 or newer \(.*\)\n", done.stdout), done


@machine
def test_no_picolibc(here):
    here.tools()
    here.fake(CROSS + "gcc", f'case "$*" in *picolibc.specs*) exit 1 ;; esac\nexec {shutil.which(CROSS + "gcc")} "$@"')
    done = here.run("tests/tools/toolchain", os.path.join(here.folder, "build/toolchain.mk"))
    assert done.returncode == 1 and done.stdout.count("\n") == 1 and "finds no picolibc" in done.stdout, done


@machine
def test_python_with_modules(here):
    """A Python on PATH that lacks modules gives way to the system's, where packages bring them."""
    here.fake("apt-get", "exit 1")
    here.fake("python3", "exit 1")
    assert here.run("tests/tools/doctor", "python", "build").stdout == "python3\n"
    assert here.run("tests/tools/doctor", "python", "build", "plot").stdout == "/usr/bin/python3\n"
