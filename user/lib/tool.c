/* SPDX-License-Identifier: MIT
 *
 * What the small programs in user/bin do alike (octavo/tool.h). */
#include <octavo/tool.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void tool_usage(const char *usage)
{
    fprintf(stderr, "usage: %s\n", usage);
    exit(TOOL_MISUSED);
}

void tool_arguments(int argc, char **argv, int least, int most, const char *usage)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        printf("usage: %s\n", usage);
        exit(0);
    }
    if (argc - 1 < least || (most >= 0 && argc - 1 > most))
        tool_usage(usage);
}

_Noreturn void tool_fail(const char *name, const char *text, int error)
{
    if (error)
        fprintf(stderr, "%s: %s: %s\n", name, text, strerror(error));
    else
        fprintf(stderr, "%s: %s\n", name, text);
    exit(1);
}

long tool_number(const char *text, long most)
{
    char *end;

    if (!isdigit((unsigned char)*text))
        return -1;
    errno = 0;
    long value = strtol(text, &end, 10);
    return *end || errno || value > most ? -1 : value;
}
