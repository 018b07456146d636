# SPDX-License-Identifier: MIT
"""Second implementations of the textbook policies, as plain as can be; see naive.py.

Every decision looks at everything. A model is told all calls, as the policy is, and asks the
machine for bits.
"""


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


MODELS = {"random": Random, "fifo": Fifo, "lru": Lru, "mru": Mru, "lfu": Lfu, "nru": Nru,
          "aging": Aging, "clock": Clock, "eclock": Eclock, "wsclock": Wsclock}
