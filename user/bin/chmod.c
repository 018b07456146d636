/* SPDX-License-Identifier: MIT
 *
 * chmod [-Rv] mode file... (POSIX XCU chmod). */
#include "user/lib/tool/tool.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *mode_text;
static mode_t mask;
static int recursive, verbose;

static void change(const char *path, int is_operand)
{
    struct stat status;

    if ((is_operand ? stat(path, &status) : lstat(path, &status)) < 0) {
        tool_warn("cannot access '%s'", path);
        return;
    }
    if (S_ISLNK(status.st_mode)) /* met on the way: its target may be anywhere */
        return;
    long mode = tool_mode(mode_text, status.st_mode, mask);
    if (chmod(path, (mode_t)mode) < 0)
        tool_warn("%s", path);
    else if (verbose)
        printf("mode of '%s' is %04lo\n", path, mode);
    if (!recursive || !S_ISDIR(status.st_mode))
        return;
    char **names = tool_names(path);
    if (!names) {
        tool_warn("%s", path);
        return;
    }
    for (char **name = names; *name; name++) {
        char *child = tool_path(path, *name);
        change(child, 0);
        free(child);
    }
    tool_names_free(names);
}

/* -w, -x and such are modes, not options. */
static int is_option(const char *text)
{
    return text[0] == '-' && text[1] && strspn(text + 1, "Rv-") == strlen(text + 1);
}

int main(int argc, char **argv)
{
    int i = 1;

    tool_begin(argv, "chmod [-Rv] mode file...");
    for (; i < argc && is_option(argv[i]); i++) {
        if (strcmp(argv[i], "--") == 0) {
            i++;
            break;
        }
        recursive |= strchr(argv[i], 'R') != NULL;
        verbose |= strchr(argv[i], 'v') != NULL;
    }
    if (argc - i < 2)
        tool_misused();
    mode_text = argv[i++];
    umask(mask = umask(0));
    if (tool_mode(mode_text, 0, mask) < 0)
        tool_die("invalid mode: '%s'", mode_text);
    for (; i < argc; i++)
        change(argv[i], 1);
    return tool_end();
}
