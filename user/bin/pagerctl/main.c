/* SPDX-License-Identifier: MIT
 *
 * pagerctl [-p PID] COMMAND [ARGUMENT...]: looks into a pager while it runs, and changes its policy. Without
 * -p it is the pager of this program, which is that of who started it; with -p the pager PID, or that of
 * program PID. The protocol is proto/pager.h's; nothing here knows a policy by name. */
#include "user/bin/pagerctl/pagerctl.h"
#include <octavo/query.h>
#include "user/lib/tool/tool.h"
#include <stdlib.h>
#include <string.h>

handle_t pager = HANDLE_PAGER;
const char *usage;

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *usage, *about;
} commands[] = {
    {"policy", command_policy, "policy [name[:key=value,...]]", "which one, or another one"},
    {"list", command_list, "list", "the policies there are, and their parameters"},
    {"stats", command_stats, "stats", "what the pager has counted"},
    {"dump", command_dump, "dump", "what the policy tells of itself"},
    {"pagers", command_pagers, "pagers", "the pagers that run"},
    {"trace", command_trace, "trace on file [faults] | trace off", "record what the pager does"},
    {"faults", command_faults, "faults file", "the faults of a recording"},
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

void misused(void)
{
    fprintf(stderr, "usage: pagerctl [-p pid] %s\n", usage);
    exit(TOOL_MISUSED);
}

static _Noreturn void help(FILE *out, int status)
{
    fprintf(out, "usage: pagerctl [-p pid] command [argument...]\n");
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-32s %s\n", commands[i].usage, commands[i].about);
    exit(status);
}

int main(int argc, char **argv)
{
    int first = 1;

    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        help(stdout, 0);
    tool_begin(argv, "pagerctl [-p pid] command [argument...]");
    if (argc > 2 && strcmp(argv[1], "-p") == 0) {
        long pid = tool_number(argv[2], INT32_MAX);
        if (pid < 0)
            help(stderr, TOOL_MISUSED);
        pager_of(pid);
        first = 3;
    }
    for (size_t i = 0; first < argc && i < COMMANDS; i++)
        if (strcmp(argv[first], commands[i].name) == 0) {
            usage = commands[i].usage;
            commands[i].run(argc - first - 1, argv + first + 1);
            return tool_end();
        }
    help(stderr, TOOL_MISUSED);
}
