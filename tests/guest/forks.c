/* SPDX-License-Identifier: MIT
 *
 * fork, wait, process groups, signals between processes, pipes. An ordinary C program: the host runs it
 * too, and must say the same (tests/guest/posix.py). */
#define _GNU_SOURCE /* pipe2 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "tests/guest/check.h"

static volatile sig_atomic_t count;

static void counting(int number)
{
    (void)number;
    count++;
}

static void install(int number, void (*handler)(int), int flags)
{
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

static void pause_ms(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&t, NULL);
}

/* A child that runs function(); its pid. */
static pid_t child_of(int (*function)(void))
{
    pid_t pid;

    fflush(stdout);
    pid = fork();
    if (pid == 0)
        _exit(function());
    return pid;
}

static int status_of(pid_t pid)
{
    int status = -1;

    return waitpid(pid, &status, 0) == pid ? status : -1;
}

/* --- fork ------------------------------------------------------------------------------------ */

static int shared_by_none = 1;
static char *shared_by_both;

static int changes(void)
{
    shared_by_none = 2;
    *shared_by_both = 2;
    return 7;
}

static int tells_ids(void)
{
    return getppid() == getpgrp() || getppid() > 1 ? 3 : 4;
}

static double product;

static int uses_floats(void)
{
    return product * 2.0 == 5.0 ? 0 : 1;
}

static void forks(void)
{
    pid_t pid, self = getpid();
    char *heap = malloc(100000);
    int status;

    shared_by_both = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    *shared_by_both = 1;
    memset(heap, 5, 100000);
    status = status_of(child_of(changes));
    check(WIFEXITED(status) && WEXITSTATUS(status) == 7, "a child's status", "%#x",
          (unsigned)status);
    check_equal("its memory is its own", shared_by_none, 1);
    check_equal("but what is shared", *shared_by_both, 2);
    status = status_of(child_of(tells_ids));
    check_equal("it has a parent", WEXITSTATUS(status), 3);
    check_equal("I am who I was", getpid(), self);
    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        heap[500] = 6;
        free(heap);
        heap = malloc(200000);
        memset(heap, 7, 200000);
        _exit(getpid() != self && getppid() == self ? 0 : 1);
    }
    check_equal("it knows its id and mine, and may use the heap", status_of(pid), 0);
    check_equal("which here is as it was", heap[500], 5);
    product = 2.5;
    check_equal("floating point", status_of(child_of(uses_floats)), 0);
    fflush(stdout);
    pid = vfork();
    if (pid == 0)
        _exit(9);
    check_equal("vfork", WEXITSTATUS(status_of(pid)), 9);
    free(heap);
}

static int forks_on(void)
{
    for (int depth = 1; depth < 6; depth++) {
        pid_t pid = fork();
        if (pid < 0)
            return 100;
        if (pid > 0) {
            int status = status_of(pid);
            return WEXITSTATUS(status) + 1;
        }
    }
    return 0;
}

static void generations(void)
{
    check_equal("five generations", WEXITSTATUS(status_of(child_of(forks_on))), 5);
}

/* --- wait ------------------------------------------------------------------------------------ */

static int ends_with_5(void)
{
    return 5;
}

static int gate[2];

/* Until the parent has closed its end. */
static int waits_at_the_gate(void)
{
    char byte;

    close(gate[1]);
    return read(gate[0], &byte, 1) == 0 ? 6 : 1;
}

static int hangs(void)
{
    while (getpid() > 0)
        pause();
    return 0;
}

static int spins(void)
{
    for (volatile long i = 0; i < 3000000; i++)
        ;
    return 0;
}

static void waits(void)
{
    int status = 0;
    struct rusage usage;
    siginfo_t info;
    pid_t pid;

    check(wait(&status) < 0 && errno == ECHILD, "no children", "%d", errno);
    check(waitpid(getpid(), &status, 0) < 0 && errno == ECHILD, "I am not my child", "%d", errno);
    check(waitpid(-1, &status, 0x4000) < 0 && errno == EINVAL, "an unknown option", "%d", errno);
    check(pipe(gate) == 0, "a pipe", "%d", errno);
    pid = child_of(waits_at_the_gate);
    check_equal("not yet", waitpid(pid, &status, WNOHANG), 0);
    close(gate[1]);
    check_equal("any child", wait(&status), pid);
    close(gate[0]);
    check_equal("its status", status, 6 << 8);
    check(waitpid(pid, &status, 0) < 0 && errno == ECHILD, "once only", "%d", errno);
    pid = child_of(hangs);
    kill(pid, SIGTERM);
    status = status_of(pid);
    check(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM, "ended by a signal", "%#x",
          (unsigned)status);
    pid = child_of(spins);
    memset(&usage, 0xff, sizeof(usage));
    check_equal("wait4", wait4(pid, &status, 0, &usage), pid);
    check(usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec > 500, "has its time", "%ld us",
          (long)usage.ru_utime.tv_usec);
    getrusage(RUSAGE_CHILDREN, &usage);
    check(usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec > 500, "so have the children",
          "%ld us", (long)usage.ru_utime.tv_usec);
    pid = child_of(ends_with_5);
    memset(&info, 0, sizeof(info));
    check_equal("waitid", waitid(P_PID, (id_t)pid, &info, WEXITED), 0);
    check(info.si_pid == pid && info.si_code == CLD_EXITED && info.si_status == 5 &&
              info.si_signo == SIGCHLD,
          "tells all", "%d %d %d", info.si_pid, info.si_code, info.si_status);
    check(waitid(P_ALL, 0, &info, WEXITED) < 0 && errno == ECHILD, "no more", "%d", errno);
    check(waitid(P_ALL, 0, &info, 0) < 0 && errno == EINVAL, "waiting for nothing", "%d", errno);
}

static void child_signal(void)
{
    sigset_t set, old;
    int status;

    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    install(SIGCHLD, counting, 0);
    count = 0;
    sigprocmask(SIG_BLOCK, &set, &old);
    pid_t pid = child_of(ends_with_5);
    while (count == 0)
        sigsuspend(&old);
    sigprocmask(SIG_SETMASK, &old, NULL);
    check_equal("SIGCHLD comes, and the child is there", waitpid(pid, &status, WNOHANG), pid);
    install(SIGCHLD, SIG_IGN, 0);
    pid = child_of(ends_with_5);
    check(waitpid(pid, &status, 0) < 0 && errno == ECHILD, "ignored, it leaves no zombie", "%d",
          errno);
    install(SIGCHLD, SIG_DFL, 0);
}

/* --- Signals between processes ------------------------------------------------------------- */

static int ready[2];

static int handles_one(void)
{
    sigset_t set, old;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, &old);
    install(SIGUSR1, counting, 0);
    count = 0;
    write(ready[1], "r", 1);
    while (count == 0)
        sigsuspend(&old);
    return 40 + count;
}

static int inherits(void)
{
    count = 0;
    raise(SIGUSR2);
    raise(SIGTERM); /* ignored by the parent */
    return count;
}

static void others(void)
{
    char byte;
    pid_t pid;

    pipe(ready);
    pid = child_of(handles_one);
    read(ready[0], &byte, 1);
    kill(pid, SIGUSR1);
    check_equal("a child's handler", WEXITSTATUS(status_of(pid)), 41);
    pid = child_of(handles_one);
    read(ready[0], &byte, 1);
    kill(pid, SIGKILL);
    check_equal("but KILL", status_of(pid), SIGKILL);
    install(SIGUSR2, counting, 0);
    install(SIGTERM, SIG_IGN, 0);
    check_equal("dispositions are inherited", WEXITSTATUS(status_of(child_of(inherits))), 1);
    pid = child_of(hangs);
    kill(pid, SIGTERM);
    pause_ms(10);
    check_equal("so is what is ignored", waitpid(pid, NULL, WNOHANG), 0);
    kill(pid, SIGUSR2);
    pause_ms(10);
    check_equal("a handler that comes back", waitpid(pid, NULL, WNOHANG), 0);
    kill(pid, SIGINT);
    check_equal("and a default", status_of(pid), SIGINT);
    install(SIGTERM, SIG_DFL, 0);
    install(SIGUSR2, SIG_DFL, 0);
    close(ready[0]);
    close(ready[1]);
}

/* The parent that died first. */
static int orphans(void)
{
    pid_t self = getpid();

    if (fork() == 0) {
        close(ready[0]);
        while (getppid() == self)
            pause_ms(1);
        write(ready[1], "o", 1);
        _exit(0);
    }
    return 0;
}

static void reparented(void)
{
    char byte = 0;

    pipe(ready);
    status_of(child_of(orphans));
    close(ready[1]);
    check(read(ready[0], &byte, 1) == 1 && byte == 'o', "an orphan gets another parent", "%d",
          byte);
    check_equal("and then ends", read(ready[0], &byte, 1), 0);
    close(ready[0]);
}

/* --- Groups ---------------------------------------------------------------------------------- */

static void groups(void)
{
    pid_t group = getpgrp(), one, two;

    check(getpgid(0) == group && getpgid(getpid()) == group, "my group", "%d", group);
    check(getpgid(0x7fffffff) < 0 && errno == ESRCH, "nobody's group", "%d", errno);
    one = child_of(hangs);
    check_equal("a child is in mine", getpgid(one), group);
    check_equal("until it gets its own", setpgid(one, 0), 0);
    check_equal("it has it", getpgid(one), one);
    two = child_of(hangs);
    check_equal("another joins it", setpgid(two, one), 0);
    check(setpgid(two, 0x7ffffff0) < 0 && errno == EPERM, "but no group that is not there", "%d",
          errno);
    check(setpgid(two, -1) < 0 && errno == EINVAL, "nor a negative one", "%d", errno);
    check(waitpid(0, NULL, WNOHANG) < 0 && errno == ECHILD, "none is left in mine", "%d", errno);
    check_equal("the group is ended", kill(-one, SIGTERM), 0);
    int status = -1;
    check_equal("a wait for the group", waitpid(-one, &status, 0) > 0, 1);
    check(WIFSIGNALED(status) && waitpid(-one, &status, 0) > 0, "for each of it", "%#x",
          (unsigned)status);
    check(waitpid(-one, &status, 0) < 0 && errno == ECHILD, "no more", "%d", errno);
    check(killpg(one, SIGTERM) < 0 && errno == ESRCH, "the group is gone", "%d", errno);
    fflush(stdout);
    one = fork();
    if (one == 0)
        _exit(setsid() == getpid() && getsid(0) == getpid() && getpgrp() == getpid() &&
                      setsid() < 0 && errno == EPERM
                  ? 0
                  : 1);
    check_equal("a session of its own", status_of(one), 0);
}

/* --- Pipes ----------------------------------------------------------------------------------- */

#define BULK (300 * 1024)

static int bulk_in, bulk_out;

static int sends_bulk(void)
{
    char *bulk = malloc(BULK);

    close(bulk_in);
    for (int i = 0; i < BULK; i++)
        bulk[i] = (char)(i * 31 + i / 1000);
    return write(bulk_out, bulk, BULK) == BULK ? 0 : 1;
}

static void pipes(void)
{
    static char back[70000];
    int end[2];
    struct stat status;
    long sum = 0, wrong = 0;
    ssize_t n;

    check_equal("a pipe", pipe(end), 0);
    check(fstat(end[0], &status) == 0 && S_ISFIFO(status.st_mode), "is a FIFO", "%o",
          (unsigned)status.st_mode);
    check(lseek(end[0], 0, SEEK_CUR) < 0 && errno == ESPIPE, "has no position", "%d", errno);
    check(read(end[1], back, 1) < 0 && errno == EBADF, "the writer's end is not read", "%d", errno);
    check(write(end[0], back, 1) < 0 && errno == EBADF, "nor the reader's written", "%d", errno);
    check_equal("nothing", write(end[1], back, 0), 0);
    bulk_in = end[0];
    bulk_out = end[1];
    pid_t pid = child_of(sends_bulk);
    close(end[1]);
    while ((n = read(end[0], back, sizeof(back))) > 0)
        for (ssize_t i = 0; i < n; i++, sum++)
            wrong += back[i] != (char)(sum * 31 + sum / 1000);
    check(sum == BULK && wrong == 0, "a child's bytes", "%ld, %ld wrong", sum, wrong);
    check_equal("the end, when it is gone", n, 0);
    check_equal("it could write all", status_of(pid), 0);
    close(end[0]);
    pipe(end);
    fcntl(end[0], F_SETFL, O_NONBLOCK);
    check(read(end[0], back, 1) < 0 && errno == EAGAIN, "not waiting", "%d", errno);
    check((fcntl(end[0], F_GETFL) & (O_NONBLOCK | O_ACCMODE)) == O_NONBLOCK, "F_GETFL", "%#x",
          (unsigned)fcntl(end[0], F_GETFL));
    int other = dup(end[0]);
    check((fcntl(other, F_GETFL) & O_NONBLOCK) != 0, "a duplicate, too", "no");
    fcntl(other, F_SETFL, 0);
    check((fcntl(end[0], F_GETFL) & O_NONBLOCK) == 0, "both are one", "no");
    close(other);
    fcntl(end[0], F_SETFL, O_NONBLOCK);
    write(end[1], "abc", 3);
    check(read(end[0], back, 2) == 2 && read(end[0], back + 2, 2) == 1, "in pieces", "no");
    close(end[1]);
    check_equal("the end does not wait", read(end[0], back, 1), 0);
    close(end[0]);
    check(pipe2(end, O_CLOEXEC) == 0 && fcntl(end[0], F_GETFD) == FD_CLOEXEC, "pipe2", "no");
    close(end[0]);
    install(SIGPIPE, SIG_DFL, 0);
    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        write(end[1], "x", 1);
        _exit(1);
    }
    check_equal("SIGPIPE ends", status_of(pid), SIGPIPE);
    close(end[1]);
}

int main(void)
{
    forks();
    generations();
    waits();
    child_signal();
    others();
    reparented();
    groups();
    pipes();
    return check_done();
}
