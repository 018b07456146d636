/* SPDX-License-Identifier: MIT
 *
 * kill [-s NAME | -NAME | -NUMBER] PID...; kill -l (POSIX XCU kill). */
#include <ctype.h>
#include <errno.h>
#include "user/lib/tool/tool.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define USAGE "kill [-s signal | -signal] pid... | kill -l"

static const struct {
    const char *name;
    int number;
} signals[] = {
    {"HUP", SIGHUP},   {"INT", SIGINT},   {"QUIT", SIGQUIT}, {"ILL", SIGILL},   {"TRAP", SIGTRAP},
    {"ABRT", SIGABRT}, {"FPE", SIGFPE},   {"KILL", SIGKILL}, {"BUS", SIGBUS},   {"SEGV", SIGSEGV},
    {"SYS", SIGSYS},   {"PIPE", SIGPIPE}, {"ALRM", SIGALRM}, {"TERM", SIGTERM}, {"URG", SIGURG},
    {"STOP", SIGSTOP}, {"TSTP", SIGTSTP}, {"CONT", SIGCONT}, {"CHLD", SIGCHLD}, {"TTIN", SIGTTIN},
    {"TTOU", SIGTTOU}, {"USR1", SIGUSR1}, {"USR2", SIGUSR2},
};
#define SIGNALS (sizeof(signals) / sizeof(signals[0]))

/* A name, with or without SIG, or a number; -1 for neither. */
static int signal_number(const char *text)
{
    if (isdigit((unsigned char)*text))
        return (int)tool_number(text, NSIG - 1);
    if (strncasecmp(text, "SIG", 3) == 0)
        text += 3;
    for (unsigned i = 0; i < SIGNALS; i++)
        if (strcasecmp(text, signals[i].name) == 0)
            return signals[i].number;
    return -1;
}

static int list_signals(void)
{
    for (unsigned i = 0; i < SIGNALS; i++)
        printf("%2d %s\n", signals[i].number, signals[i].name);
    return 0;
}

int main(int argc, char **argv)
{
    int first = 1, signal = SIGTERM, status = 0;

    tool_arguments(argc, argv, 1, -1, USAGE);
    if (strcmp(argv[1], "-l") == 0 && argc == 2)
        return list_signals();
    if (strcmp(argv[1], "-s") == 0 && argc > 2) {
        signal = signal_number(argv[2]);
        first = 3;
    } else if (argv[1][0] == '-' && strcmp(argv[1], "--") != 0) {
        signal = signal_number(argv[1] + 1);
        first = 2;
    }
    if (first < argc && strcmp(argv[first], "--") == 0)
        first++;
    if (signal < 0 || first == argc)
        tool_usage(USAGE);
    for (int i = first; i < argc; i++) {
        long pid = tool_number(argv[i], 0x7fffffff);
        errno = EINVAL;
        if (pid < 0 || kill((pid_t)pid, signal) < 0) {
            fprintf(stderr, "kill: %s: %s\n", argv[i], strerror(errno));
            status = 1;
        }
    }
    return status;
}
