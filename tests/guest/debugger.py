# SPDX-License-Identifier: MIT
"""The system under gdb: does a fault take the way that docs/life-of-a-fault.md tells, does a broken
kernel say where, and does a hart survive the firmware's mistake?

gdb talks to QEMU over a Unix socket. Its script writes lines `RESULT ...`, which come back as a list.
"""
import os
import re
import subprocess
import tempfile

import octavo

DOCUMENT = os.path.join(octavo.ROOT, "docs/life-of-a-fault.md")
STEP = re.compile(r"^\d+\. `(\w+)` \(([\w/.-]+)\)", re.MULTILINE)
GDB_SECONDS = 60

# Before each script. run_until() continues until the breakpoint and tells which others were hit.
PRELUDE = """
import gdb
import time

for setting in ("pagination off", "confirm off", "breakpoint pending off"):
    gdb.execute("set " + setting)

def place(name, file):
    if file.endswith(".S"):
        return "*" + name
    try:  # a function that is only inlined is not known by its file
        gdb.decode_line(file + ":" + name)
        return file + ":" + name
    except gdb.error:
        return name

def run_until(end, steps=()):
    names, files, hits, pager = {}, {}, [], set()
    for step in dict.fromkeys(steps):
        number = gdb.Breakpoint(place(*step)).number
        names[number], files[number] = step
    def in_another_program(number):  # which has something else at an address of the pager's
        if not files.get(number, "").startswith("user/pager/"):
            return False
        space = int(gdb.parse_and_eval("$satp"))
        pager.update([] if pager else [space])  # the first one after a fault is the pager
        return space not in pager
    def stopped(event):
        stop = getattr(event, "breakpoints", [])
        hits.extend(names.get(b.number, "END") for b in stop if not in_another_program(b.number))
        if not stop:
            hits.extend(["stopped by something else", "END"])
    gdb.events.stop.connect(stopped)
    while "END" not in hits:
        gdb.execute("continue", to_string=True)
    gdb.events.stop.disconnect(stopped)
    end.delete()
    return hits[:hits.index("END")]

def leave_running():
    print("LEFT RUNNING", flush=True)
    last("detach")

def last(command):
    try:
        gdb.execute(command)
    except gdb.error as error:  # the machine can have ended before it answered
        print(error)

gdb.execute("file " + KERNEL)
gdb.execute("add-symbol-file " + PAGER, to_string=True)
for seconds in range(120):  # QEMU may be slower to begin than gdb
    try:
        gdb.execute("target remote " + SOCKET)
        break
    except gdb.error as error:
        print(error)
        time.sleep(1)
"""


def kernel_of(variables):
    """The kernel that these make variables boot."""
    general = {**octavo.VARIABLES, **variables}.get("FASTPATH") == "0"
    return build("general/octavo.elf" if general else "kernel/octavo.elf")


def build(path):
    folder = os.path.join(octavo.ROOT, octavo.VARIABLES.get("BUILD", "build"))
    return os.path.join(folder, path)


def under_gdb(script, line, smp=1, seconds=GDB_SECONDS, options=(), variables=None, **values):
    """Boots to run `line` with QEMU stopped at reset, runs the script; returns its results and QEMU's
    exit status, or None when the script has ended it."""
    variables = variables or {}
    with tempfile.TemporaryDirectory(prefix="octavo-") as folder:
        socket = os.path.join(folder, "gdb")
        names = dict(KERNEL=kernel_of(variables), PAGER=build("user/pager/pager.elf"),
                     SOCKET=socket, **values)
        text = "".join(f"{name} = {value!r}\n" for name, value in names.items()) + PRELUDE + script
        path = os.path.join(folder, "script.py")
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        with octavo.Machine({"SMP": smp, "TESTS": "1", **variables}, build="FASTPATH" in variables,
                            append="run=" + line.encode().hex(),
                            options=("-S", "-gdb", f"unix:{socket},server=on,wait=off", *options)) as guest:
            done = subprocess.run(["gdb-multiarch", "-nx", "-batch", "-x", path],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=octavo.patience(seconds), text=True)
            print(done.stdout)
            assert done.returncode == 0 and "Traceback" not in done.stdout, done.stdout[-400:]
            results = re.findall(r"^RESULT (.*)", done.stdout, re.MULTILINE)
            status = None
            if "LEFT RUNNING" in done.stdout:
                status = guest.wait(seconds)
                print(guest.seen.decode(errors="replace"), guest.qemu_errors())
            return results, status, re.sub(rb"\x01[a-z]", b"", guest.seen)


FAULT = """
start = gdb.Breakpoint("*0x2340000000")  # tests/guest/fault_once.c
start.condition = "$a0 == 0x2350005000"
run_until(start)
for name in run_until(gdb.Breakpoint("*0x2340000004"), STEPS):
    print("RESULT", name)
last("kill")
"""


def steps_of(heading):
    """The numbered steps, (function, file), of one part of the document, which begins with `heading`."""
    with open(DOCUMENT, encoding="utf-8") as text:
        parts = re.split(r"^## ", text.read(), flags=re.MULTILINE)
    steps = [step for part in parts if part.startswith(heading) for step in STEP.findall(part)]
    for name, file in steps:
        with open(os.path.join(octavo.ROOT, file), encoding="utf-8") as text:
            assert re.search(rf"\b{name}\b", text.read()), f"{file} has no {name}"
    return steps


def hits_of_fault(steps, documented, line, **machine):
    for _ in range(4):  # an interrupt may come meanwhile, the more so on a busy host, but not each time
        hits, _, _ = under_gdb(FAULT, line, STEPS=steps, **machine)
        if hits == documented:
            break
    return hits


GENERAL_OWN = ("kernel/run/fault.c", "user/pager/calls/fault.c", "user/pager/cache/file_read.c")
GENERAL_BESIDE = ("read_run", "host_read", "port_notify")  # in the I/O thread, while the main thread goes on


def assert_in_order(names, hits):
    left = iter(hits)
    for number, name in enumerate(names, 1):
        assert name in left, f"{name}, number {number} of {names}, is not hit in its place: {hits}"


def without_interrupted(hits, own):
    """The hits of `own` functions. One that an interrupt came before, at the breakpoint, is hit again after it."""
    found, interrupted = [], False
    for name in hits:
        if name in own and not (interrupted and found and found[-1] == name):
            found.append(name)
        interrupted = name == "trap_full" or (interrupted and name not in own)
    return found


def test_general_way_of_a_fault():
    """A fault that waits for a file, by the kernel without its short way: the documented functions are hit in
    the documented order. Those that only a fault runs are hit no more often; the others, other threads use, too."""
    steps = steps_of("The general way")
    documented = [name for name, _ in steps]
    main = [name for name in documented if name not in GENERAL_BESIDE]
    own = {name for name, file in steps if file in GENERAL_OWN and name in main}
    with tempfile.TemporaryDirectory(prefix="octavo-share-") as share:
        with open(os.path.join(share, "page"), "w", encoding="utf-8") as out:
            out.write("x" * 4096)
        hits, _, _ = under_gdb(FAULT, "/test/fault_once /page", STEPS=steps,
                               variables={"FASTPATH": "0", "SHARE": share})
    assert len(documented) >= 60 and set(GENERAL_BESIDE) <= set(documented), documented
    assert_in_order(main, hits)
    assert_in_order(("io_submit", *GENERAL_BESIDE, "dispatch_other", "io_collect"), hits)
    assert without_interrupted(hits, own) == [name for name in main if name in own], hits


def test_short_way_of_a_fault():
    """Breakpoints on the documented functions are hit in the documented order, and no other way."""
    steps = steps_of("The short ways")
    documented = [name for name, _ in steps]
    hits = hits_of_fault(steps, documented, "/test/fault_once", variables={"FASTPATH": "1"})
    assert len(documented) >= 15 and hits == documented, f"\n{hits}\nis not\n{documented}"


BROKEN = """
run_until(gdb.Breakpoint("sys_null"))
print("RESULT", gdb.newest_frame().name())
gdb.execute("set $pc = 0")
leave_running()
"""


def test_broken_kernel():
    """A jump to nowhere in the kernel is a panic: status 125, what happened, and who called."""
    results, status, seen = under_gdb(BROKEN, "/test/null_call")
    assert results == ["sys_null"], results
    assert status == octavo.PANIC_STATUS, status
    assert re.search(rb"PANIC: trap in the kernel: scause 12, stval 0x0, sepc 0x0", seen)
    assert re.search(rb"backtrace:\s+0x0\s+0x[0-9a-f]+ trap_syscall", seen), seen[-500:]


LATE = """
entry = int(gdb.parse_and_eval("&entry_hart")) - 0xffffffff80200000  # where _start is linked
run_until(gdb.Breakpoint("*%d" % (0x80200000 + entry)))
gdb.execute("set $a1 = 0x1234")  # what it was told is lost
gdb.execute("set $pc = 0x80200000")
leave_running()
"""


def test_hart_at_the_wrong_door():
    """OpenSBI 1.1 may send a hart that is started to the kernel's first instruction: it must not boot a
    second time, but join the others."""
    _, status, seen = under_gdb(LATE, "/test/null_call", smp=4)
    assert status == 0, (status, seen[-500:])
    assert b"ok harts that run" in seen and b"4 harts" in seen, seen[-500:]


CRASHING = """
gdb.execute("add-symbol-file " + FS, to_string=True)
run_until(gdb.Breakpoint("p9_unlink"))  # the storm has begun

def in_flight():
    try:
        return any(int(gdb.parse_and_eval("device.slot[%d].waits" % slot)) for slot in range(8))
    except gdb.error:  # the same address in another program
        return False

crash = gdb.Breakpoint("p9_exchange")
gdb.execute("continue", to_string=True)
while not in_flight():
    gdb.execute("continue", to_string=True)
crash.delete()
print("RESULT in flight")
gdb.execute("set $pc = 0")
leave_running()
"""


def test_file_server_crashes(smp):
    """fs dies while the device works for it: the device is reset first, callers are told, and the
    system goes on without files."""
    with tempfile.TemporaryDirectory(prefix="octavo-share-") as folder:
        share, trace = os.path.join(folder, "share"), os.path.join(folder, "trace")
        os.mkdir(share)  # empty: programs come from the archive
        results, status, seen = under_gdb(
            CRASHING, "/test/fs_hostile storm; /bin/echo alive", smp, FS=build("user/fs/fs.elf"),
            variables={"SHARE": share}, options=("-trace", "enable=virtio_set_status", "-D", trace))
        with open(trace, encoding="utf-8") as lines:
            states = re.findall(r"virtio_set_status vdev \S+ val (\d+)", lines.read())
    assert results == ["in flight"] and status == 0, (results, status)
    text = seen.decode(errors="replace")
    assert re.search(r"fs \(pid \d+\): segmentation fault.*at pc 0x0", text) and "fs has died" in text, text
    assert "15" in states and states[-1] == "0", states[-9:]  # DRIVER_OK, and at the end reset
    assert re.search(r"storm: 12 threads saw it", text) and "\nalive" in text, text[-2000:]
