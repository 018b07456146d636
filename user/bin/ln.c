/* SPDX-License-Identifier: MIT
 *
 * ln [-fnsv] target... [name | folder] (POSIX XCU ln). */
#include "user/lib/tool/tool.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int force, symbolic, no_follow, verbose;

static void make(const char *target, const char *name)
{
    if (force)
        unlink(name);
    if ((symbolic ? symlink(target, name) : link(target, name)) < 0)
        tool_warn("'%s' to '%s'", name, target);
    else if (verbose)
        printf("'%s' %s '%s'\n", name, symbolic ? "->" : "=>", target);
}

int main(int argc, char **argv)
{
    struct stat status;
    int option;

    tool_begin(argv, "ln [-fnsv] target... [name | folder]");
    while ((option = getopt(argc, argv, "fnsv")) != -1)
        switch (option) {
        case 'f':
            force = 1;
            break;
        case 'n':
            no_follow = 1;
            break;
        case 's':
            symbolic = 1;
            break;
        case 'v':
            verbose = 1;
            break;
        default:
            tool_misused();
        }
    int count = argc - optind;
    char **target = argv + optind;
    if (count < 1)
        tool_misused();
    const char *last = count == 1 ? "." : target[count - 1];
    int found = no_follow ? lstat(last, &status) : stat(last, &status);
    int is_folder = found == 0 && S_ISDIR(status.st_mode);
    if (count > 2 && !is_folder) {
        errno = ENOTDIR;
        tool_warn("%s", last);
        return tool_end();
    }
    for (int i = 0; i < (count == 1 ? 1 : count - 1); i++)
        if (is_folder) {
            char *base = tool_base(target[i]), *name = count == 1 ? base : tool_path(last, base);
            make(target[i], name);
            if (name != base)
                free(name);
            free(base);
        } else {
            make(target[i], last);
        }
    return tool_end();
}
