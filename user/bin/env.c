/* SPDX-License-Identifier: MIT
 *
 * env [-i] [-u name]... [name=value]... [program [argument]...] (POSIX XCU env). */
#include "user/lib/tool/tool.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv)
{
    static char *nothing[] = {NULL};
    int option;

    tool_begin(argv, "env [-i] [-u name]... [name=value]... [program [argument]...]");
    while ((option = getopt(argc, argv, "+iu:")) != -1)
        if (option == 'i')
            environ = nothing;
        else if (option != 'u')
            tool_misused();
        else if (unsetenv(optarg) < 0)
            tool_die("cannot unset '%s'", optarg);
    if (optind < argc && strcmp(argv[optind], "-") == 0) {
        environ = nothing;
        optind++;
    }
    for (; optind < argc && strchr(argv[optind], '='); optind++) {
        char *equals = strchr(argv[optind], '=');
        *equals = '\0';
        if (setenv(argv[optind], equals + 1, 1) < 0)
            tool_warn("%s", argv[optind]);
    }
    if (optind == argc) {
        for (char **e = environ; *e; e++)
            puts(*e);
        return tool_end();
    }
    pid_t pid = tool_start(argv + optind, environ);
    return pid < 0 ? tool_status : tool_wait(pid);
}
