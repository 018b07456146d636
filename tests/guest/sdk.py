# SPDX-License-Identifier: MIT
"""The SDK, moved to a folder with spaces: options, languages, several objects, a library, what makefiles
and configure scripts ask, and the standard headers alone and in any order."""
import contextlib
import os
import random
import shutil
import subprocess
import tempfile

import octavo

TIMEOUT = 180
SETTINGS = {name: value for name, value in octavo.VARIABLES.items() if name != "TESTS"}
# Not <elf.h> and <sys/tree.h>: from picolibc 1.8.10 on the one is gone, and the other warns that it will be.
HEADERS = """assert.h complex.h ctype.h errno.h fenv.h float.h inttypes.h iso646.h limits.h locale.h
    math.h setjmp.h signal.h stdalign.h stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h
    stdnoreturn.h string.h tgmath.h time.h wchar.h wctype.h fcntl.h unistd.h getopt.h strings.h
    ucontext.h sys/ucontext.h uchar.h alloca.h byteswap.h cpio.h dirent.h dlfcn.h endian.h err.h error.h
    fnmatch.h ftw.h glob.h grp.h
    iconv.h langinfo.h libgen.h malloc.h memory.h paths.h poll.h pwd.h regex.h sched.h search.h spawn.h
    sysexits.h syslog.h tar.h termios.h utime.h wordexp.h sys/auxv.h sys/cdefs.h sys/dirent.h sys/errno.h
    sys/fcntl.h sys/file.h sys/ioctl.h sys/mman.h sys/param.h sys/poll.h sys/queue.h sys/random.h
    sys/resource.h sys/select.h sys/signal.h sys/stat.h sys/statfs.h sys/statvfs.h sys/time.h sys/timeb.h
    sys/times.h sys/types.h sys/uio.h sys/unistd.h sys/utsname.h sys/vfs.h sys/wait.h
    octavo/ipc.h octavo/thread.h""".split()


@contextlib.contextmanager
def sdk():
    """A copy of the SDK and an empty folder beside it, both with spaces in their names."""
    octavo.make(SETTINGS, "sdk")
    with tempfile.TemporaryDirectory(prefix="octavo sdk ") as folder:
        shutil.copytree(octavo.build_folder()[1] + "/sdk", folder + "/the sdk")
        os.mkdir(folder + "/my work")
        yield folder + "/the sdk/bin/octavo-", folder + "/my work"


def run(command, folder, status=0, **more):
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, **more)
    assert done.returncode == status, f"{command}: {done.returncode}\n{done.stdout}"
    return done.stdout


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


# Names that our library has too, but no program need know.
PART = '#include "part.h"\nint part(int n) { return n * FACTOR; }\n' \
       'int error, warn, err(void), glob = 1;\nint err(void) { return 0; }\n'
MAIN = r"""#include <math.h>
#include <stdio.h>
#include "part.h"
#ifdef __OPTIMIZE__
#define LEVEL 1
#else
#define LEVEL 0
#endif
int main(int argc, char **argv)
{
    printf("%s %d %d %ld %.3f %.17g\n", argv[argc - 1], part(7), LEVEL,
           __STDC_VERSION__, sqrt(argc + 1.0), 0.1);
    return 0;
}
"""


def test_options_and_objects():
    """Four levels, two standards, several objects, a static library; one boot runs them all."""
    with sdk() as (tool, work):
        write(work, "include dir/part.h", "#define FACTOR 6\nint part(int n);\n")
        write(work, "part.c", PART)
        write(work, "main.c", MAIN)
        programs, line, wanted = [], [], []
        for level in range(4):
            for standard, version in (("c11", 201112), ("c17", 201710)):
                name = f"p{level}{standard}"
                common = [tool + "gcc", f"-O{level}", f"-std={standard}", "-Wall", "-Werror", "-pedantic",
                          "-I", "include dir"]
                run([*common, "-c", "part.c", "-o", "part.o"], work)
                run([*common, "-c", "main.c"], work)
                if standard == "c11":
                    run([tool + "ar", "rcs", "libpart.a", "part.o"], work)
                    run([tool + "ranlib", "libpart.a"], work)
                    run([tool + "gcc", "-static", "-o", name, "main.o", "-L.", "-lpart", "-lm",
                         "-lrt", "-lpthread", "-ldl"], work)
                else:
                    run([tool + "gcc", "main.o", "part.o", "-lm", "-o", name], work)
                run([tool + "strip", name], work)
                programs.append(os.path.join(work, name))
                line.append(f"{name} hi")
                wanted.append(f"hi 42 {1 if level else 0} {version} 1.732 0.10000000000000001\n")
        assert run_in_guest(programs, "; ".join(line)) == "".join(wanted)


def run_in_guest(programs, line):
    with octavo.archive_with(programs) as variables:
        result = octavo.run(line, variables, seconds=60)
    assert result.status == 0, (result.status, result.why, result.err)
    return result.out.decode()


def test_stages():
    """-E, -S, -c, -M and questions do not link; a source on standard input; -x; what cannot be."""
    with sdk() as (tool, work):
        gcc = tool + "gcc"
        write(work, "a.c", "#include <time.h>\nint main(void) { return CLOCK_MONOTONIC == 0; }\n")
        assert "int main" in run([gcc, "-E", "a.c"], work)
        assert "the sdk/include/time.h" in run([gcc, "-M", "a.c"], work).replace("\\ ", " ")
        run([gcc, "-S", "a.c"], work)
        assert "main:" in open(work + "/a.s", encoding="utf-8").read()
        assert run([gcc, "-dumpmachine"], work) == "riscv64-unknown-elf\n"
        assert "gcc" in run([gcc, "--version"], work) and "gcc version" in run([gcc, "-v"], work)
        assert os.path.exists(run([gcc, "-print-libgcc-file-name"], work).strip())
        run([gcc, "-x", "c", "-", "-o", "b"], work, input="int main(void) { return 0; }")
        run([gcc, "-xc", "a.c", "-lm", "-o", "c"], work)
        write(work, "words", "-c a.c -o from-file.o")
        run([gcc, "@words"], work)
        assert os.path.exists(work + "/from-file.o")
        assert "shared" in run([gcc, "-shared", "a.c"], work, status=1)
        assert "undefined reference" in run([gcc, "-xc", "-"], work, status=1, input="int f(void);"
                                            "int main(void) { return f(); }")
        # the caller's headers come before ours
        write(work, "mine/time.h", "#define CLOCK_MONOTONIC mine\n")
        assert "mine == 0" in run([gcc, "-E", "-Imine", "a.c"], work)


# It never calls malloc itself; the C library does (strdup). The second has a malloc of its own.
COPIES = r"""#include <stdio.h>
#include <string.h>
extern const _Bool octavo_binmalloc __attribute__((weak));
int main(void)
{
    char *copy = strdup("copy");
    printf("%s %d\n", copy, &octavo_binmalloc ? 1 : 0);
    return 0;
}
"""
OWN = r"""#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static _Alignas(16) char room[4096];
static unsigned long used, calls;
void *malloc(size_t size) { void *at = room + used; used += (size + 15) / 16 * 16; calls++; return at; }
void free(void *memory) { (void)memory; }
void *calloc(size_t n, size_t size) { return memset(malloc(n * size), 0, n * size); }
void *realloc(void *memory, size_t size) { void *at = malloc(size); return memory ? memmove(at, memory, size) : at; }
int main(void)
{
    char *copy = strdup("own"), *first = sbrk(0);
    int exact = sbrk(3) == first && sbrk(0) == first + 3;
    printf("%s %d %d\n", copy, calls > 0 && copy >= room && copy < room + sizeof(room), exact);
    return 0;
}
"""


def test_malloc_by_name():
    """-lbinmalloc gives a program the other malloc, wherever it stands; without it there is picolibc's."""
    with sdk() as (tool, work):
        write(work, "copies.c", COPIES)
        write(work, "own.c", OWN)
        write(work, "words", "-lbinmalloc\n")
        programs, wanted = [], []
        for name, words, ours in (("without", ["copies.c"], 0), ("behind", ["copies.c", "-lbinmalloc"], 1),
                                  ("before", ["-lbinmalloc", "copies.c"], 1),
                                  ("apart", ["-l", "binmalloc", "copies.c"], 1),
                                  ("from-file", ["@words", "copies.c"], 1)):
            run([tool + "gcc", "-O1", "-Wall", "-Werror", *words, "-o", name], work)
            programs.append(os.path.join(work, name))
            wanted.append(f"copy {ours}\n")
        run([tool + "gcc", "-O1", "-fno-builtin", "own.c", "-o", "own"], work)
        line = "; ".join([os.path.basename(path) for path in programs] + ["own"])
        assert run_in_guest([*programs, os.path.join(work, "own")], line) == "".join(wanted) + "own 1 1\n"


CONFIGURE = r"""
check() { printf '%s\n' "$2" > conftest.c; if $CC $CFLAGS -o conftest conftest.c $3 2>conftest.log
    then echo "$1 yes"; else echo "$1 no"; fi; }
func() { check "$1" "char $1(void); int main(void) { return $1(); }"; } # as AC_CHECK_FUNC asks
size() { for n in 1 2 4 8 16; do # as AC_CHECK_SIZEOF asks when it cannot run what it compiles
    printf 'int array[sizeof(%s) == %d ? 1 : -1];\n' "$1" $n > conftest.c
    $CC -c conftest.c 2>conftest.log && echo "$1 $n"; done; }
case $($CC -dumpmachine) in riscv64-*-elf) echo cross yes;; esac
check works 'int main(void) { return 0; }'
check pow '#include <math.h>
int main(int c, char **v) { return (int)pow(c, 2.5); }' -lm
check mmap '#include <sys/mman.h>
int main(void) { return mmap(0, 1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED; }'
check no_such 'int no_such_function(void); int main(void) { return no_such_function(); }'
check header '#include <no/such/header.h>
int main(void) { return 0; }'
check libs 'int main(void) { return 0; }' '-lm -lrt -lpthread -ldl -lutil'
check no_lib 'int main(void) { return 0; }' -lnosuch
func strdup; func opendir; func pthread_create; func dlopen
size long; size 'void *'; size off_t 2>/dev/null; size 'long double'
rm -f conftest conftest.c; $CC -v >/dev/null 2>&1 && echo verbose yes
printf '#ifdef __octavo__\nyes\n#endif\n' | $CC -E - | grep yes
"""


def test_configure_and_make():
    """As CC= of a configure-like script and of a makefile with make's own rules."""
    with sdk() as (tool, work):
        # CC is split at spaces by all makefiles, so the SDK is reached through a link without any
        with tempfile.TemporaryDirectory() as plain:
            os.symlink(os.path.dirname(os.path.dirname(tool)), plain + "/sdk")
            gcc = plain + "/sdk/bin/octavo-gcc"
            out = run(["sh", "-c", CONFIGURE], work, env={**os.environ, "CC": gcc, "CFLAGS": "-O2"})
            assert out.split("\n")[:-1] == ["cross yes", "works yes", "pow yes", "mmap yes", "no_such no",
                                            "header no", "libs yes", "no_lib no", "strdup yes", "opendir yes",
                                            "pthread_create no", "dlopen yes", "long 8", "void * 8",
                                            "long double 16", "verbose yes", "yes"], out
            write(work, "Makefile", "prog: prog.o more.o\n")
            write(work, "prog.c", "int more(void);\nint main(void) { return more(); }\n")
            write(work, "more.c", "int more(void) { return 0; }\n")
            run(["make", f"CC={gcc}", "CFLAGS=-O1 -g"], work, env=octavo.clean_environment())
            assert "RISC-V" in run([plain + "/sdk/bin/octavo-readelf", "-h", "prog"], work)


def test_headers():
    """Each alone, and all in several orders, without a warning."""
    with sdk() as (tool, work):
        for header in HEADERS:
            write(work, "alone.c", f"#include <{header}>\nextern int unused;\n")
            for standard in ("c11", "gnu17"):
                run([tool + "gcc", f"-std={standard}", "-Wall", "-Wextra", "-Werror", "-pedantic", "-c",
                     "alone.c"], work)
        for seed in range(6):
            order = random.Random(seed).sample(HEADERS, len(HEADERS))
            write(work, "all.c", "".join(f"#include <{header}>\n" for header in order) * 2)
            for standard in ("c11", "c17", "gnu17"):
                run([tool + "gcc", f"-std={standard}", "-Wall", "-Wextra", "-Werror", "-c", "all.c"], work)


def test_headers_cxx():
    """In C++, where they have a meaning there."""
    if not shutil.which("riscv64-unknown-elf-g++"):
        raise octavo.Skip("no C++ compiler for the target")
    not_cxx = {"complex.h", "stdatomic.h", "stdnoreturn.h", "tgmath.h", "octavo/ipc.h"}
    headers = [header for header in HEADERS if header not in not_cxx]
    with sdk() as (tool, work):
        for seed in range(3):
            order = random.Random(seed).sample(headers, len(headers))
            write(work, "all.cc", "".join(f"#include <{header}>\n" for header in order) * 2)
            run([tool + "gcc", "-std=gnu++17", "-Wall", "-Wextra", "-Werror", "-c", "all.cc"], work)
