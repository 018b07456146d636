#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""rooms.py - the order of the rooms, read from a document and seen to in the objects; a part of `make check`.

A room is a folder, and a document has a table of them, in order: each may know (call, refer to, include
the headers of) itself, and of the rooms above it those that its row names. From the objects that the build
made and from the #includes this finds, for S-mode (docs/architecture.md) and the pager (docs/pager.md):

- a file that is in no room, or has no object;
- a name or a header of a room that this one may not know;
- a cycle between rooms, and one of too many files inside a room (four, or what the row says);
- a table of functions that crosses rooms and is not in the document's list of them: a variable that has
  functions of another room, or is of a type that another room declares, or is filled while the program runs
  by nobody knows whom; and a type with functions in it that other rooms use, too;
- an external name that does not begin with its file's name (in `thread.c`: `thread_x`, `thread`, `threads`) and is
  not in the document's list;
- a room with more lines of code than its budget.

The document's tables are found by the heads of their columns:

    | room | ... | may know | ... | cycle | lines |   `folder/`; nothing, all above, or rooms; how many files
                                                    may call each other in a circle (empty: 4); the budget
    | table | ...                                   `variable` or `struct tag`
    | name | ...                                    `name`, or the beginning of names: `sys_*`

Other columns may have anything. What it must not do: know a room, a file or a name by itself.

Usage: rooms.py [TREE [DOCUMENT FOLDER...]]    prints what it finds; exit status 1 when something is wrong.
BUILD and CROSS are make's.
"""
import collections
import fnmatch
import glob
import os
import re
import struct
import subprocess
import sys

from source import code_lines, includes, without_c_comments

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
AREAS = {"S-mode": ("docs/architecture.md", ("sbi", "mm", "kernel")),
         "pager": ("docs/pager.md", ("user/pager",))}
CYCLE = 4

Room = collections.namedtuple("Room", "path knows cycle budget")


# --- The document --------------------------------------------------------------------------------

def tables(text):
    """The rows of each table, as dicts by the heads of the columns."""
    for block in re.findall(r"(?:^\|.*\n)+", text + "\n", re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in block.splitlines()]
        yield rows[0], [dict(zip(rows[0], row)) for row in rows[2:]]


class Document:
    def __init__(self, path):
        self.path, self.rooms, self.tables, self.names, self.problems = path, [], set(), set(), []
        with open(path, encoding="utf-8") as text:
            for heads, rows in tables(text.read()):
                if heads[0] == "room" and "may know" in heads and "lines" in heads:
                    for row in rows:
                        self.rooms.append(self.room(row))
                elif heads[0] in ("table", "name"):
                    found = self.tables if heads[0] == "table" else self.names
                    for row in rows:
                        found.update(re.findall(r"`(?:struct )?([\w*]+)`", row[heads[0]]))

    def room(self, row):
        above = [room.path for room in self.rooms]
        path = re.findall(r"`([^`]+?)/?`", row["room"])
        if len(path) != 1:
            self.problems.append(f"{self.path}: {row['room']!r} is not one `folder/`")
            path = [row["room"]]
        said = row["may know"]
        if said in ("nothing", "all above"):
            knows = above if said == "all above" else []
        else:
            knows = []
            for name in re.split(r",\s*", said.replace("`", "")):
                matching = [room for room in above if (room + "/").endswith("/" + name.rstrip("/") + "/")
                            or room == name.rstrip("/")]
                if len(matching) != 1:
                    self.problems.append(f"{self.path}: {path[0]}: {name!r} is no room above it")
                knows += matching
        number = {column: row.get(column, "").replace(",", "") for column in ("cycle", "lines")}
        return Room(path[0], set(knows) | {path[0]}, int(number["cycle"] or CYCLE), int(number["lines"] or 0))


# --- Objects -------------------------------------------------------------------------------------

SHF_WRITE, SHF_ALLOC, SHF_EXEC = 1, 2, 4
SHT_SYMTAB, SHT_RELA = 2, 4
STT_OBJECT, STT_SECTION, STT_FILE = 1, 3, 4
STB_GLOBAL, STB_WEAK = 1, 2

Symbol = collections.namedtuple("Symbol", "name bind type section value size")


class Object:
    """What one ELF64 object defines, refers to, and holds addresses of."""

    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        if data[:6] != b"\x7fELF\x02\x01":
            raise ValueError(f"{path}: no little-endian ELF64 object")
        offset, = struct.unpack_from("<Q", data, 40)
        size, count, _ = struct.unpack_from("<HHH", data, 58)
        heads = [struct.unpack_from("<IIQQQQIIQQ", data, offset + i * size) for i in range(count)]
        self.flags = [head[2] for head in heads]
        self.symbols = []
        for head in heads:
            if head[1] == SHT_SYMTAB:
                strings = heads[head[6]][4]
                for at in range(head[4], head[4] + head[5], 24):
                    name, info, _, section, value, length = struct.unpack_from("<IBBHQQ", data, at)
                    end = data.index(b"\0", strings + name)
                    self.symbols.append(Symbol(data[strings + name:end].decode(), info >> 4, info & 15,
                                               section, value, length))
        self.defines, self.weak, self.refers = {}, set(), set()
        for symbol in self.symbols:
            if symbol.bind in (STB_GLOBAL, STB_WEAK):
                if symbol.section == 0:
                    self.refers.add(symbol.name)
                else:
                    self.defines[symbol.name] = symbol
                    if symbol.bind == STB_WEAK:
                        self.weak.add(symbol.name)
        self.refers.discard("")
        self.addresses = []  # (variable that holds it, symbol)
        for head in heads:
            if head[1] == SHT_RELA and self.is_data(head[7]):
                for at in range(head[4], head[4] + head[5], 24):
                    where, info, _ = struct.unpack_from("<QQq", data, at)
                    symbol = self.symbols[info >> 32]
                    if symbol.name and not symbol.name.startswith("."):
                        self.addresses.append((self.variable_at(head[7], where), symbol))

    def is_data(self, section):
        return 0 < section < len(self.flags) and self.flags[section] & (SHF_ALLOC | SHF_EXEC) == SHF_ALLOC

    def is_code(self, section):
        return 0 < section < len(self.flags) and self.flags[section] & SHF_EXEC != 0

    def variable_at(self, section, where):
        for symbol in self.symbols:
            if symbol.section == section and symbol.type == STT_OBJECT and \
                    symbol.value <= where < symbol.value + symbol.size:
                return re.sub(r"\.\d+$", "", symbol.name)
        return None

    def is_written(self, name):
        """Whether a variable of this name is in memory that the program can write to."""
        return any(re.sub(r"\.\d+$", "", symbol.name) == name and symbol.type == STT_OBJECT
                   and symbol.section < len(self.flags) and self.flags[symbol.section] & SHF_WRITE
                   for symbol in self.symbols)


class Types:
    """The types of one object's debugging information: which of them have pointers to functions."""

    def __init__(self, lines):
        self.entries, self.variables, stack = {}, [], []
        for line in lines:
            head = re.match(r" *<(\d+)><([0-9a-f]+)>: .*\(DW_TAG_(\w+)\)", line)
            if head:
                entry = {"tag": head[3], "members": []}
                self.entries[head[2]] = entry
                del stack[int(head[1]):]
                stack.append(entry)
                if head[3] == "member" and len(stack) > 1:
                    stack[-2]["members"].append(entry)
                elif head[3] == "variable":
                    self.variables.append(entry)
                continue
            attribute = re.match(r" +<[0-9a-f]+> +DW_AT_(\w+) *: (.*)", line)
            if attribute and stack:
                value = attribute[2]
                if attribute[1] in ("type", "specification", "abstract_origin"):
                    stack[-1][attribute[1]] = value.strip("<> \t").removeprefix("0x")
                elif attribute[1] == "name":
                    stack[-1]["name"] = re.sub(r"^\(.*?\): ", "", value).strip()
                elif attribute[1] == "location":
                    stack[-1]["location"] = value

    def at(self, offset):
        while True:
            entry = self.entries.get(offset)
            if entry is None or entry["tag"] not in ("const_type", "volatile_type", "typedef", "array_type"):
                return entry
            offset = entry.get("type")

    def holds(self, offset, depth=0):
        """Whether values of the type hold pointers to functions themselves: "" or the tag of the structure
        that has them; None when they do not."""
        entry = self.at(offset)
        if entry is None or depth > 4:
            return None
        if entry["tag"] == "pointer_type":
            target = self.at(entry.get("type"))
            if target and target["tag"] == "subroutine_type":
                return ""
        elif entry["tag"] in ("structure_type", "union_type"):
            for member in entry["members"]:
                inner = self.holds(member.get("type"), depth + 1)
                if inner is not None:
                    return inner or entry.get("name", "")
        return None

    def tables(self):
        """(variable, tag of the structure or "", whether it is only a pointer to one) of those in memory."""
        for variable in self.variables:
            origin = self.entries.get(variable.get("specification") or variable.get("abstract_origin"), variable)
            name, kind = origin.get("name"), variable.get("type") or origin.get("type")
            if not name or "DW_OP_addr" not in variable.get("location", ""):
                continue
            tag = self.holds(kind)
            if tag is not None:
                yield name, tag, False
                continue
            entry = self.at(kind)
            if entry and entry["tag"] == "pointer_type":
                tag = self.holds(entry.get("type"))
                if tag is not None:
                    yield name, tag, True

    def structures(self):
        for offset, entry in self.entries.items():
            if entry["tag"] in ("structure_type", "union_type") and entry.get("name"):
                if any(self.holds(member.get("type"), 1) is not None for member in entry["members"]):
                    yield entry["name"]


def read_types(paths):
    """Types by path; the objects have debugging information (-g)."""
    command = [os.environ.get("CROSS", "riscv64-unknown-elf-") + "readelf", "--debug-dump=info", *paths]
    listing = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                             errors="replace", check=True).stdout
    found = {}
    for part in re.split(r"^File: ", listing, flags=re.MULTILINE) if len(paths) > 1 else \
            [f"{paths[0]}\n{listing}" if paths else ""]:
        path, _, rest = part.partition("\n")
        if path in paths:
            found[path] = Types(rest.splitlines())
    return found


# --- Graphs --------------------------------------------------------------------------------------

def circles(graph):
    """The sets of nodes that reach each other, those of one node left out (Tarjan 1972)."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for target in sorted(graph.get(node, ())):
            if target not in index:
                visit(target)
                low[node] = min(low[node], low[target])
            elif target in stack:
                low[node] = min(low[node], index[target])
        if low[node] == index[node]:
            part = stack[stack.index(node):]
            del stack[stack.index(node):]
            if len(part) > 1:
                found.append(sorted(part))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


# --- One area ------------------------------------------------------------------------------------

class Area:
    def __init__(self, name, document, roots, build):
        self.name, self.document, self.build = name, Document(document), build
        self.problems = self.document.problems
        self.against = []  # (path, room, what)
        self.sources = sorted(path for root in roots for path in
                              glob.glob(root + "/**/*.[chS]", recursive=True))
        self.room_of = {path: self.find_room(path) for path in self.sources}
        self.rooms = {room.path: room for room in self.document.rooms}
        self.calls = collections.defaultdict(set)  # file -> files
        self.doors = collections.defaultdict(set)  # room -> rooms

    def find_room(self, path):
        folders = [room.path for room in self.document.rooms if path.startswith(room.path + "/")]
        return max(folders, key=len, default=None)

    def read(self):
        self.objects = {}
        for path in self.sources:
            if self.room_of[path] is None:
                self.problems.append(f"{path}: in no room of {self.document.path}")
            elif not path.endswith(".h"):
                built = os.path.join(self.build, os.path.splitext(path)[0] + ".o")
                if os.path.exists(built):
                    self.objects[path] = Object(built)
                else:
                    self.problems.append(f"{path}: its object {built} is not built")
        self.definer = {}
        for weak in (True, False):  # what is weak gives way
            for path, item in self.objects.items():
                self.definer.update({name: path for name in item.defines if (name in item.weak) == weak})

    def know(self, path, target, what):
        """The file at `path` has to do with the one at `target`."""
        room, other = self.room_of[path], self.room_of.get(target)
        if other is None or room is None or room == other:
            return
        self.doors[room].add(other)
        if other not in self.rooms[room].knows:
            self.against.append(f"{path}: {what}, which is {other}'s: {room} may not know it")

    def check_calls(self):
        for path, item in self.objects.items():
            for name in sorted(item.refers):
                target = self.definer.get(name)
                if target:
                    self.know(path, target, f"refers to {name} ({os.path.basename(target)})")
                    if target != path:
                        self.calls[path].add(target)
        for path in self.sources:
            for number, spelling, target in includes(path):
                if target:
                    self.know(path, target, f"line {number} includes {spelling}")
        self.problems += self.against

    def check_circles(self):
        self.longest = dict.fromkeys(self.rooms, ())
        for part in circles(self.doors):
            self.problems.append(f"{self.name}: these rooms know each other in a circle: " + ", ".join(part))
        for room in self.rooms:
            inside = {path: {target for target in targets if self.room_of[target] == room}
                      for path, targets in self.calls.items() if self.room_of[path] == room}
            for part in circles(inside):
                if len(part) > len(self.longest[room]):
                    self.longest[room] = part
                if len(part) > self.rooms[room].cycle:
                    self.problems.append(f"{room}: {len(part)} files call each other in a circle, at most "
                                         f"{self.rooms[room].cycle} may: "
                                         + ", ".join(os.path.basename(path) for path in part))

    def homes(self):
        """Where structures are declared: tag -> path."""
        found = {}
        for path in self.sources:
            with open(path, encoding="utf-8") as source:
                for tag in re.findall(r"\b(?:struct|union) (\w+)(?:\s+__attribute__\S*)?\s*\{", source.read()):
                    found[tag] = path
        return found

    def check_tables(self):
        tables = {}  # (name, path) -> why it crosses
        seen, shared = set(), set()
        homes = self.homes()
        for path, item in self.objects.items():
            for variable, symbol in item.addresses:
                owner = path if symbol.section else self.definer.get(symbol.name)
                code = owner and (item.is_code(symbol.section) if symbol.section else
                                  self.objects[owner].is_code(self.objects[owner].defines[symbol.name].section))
                if code and self.room_of[owner] != self.room_of[path]:
                    tables[variable or "?", path] = f"has {symbol.name} of {self.room_of[owner]}", ""
        built = {os.path.join(self.build, os.path.splitext(path)[0] + ".o"): path for path in self.objects}
        types = read_types(sorted(built))
        for object_path, found in types.items():
            path = built[object_path]
            item, room = self.objects[path], self.room_of[path]
            for name, tag, pointer in found.tables():
                home = homes.get(tag)
                seen.update((name, tag))
                if home and self.room_of[home] != room:
                    tables[name, path] = f"is of {self.room_of[home]}'s struct {tag}", tag
                elif item.is_written(name) and not pointer and (not home or self.is_shared(name, room)):
                    tables.setdefault((name, path), ("is filled while the program runs", tag))
            for tag in found.structures():
                seen.add(tag)
                if homes.get(tag, "").endswith(".h"):
                    shared.add(tag)
        self.check_types(shared, homes)
        for (name, path), (why, tag) in sorted(tables.items()):
            seen.add(name)
            if not {name, tag} & self.document.tables:
                self.problems.append(f"{path}: the table {name} {why}: it is not in {self.document.path}")
        for name in sorted(self.document.tables - seen):
            self.problems.append(f"{self.document.path}: the table {name} is not there any more")

    def is_shared(self, name, room):
        """Whether files of other rooms refer to the variable."""
        return any(name in item.refers and self.room_of[path] != room for path, item in self.objects.items())

    def check_types(self, tags, homes):
        text = {}
        for path in self.sources:
            with open(path, encoding="utf-8") as source:
                text[path] = without_c_comments(source.read())
        for tag in sorted(tags):
            room = self.room_of[homes[tag]]
            others = sorted({self.room_of[path] for path, source in text.items() if self.room_of[path] and
                             self.room_of[path] != room and re.search(rf"\bstruct {tag}\b", source)})
            if others and tag not in self.document.tables:
                self.problems.append(f"{homes[tag]}: struct {tag} has functions, and {', '.join(others)} "
                                     f"uses it: it is not in {self.document.path}")

    def check_names(self):
        used = set()
        for path, item in self.objects.items():
            stem = os.path.splitext(os.path.basename(path))[0]
            for name, symbol in sorted(item.defines.items()):
                if name in (stem, stem + "s") or name.startswith(stem + "_") or \
                        symbol.type in (STT_SECTION, STT_FILE) or self.stands_in(name, path):
                    continue
                fits = {pattern for pattern in self.document.names if fnmatch.fnmatchcase(name, pattern)}
                used |= fits
                if not fits:
                    self.problems.append(f"{path}: the external name {name} does not begin with {stem}_")
        for name in sorted(self.document.names - used):
            self.problems.append(f"{self.document.path}: no file has the name {name} that is not its own")

    def stands_in(self, name, path):
        """Whether the definition takes the place of a weak one, which has its name from another file."""
        return any(name in other.weak for where, other in self.objects.items() if where != path)

    def check_lines(self):
        self.lines = {room: sum(code_lines(path) for path in self.sources if self.room_of[path] == room)
                      for room in self.rooms}
        for room, lines in self.lines.items():
            if lines > self.rooms[room].budget:
                self.problems.append(f"{room}: {lines} lines of code, budget {self.rooms[room].budget} "
                                     f"({self.document.path})")

    def check(self):
        self.read()
        self.check_calls()
        self.check_circles()
        self.check_tables()
        self.check_names()
        self.check_lines()

    def show(self):
        width = max(24, *(len(room) + 2 for room in self.rooms))
        print(f"\n{'room, ' + self.name:<{width}} {'files':>5} {'lines':>6} {'budget':>6}  longest cycle")
        for room in self.rooms:
            files = sum(1 for path in self.sources if self.room_of[path] == room)
            names = [os.path.basename(path) for path in self.longest[room]]
            print(f"{room + '/':<{width}} {files:>5} {self.lines[room]:>6} {self.rooms[room].budget:>6}  "
                  + (f"{len(names)}: {', '.join(names)}" if names else "none"))
        print(f"{self.name}: {len(self.against)} against the order, longest cycle "
              f"{max(map(len, self.longest.values()), default=0)}")


def check(problems, areas=None):
    """Checks all areas of the tree in the working folder, prints their tables, adds what is wrong to
    `problems`."""
    for name, (document, roots) in (areas or AREAS).items():
        area = Area(name, document, roots, os.environ.get("BUILD", "build"))
        if not area.rooms:
            print(f"{name}: {document} has no table of rooms: not checked")
            continue
        area.check()
        area.show()
        problems += area.problems


def main():
    os.chdir(sys.argv[1] if len(sys.argv) > 1 else ROOT)
    problems = []
    check(problems, {"tree": (sys.argv[2], sys.argv[3:])} if len(sys.argv) > 3 else None)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
