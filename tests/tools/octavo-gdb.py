# SPDX-License-Identifier: MIT
"""octavo-gdb.py - gdb commands that know Octavo's structures; loaded by `make gdb`.

    oct tasks              tasks and their threads
    oct pt [TASK|ROOT]     a page table: of a task (id or name), of a root's physical address, or of
                           the space the hart is in
    oct regions TASK       what the pager keeps about a task's space
    oct type TEXT          a line typed into the guest's console
    oct console [N]        the last N lines the console wrote (20)
    $oct_task()            name of the task whose space the hart is in, for breakpoint conditions

All memory is read physically and through page tables walked here, because gdb's own reads go through
the hart's current mode and space: in user mode kernel memory would be out of reach. Nothing is
changed, except that `oct type` gives input to the guest.
"""
import collections
import os
import socket
import struct

import gdb

PAGE = 4096
PTE_V, PTE_RWX = 0x001, 0x00e
FLAGS = "VRWXUGAD"
MASK = (1 << 64) - 1
THREAD_STATES = ["?", "ready", "running", "sending", "waiting", "receiving", "sleeping", "stopped",
                 "dead"]
Leaf = collections.namedtuple("Leaf", "va pa size flags")


# --- Memory ------------------------------------------------------------------------------------

def read_physical(address, length):
    """QEMU's gdb stub reads physical addresses while PhyMemMode is 1."""
    gdb.execute("maintenance packet Qqemu.PhyMemMode:1", to_string=True)
    try:
        gdb.execute("maintenance flush dcache", to_string=True)
        return bytes(gdb.selected_inferior().read_memory(address, length))
    finally:
        gdb.execute("maintenance packet Qqemu.PhyMemMode:0", to_string=True)


def current_root():
    satp = int(gdb.parse_and_eval("$satp")) & MASK
    return (satp & ((1 << 44) - 1)) * PAGE if satp >> 60 == 8 else None


def table(root):
    return struct.unpack("<512Q", read_physical(root, PAGE))


def translate(root, va):
    """The physical address of va, by the Sv39 algorithm (privileged spec 4.3.2, 4.4.1)."""
    for level in (2, 1, 0):
        index = va >> (12 + 9 * level) & 511
        pte = struct.unpack("<Q", read_physical(root + 8 * index, 8))[0]
        if not pte & PTE_V:
            raise gdb.GdbError(f"{va:#x} is not mapped")
        target = (pte >> 10 & ((1 << 44) - 1)) * PAGE
        if pte & PTE_RWX:
            size = PAGE << (9 * level)
            return target + (va & (size - 1))
        root = target
    raise gdb.GdbError(f"{va:#x}: broken page table")


def read_virtual(root, va, length):
    data = b""
    while length:
        part = min(length, PAGE - va % PAGE)
        data += read_physical(translate(root, va), part)
        va, length = va + part, length - part
    return data


def read_value(root, va, kind):
    return gdb.Value(read_virtual(root, va, kind.sizeof), kind)


class Image:
    """The symbols of one program, and the space to read its memory in."""

    def __init__(self, file_name, root):
        self.root = root
        self.objfile = next((o for o in gdb.objfiles() if o.filename.endswith(file_name)), None)
        if not self.objfile:
            raise gdb.GdbError(f"no symbols of {file_name}")

    def symbol(self, name):
        found = self.objfile.lookup_global_symbol(name)
        if not found:
            raise gdb.GdbError(f"no symbol {name} in {self.objfile.filename}")
        return int(found.value().address), found.type

    def read(self, name):
        return read_value(self.root, *self.symbol(name))

    def follow(self, pointer):
        """What a pointer points to, or None."""
        address = int(pointer) & MASK
        return read_value(self.root, address, pointer.type.strip_typedefs().target()) if address \
            else None


def kernel():
    root = current_root()
    if root is None:
        raise gdb.GdbError("paging is off: the kernel has not come that far")
    return Image("/octavo.elf", root)


# --- Tasks -------------------------------------------------------------------------------------

def each_task(image):
    task = image.follow(image.read("tasks")["tqh_first"])
    while task is not None:
        yield task
        task = image.follow(task["all"]["tqe_next"])


def each_thread(image, task):
    thread = image.follow(task["thread_list"]["tqh_first"])
    while thread is not None:
        yield thread
        thread = image.follow(thread["of_task"]["tqe_next"])


def text_of(characters):
    low, high = characters.type.range()
    raw = bytes(int(characters[i]) & 255 for i in range(low, high + 1))
    return raw.split(b"\0")[0].decode(errors="replace")


def root_of(task):
    return (int(task["aspace"]["satp"]) & ((1 << 44) - 1)) * PAGE


def find_task(image, wanted):
    """By id or name; of several with the name, the youngest."""
    found = None
    for task in each_task(image):
        if text_of(task["name"]) == wanted or str(int(task["id"])) == wanted:
            found = task
    return found


class OctTask(gdb.Function):
    """$oct_task(): name of the task whose space the hart is in."""

    def __init__(self):
        super().__init__("oct_task")

    def invoke(self):
        image = kernel()
        for task in each_task(image):
            if root_of(task) == image.root:
                return text_of(task["name"])
        return ""


class Oct(gdb.Command):
    """Octavo's structures: oct tasks, oct pt, oct regions, oct type, oct console."""

    def __init__(self):
        super().__init__("oct", gdb.COMMAND_DATA, gdb.COMPLETE_NONE, True)


class OctTasks(gdb.Command):
    """oct tasks: tasks and their threads."""

    def __init__(self):
        super().__init__("oct tasks", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        image = kernel()
        print(f"{'id':>4} {'name':<16} {'root':>10} {'resident':>8} {'faults':>7}  threads")
        for task in each_task(image):
            threads = ", ".join(self.describe(thread) for thread in each_thread(image, task))
            dying = " dying" if task["dying"] else ""
            print(f"{int(task['id']):>4} {text_of(task['name']):<16} {root_of(task):>#10x} "
                  f"{int(task['aspace']['resident']):>8} {int(task['faults']):>7}  {threads}{dying}")

    @staticmethod
    def describe(thread):
        state = THREAD_STATES[min(int(thread["state"]), len(THREAD_STATES) - 1)]
        return f"{int(thread['number'])} {state} pc {int(thread['pc']):#x}"


# --- Page tables -------------------------------------------------------------------------------

def each_leaf(root, level=2, base=0):
    for index, pte in enumerate(table(root)):
        size = PAGE << (9 * level)
        va = base + index * size
        if level == 2 and index >= 256:
            va |= MASK << 39 & MASK
        target = (pte >> 10 & ((1 << 44) - 1)) * PAGE
        if pte & PTE_V and pte & PTE_RWX:
            yield Leaf(va, target, size, pte & 0xff)
        elif pte & PTE_V and level:
            yield from each_leaf(target, level - 1, va)


def runs(leaves):
    """Joins leaves that go on where the last one ended, in both addresses, with the same flags."""
    run = None
    for leaf in leaves:
        if run and leaf.flags == run.flags and leaf.va == run.va + run.size \
                and leaf.pa == run.pa + run.size:
            run = run._replace(size=run.size + leaf.size)
            continue
        if run:
            yield run
        run = leaf
    if run:
        yield run


class OctPt(gdb.Command):
    """oct pt [TASK|ROOT]: a page table, runs of like pages joined; the kernel's half only if asked
    for with a root (oct pt $satp's address) or with no argument."""

    def __init__(self):
        super().__init__("oct pt", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        image = kernel()
        user_only = False
        root = image.root
        if argument:
            task = find_task(image, argument)
            if task is not None:
                root, user_only = root_of(task), True
            else:
                root = int(gdb.parse_and_eval(argument)) & MASK
        print(f"root {root:#x}")
        leaves = each_leaf(root)
        if user_only:
            leaves = (leaf for leaf in leaves if leaf.va < 1 << 38)
        for run in runs(leaves):
            flags = "".join(letter if run.flags >> bit & 1 else "-"
                            for bit, letter in enumerate(FLAGS))
            print(f"{run.va:>#18x} .. {run.va + run.size - 1:<#18x} -> {run.pa:>#12x}  {flags}  "
                  f"{run.size // 1024} KiB")


# --- The pager's regions -----------------------------------------------------------------------

class OctRegions(gdb.Command):
    """oct regions TASK: the regions of a task's space, read from the pager's memory."""

    def __init__(self):
        super().__init__("oct regions", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        image = kernel()
        task = find_task(image, argument)
        if task is None:
            raise gdb.GdbError(f"no task {argument!r}: oct tasks lists them")
        right = image.follow(task["pager"])
        pager_task = find_task(image, "pager")
        if right is None or pager_task is None:
            raise gdb.GdbError(f"{argument} has no pager: its memory is wired")
        pager = Image("/pager.elf", root_of(pager_task))
        space = self.find_space(pager, int(right["badge"]))
        print(f"space {int(space['badge'])}: {int(space['regions']['count'])} regions, "
              f"{int(space['resident'])} pages resident, break {int(space['brk']):#x}")
        for region in self.each_region(pager, space["regions"]["map"]["rbh_root"]):
            kind = region["kind"]
            prot = int(kind["prot"])
            letters = "".join(c if prot >> i & 1 else "-" for i, c in enumerate("rwx"))
            what = f"object {int(kind['object']):#x} + {int(kind['offset']):#x}" \
                if int(kind["object"]) else "anonymous"
            names = [n for i, n in enumerate(("shared", "grows", "guard", "heap"))
                     if int(kind["flags"]) >> i & 1]
            print(f"{int(region['start']):>#14x} .. {int(region['end']) - 1:<#14x} {letters}  {what}"
                  + ("  " + " ".join(names) if names else ""))

    @staticmethod
    def find_space(pager, badge):
        address, kind = pager.symbol("space_table")
        pointer = kind.target()
        slot = address + badge % (kind.sizeof // pointer.sizeof) * pointer.sizeof
        space = pager.follow(read_value(pager.root, slot, pointer))
        if space is None or int(space["badge"]) != badge:
            raise gdb.GdbError(f"the main pager has no space with badge {badge}")
        return space

    def each_region(self, pager, pointer):
        node = pager.follow(pointer)
        if node is not None:
            yield from self.each_region(pager, node["link"]["rbe_left"])
            yield node
            yield from self.each_region(pager, node["link"]["rbe_right"])


# --- The console -------------------------------------------------------------------------------

class OctType(gdb.Command):
    """oct type TEXT: a line typed into the guest's console; it is read once the guest runs."""

    def __init__(self):
        super().__init__("oct type", gdb.COMMAND_DATA)
        self.line = None

    def invoke(self, argument, from_tty):
        if self.line is None:
            self.line = socket.socket(socket.AF_UNIX)
            self.line.connect(os.environ["OCTAVO_GDB_CONSOLE"])
        self.line.sendall(argument.encode() + b"\n")


class OctConsole(gdb.Command):
    """oct console [N]: the last N lines the console wrote (20)."""

    def __init__(self):
        super().__init__("oct console", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        with open(os.environ["OCTAVO_GDB_LOG"], "rb") as log:
            text = log.read().decode(errors="replace").replace("\r", "")
        print("\n".join(text.splitlines()[-int(argument or 20):]))


for command in (Oct, OctTasks, OctPt, OctRegions, OctType, OctConsole, OctTask):
    command()
