/* SPDX-License-Identifier: MIT
 *
 * nftw and ftw. The names of a folder are read and it is closed before what is in it is visited, so one
 * descriptor is enough for any depth. Links that are
 * followed may lead in a circle: a folder that is its own ancestor is not entered again. */
#include <ftw.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int ftw_function(const char *path, const struct stat *status, int type);
typedef int nftw_function(const char *path, const struct stat *status, int type, struct FTW *where);

struct ftw_walk {
    nftw_function *nftw;
    ftw_function *ftw;
    int flags;
    char path[PATH_MAX];
};

/* The folders that the walk is in. */
struct ftw_level {
    const struct ftw_level *above;
    ino_t inode;
    struct FTW where;
};

static int ftw_report(struct ftw_walk *walk, const struct stat *status, int type, struct FTW *where)
{
    if (!walk->ftw)
        return walk->nftw(walk->path, status, type, where);
    if (type == FTW_SLN)
        type = FTW_NS;
    return walk->ftw(walk->path, status, type == FTW_DP ? FTW_D : type);
}

static int ftw_visit(struct ftw_walk *walk, size_t length, const struct ftw_level *above, int base);

static bool ftw_is_inside(const struct ftw_level *level, ino_t inode)
{
    for (; level; level = level->above)
        if (level->inode == inode)
            return true;
    return false;
}

/* All names of the folder; a list of strings one after the other, ended by an empty one. */
static char *ftw_names(const char *path)
{
    size_t used = 0, room = 0;
    char *names = NULL;
    const struct dirent *entry;
    DIR *d = opendir(path);

    if (!d)
        return NULL;
    do {
        entry = readdir(d);
        const char *name = entry ? entry->d_name : "";
        size_t size = strlen(name) + 1;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        if (used + size > room) {
            room = 2 * room + size + 1024;
            char *more = realloc(names, room);
            if (!more) {
                free(names);
                names = NULL;
                break;
            }
            names = more;
        }
        memcpy(names + used, name, size);
        used += size;
    } while (entry);
    closedir(d);
    return names;
}

static int ftw_contents(struct ftw_walk *walk, size_t length, const struct ftw_level *level,
                        const char *names)
{
    int result = 0;

    for (const char *name = names; *name && result == 0; name += strlen(name) + 1) {
        size_t slash = walk->path[length - 1] != '/', size = strlen(name);
        if (length + slash + size >= sizeof(walk->path)) {
            errno = ENAMETOOLONG;
            return -1;
        }
        walk->path[length] = '/';
        strcpy(walk->path + length + slash, name);
        result = ftw_visit(walk, length + slash + size, level, (int)(length + slash));
        walk->path[length] = '\0';
    }
    return result;
}

static int ftw_folder(struct ftw_walk *walk, size_t length, const struct stat *status,
                      struct ftw_level *level)
{
    bool depth = walk->flags & FTW_DEPTH;
    char *names = ftw_names(walk->path);
    int result = 0;

    if (!names && errno == ENOMEM)
        return -1;
    if (!depth || !names)
        result = ftw_report(walk, status, names ? FTW_D : FTW_DNR, &level->where);
    if (names && result == 0)
        result = ftw_contents(walk, length, level, names);
    if (names && result == 0 && depth)
        result = ftw_report(walk, status, FTW_DP, &level->where);
    free(names);
    return result;
}

static int ftw_visit(struct ftw_walk *walk, size_t length, const struct ftw_level *above, int base)
{
    struct ftw_level level = {.above = above,
                              .where = {.base = base, .level = above ? above->where.level + 1 : 0}};
    bool follow = !(walk->flags & FTW_PHYS);
    struct stat status;
    int type = FTW_F;

    memset(&status, 0, sizeof(status));
    if (lstat(walk->path, &status) < 0) {
        if (!above)
            return -1;
        type = FTW_NS;
    } else if (S_ISLNK(status.st_mode)) {
        struct stat link = status;
        type = !follow ? FTW_SL : stat(walk->path, &status) == 0 ? FTW_F : FTW_SLN;
        if (type == FTW_SLN)
            status = link;
    }
    if (type != FTW_F || !S_ISDIR(status.st_mode))
        return ftw_report(walk, &status, type, &level.where);
    if (follow && ftw_is_inside(above, status.st_ino))
        return 0;
    level.inode = status.st_ino;
    return ftw_folder(walk, length, &status, &level);
}

static int ftw_start(struct ftw_walk *walk, const char *path)
{
    size_t length = strlen(path);

    if (length == 0 || length >= sizeof(walk->path)) {
        errno = length ? ENAMETOOLONG : ENOENT;
        return -1;
    }
    strcpy(walk->path, path);
    while (length > 1 && walk->path[length - 1] == '/')
        walk->path[--length] = '\0';
    const char *slash = strrchr(walk->path, '/');
    return ftw_visit(walk, length, NULL, slash && slash[1] ? (int)(slash + 1 - walk->path) : 0);
}

int nftw(const char *path, nftw_function *function, int descriptors, int flags)
{
    struct ftw_walk *walk = malloc(sizeof(*walk));

    (void)descriptors; /* one, while a folder is read */
    if (!walk)
        return -1;
    walk->nftw = function;
    walk->ftw = NULL;
    walk->flags = flags;
    int result = -1;
    if (flags & FTW_CHDIR)
        errno = ENOTSUP;
    else
        result = ftw_start(walk, path);
    free(walk);
    return result;
}

int ftw(const char *path, ftw_function *function, int descriptors)
{
    struct ftw_walk *walk = malloc(sizeof(*walk));

    (void)descriptors;
    if (!walk)
        return -1;
    walk->nftw = NULL;
    walk->ftw = function;
    walk->flags = 0;
    int result = ftw_start(walk, path);
    free(walk);
    return result;
}
