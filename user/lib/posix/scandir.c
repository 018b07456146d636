/* SPDX-License-Identifier: MIT
 *
 * Whole directories at once: scandir and the orders for it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "user/lib/system/internal.h"

struct scan {
    struct dirent **entry;
    size_t count, room;
};

/* 0, or an errno. */
static int scan_add(struct scan *scan, const struct dirent *entry)
{
    size_t size = offsetof(struct dirent, d_name) + strlen(entry->d_name) + 1;

    if (scan->count == scan->room) {
        size_t room = scan->room ? 2 * scan->room : 16;
        struct dirent **more = realloc(scan->entry, room * sizeof(*more));
        if (!more)
            return ENOMEM;
        scan->entry = more;
        scan->room = room;
    }
    struct dirent *copy = malloc(size);
    if (!copy)
        return ENOMEM;
    scan->entry[scan->count++] = memcpy(copy, entry, size);
    return 0;
}

static int scan_read(struct scan *scan, DIR *d, int (*select)(const struct dirent *))
{
    const struct dirent *entry;
    int error = 0;

    for (errno = 0; !error && (entry = readdir(d)); errno = 0)
        if (!select || select(entry))
            error = scan_add(scan, entry);
    return error ? error : errno;
}

static int scan_directory(DIR *d, struct dirent ***list, int (*select)(const struct dirent *),
                          int (*compare)(const struct dirent **, const struct dirent **))
{
    struct scan scan = {0};
    int before = errno;

    if (!d)
        return -1;
    int error = scan_read(&scan, d, select);
    closedir(d);
    if (error) {
        while (scan.count > 0)
            free(scan.entry[--scan.count]);
        free(scan.entry);
        errno = error;
        return -1;
    }
    errno = before;
    if (scan.count > 1 && compare)
        qsort(scan.entry, scan.count, sizeof(*scan.entry),
              (int (*)(const void *, const void *))(void (*)(void))compare);
    *list = scan.entry ? scan.entry : malloc(sizeof(*list)); /* for the caller to free */
    return (int)scan.count;
}

int scandir(const char *path, struct dirent ***list, int (*select)(const struct dirent *),
            int (*compare)(const struct dirent **, const struct dirent **))
{
    return scan_directory(opendir(path), list, select, compare);
}

int scandirat(int directory, const char *path, struct dirent ***list,
              int (*select)(const struct dirent *),
              int (*compare)(const struct dirent **, const struct dirent **))
{
    int fd = openat(directory, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);

    if (!d && fd >= 0)
        close(fd);
    return scan_directory(d, list, select, compare);
}

int alphasort(const struct dirent **a, const struct dirent **b)
{
    return strcoll((*a)->d_name, (*b)->d_name);
}

int versionsort(const struct dirent **a, const struct dirent **b)
{
    return strverscmp((*a)->d_name, (*b)->d_name);
}
