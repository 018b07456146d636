/* SPDX-License-Identifier: MIT
 *
 * mv [-finv] source... target (POSIX XCU mv). All files are on one file system: a move is a rename. */
#include "user/lib/tool/tool.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int force, ask, keep, verbose;

static void move(const char *from, const char *to)
{
    struct stat source, target;

    if (lstat(from, &source) < 0) {
        tool_warn("cannot stat '%s'", from);
        return;
    }
    if (lstat(to, &target) == 0) {
        if (source.st_dev == target.st_dev && source.st_ino == target.st_ino) {
            tool_say("'%s' and '%s' are the same file", from, to);
            return;
        }
        if (keep || (ask && !tool_ask("overwrite '%s'", to)))
            return;
        if (!force && !ask && !S_ISLNK(target.st_mode) && isatty(STDIN_FILENO) &&
            access(to, W_OK) < 0 && !tool_ask("replace write-protected '%s'", to))
            return;
    }
    if (rename(from, to) < 0)
        tool_warn("cannot move '%s' to '%s'", from, to);
    else if (verbose)
        printf("renamed '%s' -> '%s'\n", from, to);
}

int main(int argc, char **argv)
{
    struct stat status;
    int option;

    tool_begin(argv, "mv [-finv] source... target");
    while ((option = getopt(argc, argv, "finv")) != -1)
        switch (option) {
        case 'f':
        case 'i':
        case 'n':
            force = option == 'f';
            ask = option == 'i';
            keep = option == 'n';
            break;
        case 'v':
            verbose = 1;
            break;
        default:
            tool_misused();
        }
    if (argc - optind < 2)
        tool_misused();
    const char *last = argv[argc - 1];
    int is_folder = stat(last, &status) == 0 && S_ISDIR(status.st_mode);
    if (!is_folder && argc - optind > 2) {
        tool_say("target '%s' is not a directory", last);
        return tool_end();
    }
    for (int i = optind; i < argc - 1; i++)
        if (is_folder) {
            char *base = tool_base(argv[i]), *to = tool_path(last, base);
            move(argv[i], to);
            free(to);
            free(base);
        } else {
            move(argv[i], last);
        }
    return tool_end();
}
