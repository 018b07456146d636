# SPDX-License-Identifier: MIT
"""Files as programs see them: what the host itself does is what the guest must do."""
import filecmp
import os
import re
import subprocess

import octavo

TIMEOUT = 240


def build_for_host(name, path):
    subprocess.run(["gcc", "-O1", "-g", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-o", path,
                    os.path.join(octavo.ROOT, f"tests/guest/{name}.c")], check=True)


def first_difference(one, other):
    with open(one, encoding="utf-8", errors="replace") as a, \
            open(other, encoding="utf-8", errors="replace") as b:
        lines, others = a.read().splitlines(), b.read().splitlines()
    for number, (line, wanted) in enumerate(zip(lines, others)):
        if line != wanted:
            return "\n".join([f"guest {line[:200]}", f"host  {wanted[:200]}", "before it:",
                              *(text[:200] for text in lines[max(0, number - 12):number])])
    return f"guest {len(lines)} lines, host {len(others)}"


def compare_trees(guest, host):
    """Names, types, permissions and every byte."""
    def tree(root):
        found = {}
        for where, folders, files in os.walk(root):
            for name in folders + files:
                path = os.path.join(where, name)
                found[os.path.relpath(path, root)] = (os.lstat(path).st_mode, os.path.islink(path) and
                                                      os.readlink(path))
        return found
    one, two = tree(guest), tree(host)
    assert one == two, sorted(set(one.items()) ^ set(two.items()))[:10]
    for name, (mode, _) in one.items():
        if mode & 0o170000 == 0o100000:
            assert filecmp.cmp(os.path.join(guest, name), os.path.join(host, name), shallow=False), name


def random_operations(seed, count, programs, smp, **variables):
    with octavo.folder() as guest, octavo.folder() as host, octavo.folder() as tools:
        build_for_host("file_random", tools + "/file_random")
        words = f"{seed} {count} {programs}"
        subprocess.run([tools + "/file_random", *words.split()], cwd=host, check=True, timeout=octavo.patience(60))
        done = octavo.run(f"/test/file_random {words}", {"SHARE": guest, "SMP": smp, "TESTS": "1",
                                                         **variables}, seconds=150)
        print(f"seed {seed}")
        for number in range(programs):
            logs = [f"{root}/log-{number}" for root in (guest, host)]
            assert os.path.exists(logs[0]), (done.status, done.why, done.out, done.err, done.kernel[-500:])
            assert filecmp.cmp(*logs, shallow=False), f"seed {seed}, program {number}\n" \
                + first_difference(*logs)
        assert done.status == 0, (done.status, done.why, done.out, done.err[-500:], done.kernel[-500:])
        compare_trees(guest, host)


def test_random_operations(smp):
    """Three programs at once on files of their own and on one that they share."""
    random_operations(int(os.environ.get("SEED", "1")) + smp, 2500, 3, smp)


def test_random_operations_of_many():
    random_operations(int(os.environ.get("SEED", "1")) + 100, 500, 10, 4)


def test_instances_share_their_text():
    """Counted: a second instance of a program has all its text, and the cache has not one frame more."""
    for seconds in 0.5, 5, 50:  # until the first one sleeps and nothing more is read
        look = f"sleep 1000 & sleep {seconds}; free; pmap $!; "
        done = octavo.run("free > /dev/null; pmap $$ > /dev/null; sleep 0.1; " + look + look, seconds=200)
        assert done.status == 0, (done.status, done.why, done.err)
        text = done.out.decode()
        cache = [int(row.split()[5]) for row in re.findall(r"^pager .*", text, re.MULTILINE)]
        resident = [int(kib) for kib in re.findall(r"r-xp +\d+K +(\d+)K  /bin/sleep", text)]
        if len(cache) == len(resident) == 2 and cache[0] == cache[1] and resident[0] == resident[1]:
            break
    assert len(cache) == len(resident) == 2, text
    assert cache[0] == cache[1] and resident[0] == resident[1] >= 8, (cache, resident, text)
