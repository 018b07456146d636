# SPDX-License-Identifier: MIT
"""ICOUNT=1 SEED=n: the same programs have the same faults again, whatever the host does meanwhile and wherever
their files lie (docs/tracing.md says what is promised). tests/tools/test-builds does it with two builds."""
import os
import subprocess

import octavo

SMP = "1"
TIMEOUT = 200
POLICIES = ("random", "clock", "arc", "lru")

# From the archive and from the share, one after the other and beside one another, reading and writing files
# there, swapping, and waiting for time to pass.
WORK = """
thrash 150 40 & /test/evict_do file /data 150
wait
cp /data /copy; /prog | sort -r | wc
sleep 0.1; cmp /data /copy; rm /data /copy
"""


def record(folder, seed, policies):
    """Recordings of WORK under each policy: {policy: bytes}, and what was printed."""
    os.makedirs(folder)
    script = "".join(f"pagerctl policy {policy}\npagerctl trace on /{policy}\n{WORK}pagerctl trace off\n"
                     for policy in policies)
    for name, text in (("script", "set -e\n" + script), ("prog", "#!/bin/sh\nseq 300\n")):
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
    os.chmod(os.path.join(folder, "prog"), 0o755)
    result = octavo.run("sh /script", {"TESTS": "1", "SHARE": folder, "FRAMES": "128", "ICOUNT": "1", "SEED": seed},
                        seconds=100)
    assert result.status == 0, (result.status, result.why, result.out[-800:], result.err[-800:])
    seen = {}
    for policy in policies:
        with open(os.path.join(folder, policy), "rb") as file:
            seen[policy] = file.read()
    return seen, result.out


def victims(folder):
    octavo.make({name: value for name, value in octavo.VARIABLES.items() if name == "BUILD"}, "sim")
    pagesim = os.path.join(octavo.build_folder()[0], "host", "pagesim")
    text = subprocess.run([pagesim, "--text", os.path.join(folder, "random")], stdout=subprocess.PIPE, check=True).stdout
    return [line for line in text.splitlines() if line[:1] in b"v="]


def test_repeat():
    """Twice from two folders, the second time on a host that is busy with something else; once with other dice."""
    with octavo.folder() as folder:
        once, out = record(os.path.join(folder, "a"), "7", POLICIES)
        busy = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(os.cpu_count())]
        try:
            again, out_again = record(os.path.join(folder, "another-folder/with-a-longer-name"), "7", POLICIES)
        finally:
            for process in busy:
                process.kill()
                process.wait()
        for policy in POLICIES:
            assert len(once[policy]) > 10000, (policy, len(once[policy]))
            assert once[policy] == again[policy], (policy, len(once[policy]), len(again[policy]))
        assert out == out_again, (out, out_again)
        record(os.path.join(folder, "other"), "8", ("random",))
        assert victims(os.path.join(folder, "other")) != victims(os.path.join(folder, "a")), "the dice are the same"
