# SPDX-License-Identifier: MIT
"""make thrashing: useful work rises with the number of programs, and ends where memory does."""
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import octavo

TIMEOUT = 240


def test_cliff():
    with tempfile.TemporaryDirectory(prefix="octavo-thrashing-") as folder:
        done = subprocess.run(
            [sys.executable, os.path.join(octavo.ROOT, "tests/tools/thrashing.py"), "--out", folder, "--programs", "5",
             "--pages", "24", "FRAMES=96", "TESTS=1"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert done.returncode == 0, done.stdout
        with open(os.path.join(folder, "thrashing.tsv"), encoding="utf-8") as text:
            rows = [tuple(map(int, line.split())) for line in text.readlines()[1:]]
        root = xml.etree.ElementTree.parse(os.path.join(folder, "thrashing.svg")).getroot()
        assert len(list(root.iter())) > 50 and os.path.getsize(os.path.join(folder, "thrashing.png")) > 5000
    assert [row[:2] for row in rows] == [(n, n * 24 * 4) for n in range(1, 6)], rows
    assert rows[0][2] < 5 and rows[1][2] < 10, rows  # they fit
    assert rows[4][2] > rows[4][1] // 2, rows  # 120 pages do not
    shown = [line.split() for line in done.stdout.splitlines() if line.endswith("%")]
    work = [float(line[3]) for line in shown]
    assert work[0] == 25 and work[1] > 45 and work[4] < 5, work
