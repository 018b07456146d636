# SPDX-License-Identifier: MIT
"""octavo.py - start a guest and talk to it; what octavo-run and the guest tests are written with.

What it is for: QEMU as a child with its serial line on pipes, either as a console (Machine.expect,
Machine.send) or in octavo-run's protocol (run; user/include/proto/run.h says what is on the line),
and QMP beside it. What it must not do: know how QEMU is started; `make qemu-command` says that.

Every wait has a deadline (patience()), and no QEMU outlives the process that started it (where that is
killed, only Linux sees to it).
"""
import contextlib
import ctypes
import fcntl
import functools
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BOOTARGS_MAX = 2047  # bytes; what the kernel takes
BOOT_SECONDS = 60  # from QEMU's start to the shell; a busy host needs a few, a hang needs them all
PANIC_STATUS = 125
PROMPT = rb"octavo\$ "  # user/bin/sh, PS1

# All deadlines here are multiplied by this: run-tests sets it, for on a host with other work what is
# right takes several times its time, and what hangs may well be waited for a little longer.
PATIENCE = float(os.environ.get("OCTAVO_PATIENCE", "1"))

# What run-tests was called with; everything that is started here gets it.
VARIABLES = json.loads(os.environ.get("OCTAVO_VARIABLES", "{}"))

# user/include/proto/run.h
ESC, DLE = 0x01, 0x10
MARK_BEGIN = b"\x01OCTAVO-RUN-BEGIN"
MARK_END = b"OCTAVO-RUN-END "


def patience(seconds):
    """How long to wait for what takes so many seconds at most on an idle machine."""
    return seconds * PATIENCE


class Failed(Exception):
    """The guest did not do what was waited for."""


class Skip(Exception):
    """Raised by a scenario that cannot run here; says why."""


class TooLong(Exception):
    """The boot arguments do not fit."""


class NotBuilt(Exception):
    """make could not build the system or has no command line; the text is make's."""


# macOS has a make of its own, which is too old; there GNU's is called gmake.
MAKE = "gmake" if shutil.which("gmake") else "make"


def clean_environment(*without):
    """The environment, without what a make around this process has put there, and without these names."""
    return {name: value for name, value in os.environ.items()
            if not name.startswith(("MAKE", "MFLAGS")) and name not in without}


def run_make(variables, *targets):
    """Runs make as from a fresh shell, to whatever end; one make at a time in a checkout."""
    environment = clean_environment()
    settings = [f"{name}={value}" for name, value in variables.items()]
    build = variables.get("BUILD", environment.get("BUILD", "build"))
    os.makedirs(os.path.join(ROOT, build), exist_ok=True)
    if not os.path.isabs(build):  # make knows its files by names from here
        targets = [target.removeprefix(ROOT + "/") for target in targets]
    with open(os.path.join(ROOT, build, ".make-lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return subprocess.run([MAKE, "-s", "-C", ROOT, *settings, *targets],
                              env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def make(variables, *targets):
    """The output of a make that must not fail."""
    done = run_make(variables, *targets)
    if done.returncode != 0:
        raise NotBuilt(done.stderr or done.stdout)
    return done.stdout


@functools.lru_cache
def _qemu_command(settings, build):
    output = make(dict(settings), *(["boot"] if build else []), "qemu-command")
    return output.split("\n")[:-1]


def qemu_command(variables, build=True):
    """The argument list that starts QEMU, without -append, and the boot arguments as one string."""
    *command, bootargs = _qemu_command(tuple(sorted(variables.items())), build)
    return command, bootargs


def die_with_parent():
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Machine:
    """A running guest. Use as a context manager: leaving the block ends QEMU.

    append: more boot arguments. options: more QEMU options. qmp: open a QMP connection.
    """

    def __init__(self, variables=None, append="", options=(), qmp=False, build=False):
        command, bootargs = qemu_command({**VARIABLES, **(variables or {})}, build)
        bootargs = " ".join(part for part in (bootargs, append) if part)
        if len(bootargs) > BOOTARGS_MAX:
            raise TooLong(f"{len(bootargs)} bytes of boot arguments, at most {BOOTARGS_MAX}: the "
                          "line counts twice")
        self._directory = tempfile.TemporaryDirectory(prefix="octavo-")
        self._qmp = None
        command += ["-display", "none", "-serial", "stdio", "-monitor", "none", "-no-reboot"]
        if bootargs:
            command += ["-append", bootargs]
        if qmp:
            self._qmp_path = os.path.join(self._directory.name, "qmp")
            command += ["-qmp", f"unix:{self._qmp_path},server=on,wait=off"]
        command += options
        self.stderr_file = tempfile.TemporaryFile()
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self.stderr_file,
                                        bufsize=0, preexec_fn=die_with_parent,
                                        start_new_session=True)
        self.output_fd = self.process.stdout.fileno()
        self.input_fd = self.process.stdin.fileno()
        os.set_blocking(self.output_fd, False)
        os.set_blocking(self.input_fd, False)
        self.seen = b""    # all that the console has written
        self._matched = 0  # how far expect() has come in it

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            try:
                stream.close()
            except OSError:
                pass
        if self._qmp:
            self._qmp.close()
        self._directory.cleanup()

    def qemu_errors(self):
        self.stderr_file.seek(0)
        return self.stderr_file.read().decode(errors="replace")

    def read(self, seconds):
        """Some bytes from the serial line; None after that many seconds, b'' when QEMU has ended."""
        if not select.select([self.output_fd], [], [], max(0, seconds))[0]:
            return None
        return os.read(self.output_fd, 65536)

    def send(self, data, seconds=10):
        """Types into the serial line. str is encoded; nothing is added."""
        data = data.encode() if isinstance(data, str) else data
        deadline = time.monotonic() + patience(seconds)
        while data:
            if not select.select([], [self.input_fd], [], max(0, deadline - time.monotonic()))[1]:
                raise Failed("the guest does not read its console")
            data = data[os.write(self.input_fd, data):]

    def expect(self, pattern, seconds=20):
        """Waits for a regular expression after the last match; returns the match object."""
        pattern = pattern.encode() if isinstance(pattern, str) else pattern
        seconds = patience(seconds)
        deadline = time.monotonic() + seconds
        while True:
            match = re.compile(pattern, re.MULTILINE).search(self.seen, self._matched)
            if match:
                self._matched = match.end()
                return match
            data = self.read(deadline - time.monotonic())
            if not data:
                why = "QEMU ended" if data == b"" else f"nothing in {seconds} s"
                raise Failed(f"waiting for {pattern!r}: {why}; last output:\n"
                             + self.seen[-1500:].decode(errors="replace"))
            self.seen += data

    def drain(self, seconds):
        """Takes what the console writes in that time; returns what expect() has not matched yet."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            data = self.read(left)
            if data == b"":
                break
            self.seen += data or b""
        return self.seen[self._matched:]

    def wait(self, seconds=20):
        """Waits for QEMU to end and returns its exit status (125: the kernel panicked)."""
        seconds = patience(seconds)
        deadline = time.monotonic() + seconds
        while True:
            data = self.read(deadline - time.monotonic())
            if data is None:
                raise Failed(f"QEMU still runs after {seconds} s; last output:\n"
                             + self.seen[-1500:].decode(errors="replace"))
            if data == b"":
                return self.process.wait(timeout=patience(10))
            self.seen += data

    def qmp(self, command, **arguments):
        """One QMP command; returns its result. Events are skipped."""
        if not self._qmp:
            self._qmp = socket.socket(socket.AF_UNIX)
            self._qmp.settimeout(patience(20))
            deadline = time.monotonic() + patience(20)
            while True:
                try:
                    self._qmp.connect(self._qmp_path)
                    break
                except OSError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.05)
            self._qmp_lines = self._qmp.makefile("rw")
            self._qmp_lines.readline()  # greeting
            self.qmp("qmp_capabilities")
        json.dump({"execute": command, "arguments": arguments}, self._qmp_lines)
        self._qmp_lines.write("\n")
        self._qmp_lines.flush()
        while True:
            answer = json.loads(self._qmp_lines.readline())
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise Failed(f"QMP {command}: {answer['error']['desc']}")


def boot(variables=None, seconds=BOOT_SECONDS, **machine):
    """A Machine at its first shell prompt."""
    guest = Machine(variables, **machine)
    try:
        guest.expect(PROMPT, seconds)
    except Failed:
        guest.close()
        raise
    return guest


@contextlib.contextmanager
def folder():
    """A folder of the host for a guest, gone afterwards even if something else has removed it."""
    path = tempfile.mkdtemp(prefix="octavo-share-")
    os.chmod(path, 0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def build_folder(variables=None):
    """Where make with these variables, or those of run-tests, builds; (BUILD, that of DEBUG=0)."""
    variables = VARIABLES if variables is None else variables
    build = os.path.join(ROOT, variables.get("BUILD", os.environ.get("BUILD", "build")))
    return build, os.path.join(build, "release") if variables.get("DEBUG") == "0" else build


def port(name):
    """make port-NAME, for a test, which is skipped if the source cannot be fetched."""
    try:
        make({name: value for name, value in VARIABLES.items() if name != "TESTS"}, "port-" + name)
    except NotBuilt as failure:
        why = re.search(r"^port \w+: (?:cannot fetch.*|needs apt-get.*)$|missing, and .*debian-archive-keyring",
                        str(failure), re.MULTILINE)
        if why:
            raise Skip(why[0])
        raise


@contextlib.contextmanager
def archive_with(programs, pager=None):
    """A boot archive of its own, with these files in /bin beside what make puts there, and with this
    pager in the place of the system's: other tests keep theirs. Yields the variables that boot it."""
    settings = {name: value for name, value in VARIABLES.items() if name != "TESTS"}
    make({**settings, "APPS": ""}, "boot")
    with open(os.path.join(build_folder()[1], "archive"), encoding="utf-8") as text:
        pairs = [pair for pair in text.read().split() if not pair.startswith("test/")]
    if pager:
        pairs = [pair for pair in pairs if not pair.startswith("sbin/pager=")] + ["sbin/pager=" + pager]
    path = os.path.join(build_folder()[0], f"archive-{os.getpid()}.cpio")
    try:
        subprocess.run([os.path.join(ROOT, "tests/tools/mkboot.py"), path, *pairs,
                        *(f"bin/{os.path.basename(program)}={program}" for program in programs)],
                       cwd=ROOT, check=True)
        yield {"INITRD": path, "TESTS": ""}
    finally:
        if os.path.exists(path):
            os.unlink(path)


class Decoder:
    """Takes the serial line of a `run=` guest apart. `sink(stream, bytes)` gets what was written to
    "boot" (everything before the begin mark), "stdout", "stderr" and "kernel"."""

    def __init__(self, sink):
        self.sink = sink
        self.status = None
        self.began = False
        self._stream = "stdout"
        self._buffer = b""
        self._broken_off = False  # a kernel line came between con's ESC and the byte after it

    def feed(self, data):
        self._buffer += data
        if not self.began:
            head, mark, tail = self._buffer.partition(MARK_BEGIN)
            if not mark or b"\n" not in tail:
                keep = len(MARK_BEGIN) + 1
                self._emit("boot", self._buffer[:-keep])
                self._buffer = self._buffer[-keep:]
                return
            tail = tail.partition(b"\n")[2]
            self._emit("boot", head)
            self.began = True
            self._buffer = tail
        while self.status is None and self._step():
            pass

    def finish(self):
        """QEMU has ended: what is left over was not a whole escape."""
        self._emit(self._stream if self.began else "boot", self._buffer)
        self._buffer = b""

    def _emit(self, stream, data):
        if data:
            self.sink(stream, data)

    def _step(self):
        """Decodes one piece from the front of the buffer; False when that needs more bytes."""
        data = self._buffer
        if self._broken_off:
            if data[:1] != b"\x01":
                data = b"\x01" + data
        else:
            plain = data.find(b"\x01")
            if plain < 0:
                plain = len(data)
            if plain:
                self._emit(self._stream, data[:plain])
                self._buffer = data[plain:]
                return True
        if len(data) < 2:
            return False
        if data[1] == ESC:  # con's ESC, and a kernel line before the byte that belongs to it
            self._broken_off = True
            self._buffer = data[1:]
            return True
        if data[1:2] == b"k":
            end = data.find(b"\n")
            if end < 0:
                return False
            self._emit("kernel", data[2:end + 1])
            self._buffer = data[end + 1:]
            return True
        if data[1:2] == b"O":
            end = data.find(b"\n")
            if end < 0:
                return False
            if data[1:].startswith(MARK_END):
                self.status = int(data[1 + len(MARK_END):end])
            self._buffer = data[end + 1:]
        else:
            if data[1:2] == b"1":
                self._emit(self._stream, b"\x01")
            elif data[1:2] == b"e":
                self._stream = "stderr"
            elif data[1:2] == b"o":
                self._stream = "stdout"
            self._buffer = data[2:]
        self._broken_off = False
        return True


class Result:
    """What a run gave: status as octavo-run would exit, out, err, kernel and boot as bytes."""

    def __init__(self):
        self.status = None
        self.why = ""
        self.text = {"stdout": b"", "stderr": b"", "kernel": b"", "boot": b""}

    out = property(lambda self: self.text["stdout"])
    err = property(lambda self: self.text["stderr"])
    kernel = property(lambda self: self.text["kernel"])
    boot = property(lambda self: self.text["boot"])


def run(line, variables=None, stdin=b"", seconds=60, sink=None, append="", build=False, **machine):
    """Boots, runs one shell line and powers off; returns a Result. stdin: bytes, or a file number
    that is read as the guest takes it. sink(stream, bytes): also told of everything as it comes."""
    result = Result()

    def keep(stream, data):
        result.text[stream] += data
        if sink:
            sink(stream, data)

    append = f"{append} run={line.encode().hex()}{' noinput' if stdin == b'' else ''}".strip()
    with Machine(variables, append=append, build=build, **machine) as guest:
        decoder = Decoder(keep)
        try:
            _pump(guest, decoder, stdin, seconds, result)
        finally:
            decoder.finish()
        if result.status == 126:
            result.why += "".join("\n" + line for line in guest.qemu_errors().splitlines())
    return result


def _pump(guest, decoder, stdin, seconds, result):
    """Moves bytes both ways until QEMU ends or time is up, and sets the result's status."""
    pending = b"" if stdin == b"" or isinstance(stdin, int) else stdin.replace(b"\x10", b"\x10\x10") + b"\x10E"
    source = stdin if isinstance(stdin, int) else None
    seconds, boot_seconds = patience(seconds), patience(BOOT_SECONDS)
    deadline = time.monotonic() + boot_seconds
    began = False
    while True:
        if decoder.began and not began:
            began = True
            deadline = time.monotonic() + seconds
        left = deadline - time.monotonic()
        if left <= 0:
            result.status = 124 if began else 126
            result.why = (f"no end after {seconds} s" if began
                          else f"did not boot within {boot_seconds} s")
            return
        reads = [guest.output_fd] + ([source] if began and source is not None and not pending else [])
        readable, writable, _ = select.select(reads, [guest.input_fd] if began and pending else [],
                                              [], left)
        if source in readable:
            data = os.read(source, 4096)
            pending = data.replace(b"\x10", b"\x10\x10") if data else b"\x10E"
            source = source if data else None
        if writable:
            try:
                pending = pending[os.write(guest.input_fd, pending):]
            except BrokenPipeError:
                pending, source = b"", None
        if guest.output_fd in readable:
            data = os.read(guest.output_fd, 65536)
            if not data:
                break
            decoder.feed(data)
            if decoder.status is not None:  # it only has to power off now
                deadline = min(deadline, time.monotonic() + patience(10))
                pending, source = b"", None
    _conclude(guest.process.wait(), decoder, result)


def _conclude(qemu_status, decoder, result):
    if qemu_status == PANIC_STATUS:
        result.status, result.why = 125, "the kernel panicked"
    elif not decoder.began:
        result.status, result.why = 126, f"did not boot (QEMU ended with {qemu_status})"
    elif decoder.status is None:
        result.status, result.why = 0, "powered off before the line's end"
        if qemu_status != 0:
            result.status, result.why = 125, f"QEMU ended with {qemu_status}"
    elif decoder.status in (124, 125, 126):
        result.status, result.why = 123, f"the line ended with {decoder.status}, told as 123"
    else:
        result.status = decoder.status
