# SPDX-License-Identifier: MIT
"""Second implementations of the policies from papers, written as the papers have them; see naive.py.

A model knows references only: access(key) returns the page that its paper would evict, or None;
resident() returns the pages it holds.
"""


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
        self.m, self.mc = n, max(1, n // 100)
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


MODELS = {"2q": TwoQ, "lruk": LruK, "arc": Arc, "car": Car, "lirs": Lirs, "sieve": Sieve,
          "s3fifo": S3Fifo, "clockpro": ClockPro}
