/* SPDX-License-Identifier: MIT
 *
 * init as its clients see it: what it answers to bad requests, who may do what, the life of children,
 * and that none of it costs init a handle. Run without arguments; with some, it is its own child. */
#include <abi/info.h>
#include <errno.h>
#include <octavo/ipc.h>
#include <octavo/query.h>
#include <octavo/thread.h>
#include <proto/con.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "check.h"

#define SELF "/test/init_requests"

extern char **environ;

/* --- Requests by hand --------------------------------------------------------------------- */

static long request(unsigned operation, unsigned long w0, unsigned long w1, unsigned long w2,
                    unsigned long w3)
{
    struct message m = {.tag = operation, .w = {w0, w1, w2, w3}};
    return ipc_request(HANDLE_INIT, &m);
}

static long request_in(unsigned operation, unsigned long w0, unsigned long w1, const void *address,
                       size_t length)
{
    struct message m = {.tag = operation, .w = {w0, w1}};
    ipc_attach_in(&m, address, length);
    return ipc_request(HANDLE_INIT, &m);
}

static long request_handle(unsigned operation, unsigned long w0, unsigned long w1, handle_t handle)
{
    struct message m = {.tag = operation, .w = {w0, w1, 0, 1}};
    ipc_attach_in(&m, "x", 1);
    ipc_attach_handle(&m, handle);
    return ipc_request(HANDLE_INIT, &m);
}

/* What init's table holds. */
static long init_handles(void)
{
    struct info_task task;
    if (sys_info(INFO_TASK, 1, (uintptr_t)&task, sizeof task) < 0)
        return -1;
    return (long)task.handles;
}

/* --- Children ------------------------------------------------------------------------------ */

static pid_t start(const char *what, const char *argument)
{
    char *arguments[] = {"init_requests", (char *)what, (char *)argument, NULL};
    pid_t pid;
    int error = posix_spawn(&pid, SELF, NULL, NULL, arguments, environ);
    return error ? -error : pid;
}

static int child(char **argv)
{
    volatile long zero = 0;
    char text[32];

    if (!strcmp(argv[1], "exit"))
        return atoi(argv[2]);
    if (!strcmp(argv[1], "sleep"))
        sleep(1000);
    if (!strcmp(argv[1], "crash"))
        *(volatile int *)zero = 1;
    if (!strcmp(argv[1], "nap"))
        usleep(200000);
    if (!strcmp(argv[1], "orphan")) { /* leaves a child that tells its parent's id by its status */
        snprintf(text, sizeof text, "%d", getpid());
        return start("wait-for-init", text) < 0;
    }
    if (!strcmp(argv[1], "wait-for-init")) {
        for (int i = 0; i < 6000 && getppid() != 1; i++)
            usleep(10000);
        if (getppid() == 1)
            kill(atoi(argv[2]), 0);
    }
    if (!strcmp(argv[1], "chain")) { /* each link makes the next, until it cannot */
        start("chain", NULL);
        sleep(1000);
    }
    if (!strcmp(argv[1], "steal")) /* ^C for itself, from the background */
        return (int)-request(INIT_FOREGROUND, (unsigned long)getppid(), 0, 0, 0);
    return 0;
}

static int wait_status(pid_t pid)
{
    int status = -1;
    return waitpid(pid, &status, 0) == pid ? status : -errno;
}

/* Whether the process is in the table. */
static bool exists(pid_t pid)
{
    struct init_process record;
    return query_process((unsigned long)pid, &record) >= 0 && record.pid == (uint32_t)pid;
}

/* --- Tests --------------------------------------------------------------------------------- */

static void bad_requests(void)
{
    struct init_process record;
    handle_t console = HANDLE_FIRST;

    check_equal("label 0", request(0, 0, 0, 0, 0), -ENOSYS);
    check_equal("label 99", request(99, 0, 0, 0, 0), -ENOSYS);
    check_equal("label 65535", request(65535, 0, 0, 0, 0), -ENOSYS);
    check_equal("spawn without anything", request(INIT_SPAWN, 0, 0, 0, 0), -EINVAL);
    check_equal("spawn without handle", request_in(INIT_SPAWN, 0, 0, "x", 1), -EINVAL);
    check_equal("spawn with bad handle", request_handle(INIT_SPAWN, 0, 0, 12345), -EBADF);
    check_equal("spawn with own pager right", request_handle(INIT_SPAWN, 0, 0, HANDLE_PAGER),
                -EPERM);
    check_equal("grant to nobody", request_handle(INIT_GRANT, 12345, 0, console), -ESRCH);
    check_equal("grant to init", request_handle(INIT_GRANT, 1, 0, console), -EPERM);
    check_equal("grant without handle", request(INIT_GRANT, 1, 0, 0, 0), -EINVAL);
    check_equal("start nobody", request(INIT_START, 12345, 0, 0, 0), -ESRCH);
    check_equal("start itself", request(INIT_START, (unsigned long)getpid(), 0, 0, 0), -EPERM);
    check_equal("exit with a handle", request_handle(INIT_EXIT, 0, 0, console), -EINVAL);
    check_equal("wait without children", request(INIT_WAIT, ~0ul, 0, 0, 0), -ECHILD);
    check_equal("wait for init", request(INIT_WAIT, 1, 0, 0, 0), -ECHILD);
    check_equal("wait with bad flags", request(INIT_WAIT, ~0ul, 2, 0, 0), -EINVAL);
    check_equal("wait for 2^32 + 1", request(INIT_WAIT, (1ul << 32) + 1, 0, 0, 0), -ECHILD);
    check_equal("kill nobody", request(INIT_KILL, 12345, SIGKILL, 0, 0), -ESRCH);
    check_equal("kill 0", request(INIT_KILL, 0, 0, 0, 0), 0);
    check_equal("kill a group that is none", request(INIT_KILL, -12345ul, SIGKILL, 0, 0), -ESRCH);
    check_equal("wait for a group that is none", request(INIT_WAIT, -12345ul, 0, 0, 0), -ECHILD);
    check_equal("signals beyond 31", request(INIT_SIGNALS, 1ul << 32, 0, 0, 0), -EINVAL);
    check_equal("a group operation beyond all", request(INIT_GROUP, 0, 0, 3, 0), -EINVAL);
    check_equal("init's group", request(INIT_GROUP, 1, 1, GROUP_SET, 0), -ESRCH);
    check_equal("an alarm in 2^62 ns", request(INIT_ALARM, 1ul << 62, 0, 0, 0), -EINVAL);
    check_equal("fork without a space", request(INIT_FORK, 0, 0, 0, 0), -EINVAL);
    check_equal("exec without a name", request(INIT_EXEC, 0, 0, 0, 0), -EINVAL);
    check_equal("kill 2^63", request(INIT_KILL, 1ul << 63, SIGKILL, 0, 0), -ESRCH);
    check_equal("kill init", request(INIT_KILL, 1, SIGKILL, 0, 0), -EPERM);
    check_equal("kill con", request(INIT_KILL, 2, SIGKILL, 0, 0), -EPERM);
    check_equal("kill the pager", request(INIT_KILL, 3, SIGKILL, 0, 0), -EPERM);
    check_equal("kill with signal 32", request(INIT_KILL, (unsigned long)getpid(), 32, 0, 0),
                -EINVAL);
    check_equal("kill itself with 0", request(INIT_KILL, (unsigned long)getpid(), 0, 0, 0), 0);
    check_equal("process beyond the last", query_process(1u << 31, &record), -ENOENT);
    check_equal("process without buffer", request(INIT_PROCESS, 1, 0, 0, 0), -EINVAL);
    check_equal("register", request_handle(INIT_REGISTER, SERVICE_PAGER, 0, console), -EPERM);
    check_equal("power off with status 256", request(INIT_POWER, POWER_OFF, 256, 0, 0), -EINVAL);
    check_equal("power 7", request(INIT_POWER, 7, 0, 0, 0), -EINVAL);
    check_equal("foreground nobody", request(INIT_FOREGROUND, 12345, 0, 0, 0), -ESRCH);
    check_equal("foreground init", request(INIT_FOREGROUND, 1, 0, 0, 0), -EPERM);
    check_equal("argument without buffers", request(INIT_ARGUMENT, 3, 0, 0, 0), -EINVAL);
    check_equal("argument unknown", request_in(INIT_ARGUMENT, 4, 0, "nope", 4), -ENOENT);
    check_equal("argument longer than its buffer", request_in(INIT_ARGUMENT, 9, 0, "nope", 4),
                -EINVAL);
    check_equal("argument with a huge name", request_in(INIT_ARGUMENT, ~0ul, 0, "nope", 4),
                -ENOENT);
    check_equal("log from nowhere", request_in(INIT_LOG, 4, 0, (void *)8, 4), -EFAULT);
    check_equal("log from the kernel", request_in(INIT_LOG, 4, 0, (void *)(3ul << 62), 4), -EFAULT);
    check_equal("log more than its buffer", request_in(INIT_LOG, 5, 0, "nope", 4), -EINVAL);
}

/* init finds the name in a page that is not there yet: the kernel brings it and repeats the call. */
static void absent_buffer(void)
{
    char *fresh = malloc(1 << 20);
    struct init_process *record = (void *)(fresh + 8192);
    check_equal("answer into an absent page", query_process(1, record), 0);
    check_equal("and it is init", record->pid, 1);
    check_equal("name in an absent page", request_in(INIT_ARGUMENT, 4, 0, fresh + 65536, 4),
                -ENOENT);
    free(fresh);
}

static void statuses(void)
{
    check_equal("exit 0", wait_status(start("exit", "0")), 0);
    check_equal("exit 7", wait_status(start("exit", "7")), 7 << 8);
    check_equal("exit 255", wait_status(start("exit", "255")), 255 << 8);
    check_equal("crash", wait_status(start("crash", NULL)), SIGSEGV);

    pid_t pid = start("sleep", NULL);
    int status;
    check_equal("nobody has ended", waitpid(-1, &status, WNOHANG), 0);
    check_equal("kill with SIGCHLD", kill(pid, SIGCHLD), 0);
    check_equal("does nothing", waitpid(pid, &status, WNOHANG), 0);
    check_equal("kill with SIGSTOP", request(INIT_KILL, (unsigned long)pid, SIGSTOP, 0, 0),
                -ENOTSUP);
    check_equal("kill with SIGTERM", kill(pid, SIGTERM), 0);
    check_equal("killed", wait_status(pid), SIGTERM);
    check_equal("waited for once", wait_status(pid), -ECHILD);
    check_equal("gone from the table", exists(pid), 0);
}

static void zombies(void)
{
    pid_t pid = start("exit", "3");
    struct init_process record = {.state = 0};
    for (int i = 0; i < 6000 && record.state != 3; i++) {
        usleep(10000);
        query_process((unsigned long)pid, &record);
    }
    check_equal("a zombie", record.state, 3);
    check_equal("by its name", strcmp(record.name, "init_requests"), 0);
    check_equal("can be killed in vain", kill(pid, SIGKILL), 0);
    check_equal("keeps its status", wait_status(pid), 3 << 8);
}

static void orphans(void)
{
    check_equal("parent leaves", wait_status(start("orphan", NULL)), 0);
    check_equal("its child is not ours", waitpid(-1, NULL, 0), -1);
    struct init_process record;
    bool found = true;
    for (int i = 0; i < 6000 && found; i++) {
        found = false;
        for (unsigned long pid = 1; query_process(pid, &record) >= 0; pid = record.pid + 1ul)
            found = found || (record.parent == 1 && !strcmp(record.name, "init_requests"));
        usleep(10000);
    }
    check_equal("init reaps it", found, 0);
}

static void foreground(void)
{
    check_equal("a child cannot take ^C from us", wait_status(start("steal", NULL)), EPERM << 8);
}

static int wait_in_thread(void *argument)
{
    return wait_status(*(pid_t *)argument);
}

/* Two threads wait for the same child: one gets it, the other learns that there is none. */
static void two_waiters(void)
{
    pid_t pid = start("nap", NULL);
    struct thread *thread[2];
    int result[2];
    for (int i = 0; i < 2; i++)
        thread_start(&thread[i], wait_in_thread, &pid);
    for (int i = 0; i < 2; i++)
        thread_join(thread[i], &result[i]);
    check_equal("two waiters", result[0] + result[1], -ECHILD);
}

/* Children until there are no more: the author gets the error, and everything works after. */
static void bomb(void)
{
    static pid_t pid[300];
    int n = 0;
    while (n < 300 && (pid[n] = start("sleep", NULL)) > 0)
        n++;
    check(n < 300 && (pid[n] == -EAGAIN || pid[n] == -ENOMEM), "children end in an error",
          "child %d: %d", n, n < 300 ? pid[n] : 0);
    check(n >= 16, "but there may be some", "%d", n);
    for (int i = 0; i < n; i++)
        kill(pid[i], SIGKILL);
    int killed = 0;
    for (int i = 0; i < n; i++)
        killed += wait_status(pid[i]) == SIGKILL;
    check_equal("all were killed", killed, n);
    check_equal("and one more runs", wait_status(start("exit", "5")), 5 << 8);
}

/* Our namesakes but for ourselves: how many there are; each is sent the signal. */
static int others(int signal)
{
    struct init_process record;
    int count = 0;
    for (unsigned long pid = 1; query_process(pid, &record) >= 0; pid = record.pid + 1ul) {
        if (strcmp(record.name, "init_requests") || record.pid == (uint32_t)getpid())
            continue;
        count++;
        if (signal)
            kill((pid_t)record.pid, signal);
    }
    return count;
}

/* A bomb whose every process has one child only, so that no parent reaches its own limit. */
static void chain(void)
{
    pid_t first = start("chain", NULL);
    int before = 0, now = 1;
    for (int same = 0; same < 5; same = now == before ? same + 1 : 0) {
        before = now;
        usleep(200000);
        now = others(0);
    }
    check(now >= 16 && now < 128, "a chain has an end", "%d", now);
    check_equal("which is everybody's in it", start("exit", "0"), -EAGAIN);
    for (int i = 0; i < 1200 && others(SIGKILL) > 1; i++)
        usleep(50000);
    check_equal("its first link", wait_status(first), SIGKILL);
    check_equal("all links are gone", others(0), 0);
    check_equal("one more runs", wait_status(start("exit", "6")), 6 << 8);
}

/* A space whose pager is the console: it refuses, nobody hangs. */
static void console_as_pager(void)
{
    struct message m = {.tag = INIT_SPAWN, .w = {0x10000, 0x20000, 0, 3}};
    ipc_attach_in(&m, "odd", 3);
    ipc_attach_handle(&m, HANDLE_FIRST);
    long result = ipc_request(HANDLE_INIT, &m);
    check_equal("the console as a pager", result, 0);
    check_equal("dies at once", wait_status((pid_t)m.w[0]), SIGSEGV);
}

int main(int argc, char **argv)
{
    static void (*const tests[])(void) = {bad_requests, absent_buffer,   statuses,    zombies,
                                          orphans,      foreground,      two_waiters, bomb,
                                          chain,        console_as_pager};
    if (argc > 1)
        return child(argv);
    wait_status(start("exit", "0")); /* whatever grows, has grown */
    for (unsigned i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        long before = init_handles();
        tests[i]();
        char name[32];
        snprintf(name, sizeof name, "no handle lost in test %u", i);
        check_equal(name, init_handles(), before);
    }
    return check_done();
}
