# SPDX-License-Identifier: MIT
"""against_host.py - small shell scripts here and on the host: both must do the same.

Each case is a script. It runs in a folder of its own, with the same files, once in the guest (the
folder is in the share) and once on the host, with dash; standard output, the exit status and the folder
afterwards must be the same to the byte, and both or none must have written to standard error (the words
differ). The locale is C and the time zone UTC. What is known to differ is said where a case avoids it.
"""
import glob
import os
import stat
import subprocess
import tempfile

import octavo

TIMEOUT = 400
DAY = 86400
NOON = 1_600_000_000  # the files' time; a Sunday in 2020

TEXT = "".join(f"line {n} {'abcdefghij'[n % 10] * (n % 7)}\n" for n in range(1, 61))
WORDS = ("the quick brown fox\njumps over the lazy dog\nThe End\n\n\n  indented line\ntab\tseparated\tline\n"
         "a.b*c[d]\\e\nfoo_bar foo bar\nlast line without newline")
NUMBERS = "10\n9\n-3\n0.5\n 7\n1e3\n007\n-0\nabc\n10\n2.50\n2.5\n+4\n\n-10\n3K\n1M\n"
TABLE = "".join(f"{name}:{number}:{city}\n" for name, number, city in (
    ("smith", 30, "Paris"), ("jones", 4, "london"), ("adams", 30, "Berlin"), ("brown", 100, "Paris"),
    ("Clark", 4, "rome"), ("davis", -1, "Athens"), ("evans", 30, "london")))

FILES = {
    "text": TEXT, "words": WORDS, "numbers": NUMBERS, "table": TABLE, "empty": "",
    "bytes": bytes(range(256)) * 3 + b"\0" * 70 + b"end", "crlf": "a\r\nb\r\n",
    "spaced  name": "spaces\n", "UPPER": "upper\n", ".hidden": "hidden\n", "-dash": "dash\n",
    "dir/one": "1\n", "dir/two": "22\n", "dir/sub/three": "333\n", "dir/sub/deep/four": "4444\n",
    "dir/.dot": "dot\n", "zeros": b"\0" * 5000, "long": "x" * 5000 + "\n" + "y" * 3000 + "\n",
    "script.sh": "#!/bin/sh\necho \"script $# $1\"\n", "repeats": "a\na\nb\nb\nb\nA\na\nc\n",
}
MODES = {"script.sh": 0o755, "UPPER": 0o600, "dir/one": 0o640}
LINKS = {"link": "text", "dirlink": "dir", "dangling": "nowhere", "dir/up": "..", "loop": "loop"}


def cases(*texts):
    return [line for text in texts for line in text.split("\n") if line]


def fill(folder):
    for name, content in FILES.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        os.chmod(path, MODES.get(name, 0o644))
    for name, target in LINKS.items():
        os.symlink(target, os.path.join(folder, name))
    for top, folders, files in os.walk(folder, topdown=False):
        for name in [*files, *folders, "."]:
            os.utime(os.path.join(top, name), (NOON, NOON), follow_symlinks=False)


def tree(folder):
    """What is in the folder: type, mode and content or target, by path."""
    found = {}
    for top, folders, files in os.walk(folder):
        for name in files + folders:
            path = os.path.join(top, name)
            status = os.lstat(path)
            what = (oct(status.st_mode),)
            if stat.S_ISLNK(status.st_mode):
                what += (os.readlink(path),)
            elif stat.S_ISREG(status.st_mode):
                with open(path, "rb") as file:
                    what += (file.read(),)
            found[os.path.relpath(path, folder)] = what
    return found


def outcome(base, number):
    """Of the case that ran in base/number: output, status, whether it complained, the files."""
    def content(suffix):
        path = os.path.join(base, f"{number}.{suffix}")
        if not os.path.exists(path):
            return b"(nothing)"
        with open(path, "rb") as file:
            return file.read()

    return {"output": content("out"), "status": content("status").strip(),
            "complains": bool(content("err")), "error": content("err"),
            "files": tree(os.path.join(base, str(number)))}


def prepare(base, scripts, shebang=""):
    for number, script in enumerate(scripts):
        os.mkdir(os.path.join(base, str(number)))
        fill(os.path.join(base, str(number)))
        with open(os.path.join(base, f"{number}.sh"), "w", encoding="utf-8") as file:
            file.write(shebang + script + "\n")


def gnu_programs(folder):
    """Makes folder, with a link NAME to each /usr/bin/gnuNAME: on Ubuntu from 25.10 on, the usual names are other
    authors' programs, and GNU's have these."""
    os.mkdir(folder)
    for program in glob.glob("/usr/bin/gnu?*"):
        os.symlink(program, os.path.join(folder, os.path.basename(program).removeprefix("gnu")))
    return folder


def run_on_host(base, scripts):
    gnu = gnu_programs(os.path.join(os.path.dirname(base), "gnu"))
    environment = {"PATH": gnu + ":/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC0", "HOME": "/",
                   "ASAN_OPTIONS": "detect_leaks=0"}
    for number in range(len(scripts)):
        with open(f"{base}/{number}.out", "wb") as out, open(f"{base}/{number}.err", "wb") as err:
            done = subprocess.run(["dash", f"{base}/{number}.sh"], cwd=f"{base}/{number}",
                                  env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                  timeout=octavo.patience(60), check=False, umask=0o022)
        with open(f"{base}/{number}.status", "w", encoding="utf-8") as file:
            file.write(f"{done.returncode if done.returncode >= 0 else 128 - done.returncode}\n")


def run_in_guest(base, scripts, variables=None, seconds=TIMEOUT - 60):
    lines = ["umask 022"]
    for number in range(len(scripts)):
        lines += [f"cd /{number}; /bin/sh /{number}.sh </dev/null >/{number}.out 2>/{number}.err",
                  f"echo $? >/{number}.status"]
    lines.append("sync")
    with open(os.path.join(base, "run-all"), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    done = octavo.run("sh /run-all", {"SHARE": base, **(variables or {})}, seconds=seconds)
    assert done.status == 0, (done.status, done.why, done.err[-500:], done.kernel[-300:])


def differences(ours, theirs, scripts):
    wrong = []
    for number, script in enumerate(scripts):
        a, b = outcome(ours, number), outcome(theirs, number)
        for part in ("output", "status", "complains", "files"):
            if a[part] == b[part]:
                continue
            if part == "files":
                changed = sorted(name for name in {*a[part], *b[part]}
                                 if a[part].get(name) != b[part].get(name))
                text = "; ".join(f"{name}: {str(a[part].get(name))[:80]} not {str(b[part].get(name))[:80]}"
                                 for name in changed[:3])
            else:
                text = f"{a[part]!r:.300} not {b[part]!r:.300}"
            wrong.append(f"{script}\n  {part}: {text}\n  ({a['error'][-150:]!r})")
            break
    return wrong


def compare(scripts, variables=None):
    scripts = cases(*scripts) if isinstance(scripts, tuple) else scripts
    with tempfile.TemporaryDirectory(prefix="octavo-tools-") as top:
        ours, theirs = os.path.join(top, "guest"), os.path.join(top, "host")
        for base in (ours, theirs):
            os.mkdir(base)
            os.chmod(base, 0o755)
            prepare(base, scripts)
        run_on_host(theirs, scripts)
        run_in_guest(ours, scripts, variables)
        wrong = differences(ours, theirs, scripts)
        assert not wrong, f"{len(wrong)} of {len(scripts)} differ\n" + "\n".join(wrong)
