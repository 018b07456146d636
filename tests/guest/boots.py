# SPDX-License-Identifier: MIT
"""Machines of many shapes: memory sizes, numbers of harts, devices in another order, a device tree with
fewer harts and a hole in its RAM; and kernels that cannot go on.

A boot counts when a shell line has run in it and what the kernel says of its memory adds up.
"""
import os
import re
import subprocess
import tempfile

import octavo

FRAME = 4096
RAM_BASE = 0x80000000
MIB = 1 << 20
BOUNDARY = 4 << 30  # between DMA32 and NORMAL
TIMEOUT = 240

LINE = "zoneinfo; echo MARK; /test/memory_report; echo told-$?"


def zones(text):
    """{name: {counter: number}} of zoneinfo's output."""
    found = {}
    for name, first, end, rest in re.findall(
            r"zone (\w+): frames 0x([0-9a-f]+) to 0x([0-9a-f]+)\n((?:    .*\n)+)", text):
        found[name] = {"first": int(first, 16), "end": int(end, 16),
                       **{key.strip(): int(value)
                          for key, value in re.findall(r"^ +([a-z ]+?) +(\d+)$", rest, re.MULTILINE)}}
    return found


def report(text):
    """memory_report's numbers."""
    return {key: int(value) for key, value in re.findall(r"^(\w+) (\d+)$", text, re.MULTILINE)}


def boots(variables, **machine):
    """Boots and looks around; returns zoneinfo's and memory_report's numbers."""
    result = octavo.run(LINE, {"TESTS": "1", **variables}, seconds=90, **machine)
    text = result.out.decode()
    assert result.status == 0 and "told-0" in text, (variables, result.status, result.why, text,
                                                     result.boot[-800:], result.kernel)
    numbers, zone = report(text), zones(text)
    assert numbers["total"] == (numbers["free"] + numbers["kernel"] + numbers["table"]
                                + numbers["user"]), numbers
    return zone, numbers


def check_memory(mem, mib):
    zone, numbers = boots({"MEM": mem, "SMP": "2"})
    end = RAM_BASE + mib * MIB
    # The firmware's own memory at the start may or may not be told as RAM: OpenSBI 1.1 reserves it.
    assert mib * MIB // FRAME - 256 <= numbers["total"] <= mib * MIB // FRAME, (mem, numbers)
    managed = zone["DMA32"]["managed"] + zone["NORMAL"]["managed"]
    # All but the firmware, the kernel, the archive and the descriptors (64 bytes a frame).
    assert managed > mib * MIB // FRAME * 0.96 - 2048, (mem, zone)
    assert zone["DMA32"]["end"] <= BOUNDARY // FRAME, zone
    if end > BOUNDARY:
        assert zone["NORMAL"]["first"] == BOUNDARY // FRAME, zone
        assert zone["NORMAL"]["managed"] > (end - BOUNDARY) // FRAME * 0.96, zone
        assert zone["NORMAL"]["allocs"] > 0 and zone["DMA32"]["managed"] > 0, zone
    else:
        assert zone["NORMAL"]["managed"] == 0, zone


def test_small_memory():
    check_memory("64M", 64)
    check_memory("96M", 96)


def test_odd_memory():
    check_memory("513M", 513)


def test_memory_beyond_4_gib():
    check_memory("3G", 3072)
    check_memory("4G", 4096)


def test_both_zones_used():
    """With 64 MiB above 4 GiB, 96 MiB come from both zones, and go back."""
    line = "zoneinfo; echo MARK; /test/memory_report 96; echo MARK; zoneinfo"
    result = octavo.run(line, {"TESTS": "1", "MEM": "2112M"}, seconds=120)
    before, during, after = (zones(part) for part in result.out.decode().split("MARK"))
    assert during["NORMAL"]["free"] < before["NORMAL"]["free"] * 0.2, (before, during)
    used = sum(before[z]["free"] - during[z]["free"] for z in ("DMA32", "NORMAL"))
    assert before["DMA32"]["free"] - during["DMA32"]["free"] > 16 * MIB // FRAME, (before, during)
    assert 96 * MIB // FRAME <= used < 96 * MIB // FRAME * 1.5, (used, during)
    assert after["DMA32"]["managed"] == before["DMA32"]["managed"], (before, after)


def test_harts():
    for harts in (1, 4, 8):
        _, numbers = boots({"SMP": str(harts)})
        assert numbers["harts"] == harts, numbers


def test_devices_in_another_order():
    """virtio-mmio slots are filled from the last one down: all must be probed."""
    rng, serial, net = ("virtio-rng-device", "virtio-serial-device", "virtio-net-device")
    for order in ((), (rng,), (rng, serial, net), (net, serial, rng)):
        options = [word for device in order for word in ("-device", device)]
        boots({"SMP": "1"}, options=options)


def doctored_tree(folder, variables, change):
    """The device tree of the machine, changed by `change(path of the source)`."""
    command, _ = octavo.qemu_command({**octavo.VARIABLES, **variables}, build=False)
    blob, source = os.path.join(folder, "virt.dtb"), os.path.join(folder, "virt.dts")
    at = command.index("-machine") + 1
    command[at] += ",dumpdtb=" + blob
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": octavo.ROOT}
    subprocess.run(command + ["-display", "none"], check=True, timeout=octavo.patience(60), **quiet)
    subprocess.run(["dtc", "-I", "dtb", "-O", "dts", "-o", source, blob], check=True, **quiet)
    with open(source, encoding="utf-8") as text:
        changed = change(text.read())
    with open(source, "w", encoding="utf-8") as out:
        out.write(changed)
    subprocess.run(["dtc", "-I", "dts", "-O", "dtb", "-o", blob, source], check=True, **quiet)
    return blob


HOLE, HOLE_MIB = 0x82000000, 20  # QEMU puts the boot archive at half the RAM


def punch(text):
    """Hart 3 is switched off; 20 MiB in the middle of RAM belong to somebody else."""
    text, count = re.subn(r"(cpu@3 \{\n)", r'\1\t\t\tstatus_was = "okay";\n', text)
    assert count == 1
    text, count = re.subn(r'(status_was = "okay";(?:(?!cpu@).)*?\n\t\t\t)status = "okay"', r'\1status = '
                          r'"disabled"', text, flags=re.DOTALL)
    assert count == 1, "cpu@3 has no status"
    hole = ("\treserved-memory {\n\t\t#address-cells = <2>;\n\t\t#size-cells = <2>;\n\t\tranges;\n"
            f"\t\tmine@{HOLE:x} {{\n\t\t\treg = <0x0 {HOLE:#x} 0x0 {HOLE_MIB * MIB:#x}>;\n"
            "\t\t\tno-map;\n\t\t};\n\t};\n")
    text, count = re.subn(r"(/ \{\n(?:\t[#a-z].*;\n)*)", lambda m: m[1] + "\n" + hole, text, count=1)
    assert count == 1
    return text


def test_doctored_device_tree():
    """Fewer harts than the machine has, and a hole: never handed out, though all else is."""
    variables = {"SMP": "4", "MEM": "128M"}
    whole, _ = boots(variables)
    with tempfile.TemporaryDirectory(prefix="octavo-") as folder:
        blob = doctored_tree(folder, variables, punch)
        zone, numbers = boots(variables, options=["-dtb", blob])
        assert numbers["harts"] == 3, numbers
        less = whole["DMA32"]["managed"] - zone["DMA32"]["managed"]
        assert abs(less - HOLE_MIB * MIB // FRAME) <= 16, (less, whole, zone)
        # Fill all memory; the device looks at what was written into its hole: nothing.
        with octavo.Machine({**variables, "TESTS": "1"}, options=["-dtb", blob], qmp=True) as guest:
            guest.expect(octavo.PROMPT, 60)
            guest.send("/test/memory_report 60 scribble; echo fil''led\r")
            guest.expect("filled", 60)
            dump = os.path.join(folder, "hole")
            guest.qmp("pmemsave", val=HOLE, size=HOLE_MIB * MIB, filename=dump)
            with open(dump, "rb") as data:
                assert not data.read().strip(b"\0"), "somebody wrote into the reserved memory"
            guest.qmp("pmemsave", val=HOLE + HOLE_MIB * MIB, size=20 * MIB, filename=dump)
            with open(dump, "rb") as data:
                assert data.read().count(b"scribble") > 1000, "nobody wrote beside it either"


def octavo_run(*words):
    command = [os.path.join(octavo.ROOT, "tests/tools/octavo-run")]
    return subprocess.run(command + list(words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=octavo.patience(120))


def test_panic_is_status_125():
    """Without a boot archive the kernel has no one to start: it says so, and from where."""
    done = octavo_run("INITRD=", "--", "true")
    text = done.stderr.decode(errors="replace").replace("\r", "")
    assert done.returncode == 125 and done.stdout == b"", (done.returncode, text)
    assert "PANIC: no boot archive" in text, text
    assert re.search(r"backtrace:\n  0x[0-9a-f]+ first_task_create\+0x[0-9a-f]+\n"
                     r"  0x[0-9a-f]+ boot_main\+", text), text


def test_bad_archive_is_status_126():
    """A boot archive that is none: init says what it misses and powers off."""
    with tempfile.NamedTemporaryFile(prefix="octavo-") as archive:
        archive.write(b"not an archive, but long enough to be looked at. " * 200)
        archive.flush()
        done = octavo_run(f"INITRD={archive.name}", "--", "true")
    assert done.returncode == 126 and b"sbin/con" in done.stderr, (done.returncode, done.stderr[-400:])
