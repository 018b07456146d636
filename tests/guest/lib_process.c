/* SPDX-License-Identifier: MIT
 *
 * Processes as POSIX has them: arguments, environment, exit statuses, deaths by signal, wait, kill.
 *
 *     lib_process              the test
 *     lib_process MODE [ARG]   one of its children, see child() */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include "tests/guest/check.h"
#include "tests/guest/spawned.h"

#define SELF "/test/lib_process"
#define MANY 300

static const char constant[64] = "not to be written";
static char data[8192] __attribute__((aligned(4096)));
static volatile uintptr_t zero; /* the compiler shall not see what is done with it */

/* --- Children ---------------------------------------------------------------------------- */

int main(int argc, char **argv);

/* The ways to die, and what a shell makes of them. */
static void die(const char *how)
{
    if (strcmp(how, "null") == 0)
        (void)*(volatile char *)(zero + 8);
    else if (strcmp(how, "write-text") == 0)
        *(volatile char *)(uintptr_t)main = 0;
    else if (strcmp(how, "write-constant") == 0)
        *(volatile char *)(uintptr_t)constant = 0;
    else if (strcmp(how, "jump-null") == 0)
        ((void (*)(void))zero)();
    else if (strcmp(how, "jump-data") == 0)
        ((void (*)(void))(uintptr_t)data)();
    else if (strcmp(how, "kernel") == 0)
        (void)*(volatile char *)0xffffffff80200000ul;
    else if (strcmp(how, "hole") == 0)
        (void)*(volatile char *)0x4000000000ul;
    else if (strcmp(how, "illegal") == 0)
        __asm__ volatile("unimp");
    else if (strcmp(how, "privileged") == 0)
        __asm__ volatile("csrr t0, sstatus" ::: "t0");
    else if (strcmp(how, "break") == 0)
        __asm__ volatile("ebreak");
    else if (strcmp(how, "abort") == 0)
        abort();
    else if (strcmp(how, "raise-term") == 0)
        raise(SIGTERM);
    else if (strcmp(how, "kill-self") == 0)
        kill(getpid(), SIGKILL);
}

static volatile int deep = 1;

__attribute__((noinline)) static int overflow(volatile char *caller)
{
    volatile char frame[4096];

    frame[0] = *caller;
    return deep ? overflow(frame) + frame[1] : 0;
}

static int has_arguments(int argc, char **argv)
{
    bool right = argc == MANY + 5 && strcmp(argv[2], "") == 0 && strcmp(argv[3], "a b") == 0 &&
                 strcmp(argv[4], "\xff\t'\"\\$") == 0 && argv[argc] == NULL;

    for (int i = 0; i < MANY && right; i++)
        right = atoi(argv[5 + i]) == i;
    return right ? 0 : 1;
}

static int child(int argc, char **argv)
{
    const char *mode = argv[1];

    if (strcmp(mode, "exit") == 0)
        return atoi(argv[2]);
    if (strcmp(mode, "exit-deep") == 0)
        exit(atoi(argv[2]));
    if (strcmp(mode, "arguments") == 0)
        return has_arguments(argc, argv);
    if (strcmp(mode, "environment") == 0)
        return getenv("OCTAVO_TEST") && strcmp(getenv("OCTAVO_TEST"), argv[2]) == 0 ? 0 : 1;
    if (strcmp(mode, "no-environment") == 0)
        return environ[0] == NULL && getenv("PATH") == NULL ? 0 : 1;
    if (strcmp(mode, "parent") == 0)
        return getppid() == atoi(argv[2]) ? 0 : 1;
    if (strcmp(mode, "sleep") == 0)
        return nanosleep(&(struct timespec){.tv_sec = 30}, NULL) ? 1 : 9;
    if (strcmp(mode, "short") == 0)
        return nanosleep(&(struct timespec){.tv_nsec = atoi(argv[2]) * 1000000l}, NULL) ? 1 : 9;
    if (strcmp(mode, "spin") == 0)
        for (;;)
            __asm__ volatile("");
    if (strcmp(mode, "grandparent") == 0) /* leaves a child behind */
        return spawned_start((char *[]){SELF, "short", "50", NULL}, NULL, NULL) > 0 ? 0 : 1;
    if (strcmp(mode, "die") == 0) {
        die(argv[2]);
        if (strcmp(argv[2], "overflow") == 0)
            return overflow(data);
    }
    return 99;
}

static pid_t start(const char *mode, const char *argument)
{
    char *argv[] = {SELF, (char *)mode, (char *)argument, NULL};

    return spawned_start(argv, NULL, NULL);
}

/* --- The tests --------------------------------------------------------------------------- */

static void test_exit(void)
{
    static const int given[] = {0, 1, 42, 127, 128, 255, 256, -1};
    char text[16], name[40];

    for (unsigned i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
        snprintf(text, sizeof(text), "%d", given[i]);
        snprintf(name, sizeof(name), "exit status %d", given[i]);
        check_equal(name, spawned_run(SELF, i % 2 ? "exit" : "exit-deep", text), given[i] & 0xff);
    }
}

static void test_deaths(void)
{
    static const struct {
        const char *how;
        int signal;
    } row[] = {
        {"null", SIGSEGV},       {"write-text", SIGSEGV}, {"write-constant", SIGSEGV},
        {"jump-null", SIGSEGV},  {"jump-data", SIGSEGV},  {"kernel", SIGSEGV},
        {"hole", SIGSEGV},       {"overflow", SIGSEGV},   {"illegal", SIGILL},
        {"privileged", SIGILL},  {"break", SIGTRAP},      {"abort", SIGABRT},
        {"raise-term", SIGTERM}, {"kill-self", SIGKILL},
    };
    char name[40];

    for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        snprintf(name, sizeof(name), "death by %s", row[i].how);
        check_equal(name, spawned_run(SELF, "die", row[i].how), 128 + row[i].signal);
    }
}

static void test_arguments(void)
{
    static char number[MANY][8];
    static char *argv[MANY + 6] = {SELF, "arguments", "", "a b", "\xff\t'\"\\$"};
    char *long_argument, *few[] = {SELF, "no-environment", NULL}, *none[] = {NULL};
    pid_t pid;

    for (int i = 0; i < MANY; i++) {
        snprintf(number[i], sizeof(number[i]), "%d", i);
        argv[5 + i] = number[i];
    }
    check_equal("arguments arrive", spawned_wait(spawned_start(argv, NULL, NULL)), 0);
    setenv("OCTAVO_TEST", "one two", 1);
    check_equal("environment arrives", spawned_run(SELF, "environment", "one two"), 0);
    unsetenv("OCTAVO_TEST");
    check_equal("unset is unset", spawned_run(SELF, "environment", "one two"), 1);
    pid = 0;
    int error = posix_spawn(&pid, SELF, NULL, NULL, few, none);
    check_equal("no environment at all", error ? -error : spawned_wait(pid), 0);
    long_argument = malloc(100000);
    memset(long_argument, 'x', 99999);
    long_argument[99999] = '\0';
    check_equal("too long an argument list", start("exit", long_argument), -E2BIG);
    long_argument[30000] = '\0';
    long_argument[0] = '7';
    check_equal("a long argument", spawned_run(SELF, "exit", long_argument), 7);
    free(long_argument);
}

static void test_spawn(void)
{
    char *argv[] = {"/nowhere/at-all", NULL}, text[16];
    pid_t pid = -7;

    check_equal("spawn of nothing", spawned_start(argv, NULL, NULL), -ENOENT);
    check_equal("posix_spawnp finds by PATH",
                posix_spawnp(&pid, "true", NULL, NULL, (char *[]){"true", NULL}, environ), 0);
    check_equal("and it runs", spawned_wait(pid), 0);
    check_equal("posix_spawnp of nothing",
                posix_spawnp(&pid, "no-such-program", NULL, NULL, argv, environ), ENOENT);
    snprintf(text, sizeof(text), "%d", getpid());
    check_equal("getppid of a child", spawned_run(SELF, "parent", text), 0);
    check(getpid() > 0 && getppid() > 0 && getpid() != getppid(), "getpid", "%d, parent %d",
          getpid(), getppid());
}

static void test_wait(void)
{
    int status = 77;
    pid_t first, second, third;

    errno = 0;
    check(wait(&status) == -1 && errno == ECHILD, "wait without children", "errno %d", errno);
    errno = 0;
    check(waitpid(1, &status, 0) == -1 && errno == ECHILD, "wait for a stranger", "errno %d",
          errno);
    first = start("sleep", NULL);
    check_equal("WNOHANG while it runs", waitpid(first, &status, WNOHANG), 0);
    second = start("exit", "5");
    third = start("exit", "6");
    check(waitpid(third, &status, 0) == third && WEXITSTATUS(status) == 6, "wait for one of three",
          "status %#x", status);
    check(waitpid(-1, &status, 0) == second && WEXITSTATUS(status) == 5, "wait for any",
          "status %#x", status);
    kill(first, SIGTERM);
    check(wait(&status) == first && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM,
          "wait for the last", "status %#x", status);
    errno = 0;
    check(waitpid(first, &status, 0) == -1 && errno == ECHILD, "a status is given once", "errno %d",
          errno);
    first = start("exit", "3");
    pid_t ended = 0;
    for (int i = 0; i < 6000 && ended == 0; i++) {
        usleep(10000);
        ended = waitpid(first, &status, WNOHANG);
    }
    check(ended == first && WEXITSTATUS(status) == 3, "a zombie waits", "status %#x", status);
    check_equal("a child that leaves a child", spawned_run(SELF, "grandparent", NULL), 0);
    errno = 0;
    check(wait(&status) == -1 && errno == ECHILD, "grandchildren are not ours", "errno %d", errno);
    errno = 0;
    check(waitpid(-1, &status, 0x4000) == -1 && errno == EINVAL, "wait with a bad option",
          "errno %d", errno);
}

static void test_kill(void)
{
    static const int signals[] = {SIGTERM, SIGKILL, SIGINT, SIGHUP, SIGUSR1, SIGSEGV};
    static const char *const modes[] = {"sleep", "spin"};
    char name[64];

    for (unsigned mode = 0; mode < 2; mode++)
        for (unsigned i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
            pid_t pid = start(modes[mode], NULL);
            nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
            snprintf(name, sizeof(name), "kill -%d of a program in %s", signals[i], modes[mode]);
            int result = kill(pid, signals[i]);
            int status = spawned_wait(pid);
            check(result == 0 && status == 128 + signals[i], name, "kill %d, status %d", result,
                  status);
        }
    pid_t pid = start("sleep", NULL);
    check_equal("kill 0 only asks", kill(pid, 0), 0);
    check_equal("SIGCHLD is ignored", kill(pid, SIGCHLD), 0);
    kill(pid, SIGKILL);
    check_equal("it was still there to be killed", spawned_wait(pid), 128 + SIGKILL);
    errno = 0;
    check(kill(pid, 0) == -1 && errno == ESRCH, "nobody there", "errno %d", errno);
    errno = 0;
    check(kill(getpid(), 1000) == -1 && errno == EINVAL, "no such signal", "errno %d", errno);
    errno = 0;
    check(kill(2, SIGKILL) == -1 && errno == EPERM, "servers cannot be killed", "errno %d", errno);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return child(argc, argv);
    test_exit();
    fflush(stdout);
    test_deaths();
    test_arguments();
    test_spawn();
    test_wait();
    test_kill();
    return check_done();
}
