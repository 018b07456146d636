# SPDX-License-Identifier: MIT
"""The folder that the guest has as its root: what make puts there, what it leaves alone, and what can
be put there while a guest runs, or by another guest."""
import contextlib
import os
import shutil
import struct
import subprocess
import tempfile

import octavo

TIMEOUT = 180
TOOLS = os.path.join(octavo.ROOT, "tests/tools")


@contextlib.contextmanager
def folder():
    with tempfile.TemporaryDirectory(prefix="octavo root ") as path:
        os.chmod(path, 0o755)
        yield path


def tool(name, *words, status=0):
    done = subprocess.run([os.path.join(TOOLS, name), *words], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == status, (done.returncode, done.stdout)
    return done.stdout


def write(path, data, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(data if isinstance(data, bytes) else data.encode())
    os.chmod(path, mode)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def test_only_its_own_is_touched():
    with folder() as path:
        root, record, one, two = (f"{path}/{name}" for name in ("root", "list", "one", "two"))
        write(one, "1")
        write(two, "2")
        assert not tool("mkroot.py", root, record, f"bin/a={one}", f"bin/b={one}", f"demo/c={two}")
        assert read(f"{root}/bin/a") == b"1" and os.access(f"{root}/demo/c", os.X_OK)
        assert os.stat(f"{root}/tmp").st_mode & 0o7777 == 0o1777
        write(f"{root}/bin/b", "somebody's")
        write(f"{root}/bin/x", "too")
        write(f"{root}/home/notes", "too")
        write(one, "new")
        said = tool("mkroot.py", root, record, f"bin/a={one}", f"bin/b={one}")
        assert "KEEP" in said and "bin/b" in said and "bin/a" not in said
        assert read(f"{root}/bin/a") == b"new" and read(f"{root}/bin/b") == b"somebody's"
        assert not os.path.exists(f"{root}/demo/c")
        os.unlink(f"{root}/bin/a")
        tool("mkroot.py", root, record, "--mine", "bin/b", f"bin/a={one}", f"bin/b={two}")
        assert read(f"{root}/bin/a") == b"new" and read(f"{root}/bin/b") == b"2"
        tool("mkroot.py", root, record)  # it is not make's to remove
        assert sorted(os.listdir(f"{root}/bin")) == ["b", "x"] and os.listdir(f"{root}/home") == ["notes"]
        assert "No such file" in tool("mkroot.py", root, record, "bin/a=/nowhere", status=1)


def test_programs_that_cannot_run_are_refused():
    with open(os.path.join(octavo.build_folder()[1], "strip/user/bin/true"), "rb") as file:
        good = bytearray(file.read())
    headers = struct.unpack_from("<Q", good, 32)[0]
    object_file, dynamic, small, cut = (bytearray(good) for _ in range(4))
    struct.pack_into("<H", object_file, 16, 1)
    struct.pack_into("<I", dynamic, headers, 2)
    small[4] = 1
    struct.pack_into("<Q", cut, 32, 1 << 40)
    with folder() as path:
        for data, why in ((good, ""), (b"#!/bin/sh\necho\n", ""), (object_file, "object file"),
                          (dynamic, "dynamically linked"), (small, "not for 64-bit RISC-V"),
                          (cut, "damaged"), (read("/bin/true"), "not for 64-bit RISC-V"),
                          (b"int main(void)", "neither an ELF file nor a script"), (b"", "neither")):
            write(path + "/p", bytes(data))
            said = tool("mkboot.py", path + "/archive", f"bin/p={path}/p", status=1 if why else 0)
            assert why in said and (not why or "octavo-gcc" in said), (why, said)
            assert os.path.exists(path + "/archive") == (not why)
            if not why:
                os.unlink(path + "/archive")
            tool("mkboot.py", path + "/archive", f"etc/p={path}/p")
            os.unlink(path + "/archive")


PROGRAM = """#include <stdio.h>
int main(int argc, char **argv)
{
    printf("%s of %s%s\\n", VERSION, argv[0], argc > 1 ? " waits" : "");
    while (argc > 1 && getchar() != EOF)
        ;
    printf("%s ends\\n", VERSION);
    return 0;
}
"""


def compile_to(path, version):
    octavo.make({k: v for k, v in octavo.VARIABLES.items() if k != "TESTS"}, "sdk")
    subprocess.run([octavo.build_folder()[1] + "/sdk/bin/octavo-gcc", f'-DVERSION="{version}"', "-O1", "-xc",
                    "-", "-o", path], input=PROGRAM.encode(), check=True)


def test_built_again_and_run_in_the_same_guest(smp):
    with folder() as share:
        os.mkdir(share + "/bin")
        compile_to(share + "/bin/prog", "first")
        with octavo.boot({"SHARE": share, "SMP": smp}) as guest:
            guest.send("prog\n")
            guest.expect(rb"^first of prog")
            guest.expect(octavo.PROMPT)
            for number in range(3):
                compile_to(share + "/bin/prog", f"again {number}")
                guest.send("/bin/prog\n")
                guest.expect(rb"^again %d of /bin/prog\r\nagain %d ends" % (number, number))
                guest.expect(octavo.PROMPT)
            guest.send("prog wait\n")
            guest.expect(rb"^again 2 of prog waits")
            compile_to(share + "/bin/new", "while it ran")  # what gcc does: a new file of that name
            os.replace(share + "/bin/new", share + "/bin/prog")
            guest.send("\x04")
            guest.expect(rb"^again 2 ends")  # the old one, to its end
            guest.expect(octavo.PROMPT)
            guest.send("prog; echo status $?\n")
            guest.expect(rb"^while it ran of prog\r\nwhile it ran ends\r\nstatus 0")
            shutil.rmtree(share + "/bin")
            guest.expect(octavo.PROMPT)
            guest.send("prog\n")
            guest.expect(rb"not found|[Nn]o such")
            guest.expect(octavo.PROMPT)
            guest.send("echo the archive is there\n")
            guest.expect(rb"^the archive is there")


def test_the_archive_stands_in():
    """No share, and a share without programs: those of the boot archive."""
    with folder() as share:
        write(share + "/bin/free", "#!/no/such/interpreter\n", 0o755)
        for variables in ({"SHARE": ""}, {"SHARE": share}):
            done = octavo.run("/bin/echo here", variables)
            assert (done.status, done.out) == (0, b"here\n"), (done.why, done.err)
        done = octavo.run("free", {"SHARE": share})
        assert done.status != 0 and b"total" not in done.out, "the share's file comes first"
