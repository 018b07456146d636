/* SPDX-License-Identifier: MIT
 *
 * process [ROW...]: what processes and signals cost, in instructions, everything counted; part of
 * `make bench`, see bench.c for the form of a row. Programs come from the boot archive here: what the
 * host's file server adds to a name is no matter of processes (and idle time is no instructions). */
#include <octavo/query.h>
#include <octavo/tool.h>
#include <stdbool.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define WARM_UP 5
#define SAMPLES 50
#define READ_COST 1 /* between two neighbouring reads of the counter */
#define PRIORITY_BENCH (PRIORITY_USER - 1)

extern char **environ;
extern handle_t octavo_place; /* the library's working directory */

static unsigned long sample[SAMPLES];

static inline unsigned long instructions(void)
{
    unsigned long n;

    __asm__ volatile("rdinstret %0" : "=r"(n)::"memory");
    return n;
}

_Noreturn static void fail(const char *what)
{
    tool_fail("process", what, 0);
}

static int compare(const void *a, const void *b)
{
    unsigned long x = *(const unsigned long *)a, y = *(const unsigned long *)b;

    return x < y ? -1 : x > y;
}

static unsigned long idle_time(void)
{
    struct info_hart hart;
    unsigned long all = 0;

    for (unsigned long i = 0; query_kernel(INFO_HART, i, &hart, sizeof(hart)); i++)
        all += hart.idle_time;
    return all;
}

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
    qsort(sample, SAMPLES, sizeof(sample[0]), compare);
    printf("%s\t%lu\t%lu\t%lu\tinstructions\n", name, sample[0], sample[SAMPLES / 2],
           sample[SAMPLES - 1]);
    fflush(stdout);
}

static void ended_well(pid_t pid)
{
    int status;

    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        fail("a child");
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
        fail("/bin/true");
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
        fail("mmap");
    *page = 1;
}

static const struct row {
    const char *name;
    void (*once)(void);
    void (*setup)(void);
} rows[] = {
    {"fork_wait", fork_wait, NULL},                       /* fork, _exit, waitpid */
    {"fork_exec_wait", fork_exec_wait, NULL},             /* the same, and exec of /bin/true */
    {"posix_spawn_wait", spawn_wait, NULL},               /* /bin/true, and waitpid */
    {"prot_trap_unprot", prot_trap_unprot, protect_setup} /* mprotect, SIGSEGV, mprotect, return */
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static bool wanted(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return argc == 1;
}

int main(int argc, char **argv)
{
    tool_arguments(argc, argv, 0, ROWS, "process [row...]");
    octavo_place = HANDLE_NONE;
    if (sys_thread_control(0, THREAD_SET_PRIORITY, PRIORITY_BENCH, 0) < 0)
        fail("priority");
    for (unsigned i = 0; i < ROWS; i++)
        if (wanted(rows[i].name, argc, argv)) {
            if (rows[i].setup)
                rows[i].setup();
            measure(rows[i].name, rows[i].once);
        }
    return 0;
}
