/* SPDX-License-Identifier: MIT
 *
 * realpath: name by name, so that the text has no link, "." or ".." left. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "user/lib/system/internal.h"

struct walk {
    char done[PATH_MAX]; /* resolved, without a slash at the end but for "/" itself */
    char rest[PATH_MAX]; /* still to be looked at */
    int links;
};

static void walk_up(struct walk *w)
{
    char *slash = strrchr(w->done, '/');

    slash[slash == w->done] = '\0';
}

/* Puts the text of the link that `done` names before what is left. */
static long walk_link(struct walk *w, const char *text, size_t length)
{
    char rest[PATH_MAX];

    if (++w->links > SYMLOOP_MAX)
        return -ELOOP;
    if (length + 1 + strlen(w->rest) >= sizeof(rest))
        return -ENAMETOOLONG;
    memcpy(rest, text, length);
    rest[length] = '\0';
    if (*w->rest) /* a slash at the end would ask for a folder */
        strcat(strcat(rest, "/"), w->rest);
    strcpy(w->rest, rest);
    if (text[0] == '/')
        strcpy(w->done, "/");
    else
        walk_up(w);
    return 0;
}

/* The first name of the rest goes to the end of what is done. */
static long walk_step(struct walk *w)
{
    char text[PATH_MAX];
    size_t skip = strspn(w->rest, "/");
    size_t length = strcspn(w->rest + skip, "/");
    char *name = w->rest + skip, *after = name + length;
    bool is_last = after[strspn(after, "/")] == '\0';
    bool asks_directory = *after == '/';
    size_t end = strlen(w->done);
    struct stat status;

    if (length == 0 || (length == 1 && name[0] == '.')) {
        memmove(w->rest, after, strlen(after) + 1);
        return 0;
    }
    if (length == 2 && name[0] == '.' && name[1] == '.') {
        memmove(w->rest, after, strlen(after) + 1);
        walk_up(w);
        return 0;
    }
    if (end + 1 + length >= sizeof(w->done) || length > NAME_MAX)
        return -ENAMETOOLONG;
    if (w->done[end - 1] != '/')
        w->done[end++] = '/';
    memcpy(w->done + end, name, length);
    w->done[end + length] = '\0';
    memmove(w->rest, after, strlen(after) + 1);
    ssize_t n = readlink(w->done, text, sizeof(text));
    if (n >= 0)
        return walk_link(w, text, (size_t)n);
    if (errno != EINVAL)
        return -errno;
    if (is_last && !asks_directory)
        return 0;
    return stat(w->done, &status) < 0 ? -errno : S_ISDIR(status.st_mode) ? 0 : -ENOTDIR;
}

char *realpath(const char *restrict path, char *restrict resolved)
{
    struct walk w = {.done = "/"};
    long result = 0;

    if (!path || !*path || strlen(path) >= sizeof(w.rest))
        result = !path ? -EINVAL : !*path ? -ENOENT : -ENAMETOOLONG;
    else if (path[0] != '/' && !getcwd(w.done, sizeof(w.done)))
        result = -errno;
    else
        strcpy(w.rest, path);
    while (result == 0 && w.rest[strspn(w.rest, "/")])
        result = walk_step(&w);
    if (octavo_result(result) < 0)
        return NULL;
    return resolved ? strcpy(resolved, w.done) : strdup(w.done);
}
