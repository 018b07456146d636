/* SPDX-License-Identifier: MIT
 *
 * octavo-test: SMP=1,4 TIMEOUT=120
 *
 * A fork bomb: every process forks for as long as it can. It must end in EAGAIN for its author, leave
 * room for others, and be ended as a group. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "tests/guest/check.h"
#include "tests/guest/spawned.h"

static int report[2];

static void bomb(void)
{
    for (;;) {
        pid_t pid = fork();
        if (pid < 0) {
            unsigned char error = (unsigned char)errno;
            write(report[1], &error, 1);
            while (getpid() > 0)
                pause();
        }
    }
}

int main(int argc, char **argv)
{
    unsigned char error = 0;
    unsigned alive = 0;
    pid_t group, pid;

    if (argc > 1)
        return 0;
    pipe(report);
    group = fork();
    if (group == 0) {
        setpgid(0, 0);
        bomb();
    }
    setpgid(group, group);
    close(report[1]);
    for (int i = 0; i < 10; i++)
        read(report[0], &error, 1);
    check(error == EAGAIN || error == ENOMEM, "it ends in EAGAIN for its author", "%u", error);
    pid = fork();
    check(pid >= 0 || errno == EAGAIN, "the job has had its share", "%d", errno);
    if (pid == 0)
        _exit(0);
    if (pid > 0)
        waitpid(pid, NULL, 0);
    while (kill(-group, SIGKILL) == 0 && alive < 20000) {
        while (waitpid(-group, NULL, WNOHANG) > 0)
            ;
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
        alive++;
    }
    check(kill(-group, 0) < 0 && errno == ESRCH, "all of it is ended", "%d", errno);
    check_equal("nobody has its pipe", read(report[0], &error, 1) <= 1, 1);
    check_equal("a program runs as before", spawned_run(argv[0], "x", NULL), 0);
    return check_done();
}
