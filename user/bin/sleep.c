/* SPDX-License-Identifier: MIT
 *
 * sleep SECONDS: decimals are allowed (POSIX XCU sleep, which has whole seconds). */
#include "user/lib/tool/tool.h"
#include <stdlib.h>
#include <time.h>

#define USAGE "sleep seconds"

int main(int argc, char **argv)
{
    char *end;

    tool_arguments(argc, argv, 1, 1, USAGE);
    double seconds = strtod(argv[1], &end);
    if (end == argv[1] || *end || !(seconds >= 0 && seconds < 1e9))
        tool_usage(USAGE);
    struct timespec wanted = {.tv_sec = (time_t)seconds};
    wanted.tv_nsec = (long)((seconds - (double)wanted.tv_sec) * 1e9);
    return nanosleep(&wanted, NULL) == 0 ? 0 : 1;
}
