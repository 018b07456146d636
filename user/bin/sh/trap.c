/* SPDX-License-Identifier: MIT
 *
 * trap: what to run when a signal comes, or the shell ends. A handler only takes note; the commands run
 * between two others. */
#include "user/lib/tool/tool.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "user/bin/sh/shell.h"
#include "user/bin/sh/variables.h"

#define TRAPS 32 /* signals, and 0: the shell's end */

static char *traps[TRAPS]; /* NULL: as it was; "": ignored */
static volatile sig_atomic_t pending[TRAPS], any_pending;

static const struct {
    const char *name;
    int number;
} names[] = {{"EXIT", 0},       {"HUP", SIGHUP},   {"INT", SIGINT},   {"QUIT", SIGQUIT},
             {"ALRM", SIGALRM}, {"TERM", SIGTERM}, {"PIPE", SIGPIPE}, {"USR1", SIGUSR1},
             {"USR2", SIGUSR2}, {"CHLD", SIGCHLD}};
#define NAMES (sizeof(names) / sizeof(names[0]))

static void handler(int number)
{
    pending[number] = any_pending = 1;
}

static int number_of(const char *text)
{
    long number = tool_number(text, TRAPS - 1);

    if (strncasecmp(text, "SIG", 3) == 0)
        text += 3;
    for (size_t i = 0; i < NAMES && number < 0; i++)
        if (strcasecmp(text, names[i].name) == 0)
            number = names[i].number;
    return (int)number;
}

static void run(int number)
{
    int status = parameters.status;
    char *text = traps[number] ? strdup(traps[number]) : NULL; /* it may be changed meanwhile */

    if (text)
        run_text(text);
    free(text);
    if (!shell.leave)
        parameters.status = status;
}

void traps_run(void)
{
    if (!any_pending)
        return;
    any_pending = 0;
    for (int i = 1; i < TRAPS; i++)
        if (pending[i]) {
            pending[i] = 0;
            run(i);
        }
}

void trap_exit(void)
{
    char *text = traps[0];

    traps[0] = NULL;
    if (!text || !*text) {
        free(text);
        return;
    }
    int status = parameters.status;
    bool leave = shell.leave;
    shell.flow = FLOW_ON;
    shell.leave = false;
    run_text(text);
    if (!shell.leave) /* no `exit` with a status of its own */
        parameters.status = status;
    shell.leave = leave;
    free(text);
}

void traps_forget(void)
{
    for (int i = 0; i < TRAPS; i++) {
        if (!traps[i] || (i && !*traps[i]))
            continue;
        free(traps[i]);
        traps[i] = NULL;
        if (i)
            signal(i, SIG_DFL);
    }
}

static int print(void)
{
    for (size_t i = 0; i < NAMES; i++)
        if (traps[names[i].number])
            printf("trap -- '%s' %s\n", traps[names[i].number], names[i].name);
    return 0;
}

int builtin_trap(int argc, char **argv)
{
    int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1, status = 0;

    if (argc == first)
        return print();
    const char *action = argv[first];
    bool resets = strcmp(action, "-") == 0 || (argc == first + 1 && number_of(action) >= 0);
    for (int i = argc == first + 1 ? first : first + 1; i < argc; i++) {
        int number = number_of(argv[i]);
        if (number < 0) {
            shell_error("trap: %s: bad trap", argv[i]);
            status = 1;
            continue;
        }
        free(traps[number]);
        traps[number] = resets ? NULL : strdup(action);
        if (number)
            signal(number, resets ? SIG_DFL : *action ? handler : SIG_IGN);
    }
    return status;
}
