/* SPDX-License-Identifier: MIT
 *
 * rm [-dfiRrv] file... (POSIX XCU rm). Refuses /, . and .., and never follows a link. */
#include "user/lib/tool/tool.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int force, ask, recursive, folders, verbose;

static int removed(const char *path, int result, int is_folder)
{
    if (result < 0)
        return tool_warn("cannot remove '%s'", path);
    if (verbose)
        printf("removed %s'%s'\n", is_folder ? "directory " : "", path);
    return 0;
}

/* Asks, with -i, or for what may not be written when a terminal can answer. */
static int may_remove(const char *path, const struct stat *status)
{
    const char *what = S_ISDIR(status->st_mode) ? "directory" : "file";

    if (ask)
        return tool_ask("remove %s '%s'", what, path);
    if (!force && !S_ISLNK(status->st_mode) && isatty(STDIN_FILENO) && access(path, W_OK) < 0)
        return tool_ask("remove write-protected %s '%s'", what, path);
    return 1;
}

static int remove_path(const char *path);

static int remove_folder(const char *path, const struct stat *status)
{
    char **names = NULL;
    int result = 0;

    if (!recursive && !folders) {
        errno = EISDIR;
        return tool_warn("cannot remove '%s'", path);
    }
    if (recursive && !(names = tool_names(path)))
        return tool_warn("%s", path);
    if (names && *names && ask && !tool_ask("descend into directory '%s'", path)) {
        tool_names_free(names);
        return 0;
    }
    for (char **name = names; name && *name; name++) {
        char *child = tool_path(path, *name);
        result |= remove_path(child);
        free(child);
    }
    if (names)
        tool_names_free(names);
    if (result < 0 || !may_remove(path, status))
        return result;
    return removed(path, rmdir(path), 1);
}

static int remove_path(const char *path)
{
    struct stat status;

    if (lstat(path, &status) < 0)
        return force && (errno == ENOENT || errno == ENOTDIR)
                   ? 0
                   : tool_warn("cannot remove '%s'", path);
    if (S_ISDIR(status.st_mode))
        return remove_folder(path, &status);
    return may_remove(path, &status) ? removed(path, unlink(path), 0) : 0;
}

static int is_refused(const char *path)
{
    char *base = tool_base(path);
    int refused = strcmp(base, "/") == 0 || strcmp(base, ".") == 0 || strcmp(base, "..") == 0;

    free(base);
    return refused;
}

int main(int argc, char **argv)
{
    int option;

    tool_begin(argv, "rm [-dfiRrv] file...");
    while ((option = getopt(argc, argv, "dfiRrv")) != -1)
        switch (option) {
        case 'd':
            folders = 1;
            break;
        case 'f':
            force = 1;
            ask = 0;
            break;
        case 'i':
            ask = 1;
            force = 0;
            break;
        case 'R':
        case 'r':
            recursive = 1;
            break;
        case 'v':
            verbose = 1;
            break;
        default:
            tool_misused();
        }
    if (optind == argc && !force)
        tool_misused();
    for (int i = optind; i < argc; i++)
        if (is_refused(argv[i]))
            tool_say("refusing to remove '%s'", argv[i]);
        else
            remove_path(argv[i]);
    return tool_end();
}
