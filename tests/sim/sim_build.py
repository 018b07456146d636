# SPDX-License-Identifier: MIT
"""Tests of building policies, of the contract, of plots and of the documents; see test_sim.py."""
import glob
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree

import naive
from sim_cases import POLICIES
from test_sim import TOP, Skip, same

MAKE = ("make", "-s", "-f", "tests/sim/sim.mk")
SANITIZE = "SIM_SANITIZE=-fsanitize=address,undefined -fno-sanitize-recover=undefined"
TEST_POLICIES = "POLICIES=tests/sim/policies/fuzz.c tests/sim/policies/forgetful.c"
ENVIRONMENT = {k: v for k, v in os.environ.items()
               if k not in ("MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "BUILD", "POLICIES",
                            "TRACES", "TRACE", "V")}


def make(t, *args, cwd=TOP):
    return t.run(*MAKE, *args, cwd=cwd, env=ENVIRONMENT)


# --- The contract, and second implementations -------------------------------------------------

def test_policies(t):
    """test_policies.c, with sanitizers: the contract, fuzzing, independence, opt, curves."""
    binary = sanitized(t)
    result = t.run(binary, t.seed)
    bad = [line for line in result.stdout.splitlines() if not line.startswith(("ok ", "seed "))]
    assert result.returncode == 0 and not bad, "\n".join(bad) + result.stderr[-2000:]
    same(result.stdout.count("ok contract "), len(POLICIES) + 9, "policies held to the contract")


def sanitized(t):
    build = os.path.join(t.build, "sim-sanitized")
    binary = os.path.join(build, "host", "test-policies")
    result = make(t, f"BUILD={build}", TEST_POLICIES, SANITIZE, binary)
    same(result.returncode, 0, result.stderr[-2000:])
    return binary


def compare(t, policy, frames, steps, mode, events):
    binary = os.path.join(t.build, "sim-sanitized", "host", "test-policies")
    result = t.run(binary, "--drive", policy, frames, t.seed, steps, mode, events)
    same(result.returncode, 0, result.stderr[-1000:])
    victims = naive.check(result.stdout)
    assert victims > steps // 8, f"{policy}: only {victims} victims"


def test_naive_textbook_models(t):
    sanitized(t)
    for policy in [*naive.TEXTBOOK, "clock:start=0", "wsclock:tau=3"]:
        for frames in (1, 4, 25):
            compare(t, policy, frames, 1500, "exact", 63)
            compare(t, policy, frames, 1500, "bits", 63)


def test_naive_paper_models(t):
    sanitized(t)
    for policy in [*naive.PAPERS, "2q:in=0,out=300", "lruk:k=3,period=4,keep=50", "lirs:hir=20",
                   "lirs:names=20", "s3fifo:small=50,move=1"]:
        for frames in (1, 2, 12, 60):
            compare(t, policy, frames, 3000, "exact", 0)


def test_every_policy_has_a_model(t):
    same(sorted([*naive.TEXTBOOK, *naive.PAPERS]), sorted(POLICIES))


# --- What a policy may be made of -------------------------------------------------------------

def test_policies_keep_no_variables(t):
    for policy in POLICIES:
        path = os.path.join(t.build, "host", "sim", "policy", policy + ".o")
        out = t.run("size", "-A", path).stdout
        for section, size in re.findall(r"^(\.data|\.bss|\.tdata|\.tbss)\s+(\d+)", out, re.M):
            same(int(size), 0, f"{policy}: bytes in {section}")


def test_policies_call_only_what_they_may(t):
    allowed = re.compile(r"policy_(alloc|referenced|busy|dirty|log)|mem(set|cpy|move|cmp)|"
                         r"_GLOBAL_OFFSET_TABLE_")
    for policy in POLICIES:
        path = os.path.join(t.build, "host", "sim", "policy", policy + ".o")
        for name in t.run("nm", "-u", path).stdout.split()[1::2]:
            assert allowed.fullmatch(name), f"{policy} calls {name}"


def test_policies_compile_for_the_guest(t):
    compiler = "riscv64-unknown-elf-gcc"
    if not shutil.which(compiler):
        raise Skip(f"no {compiler}")
    for policy in POLICIES:
        result = t.run(compiler, "--specs=picolibc.specs", "-march=rv64gc", "-mabi=lp64d",
                       "-mcmodel=medany", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror",
                       "-Iuser/pager/evict", f"-DPOLICY=policy_file_{policy}",
                       f'-DPOLICY_NAME="{policy}"', "-c", "-o", os.path.join(t.folder, "o"),
                       f"user/pager/evict/policy/{policy}.c")
        same(result.returncode, 0, result.stderr)


def code_lines(source):
    text = re.sub(r"/\*.*?\*/", "", source, flags=re.S)
    return sum(1 for line in text.splitlines() if line.strip())


def test_line_budgets(t):
    for policy in POLICIES:
        with open(os.path.join(TOP, "user/pager/evict/policy", policy + ".c")) as file:
            lines = code_lines(file.read())
        assert lines <= 200, f"{policy}: {lines} lines of code"
    for path in glob.glob(os.path.join(TOP, "tests/sim/*.*")):
        with open(path) as file:
            assert len(file.readlines()) <= 600, path


# --- Policies from elsewhere ------------------------------------------------------------------

def tree(t):
    """A copy of what the simulator is made from, to add files to; what is built there is kept."""
    top = os.path.join(t.session_folder, "tree")
    if os.path.exists(top):
        return top
    for part in ("user/pager/evict/policy", "user/include/proto", "tests/sim"):
        shutil.copytree(os.path.join(TOP, part), os.path.join(top, part))
    for name in ("policy.c", "policy.h"):
        shutil.copy(os.path.join(TOP, "user/pager/evict", name), os.path.join(top, "user/pager/evict"))
    shutil.copytree(os.path.join(TOP, "tests/tools"), os.path.join(top, "tests/tools"))
    with open(os.path.join(top, "Makefile"), "w") as file:
        file.write("include tests/sim/sim.mk\n")
    return top


def fifo_source():
    with open(os.path.join(TOP, "user/pager/evict/policy/fifo.c")) as file:
        return file.read()


def test_policy_dropped_into_the_folder(t):
    top = tree(t)
    new = os.path.join(top, "user/pager/evict/policy/brand_new.c")
    with open(new, "w") as file:
        file.write(fifo_source())
    same(make(t, "sim", cwd=top).returncode, 0)
    os.remove(new)
    listed = t.run(os.path.join(top, "build/host/pagesim"), "--list").stdout
    assert re.search(r"^brand_new ", listed, re.M), listed


def test_policy_from_outside(t):
    top, mine = tree(t), t.write("mine.c", fifo_source())
    same(make(t, "sim", f"POLICIES={mine}", cwd=top).returncode, 0)
    pagesim = os.path.join(top, "build/host/pagesim")
    belady = t.write("belady", "1 2 3 4 1 2 5 1 2 3 4 5")
    out = t.run(pagesim, "--csv", "--policy", "mine", "--frames", "3", belady).stdout
    assert "mine,3,12,9," in out, out
    # A mistake is told in the file where it is.
    broken = fifo_source().replace("TAILQ_INIT(&fifo->queue);", "TAILQ_INIT(&fifo->queueue);")
    line = broken[:broken.index("queueue")].count("\n") + 1
    mine = t.write("mine.c", broken)
    result = make(t, "sim", f"POLICIES={mine}", cwd=top)
    assert result.returncode != 0 and f"{mine}:{line}:" in result.stderr, result.stderr
    # Two files of one name, and names that are none.
    for name in ("lru.c", "my-policy.c"):
        result = make(t, "sim", f"POLICIES={t.write(name, fifo_source())}", cwd=top)
        assert result.returncode != 0 and name in result.stderr, result.stderr
    # Without it, it is gone.
    same(make(t, "sim", cwd=top).returncode, 0)
    assert "mine" not in t.run(pagesim, "--list").stdout


def test_warning_in_a_policy_from_outside(t):
    """The compiler says it, and the policy is built."""
    mine = t.write("careless.c", fifo_source() + "\nstatic int never_called(void)\n{\n    return 0;\n}\n")
    result = make(t, "sim", f"POLICIES={mine}", cwd=tree(t))
    same(result.returncode, 0, result.stderr)
    assert "careless.c" in result.stderr and "never_called" in result.stderr, result.stderr


def misbehaving(t, body):
    """A pagesim with a policy `bad` whose victim() has this body."""
    source = fifo_source()
    at = source.index("    (void)incoming;")
    top, bad = tree(t), t.write("bad.c", source[:at] + body + source[at:])
    result = make(t, "sim", f"POLICIES={bad}", cwd=top)
    same(result.returncode, 0, result.stderr)
    return os.path.join(top, "build/host/pagesim")


def run_bad(t, body):
    return t.run(misbehaving(t, body), "--policy", "bad", "--frames", "3",
                 t.write("refs", "1 2 3 4 5 6"))


def test_policy_that_crashes(t):
    result = run_bad(t, '    policy_log("my last words");\n    volatile uintptr_t where = 8;\n'
                        '    *(int *)where = 1;\n')
    same(result.returncode, 3)
    assert "policy bad died (Segmentation fault)" in result.stderr, result.stderr
    assert "my last words" in result.stderr and "reference 4" in result.stderr, result.stderr


def test_policy_that_hangs(t):
    result = run_bad(t, "    for (volatile int i = 0;; i++)\n        ;\n")
    same(result.returncode, 3)
    assert "policy bad does not come back" in result.stderr, result.stderr


def test_policy_that_nominates_nonsense(t):
    result = run_bad(t, "    return (struct policy_frame *)16;\n")
    same(result.returncode, 0)
    assert "bad, 3 frames: 3 nominations could not be used" in result.stderr, result.stderr


# --- Plots and documents ----------------------------------------------------------------------

def check_picture(path):
    with open(path, "rb") as file:
        content = file.read()
    assert len(content) > 2000, f"{path} is empty"
    if path.endswith(".svg"):
        root = xml.etree.ElementTree.fromstring(content)
        assert root.tag.endswith("svg") and len(list(root.iter())) > 50, path
    else:
        assert content[:8] == b"\x89PNG\r\n\x1a\n" and content[-8:-4] == b"IEND", path


def test_plot(t):
    if t.run(sys.executable, "-c", "import matplotlib").returncode != 0:
        raise Skip("no python3-matplotlib")
    trace = os.path.join(t.folder, "t.trace")
    with open(trace, "w") as file:
        file.write(t.run("tests/sim/make-trace.py", "mixed", "6000").stdout)
    out = os.path.join(t.folder, "pictures")
    result = make(t, "plot", f"BUILD={t.build}", f"TRACE={trace}", f"PLOT_OUT={out}",
                  "PLOT_POLICIES=lru,arc", "PLOT_FRAMES=50,100,200")
    same(result.returncode, 0, result.stderr)
    names = sorted(os.listdir(out))
    same(names, sorted(f"{n}.{e}" for n in ("addresses", "faults", "working-set")
                       for e in ("png", "svg")))
    for name in names:
        check_picture(os.path.join(out, name))
    with open(os.path.join(out, "faults.svg")) as file:
        svg = file.read()
    for word in ("lru", "arc", "opt", "frames"):
        assert f">{word}<" in svg, f"no {word} in the picture"
    assert make(t, "plot").returncode != 0, "plot without TRACE"


def test_pictures_in_docs(t):
    pictures = glob.glob(os.path.join(TOP, "docs/pictures/*.svg"))
    assert len(pictures) >= 6, pictures
    for path in pictures:
        check_picture(path)
    pages = glob.glob(os.path.join(TOP, "docs/policy-*.md"))
    text = "".join(open(page).read() for page in pages)
    for policy in POLICIES:
        assert f"`{policy}`" in text, f"no page tells of {policy}"
    for link in re.findall(r"\]\((?!http)([^)#]+)", text):
        assert os.path.exists(os.path.join(TOP, "docs", link)), f"{link} is not there"


def run_document(t, document, top, home):
    """Does what a document says: runs the `$ ` lines of its console blocks and compares what follows
    each, and writes its C files (/* NAME - ... */) to HOME. Returns the number of commands."""
    environment = {**ENVIRONMENT, "HOME": home}
    count = 0
    with open(os.path.join(TOP, "docs", document)) as file:
        text = file.read()
    for language, block in re.findall(r"^```(c|console)\n(.*?)^```", text, re.S | re.M):
        if language == "c":
            name = re.search(r"^ \* (\w+) - ", block, re.M).group(1)
            assert code_lines(block) <= 40, f"{name} has more than 40 lines"
            with open(os.path.join(home, name + ".c"), "w") as file:
                file.write(block)
            continue
        for command, expected in re.findall(r"^\$ (.*?)\n((?:(?!\$ ).*\n)*)", block, re.M):
            result = subprocess.run(["bash", "-c", command], cwd=top, env=environment, text=True,
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=200)
            got = "".join(line + "\n" for line in result.stdout.splitlines()
                          if not re.match(r"  HOST(CC|LD) ", line))
            same(got.replace(home, "$HOME"), expected, f"{document}: $ {command}")
            same(result.returncode, 0, command)
            count += 1
    return count


def test_tutorial(t):
    """docs/first-policy.md: every command as printed, with the file as printed."""
    assert run_document(t, "first-policy.md", tree(t), t.folder) >= 10


def test_simulator_document(t):
    assert run_document(t, "simulator.md", tree(t), t.folder) >= 7
