# SPDX-License-Identifier: MIT
"""docs/experiments.md: its commands, as they are printed, in a copy of the tree; and that what it concludes
is what they say. (Its figures are not compared: another compiler makes another program.)"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import octavo

TIMEOUT = 600


def copy_tree(folder):
    """With what is built: times are kept, so nothing is made again."""
    names = subprocess.run(["git", "ls-files", "-z", "-c", "-o", "--exclude-standard"], cwd=octavo.ROOT, check=True,
                           stdout=subprocess.PIPE).stdout.decode().split("\0")
    for name in filter(None, names):
        source = os.path.join(octavo.ROOT, name)
        if os.path.lexists(source):
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            shutil.copy2(source, os.path.join(folder, name), follow_symlinks=False)
    shutil.copytree(octavo.build_folder()[0], os.path.join(folder, "build"), symlinks=True,
                    ignore=shutil.ignore_patterns("test-logs", "root", "root.list", "mutants", "sim-sanitized", "bench*"))


def pagesim(tree, *options):
    """{policy: faults}"""
    out = subprocess.run([os.path.join(tree, "build/host/pagesim"), "--csv", "--policy", "lru,2q,arc,opt",
                          *options, os.path.join(tree, "build/root/mix.trace")], check=True,
                         stdout=subprocess.PIPE, text=True).stdout
    return {line.split(",")[0]: int(line.split(",")[3]) for line in out.splitlines()[1:]}


def check_measured(text):
    """The guest's faults with 48, 80 and 128 frames, of each policy."""
    found = re.findall(r"^(clock|lru|2q|arc)\nsum 0, (\d+) faults\nsum 0, (\d+) faults\nsum 0, (\d+) faults", text,
                       re.MULTILINE)
    guest = {policy: tuple(map(int, faults)) for policy, *faults in found}
    assert len(guest) == 4, text[-3000:]
    assert guest["arc"][1] < 0.8 * guest["lru"][1] and guest["arc"][0] > 0.95 * guest["lru"][0], guest
    assert guest["2q"][0] < 0.85 * guest["lru"][0], guest
    return guest


def check_thrashing(tree):
    with open(os.path.join(tree, "build/thrashing/thrashing.tsv"), encoding="utf-8") as text:
        rows = [tuple(map(int, line.split())) for line in text.readlines()[1:]]
    assert [row[:2] for row in rows] == [(n, n * 40 * 4) for n in range(1, 9)], rows
    assert all(faults < 20 for _, _, faults in rows[:5]), rows  # they fit
    assert all(faults > visits // 2 for _, visits, faults in rows[6:]), rows  # 280 pages do not


def test_page():
    with tempfile.TemporaryDirectory(prefix="octavo-experiments-") as folder:
        tree, home = os.path.join(folder, "tree"), os.path.join(folder, "home")
        os.mkdir(home)
        copy_tree(tree)
        # The copy builds in its build/, whatever the make that runs this test was called with.
        environment = octavo.clean_environment("BUILD", "OCTAVO_VARIABLES")
        done = subprocess.run([sys.executable, "tests/tools/page.py", "--show", "docs/experiments.md", home], cwd=tree,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              env={**environment, "NOINSTALL": "1"})
        assert done.returncode == 0, done.stdout[-3000:]
        guest = check_measured(done.stdout)
        assert re.search(r"mix: \d+ of \d+ mapped pages", done.stdout), done.stdout
        exact = pagesim(tree, "--frames", "48")
        assert exact["arc"] < 0.8 * exact["lru"] and exact["arc"] >= exact["opt"], exact
        for i, frames in enumerate(("48", "80", "128")):  # the model of the guest, and the guest
            model = pagesim(tree, "--frames", frames, "--bits", "64")
            for policy in ("lru", "2q", "arc"):
                assert abs(model[policy] - guest[policy][i]) < 0.15 * guest[policy][i], (policy, frames, model, guest)
        check_thrashing(tree)
        for picture in ("plot/exact/faults", "plot/exact/addresses", "plot/bits/faults", "thrashing/thrashing"):
            root = xml.etree.ElementTree.parse(os.path.join(tree, "build", picture + ".svg")).getroot()
            assert len(list(root.iter())) > 50, picture
        assert os.path.getsize(os.path.join(tree, "build/replay/mix.trace.html")) > 50000
