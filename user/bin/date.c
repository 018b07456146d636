/* SPDX-License-Identifier: MIT
 *
 * date [-u] [+FORMAT]: the time, always UTC: there are no time zones (POSIX XCU date). */
#include "user/lib/tool/tool.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

#define USAGE "date [-u] [+format]"

int main(int argc, char **argv)
{
    const char *format = "%a %b %e %H:%M:%S UTC %Y";
    char text[256];
    struct timespec now;

    tool_arguments(argc, argv, 0, 2, USAGE);
    for (int i = 1; i < argc; i++)
        if (argv[i][0] == '+')
            format = argv[i] + 1;
        else if (strcmp(argv[i], "-u") != 0)
            tool_usage(USAGE);
    if (clock_gettime(CLOCK_REALTIME, &now) < 0)
        tool_fail("date", "no clock", 0);
    text[0] = '\0';
    strftime(text, sizeof(text), format, gmtime(&now.tv_sec));
    puts(text);
    return 0;
}
