/* SPDX-License-Identifier: MIT
 *
 * glob: a pattern is taken apart at its slashes; a piece without special characters is looked up, one
 * with them is compared with every name of the folders found so far (fnmatch). */
#include <glob.h>
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct glob_walk {
    int flags;
    int (*on_error)(const char *path, int error);
    glob_t *result;
    size_t room;         /* of result's array */
    char path[PATH_MAX]; /* the names chosen so far */
};

/* Whether the piece of n bytes has characters that stand for others; a backslash counts, since it has
 * to be taken out. */
static bool glob_is_special(const char *piece, size_t n, int flags)
{
    for (size_t i = 0; i < n; i++)
        if (piece[i] == '*' || piece[i] == '?' || piece[i] == '[' ||
            (piece[i] == '\\' && !(flags & GLOB_NOESCAPE)))
            return true;
    return false;
}

static int glob_add(struct glob_walk *walk, const char *path)
{
    glob_t *result = walk->result;
    size_t used = result->gl_offs + result->gl_pathc + 1;

    if (used >= walk->room) {
        size_t room = used + 16 + used / 2;
        char **more = realloc(result->gl_pathv, room * sizeof(*more));
        if (!more)
            return GLOB_NOSPACE;
        result->gl_pathv = more;
        walk->room = room;
    }
    char *copy = strdup(path);
    if (!copy)
        return GLOB_NOSPACE;
    result->gl_pathv[used - 1] = copy;
    result->gl_pathv[used] = NULL;
    result->gl_pathc++;
    return 0;
}

static int glob_found(struct glob_walk *walk, size_t length)
{
    struct stat status;

    if (lstat(*walk->path ? walk->path : "/", &status) < 0)
        return 0;
    if ((walk->flags & GLOB_MARK) && length > 0 && walk->path[length - 1] != '/' &&
        (S_ISDIR(status.st_mode) ||
         (S_ISLNK(status.st_mode) && stat(walk->path, &status) == 0 && S_ISDIR(status.st_mode))))
        strcpy(walk->path + length, "/");
    int result = length + 1 < sizeof(walk->path) ? glob_add(walk, walk->path) : 0;
    walk->path[length] = '\0';
    return result;
}

static int glob_from(struct glob_walk *walk, size_t length, const char *pattern);

/* The pattern's next n bytes against the names of one folder. */
static int glob_folder(struct glob_walk *walk, size_t length, const char *pattern, size_t n)
{
    int match = FNM_PERIOD | (walk->flags & GLOB_NOESCAPE ? FNM_NOESCAPE : 0);
    char piece[n + 1];
    const struct dirent *entry;
    int result = 0;
    DIR *d = opendir(length ? walk->path : ".");

    if (!d) {
        bool stops = (walk->on_error && errno != ENOENT && errno != ENOTDIR &&
                      walk->on_error(walk->path, errno)) ||
                     ((walk->flags & GLOB_ERR) && errno != ENOENT && errno != ENOTDIR);
        return stops ? GLOB_ABORTED : 0;
    }
    memcpy(piece, pattern, n);
    piece[n] = '\0';
    while (result == 0 && (entry = readdir(d))) {
        size_t name = strlen(entry->d_name);
        if (fnmatch(piece, entry->d_name, match) != 0 || length + name + 2 > sizeof(walk->path) ||
            (pattern[n] && entry->d_type != DT_DIR && entry->d_type != DT_LNK &&
             entry->d_type != DT_UNKNOWN))
            continue;
        strcpy(walk->path + length, entry->d_name);
        result = glob_from(walk, length + name, pattern + n);
    }
    walk->path[length] = '\0';
    closedir(d);
    return result;
}

/* path[length] holds what is chosen; pattern is what is left, beginning with a slash or a name. */
static int glob_from(struct glob_walk *walk, size_t length, const char *pattern)
{
    size_t before = length;
    int result;

    for (; *pattern == '/' && length + 2 < sizeof(walk->path); pattern++)
        walk->path[length++] = '/';
    walk->path[length] = '\0';
    size_t n = strcspn(pattern, "/");
    if (n == 0)
        result = glob_found(walk, length);
    else if (glob_is_special(pattern, n, walk->flags))
        result = glob_folder(walk, length, pattern, n);
    else if (length + n + 2 > sizeof(walk->path))
        result = 0;
    else {
        memcpy(walk->path + length, pattern, n);
        walk->path[length + n] = '\0';
        result = glob_from(walk, length + n, pattern + n);
    }
    walk->path[before] = '\0';
    return result;
}

static int glob_compare(const void *a, const void *b)
{
    return strcoll(*(char *const *)a, *(char *const *)b);
}

int glob(const char *restrict pattern, int flags, int (*on_error)(const char *path, int error),
         glob_t *restrict result)
{
    struct glob_walk *walk = malloc(sizeof(*walk));
    int error = walk ? 0 : GLOB_NOSPACE;

    if (!(flags & GLOB_DOOFFS))
        result->gl_offs = 0;
    if (!(flags & GLOB_APPEND)) {
        result->gl_pathc = 0;
        result->gl_pathv = calloc(result->gl_offs + 1, sizeof(char *));
        if (!result->gl_pathv)
            error = GLOB_NOSPACE;
    }
    size_t before = result->gl_pathc;
    if (!error) {
        *walk = (struct glob_walk){.flags = flags, .on_error = on_error, .result = result};
        error = *pattern ? glob_from(walk, 0, pattern) : 0;
    }
    if (!error && result->gl_pathc == before)
        error = flags & GLOB_NOCHECK ? glob_add(walk, pattern) : GLOB_NOMATCH;
    if (!(flags & GLOB_NOSORT) && result->gl_pathc > before)
        qsort(result->gl_pathv + result->gl_offs + before, result->gl_pathc - before,
              sizeof(char *), glob_compare);
    free(walk);
    return error;
}

void globfree(glob_t *result)
{
    for (size_t i = 0; result->gl_pathv && i < result->gl_pathc; i++)
        free(result->gl_pathv[result->gl_offs + i]);
    free(result->gl_pathv);
    result->gl_pathv = NULL;
    result->gl_pathc = 0;
}
