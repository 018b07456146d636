# SPDX-License-Identifier: MIT
"""Second implementations of the policies, as plain as can be, for comparison with the real ones.

The real policy runs in `test-policies --drive`, which prints a recording (record.h) with comments
that tell what the machine did to its bits. check() reads it and asks the model here at each victim.
Nothing is fast here: every decision looks at everything.

There are two kinds. A Textbook model is told all calls, as the policy is, and may meet freed pages,
resizes, busy frames and so on. A Paper model only knows references: access(key) returns the page
that its paper would evict, or None.
"""


class Machine:
    """The frames and bits as the recording tells them."""

    def __init__(self):
        self.key, self.accessed, self.dirty, self.busy = {}, {}, {}, {}
        self.discounted = {}

    def enter(self, frame, key, why, dirty):
        self.key[frame], self.dirty[frame] = key, dirty
        if why != "taken":  # a page that was there already keeps its bits
            self.busy[frame] = False
            self.accessed[frame] = self.discounted[frame] = why == "fault"

    def referenced(self, frame):
        told = self.accessed[frame] and not self.discounted[frame]
        self.accessed[frame] = self.discounted[frame] = False
        return told

    def harvested(self):
        for frame in self.key:
            self.accessed[frame] = self.discounted[frame] = False


# --- Textbook ---------------------------------------------------------------------------------


class Textbook:
    def __init__(self, machine, nframes, params):
        self.m, self.n, self.params = machine, nframes, params
        self.frames = []
        self.setup()

    def setup(self): pass
    def enter(self, frame, fault): self.frames.append(frame)
    def used(self, frame, dirty): pass
    def leave(self, frame): self.frames.remove(frame)
    def tick(self): pass
    def resize(self, n): self.n = n
    def clean_first(self, frame): return False

    def idle(self):
        return [f for f in self.frames if not self.m.busy[f]]


class Random(Textbook):
    def victim(self):
        return set(self.idle()) or {None}  # any of them will do


class Fifo(Textbook):
    def victim(self):
        return next(iter(self.idle()), None)


class Lru(Fifo):
    def used(self, frame, dirty):
        self.frames.remove(frame)
        self.frames.append(frame)


class Mru(Lru):
    def victim(self):
        return next(reversed(self.idle()), None)


class Lfu(Textbook):
    def setup(self):
        self.count, self.last, self.time = {}, {}, 0

    def use(self, frame, count):
        self.time += 1
        self.count[frame], self.last[frame] = count, self.time

    def enter(self, frame, fault):
        super().enter(frame, fault)
        self.use(frame, int(fault))

    def used(self, frame, dirty):
        self.use(frame, self.count[frame] + 1)

    def victim(self):
        return min(self.idle(), key=lambda f: (self.count[f], self.last[f]), default=None)


class Nru(Textbook):
    def setup(self):
        self.tick_used, self.order, self.was_dirty, self.now, self.serial = {}, {}, {}, 1, 0

    def place(self, frame, tick, dirty):
        self.serial += 1
        self.tick_used[frame], self.was_dirty[frame] = tick, dirty
        self.order[frame] = self.serial if tick else -self.serial

    def enter(self, frame, fault):
        super().enter(frame, fault)
        self.place(frame, self.now if fault else 0, self.m.dirty[frame])

    def used(self, frame, dirty):
        if self.tick_used[frame] != self.now or (dirty and not self.was_dirty[frame]):
            self.place(frame, self.now, self.m.dirty[frame])

    def tick(self):
        self.now += 1

    def victim(self):
        for used, dirty in ((False, False), (False, True), (True, False), (True, True)):
            for f in sorted(self.frames, key=lambda f: (self.tick_used[f], self.order[f])):
                if self.was_dirty[f] != dirty or (self.tick_used[f] == self.now) != used:
                    continue
                if not used and self.m.referenced(f):
                    self.used(f, self.m.dirty[f])
                elif not self.m.busy[f]:
                    return f
        return None


class Aging(Textbook):
    def setup(self):
        self.counter, self.bit = {}, {}

    def enter(self, frame, fault):
        super().enter(frame, fault)
        self.counter[frame], self.bit[frame] = (128 if fault else 0), False

    def used(self, frame, dirty):
        self.bit[frame] = True

    def tick(self):
        self.frames.sort(key=lambda f: self.counter[f])
        for f in self.frames:
            self.counter[f] = self.counter[f] // 2 + (128 if self.bit[f] else 0)
            self.bit[f] = False

    def victim(self):
        return min(self.idle(), key=lambda f: self.counter[f], default=None)


class Ring(Textbook):
    """A clock as drawn in the books: places in a circle and a hand that points to one."""

    def setup(self):
        self.hand, self.bit = 0, {}

    def enter(self, frame, fault):
        self.frames.insert(self.hand, frame)
        self.hand = (self.hand + 1) % len(self.frames)
        if len(self.frames) == 1:
            self.hand = 0

    def used(self, frame, dirty):
        self.bit[frame] = True

    def leave(self, frame):
        place = self.frames.index(frame)
        del self.frames[place]
        if place < self.hand:
            self.hand -= 1
        if self.hand >= len(self.frames):
            self.hand = 0

    def advance(self):
        self.hand = (self.hand + 1) % len(self.frames)

    def look(self):
        """The frame under the hand and whether it was used; the machine's bit moves to ours."""
        frame = self.frames[self.hand]
        if self.m.referenced(frame):
            self.bit[frame] = True
        return frame, self.bit[frame]


class Clock(Ring):
    def enter(self, frame, fault):
        super().enter(frame, fault)
        self.bit[frame] = fault and self.params.get("start", 1) == 1

    def victim(self):
        for step in range(2 * len(self.frames)):
            frame, used = self.look()
            if not self.m.busy[frame] and (not used or step >= len(self.frames)):
                return frame
            self.bit[frame] = False
            self.advance()
        return None


class Eclock(Ring):
    def enter(self, frame, fault):
        super().enter(frame, fault)
        self.bit[frame] = fault

    def victim(self):
        for want_dirty in (False, True, False, True):
            for _ in range(len(self.frames)):
                frame, used = self.look()
                if not used and not self.m.busy[frame] and self.m.dirty[frame] == want_dirty:
                    return frame
                if want_dirty:
                    self.bit[frame] = False
                self.advance()
        return None


class Wsclock(Ring):
    def setup(self):
        super().setup()
        self.stamp, self.now, self.none_until = {}, 0, 0

    def tau(self):
        return self.params.get("tau", 0) or self.n // 2

    def enter(self, frame, fault):
        super().enter(frame, fault)
        self.now += fault
        self.bit[frame], self.stamp[frame] = False, self.now

    def old(self, frame):
        return self.now - self.stamp[frame] > self.tau()

    def victim(self):
        seen = [self.now]
        for step in range(2 * len(self.frames)):
            frame, used = self.look()
            if step == len(self.frames):
                self.none_until = min(seen) + self.tau() + 1
            if used:
                self.stamp[frame] = self.now
            elif not self.m.busy[frame] and (self.old(frame) or self.now < self.none_until):
                return frame
            if not self.m.busy[frame]:
                seen.append(self.stamp[frame])
            self.bit[frame] = False
            self.advance()
        return None

    def clean_first(self, frame):
        if not self.old(frame):
            return False
        self.frames.remove(frame)  # the hand is on it, and goes on
        self.frames.insert(self.hand, frame)
        self.hand = (self.hand + 1) % len(self.frames)
        return True


# --- Papers -----------------------------------------------------------------------------------


class TwoQ:
    def __init__(self, n, params):
        self.n, self.kin = n, n * params.get("in", 25) // 100
        self.kout = n * params.get("out", 50) // 100
        self.a1in, self.a1out, self.am = [], [], []  # newest first, as in the paper

    def access(self, x):
        if x in self.am:
            self.am.remove(x)
            self.am.insert(0, x)
            return None
        if x in self.a1in:
            return None
        known, victim = x in self.a1out, None
        if len(self.a1in) + len(self.am) >= self.n:
            if len(self.a1in) > self.kin or not self.am:
                victim = self.a1in.pop()
                self.a1out.insert(0, victim)
            else:
                victim = self.am.pop()
        if known:
            self.a1out.remove(x)
            self.am.insert(0, x)
        else:
            self.a1in.insert(0, x)
        del self.a1out[self.kout:]
        return victim

    def resident(self):
        return self.a1in + self.am


class LruK:
    def __init__(self, n, params):
        self.n, self.k, self.period = n, params.get("k", 2), params.get("period", 0)
        self.keep = n * params.get("keep", 100) // 100
        self.hist, self.last, self.here, self.gone, self.t = {}, {}, [], [], 0

    def access(self, x):
        victim = None
        self.t += 1
        if x not in self.here:
            if len(self.here) >= self.n:
                victim = min(self.here, key=lambda p: (self.hist[p][self.k - 1], self.last[p]))
                self.here.remove(victim)
                self.gone.append(victim)
            if x not in self.gone[-self.keep:] if self.keep else True:
                self.hist[x], self.last[x] = [0] * self.k, 0
            if x in self.gone:
                self.gone.remove(x)
            self.here.append(x)
        if self.last[x] == 0 or self.t - self.last[x] > self.period:
            shift = self.last[x] - self.hist[x][0]
            self.hist[x] = [self.t] + [h + shift if h else 0 for h in self.hist[x][:-1]]
        self.last[x] = self.t
        return victim

    def resident(self):
        return self.here


class Arc:
    def __init__(self, n, params):
        self.c, self.p = n, 0.0
        self.t1, self.t2, self.b1, self.b2 = [], [], [], []  # oldest first

    def replace(self, in_b2):
        if self.t1 and (len(self.t1) > int(self.p) or (in_b2 and len(self.t1) == int(self.p))):
            victim = self.t1.pop(0)
            self.b1.append(victim)
        else:
            victim = self.t2.pop(0)
            self.b2.append(victim)
        return victim

    def access(self, x):
        full = len(self.t1) + len(self.t2) >= self.c
        for t in (self.t1, self.t2):
            if x in t:
                t.remove(x)
                self.t2.append(x)
                return None
        for b, other, sign in ((self.b1, self.b2, 1), (self.b2, self.b1, -1)):
            if x in b:
                self.p = min(max(self.p + sign * max(1, len(other) / len(b)), 0), self.c)
                victim = self.replace(sign < 0) if full else None
                b.remove(x)
                self.t2.append(x)
                return victim
        victim = None
        if len(self.t1) + len(self.b1) == self.c:
            if len(self.t1) < self.c:
                self.b1.pop(0)
                victim = self.replace(False)
            else:
                victim = self.t1.pop(0)
        elif len(self.t1) + len(self.t2) + len(self.b1) + len(self.b2) >= self.c:
            if len(self.t1) + len(self.t2) + len(self.b1) + len(self.b2) == 2 * self.c:
                self.b2.pop(0)
            victim = self.replace(False)
        self.t1.append(x)
        return victim

    def resident(self):
        return self.t1 + self.t2


class Car:
    def __init__(self, n, params):
        self.c, self.p, self.bit = n, 0.0, {}
        self.t1, self.t2, self.b1, self.b2 = [], [], [], []  # head (under the hand) first

    def replace(self):
        while True:
            t, b = (self.t1, self.b1) if len(self.t1) >= max(1, self.p) else (self.t2, self.b2)
            x = t.pop(0)
            if not self.bit[x]:
                b.append(x)
                return x
            self.bit[x] = False
            self.t2.append(x)

    def access(self, x):
        if x in self.t1 or x in self.t2:
            self.bit[x] = True
            return None
        victim = None
        if len(self.t1) + len(self.t2) == self.c:
            victim = self.replace()
            if x not in self.b1 and x not in self.b2:
                if len(self.t1) + len(self.b1) == self.c:
                    self.b1.pop(0)
                elif len(self.t1) + len(self.t2) + len(self.b1) + len(self.b2) == 2 * self.c:
                    self.b2.pop(0)
        if x in self.b1:
            self.p = min(self.p + max(1, len(self.b2) / len(self.b1)), self.c)
            self.b1.remove(x)
            self.t2.append(x)
        elif x in self.b2:
            self.p = max(self.p - max(1, len(self.b1) / len(self.b2)), 0)
            self.b2.remove(x)
            self.t2.append(x)
        else:
            self.t1.append(x)
        self.bit[x] = False
        return victim

    def resident(self):
        return self.t1 + self.t2


class Lirs:
    def __init__(self, n, params):
        self.n, self.lhir = n, max(1, n * params.get("hir", 1) // 100)
        self.names = n * params.get("names", 300) // 100
        self.s, self.q, self.lir, self.gone = [], [], set(), []  # s: top last; q, gone: head first

    def prune(self):
        while self.s and self.s[0] not in self.lir:
            x = self.s.pop(0)
            if x in self.gone:
                self.gone.remove(x)

    def demote(self):
        while len(self.lir) > self.n - self.lhir:
            x = self.s.pop(0)
            self.lir.remove(x)
            self.q.append(x)
            self.prune()

    def access(self, x):
        victim, on_stack = None, x in self.s
        if x not in self.lir and x not in self.q and len(self.lir) + len(self.q) >= self.n:
            victim = self.q.pop(0)
            if victim in self.s:
                self.gone.append(victim)
                if len(self.gone) > self.names:
                    self.s.remove(self.gone.pop(0))
            self.prune()
            on_stack = x in self.s
        new = x not in self.lir and x not in self.q
        if on_stack:
            self.s.remove(x)
        self.s.append(x)
        if x in self.gone:
            self.gone.remove(x)
        if x in self.lir:
            pass
        elif on_stack or (new and len(self.lir) < self.n - self.lhir):
            if x in self.q:
                self.q.remove(x)
            self.lir.add(x)
        else:
            if x in self.q:
                self.q.remove(x)
            self.q.append(x)
        self.prune()
        self.demote()
        return victim

    def resident(self):
        return list(self.lir) + self.q


class Sieve:
    def __init__(self, n, params):
        self.n, self.queue, self.visited, self.hand = n, [], {}, 0  # oldest first

    def access(self, x):
        if x in self.queue:
            self.visited[x] = True
            return None
        victim = None
        if len(self.queue) >= self.n:
            while True:
                if self.hand >= len(self.queue):
                    self.hand = 0
                victim = self.queue[self.hand]
                if not self.visited[victim]:
                    break
                self.visited[victim] = False
                self.hand += 1
            del self.queue[self.hand]
            # At the newest page the hand starts over: it must not wait for the next one.
            if self.hand >= len(self.queue):
                self.hand = 0
        self.queue.append(x)
        self.visited[x] = False
        return victim

    def resident(self):
        return self.queue


class S3Fifo:
    def __init__(self, n, params):
        self.n, self.want = n, max(1, n * params.get("small", 10) // 100)
        self.move = params.get("move", 2)
        self.small, self.main, self.ghost, self.freq = [], [], [], {}  # oldest first

    def evict(self):
        while True:
            if len(self.small) >= self.want or not self.main:
                x = self.small.pop(0)
                if self.freq[x] < self.move:
                    self.ghost.append(x)
                    return x
                self.freq[x] = 0
                self.main.append(x)
            else:
                x = self.main.pop(0)
                if self.freq[x] == 0:
                    return x
                self.freq[x] -= 1
                self.main.append(x)

    def access(self, x):
        if x in self.small or x in self.main:
            self.freq[x] = min(3, self.freq[x] + 1)
            return None
        victim = self.evict() if len(self.small) + len(self.main) >= self.n else None
        if len(self.ghost) > self.n - self.want:
            self.ghost.pop(0)
        if x in self.ghost:
            self.ghost.remove(x)
            self.main.append(x)
        else:
            self.small.append(x)
        self.freq[x] = 0
        return victim

    def resident(self):
        return self.small + self.main


class ClockPro:
    """The ring is a list whose end is the list head of the paper; the hot hand is at its start."""

    def __init__(self, n, params):
        self.m, self.mc = n, max(1, n * params.get("cold", 1) // 100)
        self.ring, self.cold_hand, self.test_hand = [], None, None  # of keys
        self.hot, self.here, self.test, self.bit = set(), set(), set(), set()

    def next(self, x):
        place = self.ring.index(x)
        return self.ring[(place + 1) % len(self.ring)]

    def remove(self, x):
        after = self.next(x) if len(self.ring) > 1 else None
        if self.cold_hand == x:
            self.cold_hand = after
        if self.test_hand == x:
            self.test_hand = after
        self.ring.remove(x)
        for group in (self.hot, self.test, self.bit):
            group.discard(x)

    def to_head(self, x):
        self.ring.append(x)
        if len(self.ring) == 1:
            self.cold_hand = self.test_hand = x

    def end_test(self, x):
        self.test.discard(x)
        self.mc = max(1, self.mc - 1)
        if x not in self.here:
            self.remove(x)

    def run_hot(self):
        while len(self.hot) > self.m - self.mc:
            x = self.ring.pop(0)  # the hand passes x: it is now the last it will come to
            self.ring.append(x)
            if x in self.hot and x in self.bit:
                self.bit.remove(x)
            elif x in self.hot:
                self.remove(x)
                self.to_head(x)
            elif x in self.test and x not in self.bit:
                self.end_test(x)

    def run_test(self):
        while len(self.ring) - len(self.here) > self.m:
            x = self.test_hand
            self.test_hand = self.next(x)
            if x in self.test and x not in self.bit:
                self.end_test(x)

    def run_cold(self):
        while True:
            x = self.cold_hand
            if x in self.hot or x not in self.here:
                self.cold_hand = self.next(x)
            elif x not in self.bit:
                return x
            else:
                was_test = x in self.test
                self.cold_hand = self.next(x)
                self.remove(x)
                (self.hot if was_test else self.test).add(x)
                self.to_head(x)
                if was_test:
                    self.mc = min(self.m, self.mc + 1)
                    self.run_hot()

    def access(self, x):
        if x in self.here:
            self.bit.add(x)
            return None
        victim = None
        if len(self.here) >= self.m:
            victim = self.run_cold()
            self.here.remove(victim)
            if victim not in self.test:
                self.remove(victim)
            self.run_test()
        if x in self.ring:
            self.remove(x)
            self.mc = min(self.m, self.mc + 1)
            self.hot.add(x)
        elif len(self.here) + 1 < self.m and len(self.hot) < self.m - self.mc:
            self.hot.add(x)
        else:
            self.test.add(x)
        self.here.add(x)
        self.to_head(x)
        self.run_hot()
        return victim

    def resident(self):
        return list(self.here)


TEXTBOOK = {"random": Random, "fifo": Fifo, "lru": Lru, "mru": Mru, "lfu": Lfu, "nru": Nru,
            "aging": Aging, "clock": Clock, "eclock": Eclock, "wsclock": Wsclock}
PAPER = {"2q": TwoQ, "lruk": LruK, "arc": Arc, "car": Car, "lirs": Lirs, "sieve": Sieve,
         "s3fifo": S3Fifo, "clockpro": ClockPro}


# --- Reading a recording ----------------------------------------------------------------------


class Different(Exception):
    pass


def parse(text):
    """("2q:in=20,out=60") -> "2q", {"in": 20, "out": 60}"""
    name, _, rest = text.partition(":")
    return name, {k: int(v) for k, v in (p.split("=") for p in rest.split(",") if p)}


def result(lines, number):
    """The result line of the call before line `number`, past the answers of services."""
    while lines[number][0] in "RBD#":
        number += 1
    return lines[number].split()[1:]


def check_textbook(lines, name, params, nframes):
    machine = Machine()
    model = TEXTBOOK[name](machine, nframes, params)
    victims = 0
    for number, line in enumerate(lines):
        word = line.split()
        kind, frame = word[0], int(word[1]) if len(word) > 1 and word[1].isdigit() else None
        if kind == "#" and word[1] == "touched":
            machine.accessed[int(word[2])] = True
        elif kind == "#" and word[1] == "dirty":
            machine.dirty[int(word[2])] = True
        elif kind == "#" and word[1] == "busy":
            machine.busy[int(word[2])] = word[3] == "1"
        elif kind == "e":
            machine.enter(frame, (word[2], word[3]), word[4], word[5] == "1")
            model.enter(frame, word[4] == "fault")
        elif kind == "u":
            model.used(frame, word[2] == "1")
        elif kind == "l":
            model.leave(frame)
        elif kind == "t":
            machine.harvested()
            model.tick()
        elif kind == "z":
            model.resize(frame)
        elif kind == "v":
            victims += 1
            real, mine = result(lines, number + 1)[0], model.victim()
            real = None if real == "-" else int(real)
            if not isinstance(mine, set):
                mine = {mine}
            if real not in mine:
                raise Different(f"line {number}: {name} nominated {real}, the model {mine}")
        elif kind == "c":
            real, mine = result(lines, number + 1)[0] == "1", model.clean_first(frame)
            if real != mine:
                raise Different(f"line {number}: {name} clean_first {real}, the model {mine}")
            if real:
                machine.dirty[frame] = False
    return victims


def check_paper(lines, name, params, nframes):
    model = PAPER[name](nframes, params)
    frames, victim, victims = {}, None, 0
    for number, line in enumerate(lines):
        word = line.split()
        if word[0] == "u":
            if model.access(frames[word[1]]) is not None:
                raise Different(f"line {number}: a hit, but the model of {name} evicts")
        elif word[0] == "v":
            victims += 1
            victim = frames[result(lines, number + 1)[0]]
        elif word[0] == "e":
            key = (word[2], word[3])
            if key in model.resident():
                raise Different(f"line {number}: a fault, but the model of {name} has the page")
            mine = model.access(key)
            if mine != victim:
                raise Different(f"line {number}: {name} evicted {victim}, the model {mine}")
            frames[word[1]], victim = key, None
    return victims


def check(recording):
    """Raises Different, or returns the number of victims that were the same."""
    lines = recording.splitlines()
    header = lines[1].split()
    name, params = parse(header[1])
    checker = check_textbook if name in TEXTBOOK else check_paper
    return checker(lines[2:], name, params, int(header[3]))
