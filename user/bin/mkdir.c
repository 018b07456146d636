/* SPDX-License-Identifier: MIT
 *
 * mkdir [-pv] [-m mode] folder... (POSIX XCU mkdir). */
#include "user/lib/tool/tool.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int parents, verbose;

static int make(const char *path, mode_t mode)
{
    if (mkdir(path, mode) < 0)
        return -1;
    if (verbose)
        printf("%s: created directory '%s'\n", tool_name, path);
    return 0;
}

static int is_folder(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* The folders on the way, which the maker can always write and search. */
static int make_parents(char *path, mode_t mask)
{
    for (char *slash = path + strspn(path, "/"); (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        if (!is_folder(path) && make(path, (0777 & ~mask) | 0300) < 0 && errno != EEXIST) {
            tool_warn("%s", path);
            *slash = '/';
            return -1;
        }
        *slash = '/';
    }
    return 0;
}

int main(int argc, char **argv)
{
    const char *mode = NULL;
    int option;

    tool_begin(argv, "mkdir [-pv] [-m mode] folder...");
    while ((option = getopt(argc, argv, "pvm:")) != -1)
        switch (option) {
        case 'p':
            parents = 1;
            break;
        case 'v':
            verbose = 1;
            break;
        case 'm':
            mode = optarg;
            break;
        default:
            tool_misused();
        }
    if (optind == argc)
        tool_misused();
    mode_t mask = umask(0);
    umask(parents ? mask & ~(mode_t)0300 : mask);
    long bits = mode ? tool_mode(mode, S_IFDIR | 0777, mask) : (long)(0777 & ~mask);
    if (bits < 0)
        tool_die("%s: not a mode", mode);
    for (int i = optind; i < argc; i++) {
        char *path = argv[i];
        for (size_t n = strlen(path); n > 1 && path[n - 1] == '/';)
            path[--n] = '\0';
        if (parents && (make_parents(path, mask) < 0 || is_folder(path)))
            continue;
        if (make(path, 0777 & ~mask) < 0 || (mode && chmod(path, (mode_t)bits) < 0))
            tool_warn("%s", path);
    }
    return tool_end();
}
