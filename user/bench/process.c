/* SPDX-License-Identifier: MIT
 *
 * process [ROW...]: what processes and signals cost, in instructions, everything counted; part of
 * `make bench` (measure.h). Programs come from the boot archive here: what the
 * host's file server adds to a name is no matter of processes (and idle time is no instructions). */
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "measure.h"

#define WARM_UP 5
#define SAMPLES 50

extern char **environ;
extern handle_t octavo_place; /* the library's working directory */

static unsigned long sample[SAMPLES];

/* Runs once() again and again. */
static void measure(const char *name, void (*once)(void))
{
    unsigned long idle = idle_time();

    for (int i = -WARM_UP; i < SAMPLES; i++) {
        unsigned long start = instructions();
        once();
        unsigned long end = instructions();
        if (i >= 0)
            sample[i] = end - start - READ_COST;
    }
    if (idle_time() != idle)
        fprintf(stderr, "# %s: IDLE INSIDE\n", name);
    report(name, sample, SAMPLES);
}

static void ended_well(pid_t pid)
{
    int status;

    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        fail("a child", 0);
}

static void fork_wait(void)
{
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    ended_well(pid);
}

static void fork_exec_wait(void)
{
    static char *const argv[] = {"true", NULL};
    pid_t pid = fork();

    if (pid == 0) {
        execve("/bin/true", argv, environ);
        _exit(1);
    }
    ended_well(pid);
}

static void spawn_wait(void)
{
    static char *const argv[] = {"true", NULL};
    pid_t pid;

    if (posix_spawn(&pid, "/bin/true", NULL, NULL, argv, environ))
        fail("/bin/true", 0);
    ended_well(pid);
}

/* --- Protect a page, fault on it, and mend that in the handler (Appel and Li, 1991) --------- */

static volatile char *page;

static void mend(int number, siginfo_t *info, void *context)
{
    (void)number, (void)context;
    mprotect((void *)((uintptr_t)info->si_addr & ~PAGE_MASK), PAGE_SIZE, PROT_READ | PROT_WRITE);
}

static void prot_trap_unprot(void)
{
    mprotect((void *)(uintptr_t)page, PAGE_SIZE, PROT_READ);
    *page = 1;
}

static void protect_setup(void)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO};

    action.sa_sigaction = mend;
    sigaction(SIGSEGV, &action, NULL);
    page = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        fail("mmap", 0);
    *page = 1;
}

/* --- Rows --------------------------------------------------------------------------------- */

static void bench_fork(const char *name)
{
    measure(name, fork_wait);
}

static void bench_fork_exec(const char *name)
{
    measure(name, fork_exec_wait);
}

static void bench_spawn(const char *name)
{
    measure(name, spawn_wait);
}

static void bench_protect(const char *name)
{
    protect_setup();
    measure(name, prot_trap_unprot);
}

static const struct row rows[] = {
    {"fork_wait", bench_fork},           /* fork, _exit, waitpid */
    {"fork_exec_wait", bench_fork_exec}, /* the same, and exec of /bin/true */
    {"posix_spawn_wait", bench_spawn},   /* /bin/true, and waitpid */
    {"prot_trap_unprot", bench_protect}, /* mprotect, SIGSEGV, mprotect, return */
};

int main(int argc, char **argv)
{
    octavo_place = HANDLE_NONE;
    MEASURE_ROWS(argc, argv, rows);
    return 0;
}
