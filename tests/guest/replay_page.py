# SPDX-License-Identifier: MIT
"""The page of `make replay` from a recording that the guest made, beside another policy, in a real browser: each
step forth, and some back, against what the recording's text says. (Pages of the simulator's traces: tests/sim/sim_replay.py.)"""
import os
import re
import sys

import octavo
from recordings import Share, text_of

sys.path.append(os.path.join(octavo.ROOT, "tests/sim"))
import sim_replay
import test_sim

TIMEOUT = 300


class Recorded:
    """The frame table of a recording: one state for each reference, by frame [key, accessed, dirty, used, last]."""

    def __init__(self, lines):
        self.table, self.told, self.refs, self.states, self.faults, self.evictions = {}, set(), [], [], 0, 0
        self.uses, self.asked = 0, []  # steps at which the policy looked for itself
        cleans = None
        for line in lines[2:]:
            kind, *word = line.split()
            if kind == "=" and cleans is not None:
                self.table[cleans][2] &= word != ["1"]
                cleans = None
            elif kind == "c":
                cleans = int(word[0])
            elif kind == "t":
                for frame, row in self.table.items():
                    row[1] = frame in self.told
                self.told.clear()
            elif kind in "euRl":
                self.on_frame(kind, int(word[0]), word[1:])

    def on_frame(self, kind, frame, word):
        if kind == "l":
            self.evictions += word[0] == "evicted"
            del self.table[frame]
            self.told.discard(frame)
            return
        if kind == "e":
            fault = word[2] == "fault"
            self.faults += fault
            self.table[frame] = [tuple(word[:2]), fault, word[3] == "1", 0, 0]
        self.uses += kind == "u"
        if kind == "u" or (kind == "e" and fault):
            self.told.add(frame)
        row = self.table[frame]
        row[1] |= kind != "e"
        row[2] |= kind == "u" and word[0] == "1"
        if kind != "e" or fault:
            self.asked += [len(self.states)] if kind == "R" else []
            self.refs.append((row[0], row[2] if kind == "e" else kind == "u" and word[0] == "1"))
            row[3], row[4] = row[3] + 1, len(self.refs)
            self.states.append(({f: tuple(r) for f, r in self.table.items()}, self.faults, self.evictions))

    def next_use(self, key, step):
        return next((str(i - step) for i in range(step + 1, len(self.refs) + 1) if self.refs[i - 1][0] == key), "never")

    def check(self, shown, step, names):
        table, faults, evictions = self.states[step - 1]
        assert (int(shown["counts"]["faults"]), int(shown["counts"]["evictions"])) == (faults, evictions), step
        rows = {int(row[0]): row for row in shown["rows"] if row[1]}
        assert rows.keys() == table.keys(), (step, rows.keys() ^ table.keys())
        for frame, (key, accessed, dirty, used, last) in table.items():
            row = rows[frame]
            assert names.setdefault(key, row[1]) == row[1], (step, frame, key, row)
            wanted = [str(int(dirty)), str(used), str(step - last) if last else "before", self.next_use(key, step)]
            assert row[3:4] + row[6:9] == wanted, (step, frame, row, wanted)
            # That a policy looked and saw nothing is not written down: a recording with R has fewer bits set.
            assert row[2] == str(int(accessed)) or (self.asked and row[2] == "0"), (step, frame, row, accessed)


def check_page(share, t, policy):
    path = share.file(policy)
    recorded = Recorded(text_of(path))
    page, _ = sim_replay.replay(t, path, "REPLAY_POLICIES=recorded,fifo")
    fifo, names = sim_replay.Model("fifo", 40, 0, 4), {}
    with sim_replay.Browser(t, page) as browser:
        shown = browser.js("return refs.map((ref) => data.pages[ref >> 1])")
        assert len(shown) == len(recorded.refs) > 100, (len(shown), len(recorded.refs))
        for (key, _), name in zip(recorded.refs, shown):
            assert names.setdefault(key, name) == name, (key, name)
        refs = [(names[key], write) for key, write in recorded.refs]
        seen = browser.walk("ArrowRight", len(refs))
        for step, (first, second) in enumerate(seen[1:], 1):
            recorded.check(first, step, names)
            fifo.touch(*refs[step - 1])
            assert [r[:2] + r[6:9] for r in second["rows"]] == [r[:2] + r[4:] for r in fifo.rows(refs)], step
        back = browser.walk("ArrowLeft", 80)
        for forth, again in zip(reversed(seen), back):
            assert [pane["rows"] for pane in again] == [pane["rows"] for pane in forth]
        assert len(set(names.values())) == len(names)
    said = [first["what"] for first, _ in seen]
    assert sum("Evicted: page" in text for text in said) > 50 and not any("undefined" in text for text in said)
    return recorded, seen, said


def test_recordings():
    with Share() as share:
        share.run("".join(f"pagerctl policy {policy}\npagerctl trace on /{policy}\n/test/refs_do walk 45 {steps} > /out\n"
                          "pagerctl trace off\n" for policy, steps in (("lru", 500), ("clock", 250))), FRAMES="40")
        t = test_sim.Context(octavo.build_folder()[0], "", 0, share.path, share.path)
        try:
            told, _, said = check_page(share, t, "lru")
            asked, seen, words = check_page(share, t, "clock")
        except test_sim.Skip as skip:
            raise octavo.Skip(str(skip)) from skip
    for recorded, texts in (told, said), (asked, words):
        assert sum("was used: the policy was told" in text for text in texts) == recorded.uses
    assert not told.asked, told.asked
    looked = [step for step, text in enumerate(words) if "the policy looked at its accessed bit" in text]
    assert looked == [step + 1 for step in asked.asked] and looked, (looked, asked.asked)
    for step in looked:  # it saw the bit, and clears it by looking again
        row = next(row for row in seen[step][0]["rows"] if re.search("seen", row[9]))
        assert row[2] == "1", (step, row)
