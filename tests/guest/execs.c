/* SPDX-License-Identifier: MIT
 *
 * The exec family, close-on-exec, system, popen, from one program that starts itself anew. An ordinary
 * C program: the host runs it too, and must say the same (tests/guest/posix.py). */
#define _GNU_SOURCE /* execvpe, pipe2 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/guest/check.h"

extern char **environ;

static char *self;
static volatile sig_atomic_t count;

static void counting(int number)
{
    (void)number;
    count++;
}

static int status_of(pid_t pid)
{
    int status = -1;

    return waitpid(pid, &status, 0) == pid ? status : -1;
}

/* --- What the program does when it is started by itself ---------------------------------- */

static int child(int argc, char **argv)
{
    struct sigaction action;
    sigset_t mask;
    const char *mode = argv[1];

    if (strcmp(mode, "pid") == 0)
        return getpid() == atoi(argv[2]) ? 0 : 1;
    if (strcmp(mode, "arguments") == 0)
        return argc == 5 && strcmp(argv[2], "") == 0 && strcmp(argv[3], "a b") == 0 &&
                       strcmp(argv[4], "\"'$") == 0 && !argv[5]
                   ? 0
                   : 1;
    if (strcmp(mode, "environment") == 0)
        return environ[0] && strcmp(environ[0], "ONE=1") == 0 && !environ[1] ? 0 : 1;
    if (strcmp(mode, "open") == 0)
        return fcntl(atoi(argv[2]), F_GETFD) == 0 ? 0 : 1;
    if (strcmp(mode, "closed") == 0)
        return fcntl(atoi(argv[2]), F_GETFD) < 0 && errno == EBADF ? 0 : 1;
    if (strcmp(mode, "say") == 0)
        return write(atoi(argv[2]), "said", 4) == 4 ? 0 : 1;
    if (strcmp(mode, "signals") ==
        0) { /* USR1 was ignored, USR2 caught, TERM blocked and pending */
        sigaction(SIGUSR1, NULL, &action);
        if (action.sa_handler != SIG_IGN)
            return 1;
        sigaction(SIGUSR2, NULL, &action);
        if (action.sa_handler != SIG_DFL)
            return 2;
        sigprocmask(SIG_BLOCK, NULL, &mask);
        if (sigismember(&mask, SIGTERM) != 1 || sigismember(&mask, SIGUSR2) != 0)
            return 3;
        raise(SIGUSR1);
        kill(getpid(), SIGTERM);
        return 0;
    }
    if (strcmp(mode, "exit") == 0)
        return atoi(argv[2]);
    if (strcmp(mode, "die") == 0)
        raise(SIGKILL);
    if (strcmp(mode, "hundred") == 0) { /* a chain: each starts the next */
        char number[12];
        int left = atoi(argv[2]);
        if (left == 0)
            return 77;
        snprintf(number, sizeof(number), "%d", left - 1);
        execl(self, self, "hundred", number, (char *)NULL);
    }
    return 99;
}

/* --- Tests ----------------------------------------------------------------------------------- */

static pid_t started(char *const argv[], char *const envp[])
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        if (envp)
            execve(self, argv, envp);
        else
            execv(self, argv);
        _exit(98);
    }
    return pid;
}

static int run(const char *mode, const char *argument)
{
    char *argv[] = {self, (char *)mode, (char *)argument, NULL};
    int status = status_of(started(argv, NULL));

    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void family(void)
{
    char *arguments[] = {self, "arguments", "", "a b", "\"'$", NULL};
    char *environment[] = {self, "environment", NULL}, *one[] = {"ONE=1", NULL};
    char number[12];
    pid_t pid;

    check_equal("execv", WEXITSTATUS(status_of(started(arguments, NULL))), 0);
    check_equal("execve", WEXITSTATUS(status_of(started(environment, one))), 0);
    fflush(stdout);
    if ((pid = fork()) == 0) {
        execl(self, self, "arguments", "", "a b", "\"'$", (char *)NULL);
        _exit(98);
    }
    check_equal("execl", WEXITSTATUS(status_of(pid)), 0);
    if ((pid = fork()) == 0) {
        execle(self, self, "environment", (char *)NULL, one);
        _exit(98);
    }
    check_equal("execle", WEXITSTATUS(status_of(pid)), 0);
    if ((pid = fork()) == 0) {
        execlp("sh", "sh", "-c", "exit 3", (char *)NULL);
        _exit(98);
    }
    check_equal("execlp", WEXITSTATUS(status_of(pid)), 3);
    if ((pid = fork()) == 0) {
        snprintf(number, sizeof(number), "%d", getpid());
        execl(self, self, "pid", number, (char *)NULL);
        _exit(98);
    }
    check_equal("the process stays the same", WEXITSTATUS(status_of(pid)), 0);
    check_equal("again and again", run("hundred", "30"), 77);
    check_equal("its end by a signal", run("die", NULL), -SIGKILL);
}

static void errors(void)
{
    static char long_name[5000];
    char *argv[] = {"x", NULL};

    memset(long_name, 'x', sizeof(long_name) - 1);
    check(execv("/nowhere", argv) < 0 && errno == ENOENT, "no such program", "%d", errno);
    check(execv("", argv) < 0 && errno == ENOENT, "an empty name", "%d", errno);
    check(execvp("no-such-program", argv) < 0 && errno == ENOENT, "nowhere in PATH", "%d", errno);
    check(execvp("", argv) < 0 && errno == ENOENT, "an empty name in PATH", "%d", errno);
    check(execv(long_name, argv) < 0 && errno == ENAMETOOLONG, "a name too long", "%d", errno);
    check(getpid() > 0, "and all is as it was", " ");
}

static void descriptors(void)
{
    int end[2], kept;
    char number[12], text[8] = "";

    pipe(end);
    kept = dup(end[1]);
    fcntl(end[0], F_SETFD, FD_CLOEXEC);
    snprintf(number, sizeof(number), "%d", end[0]);
    check_equal("closed on exec", run("closed", number), 0);
    fcntl(end[1], F_SETFD, FD_CLOEXEC);
    snprintf(number, sizeof(number), "%d", kept);
    check_equal("its duplicate is not", run("open", number), 0);
    check_equal("and can be written", run("say", number), 0);
    close(kept);
    close(end[1]);
    check_equal("what was written", read(end[0], text, sizeof(text)), 4);
    check(strncmp(text, "said", 4) == 0, "is there", "%.4s", text);
    check_equal("and no other writer", read(end[0], text, sizeof(text)), 0);
    close(end[0]);
}

static void signals(void)
{
    struct sigaction action;
    sigset_t mask, old;

    memset(&action, 0, sizeof(action));
    action.sa_handler = SIG_IGN;
    sigaction(SIGUSR1, &action, NULL);
    action.sa_handler = counting;
    sigaction(SIGUSR2, &action, NULL);
    sigemptyset(&mask);
    sigaddset(&mask, SIGTERM);
    sigprocmask(SIG_BLOCK, &mask, &old);
    check_equal("signals ignored and blocked stay so", run("signals", NULL), 0);
    sigprocmask(SIG_SETMASK, &old, NULL);
    execv("/nowhere", (char *[]){"x", NULL});
    raise(SIGUSR2);
    kill(getpid(), SIGUSR2);
    check_equal("after an exec that failed, handlers are there", count, 2);
    raise(SIGUSR1);
    action.sa_handler = SIG_DFL;
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
}

static void shells(void)
{
    char line[64] = "";
    FILE *file;

    check(system(NULL) != 0, "there is a shell", "no");
    fflush(stdout);
    check_equal("system", WEXITSTATUS(system("exit 5")), 5);
    file = popen("echo one; echo two", "r");
    check(file && fgets(line, sizeof(line), file) && strcmp(line, "one\n") == 0, "popen reads",
          "%s", line);
    while (file && fgets(line, sizeof(line), file))
        ;
    check_equal("pclose", file ? pclose(file) : -1, 0);
    file = popen("exit 6", "w");
    check_equal("popen to write, and its status", file ? WEXITSTATUS(pclose(file)) : -1, 6);
    check(popen("true", "x") == NULL && errno == EINVAL, "an unknown mode", "%d", errno);
}

int main(int argc, char **argv)
{
    self = argv[0];
    if (argc > 1)
        return child(argc, argv);
    family();
    errors();
    descriptors();
    signals();
    shells();
    return check_done();
}
