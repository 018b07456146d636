# SPDX-License-Identifier: MIT
"""A student's policy, POLICIES=/any/mine.c, from a folder outside of the tree, and all that may be wrong with it: it does
not compile, it crashes or loops, at once or later, it names nonsense or nothing, it forgets pages. The message is
about his file and his line, and his programs go on."""
import os
import re
import subprocess
import tempfile

import octavo

TIMEOUT = 300
ON = b"the policy is clock from now on, and all goes on"

MINE = """
#include "policy.h"

static struct policy_list queue;
static volatile unsigned long calls;
static void *mine_init(const struct policy_config *config)
{
    TAILQ_INIT(&queue);
    INIT;
    return (void *)config;
}
static void mine_enter(void *self, struct policy_frame *frame, enum policy_enter why)
{ (void)self, (void)why; TAILQ_INSERT_TAIL(&queue, frame, link); }
static void mine_leave(void *self, struct policy_frame *frame, enum policy_leave why)
{ (void)self, (void)why; TAILQ_REMOVE(&queue, frame, link); }
static struct policy_frame *mine_victim(void *self, const struct policy_key *incoming)
{
    struct policy_frame *frame = TAILQ_FIRST(&queue);
    (void)self, (void)incoming;
    policy_log("looking %lu", ++calls);
    VICTIM;
    return frame;
}
const struct policy POLICY = {.name = POLICY_NAME, .about = "mine", .init = mine_init,
    .enter = mine_enter, .leave = mine_leave, .victim = mine_victim};
"""

# Of each: what is wrong where, what is said, and the line that it is about.
WRONG = {
    "loops_at_once": ("INIT", "while (calls == 0) {}", "failed in init: it does not come back", True),
    "loops": ("VICTIM", "while (calls > 20) {}", "failed in victim: it does not come back", True),
    "crashes": ("VICTIM", "if (calls > 20) *(volatile char *)calls = 1", "failed in victim: it touched 0x15, where nothing is",
                True),
    "garbage": ("VICTIM", "if (calls > 20) frame = (void *)0x123457", "failed: what it names is no page", False),
    "never": ("VICTIM", "if (calls > 20) frame = NULL", "failed: it names no page, though some could go", False),
    "forgets": ("VICTIM", "if (calls > 20) { TAILQ_INIT(&queue); frame = NULL; }", "failed: it names no page, though some could go",
                False),
}


def source(where="", what="0"):
    return re.sub("INIT;|VICTIM;", lambda found: what + ";" if found[0] == where + ";" else "(void)0;", MINE)


def write(folder, name, text):
    path = os.path.join(folder, name + ".c")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def test_errors_of_the_compiler():
    """make run fails before anything boots, and says file and line once; what was built before is not used."""
    with tempfile.TemporaryDirectory(prefix="octavo-mine-") as folder:
        build = os.path.join(folder, "build")
        path = write(folder, "mine", source())
        octavo.make({"POLICIES": path, "BUILD": build}, f"{build}/user/pager/evict/policy/mine.o")
        write(folder, "mine", source("VICTIM", "victim = 1"))
        line = MINE.split("VICTIM")[0].count("\n") + 1
        done = subprocess.run(["make", "-C", octavo.ROOT, f"POLICIES={path}", f"BUILD={build}", "PAGER=mine", "run",
                               "CMD=echo it has booted"], env=octavo.clean_environment(), capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, check=False)
        errors = [text for text in done.stderr.splitlines() if "error:" in text]
        assert done.returncode != 0 and "it has booted" not in done.stdout, (done.stdout, done.stderr)
        assert len(errors) == 1 and errors[0].startswith(f"{path}:{line}:"), done.stderr


def failures(said, name):
    """What the console says of a policy's failure, with the lines below."""
    return re.findall(rf"policy {name} (failed.*)\r?\n((?:pager:   .*\n)*)", said)


def test_failures():
    """One kernel with all of them, as one has who goes on with a second file; the first one is chosen at boot."""
    with tempfile.TemporaryDirectory(prefix="octavo-mine-") as folder:
        paths = {name: write(folder, name, source(where, what)) for name, (where, what, *_) in WRONG.items()}
        settings = {"POLICIES": " ".join(paths.values()), "BUILD": os.path.join(folder, "build")}
        octavo.make(settings, "boot")
        line = "".join(f"; pagerctl policy {name} && thrash 200 100; pagerctl policy" for name in WRONG)
        result = octavo.run("pagerctl policy" + line, {**settings, "PAGER": "loops_at_once", "FRAMES": "64", "TESTS": ""},
                            seconds=200)
    said = (result.boot + result.kernel + result.err).decode(errors="replace")
    assert result.out.count(b"all as they should be") == len(WRONG) - 1, (result.status, result.why, result.out, said)
    assert len(re.findall(rb"^clock\r?$", result.out, re.MULTILINE)) == len(WRONG) + 1, (result.out, said)
    for name, (where, _, what, is_line) in WRONG.items():
        found = failures(said, name)
        assert len(found) == (2 if where == "INIT" else 1), (name, said)
        assert found[0][0].strip() == what, (name, found)
        wanted = MINE.split(where + ";")[0].count("\n") + 1
        lines = [int(at) for at in re.findall(rf" at {re.escape(paths[name])}:(\d+)", found[0][1])]
        assert not is_line or any(abs(at - wanted) <= 1 for at in lines), (name, wanted, found)
        assert where == "INIT" or "looking " in found[0][1], (name, found)
    assert said.count(ON.decode()) == len(WRONG) - 1, said
