# SPDX-License-Identifier: MIT
"""fs_do.py - requests to the file server through the guest program fs_do, and its answers."""
import contextlib
import errno
import os
import shutil
import tempfile

import octavo

# picolibc's numbers where they are not Linux's.
PICOLIBC = {45: errno.EDEADLK, 46: errno.ENOLCK, 88: errno.ENOSYS, 90: errno.ENOTEMPTY,
            91: errno.ENAMETOOLONG, 92: errno.ELOOP, 95: errno.EOPNOTSUPP, 132: errno.EDQUOT,
            133: errno.ESTALE, 134: errno.ENOTSUP, 139: errno.EOVERFLOW}

RDONLY, WRONLY, RDWR, CREATE, TRUNC, EXCL, NOFOLLOW, DIRECTORY = (
    0, 1, 2, 0x40, 0x200, 0x800, 0x100000, 0x200000)
SET_MODE, SET_SIZE, SET_ATIME, SET_MTIME = 1, 2, 4, 8


def encode(word):
    if isinstance(word, int):
        return str(word)
    word = word.encode() if isinstance(word, str) else word
    return word.hex() or "-"


def request(name, *words):
    return " ".join([name, *map(encode, words)])


class Answer:
    def __init__(self, line):
        self.words = line.decode().split()
        self.result = int(self.words[0])

    @property
    def error(self):
        """Linux's number, 0 if there is none."""
        number = -self.result if self.result < 0 else 0
        return number if number <= errno.ERANGE else PICOLIBC.get(number, 1000 + number)

    @property
    def name(self):
        return errno.errorcode.get(self.error, str(self.error)) if self.error else "0"

    def data(self, word=1):
        return bytes.fromhex(self.words[word]) if len(self.words) > word else b""


@contextlib.contextmanager
def share():
    path = tempfile.mkdtemp(prefix="octavo-share-")
    os.chmod(path, 0o755)
    os.umask(0)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def ask(path, requests, variables=None, seconds=90, **more):
    """Runs the requests in a guest with that share; their answers."""
    done = octavo.run("/test/fs_do", {"SHARE": path, **(variables or {})}, seconds=seconds,
                      stdin="".join(line + "\n" for line in requests).encode(), **more)
    assert done.status == 0, (done.status, done.why, done.err[-300:], done.out[-300:],
                              done.kernel[-300:])
    answers = [Answer(line) for line in done.out.splitlines()]
    assert len(answers) == len(requests), f"{len(answers)} answers to {len(requests)} requests"
    return answers


def expect(path, pairs, **more):
    """pairs: (request, wanted): the name of an errno, "0", or data."""
    answers = ask(path, [line for line, _ in pairs], **more)
    wrong = []
    for (line, wanted), answer in zip(pairs, answers):
        found = answer.name if isinstance(wanted, str) else answer.data()
        if found != wanted:
            wrong.append(f"{line[:100]}: {found!r}, not {wanted!r}")
    assert not wrong, "\n".join(wrong)
    return answers


class Talk:
    """fs_do at the console of a guest, a request at a time."""

    def __init__(self, guest):
        self.guest = guest
        guest.send("/test/fs_do\n")
        guest.expect(r"fs_do\r\n")

    def __call__(self, name, *words):
        line = request(name, *words)
        self.guest.send(line + "\n")
        return Answer(self.guest.expect(re_line(line)).group(1))

    def end(self):
        self.guest.send("\x04")
        self.guest.expect(octavo.PROMPT)


def re_line(line):
    return line.encode() + rb"\r\n(-?\d[^\r\n]*)\r\n"
