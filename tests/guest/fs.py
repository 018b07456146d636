# SPDX-License-Identifier: MIT
"""The file server against the host: requests of the guest program fs_do, and what Linux itself says to
the same ones in a second folder. There, a thread's root is not changed: only paths that stay inside are
compared so; that none leads out has tests of its own."""
import errno
import os
import random
import shutil
import subprocess
import tempfile
import time

import octavo
from fs_do import (CREATE, DIRECTORY, EXCL, NOFOLLOW, RDONLY, RDWR, SET_ATIME, SET_MODE, SET_MTIME, SET_SIZE,
                   TRUNC, WRONLY, Talk, ask, expect, request, share)

TIMEOUT = 180

# --- Random operations, compared with Linux ------------------------------------------------------

DEPTH = 2  # of the folder that both work in, below the share's root
NAMES = ["a", "b", "c", "\u00e4\u6f22", "d d", "x" * 255]


class Model:
    """Carries out requests with the host's own calls in a folder."""

    def __init__(self, root):
        self.root = os.open(root, os.O_PATH)
        self.files = {}

    def run(self, name, words):
        try:
            return 0, getattr(self, name)(*words)
        except OSError as error:
            return error.errno, None

    def open(self, slot, path, flags, mode):
        linux = flags & 3 | sum(b for a, b in (
            (CREATE, os.O_CREAT), (TRUNC, os.O_TRUNC), (EXCL, os.O_EXCL),
            (NOFOLLOW, os.O_NOFOLLOW), (DIRECTORY, os.O_DIRECTORY)) if flags & a)
        if slot in self.files:
            os.close(self.files.pop(slot))
        self.files[slot] = os.open(path, linux, mode, dir_fd=self.root)

    def file(self, slot):
        if slot not in self.files:
            raise OSError(errno.EBADF, "")
        return self.files[slot]

    def close(self, slot):
        os.close(self.file(slot))
        del self.files[slot]

    def write(self, slot, offset, data):
        return os.pwrite(self.file(slot), data, offset)

    def read(self, slot, offset, length):
        return os.pread(self.file(slot), length, offset)

    def fsync(self, slot):
        os.fsync(self.file(slot))

    def mkdir(self, path, mode):
        os.mkdir(path, mode, dir_fd=self.root)

    def unlink(self, path):
        os.unlink(path, dir_fd=self.root)

    def rmdir(self, path):
        os.rmdir(path, dir_fd=self.root)

    def rename(self, old, new):
        os.rename(old, new, src_dir_fd=self.root, dst_dir_fd=self.root)

    def symlink(self, target, path):
        os.symlink(target, path, dir_fd=self.root)

    def link(self, old, new):
        os.link(old, new, src_dir_fd=self.root, dst_dir_fd=self.root, follow_symlinks=False)

    def readlink(self, path):
        return os.readlink(path, dir_fd=self.root)

    def stat(self, path, nofollow):
        s = os.stat(path, dir_fd=self.root, follow_symlinks=not nofollow)
        return f"{s.st_mode:o} {s.st_size if not s.st_mode & 0o40000 else 0} " \
               f"{s.st_nlink if not s.st_mode & 0o40000 else 0}"

    def list(self, path, _room):
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY, dir_fd=self.root)
        try:
            return sorted([os.fsencode(name) for name in os.listdir(fd)] + [b".", b".."])
        finally:
            os.close(fd)


def random_path(rng, deep=4):
    parts = [rng.choice(NAMES[:4] + NAMES[:2] + rng.choice([["."], [".."], NAMES[4:]]))
             for _ in range(rng.randint(1, deep))]
    while parts.count("..") > DEPTH:  # must not lead out of the model's folder
        parts.remove("..")
    path = rng.choice(["/", "/", "/", "//"]).join(parts) + rng.choice([""] * 9 + ["/", "//"])
    return path.encode()


def random_target(rng):
    return rng.choice([b"a", b"b", b"c", b"a/b", b"b/a", b"./c", b"b/", b"nowhere"])


def random_operations(rng, count):
    for _ in range(count):
        name = rng.choice(["open"] * 4 + ["write", "read"] * 2 + ["mkdir"] * 3 + [
            "unlink", "rmdir", "rename", "rename", "symlink", "link", "readlink", "stat", "stat",
            "list", "close"])
        if name == "open":
            flags = rng.choice([RDONLY, RDWR, WRONLY, RDWR | CREATE, RDWR | CREATE | TRUNC,
                                WRONLY | CREATE | EXCL, RDWR | NOFOLLOW, RDONLY | DIRECTORY,
                                RDWR | CREATE | NOFOLLOW, RDONLY | CREATE])
            words = (rng.randrange(6), random_path(rng), flags, rng.choice([0o644, 0o600, 0o755]))
        elif name == "write":
            words = (rng.randrange(6), rng.choice([0, 5, 4096, 1 << 32, 3]), rng.randbytes(
                rng.choice([1, 10, 300])))
        elif name == "read":
            words = (rng.randrange(6), rng.choice([0, 1, 4090, 1 << 32]), rng.choice([1, 300, 5000]))
        elif name == "close":
            words = (rng.randrange(6),)
        elif name == "mkdir":
            words = (random_path(rng), rng.choice([0o755, 0o700]))
        elif name == "symlink":
            words = (random_target(rng), random_path(rng))
        elif name in ("rename", "link"):
            words = (random_path(rng), random_path(rng))
        elif name == "stat":
            words = (random_path(rng), rng.randrange(2))
        elif name == "list":
            words = (random_path(rng, 2), rng.choice([300, 5000]))
        else:
            words = (random_path(rng),)
        yield name, words


def differs(name, words, answer, error, value):
    if answer.error != error:
        return f"{answer.name}, not {errno.errorcode.get(error, 0)}"
    if error:
        return ""
    found, wanted = None, None
    if name == "read" or name == "readlink":
        found, wanted = answer.data(), value
    elif name == "write":
        found, wanted = answer.result, value
    elif name == "list":
        found = sorted({bytes.fromhex(word) for word in answer.words[1:]} - {b"dev"})  # only fs has it
        wanted = value
    elif name == "stat":
        mode, size, links = answer.words[1:4]
        folder = int(mode, 8) & 0o40000
        found, wanted = f"{mode} {0 if folder else size} {0 if folder else links}", value
    return "" if found == wanted else f"{found!r:.200}, not {wanted!r:.200}"


def compare_trees(one, two):
    def tree(root):
        return sorted((os.path.relpath(os.path.join(folder, name), root),
                       os.lstat(os.path.join(folder, name)).st_mode)
                      for folder, folders, files in os.walk(root) for name in folders + files)
    assert tree(one) == tree(two)


def test_random(smp):
    seed = int(os.environ.get("SEED", smp))
    operations = list(random_operations(random.Random(seed), 1500))
    with share() as path, share() as mirror:
        for root in (path, mirror):
            os.makedirs(os.path.join(root, *["r"] * DEPTH))
        model = Model(os.path.join(mirror, *["r"] * DEPTH))
        lines = [request("cd", "/".join(["r"] * DEPTH))]
        lines += [request(name, *words) for name, words in operations]
        answers = ask(path, lines, {"SMP": smp})[1:]
        wrong = []
        for number, ((name, words), answer) in enumerate(zip(operations, answers)):
            error, value = model.run(name, words)
            why = differs(name, words, answer, error, value)
            if why:
                wrong.append(f"{number} {name} {words!r:.160}: {why}")
        assert not wrong, f"seed {seed}, {len(wrong)} differ:\n" + "\n".join(wrong[:15])
        compare_trees(path, mirror)
        assert any(answer.error == 0 for answer in answers)


# --- One by one ----------------------------------------------------------------------------------

def test_no_path_leaves():
    with share() as outer:
        path = os.path.join(outer, "share")
        os.mkdir(path)
        os.mkdir(os.path.join(path, "d"))
        secret = os.path.join(outer, "secret")
        for name, text in ((secret, b"secret"), (os.path.join(path, "inside"), b"inside")):
            with open(name, "wb") as file:
                file.write(text)
        for name, target in (("up", "../secret"), ("absolute", secret), ("top", "/"),
                             ("d/inside", "/inside"), ("d/up", "../../secret"),
                             ("e", "../../evil"), ("folder", outer), ("p", "/proc/self/root")):
            os.symlink(target, os.path.join(path, name))
        before = sorted(os.listdir(outer))
        expect(path, [
            (request("stat", "../secret", 0), "ENOENT"),
            (request("stat", "d/../../../secret", 0), "ENOENT"),
            (request("stat", "up", 0), "ENOENT"),
            (request("stat", "d/up", 0), "ENOENT"),
            (request("stat", "absolute", 0), "ENOENT"),
            (request("stat", "folder/secret", 0), "ENOENT"),
            (request("stat", "p" + secret, 0), "ENOENT"),
            (request("stat", secret, 0), "ENOENT"),
            (request("open", 1, "d/inside", RDONLY, 0), "0"),
            (request("read", 1, 0, 100), b"inside"),
            (request("open", 2, "top/d/../top/../../inside", RDONLY, 0), "0"),
            (request("read", 2, 0, 100), b"inside"),
            (request("open", 3, "e", RDWR | CREATE, 0o644), "0"),
            (request("mkdir", "../made", 0o755), "0"),
            (request("symlink", "x", "/../../linked"), "0"),
            (request("rename", "../made", "../../moved"), "0"),
            (request("link", "inside", "../../hard"), "0"),
            (request("unlink", "../secret"), "ENOENT"),
            (request("cd", "folder"), "ENOENT"),
            (request("cd", "../.."), "0"),
            (request("stat", "secret", 0), "ENOENT"),
            (request("stat", "inside", 0), "0"),
        ])
        assert sorted(os.listdir(outer)) == before
        assert {"evil", "moved", "linked", "hard"} <= set(os.listdir(path))
        with open(secret, "rb") as file:
            assert file.read() == b"secret"


def test_errors():
    with share() as path:
        os.makedirs(os.path.join(path, "d/full"))
        with open(os.path.join(path, "f"), "w", encoding="ascii"):
            pass
        os.mkfifo(os.path.join(path, "pipe"))
        for name, target in (("loop", "loop"), ("one", "two"), ("two", "one"), ("dangling", "no")):
            os.symlink(target, os.path.join(path, name))
        long = "n" * 256
        expect(path, [
            (request("open", 1, "no", RDONLY, 0), "ENOENT"),
            (request("open", 1, "", RDONLY, 0), "ENOENT"),
            (request("open", 1, "no/f", RDWR | CREATE, 0o644), "ENOENT"),
            (request("open", 1, "f", RDWR | CREATE | EXCL, 0o644), "EEXIST"),
            (request("open", 1, "dangling", RDWR | CREATE | EXCL, 0o644), "EEXIST"),
            (request("open", 1, "f/x", RDONLY, 0), "ENOTDIR"),
            (request("open", 1, "f/", RDONLY, 0), "ENOTDIR"),
            (request("open", 1, "f/..", RDONLY, 0), "ENOTDIR"),
            (request("open", 1, "f", RDONLY | DIRECTORY, 0), "ENOTDIR"),
            (request("open", 1, "d", RDWR, 0), "EISDIR"),
            (request("open", 1, "new/", RDWR | CREATE, 0o644), "EISDIR"),
            (request("open", 1, "d", RDONLY, 0), "0"),
            (request("read", 1, 0, 10), "EISDIR"),
            (request("open", 1, "pipe", RDONLY, 0), "ENXIO"),
            (request("open", 1, "loop", RDONLY, 0), "ELOOP"),
            (request("open", 1, "one/x", RDONLY, 0), "ELOOP"),
            (request("open", 1, "one", RDONLY | NOFOLLOW, 0), "ELOOP"),
            (request("open", 1, long, RDONLY, 0), "ENAMETOOLONG"),
            (request("mkdir", long, 0o755), "ENAMETOOLONG"),
            (request("symlink", "x", long), "ENAMETOOLONG"),
            (request("open", 1, "f" + "/" * 4094, RDONLY, 0), "ENOTDIR"),
            (request("open", 1, "f" + "/" * 4095, RDONLY, 0), "ENAMETOOLONG"),
            (request("open", 1, "f", 3, 0), "EINVAL"),
            (request("open", 1, "f", RDONLY, 0), "0"),
            (request("write", 1, 0, "data"), "EBADF"),
            (request("open", 2, "f", WRONLY, 0), "0"),
            (request("read", 2, 0, 4), "EBADF"),
            (request("read", 9, 0, 4), "EBADF"),
            (request("close", 2), "0"),
            (request("close", 2), "EBADF"),
            (request("mkdir", "d", 0o755), "EEXIST"),
            (request("mkdir", "/", 0o755), "EEXIST"),
            (request("rmdir", "d"), "ENOTEMPTY"),
            (request("rmdir", "f"), "ENOTDIR"),
            (request("rmdir", "."), "EINVAL"),
            (request("rmdir", "d/.."), "ENOTEMPTY"),
            (request("rmdir", "/"), "EBUSY"),
            (request("unlink", "d"), "EISDIR"),
            (request("rename", "d", "d/full/x"), "EINVAL"),
            (request("rename", "f", "d"), "EISDIR"),
            (request("rename", "d", "f"), "ENOTDIR"),
            (request("rename", "f", "g/"), "ENOTDIR"),
            (request("rename", ".", "g"), "EBUSY"),
            (request("readlink", "f"), "EINVAL"),
            (request("link", "d", "e"), "EPERM"),
            (request("cd", "f"), "ENOTDIR"),
        ])


def test_big_offsets_and_absent_pages():
    big, data = 5 << 30, bytes(range(256)) * 40
    with share() as path:
        answers = expect(path, [
            (request("open", 1, "big", RDWR | CREATE, 0o644), "0"),
            (request("write", 1, big, data), "0"),
            (request("stat", "big", 0), "0"),
            (request("read", 1, big + 10, 5000), data[10:5010]),
            (request("read", 1, big - 3, 6), b"\0\0\0" + data[:3]),
            (request("read", 1, big + len(data), 6), b""),
            (request("absent", 1, big, 90), data[:90]),
            (request("write", 1, (1 << 63) - 4096, "xx"), "EFBIG"),
            (request("write", 1, (1 << 63) - 1, "xx"), "EINVAL"),
            (request("set", "big", SET_SIZE, 1 << 33, 0, 0, 0), "0"),
            (request("fsync", 1), "0"),
            (request("absent", 1, big, 5000), "0"),
        ])
        assert len(answers[-1].data()) >= 96  # what the buffer's first page takes
        assert answers[-1].data() == data[:len(answers[-1].data())]
        assert answers[2].words[2] == str(big + len(data))
        assert os.stat(os.path.join(path, "big")).st_size == 1 << 33
        with open(os.path.join(path, "big"), "rb") as file:
            file.seek(big)
            assert file.read(len(data)) == data


def test_many_entries():
    names = {f"{'entry' * (n % 40)}{n}".encode() for n in range(3000)} | {
        "\u00e4\u6f22".encode(), b"\xff\xfe not utf-8", b"-", b"n" * 255}
    with share() as path:
        for name in names:
            with open(os.path.join(path.encode(), name), "wb"):
                pass
        for answer in ask(path, [request("list", "/", room) for room in (280, 4096, 32768)]):
            assert answer.result == 0
            found = [bytes.fromhex(word) for word in answer.words[1:]]
            assert len(found) == len(names) + 3, len(found)
            assert set(found) == names | {b".", b"..", b"dev"}


def test_deep_folders():
    name = "d" * 255
    deep = [request("mkdir", name, 0o755), request("cd", name)] * 40
    with share() as path:
        answers = ask(path, deep + [
            request("open", 1, "f", RDWR | CREATE, 0o644), request("write", 1, 0, "deep"),
            request("cd", "/".join([".."] * 40)),
            request("stat", "/".join([name] * 15 + ["."] * 100), 0),
            request("stat", "/".join([name] * 17), 0)])
        went = [answer.name for answer in answers[:80]]
        assert went == ["0"] * 80
        assert answers[-2].name == "0" and answers[-1].name == "ENAMETOOLONG"


def test_another_file_of_that_name():
    """An open file is never mistaken for what has got its name since."""
    with share() as path:
        expect(path, [
            (request("open", 1, "one", RDWR | CREATE, 0o644), "0"),
            (request("write", 1, 0, "data"), "0"),
            (request("link", "one", "two"), "0"),
            (request("unlink", "one"), "0"),
            (request("open", 2, "one", RDWR | CREATE, 0o644), "0"),
            (request("write", 2, 0, "not this"), "0"),
            (request("fset", 1, SET_SIZE, 0, 0, 0), "ENOENT"),
            (request("read", 1, 0, 9), b"data"),
            (request("fset", 2, SET_SIZE, 3, 0, 0), "0"),
            (request("fstat", 2), "0"),
        ])
        with open(os.path.join(path, "one"), "rb") as one, open(os.path.join(path, "two"), "rb") as two:
            assert (one.read(), two.read()) == (b"not", b"data")


def test_dev():
    """/dev: there whatever the host has, at the end of every way to it, and not to be changed."""
    kinds = {"null": 0x103, "zero": 0x105, "random": 0x108, "tty": 0x500, "console": 0x501}
    with share() as path:
        os.makedirs(os.path.join(path, "d/dev"))
        for name in ("dev", "d/dev/null"):  # the first is hidden, the second is an ordinary file
            with open(os.path.join(path, name), "w", encoding="ascii") as file:
                file.write("host")
        for name, target in (("n", "/dev/null"), ("d/n", "../dev/null"), ("v", "dev"), ("x", "/dev/x")):
            os.symlink(target, os.path.join(path, name))
        reads = [request("stat", f"{way}{name}", 0) for name in kinds
                 for way in ("/dev/", "dev/", "d/../dev/", "//dev//", "dev/../d/../dev/./", "v/")]
        answers = ask(path, reads)
        for answer, (name, _) in zip(answers, [(n, w) for n in kinds for w in range(6)]):
            assert answer.result == 0 and answer.words[1].startswith("20"), answer.words
            assert int(answer.words[7], 0) == kinds[name], (name, answer.words)
        lists = ask(path, [request("list", "/", 4096), request("list", "/", 40), request("list", "dev", 48),
                           request("list", "v/", 4096), request("list", "d/dev", 4096)])
        entries = [sorted(bytes.fromhex(word) for word in answer.words[1:]) for answer in lists]
        assert entries[0] == entries[1] == sorted([b".", b"..", b"d", b"dev", b"n", b"v", b"x"]), entries
        assert entries[2] == entries[3] == sorted([b".", b"..", *map(str.encode, kinds)]), entries
        assert entries[4] == [b".", b"..", b"null"]
        expect(path, [
            (request("open", 1, "/dev/null", RDWR, 0), "ENXIO"),
            (request("open", 1, "n", RDWR | CREATE | TRUNC, 0o644), "ENXIO"),
            (request("open", 1, "n", RDWR | NOFOLLOW, 0), "ELOOP"),
            (request("open", 1, "x", RDWR | CREATE, 0o644), "EROFS"),
            (request("open", 1, "/dev/null", RDWR | CREATE | EXCL, 0o644), "EEXIST"),
            (request("open", 1, "/dev/null/x", RDONLY, 0), "ENOTDIR"),
            (request("open", 1, "/dev/null/", RDONLY, 0), "ENOTDIR"),
            (request("open", 1, "/dev/none", RDONLY, 0), "ENOENT"),
            (request("open", 1, "/dev", RDWR, 0), "EISDIR"),
            (request("open", 1, "/dev", RDONLY | DIRECTORY, 0), "0"),
            (request("open", 2, "/d/dev/null", RDONLY, 0), "0"),
            (request("read", 2, 0, 9), b"host"),
            (request("stat", "d/n", 0), "0"),
            (request("readlink", "/dev/null"), "EINVAL"),
            (request("mkdir", "/dev/d", 0o755), "EROFS"),
            (request("mkdir", "/dev/tty", 0o755), "EEXIST"),
            (request("mkdir", "dev", 0o755), "EEXIST"),
            (request("symlink", "t", "/dev/t"), "EROFS"),
            (request("symlink", "t", "/dev"), "EEXIST"),
            (request("unlink", "/dev/null"), "EROFS"),
            (request("unlink", "/dev/none"), "ENOENT"),
            (request("unlink", "/dev"), "EISDIR"),
            (request("rmdir", "/dev"), "EBUSY"),
            (request("rename", "/dev", "e"), "EBUSY"),
            (request("rename", "d", "dev"), "EBUSY"),
            (request("rename", "/dev/null", "e"), "EROFS"),
            (request("rename", "d", "/dev/d"), "EROFS"),
            (request("link", "/dev/null", "e"), "EXDEV"),
            (request("link", "/d/dev/null", "/dev/e"), "EROFS"),
            (request("set", "/dev/null", SET_MODE, 0, 0, 0, 0), "EROFS"),
            (request("statfs", "/dev"), "0"),
            (request("cd", "dev"), "0"),
            (request("stat", "null", 0), "0"),
            (request("stat", "../d", 0), "0"),
            (request("open", 3, "new", RDWR | CREATE, 0o644), "EROFS"),
            (request("cd", ".."), "0"),
            (request("stat", "dev/zero", 0), "0"),
        ])
        with open(os.path.join(path, "dev"), "rb") as file:
            assert file.read() == b"host"
        assert sorted(os.listdir(path)) == sorted(["d", "dev", "n", "v", "x"])


def test_times():
    with share() as path:
        with open(os.path.join(path, "f"), "w", encoding="ascii"):
            pass
        answers = expect(path, [
            (request("set", "f", SET_ATIME | SET_MTIME, 0, 1234567890, 987654321, 0), "0"),
            (request("set", "f", SET_MODE, 0o4751, 0, 0, 0), "0"),
            (request("stat", "f", 0), "0"),
            (request("set", "f", SET_MTIME, 0, 1, 1000000000, 0), "EINVAL"),
            (request("set", "f", 64, 0, 1, 1, 0), "EINVAL"),
        ])
        assert answers[2].words[1] == "104751"
        assert answers[2].words[4:6] == ["1234567891.987654321", "1234567890.987654321"]
        st = os.stat(os.path.join(path, "f"))
        assert (st.st_mtime_ns, st.st_mode) == (1234567891987654321, 0o104751)


def as_nobody():
    """QEMU's option to give up root: -runas, which 10.0 has no more, or -run-with user=."""
    qemu = octavo.VARIABLES.get("QEMU", "qemu-system-riscv64")
    text = subprocess.run([qemu, "-help"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          timeout=octavo.patience(60), check=False, text=True).stdout
    return "-runas nobody" if "\n-runas " in text else "-run-with user=nobody"


def test_permissions():
    if os.getuid() != 0:
        options = {}
    else:
        options = {"QEMU_EXTRA": as_nobody()}
    with share() as path:
        for name, mode in (("shut", 0), ("readonly", 0o555), ("open", 0o777)):
            os.mkdir(os.path.join(path, name))
        for name in ("shut/f", "readonly/f", "f"):
            with open(os.path.join(path, name), "w", encoding="ascii") as file:
                file.write("text")
        os.chmod(os.path.join(path, "f"), 0)
        for name, mode in (("shut", 0), ("readonly", 0o555), ("open", 0o777)):
            os.chmod(os.path.join(path, name), mode)
        try:
            expect(path, [
                (request("open", 1, "f", RDONLY, 0), "EACCES"),
                (request("open", 1, "shut/f", RDONLY, 0), "EACCES"),
                (request("stat", "shut/f", 0), "EACCES"),
                (request("list", "shut", 4096), "0"),
                (request("open", 1, "readonly/f", RDONLY, 0), "0"),
                (request("open", 1, "readonly/g", RDWR | CREATE, 0o644), "EACCES"),
                (request("mkdir", "readonly/g", 0o755), "EACCES"),
                (request("unlink", "readonly/f"), "EACCES"),
                (request("open", 1, "open/f", RDWR | CREATE, 0o640), "0"),
                (request("write", 1, 0, "data"), "0"),
                (request("stat", "open/f", 0), "0"),
            ], variables=options)
        finally:
            os.chmod(os.path.join(path, "shut"), 0o755)
        assert os.stat(os.path.join(path, "open/f")).st_mode == 0o100640


def test_full():
    with share() as path:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "octavo", path],
                              stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            raise octavo.Skip("no tmpfs can be mounted here")
        try:
            writes = [request("write", 1, n * 8192, b"x" * 8192) for n in range(40)]
            answers = ask(path, [request("open", 1, "f", RDWR | CREATE, 0o644), *writes,
                                 request("mkdir", "d" * 200, 0o755), request("unlink", "f"),
                                 request("open", 2, "g", RDWR | CREATE, 0o644),
                                 request("write", 2, 0, b"room again")])
            names = [answer.name for answer in answers]
            assert "ENOSPC" in names[1:41] and names[1] == "0", names
            assert set(names[1:41]) == {"0", "ENOSPC"}
            assert names[-3] == "0" and names[-2] in ("0", "ENOSPC")
        finally:
            subprocess.run(["umount", path], check=True)


# --- While the guest runs ------------------------------------------------------------------------

def test_host_changes_and_removed():
    path = tempfile.mkdtemp(prefix="octavo-share-")
    try:
        with octavo.boot({"SHARE": path, "TESTS": "1"}) as guest:
            ask_one = Talk(guest)
            name = os.path.join(path, "f")
            with open(name, "w", encoding="ascii") as file:
                file.write("one")
            first = ask_one("stat", "f", 0)
            time.sleep(0.02)
            with open(name, "w", encoding="ascii") as file:
                file.write("two")
            second = ask_one("stat", "f", 0)
            assert first.words[2] == second.words[2] == "3" and first.words[4] != second.words[4]
            assert ask_one("open", 1, "f", RDWR, 0).name == "0"
            assert ask_one("read", 1, 0, 10).data() == b"two"
            shutil.rmtree(path)
            assert ask_one("read", 1, 0, 10).data() == b"two"  # as of any open file
            assert ask_one("stat", "f", 0).name == "ENOENT"
            for words in (("stat", "/", 0), ("list", "/", 4096), ("mkdir", "d", 0o755),
                          ("open", 2, "g", RDWR | CREATE, 0o644), ("symlink", "x", "y"),
                          ("rename", "f", "g"), ("cd", "/")):
                answer = ask_one(*words)
                assert answer.error or words[0] in ("stat", "cd", "list"), words
            ask_one("close", 1)
            ask_one.end()
            guest.send("echo alive\n")
            guest.expect(r"^alive")
    finally:
        shutil.rmtree(path, ignore_errors=True)


def test_without_a_share():
    done = octavo.run("echo fine", {"SHARE": ""})
    assert (done.status, done.out) == (0, b"fine\n"), done.why
    assert b"no folder of the host" in done.kernel + done.boot
