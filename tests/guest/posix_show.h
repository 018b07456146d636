/* SPDX-License-Identifier: MIT
 *
 * What programs of posix.h say about files: their contents and their attributes. */
#ifndef OCTAVO_TESTS_POSIX_SHOW_H
#define OCTAVO_TESTS_POSIX_SHOW_H

#include <fcntl.h>
#include <sys/stat.h>
#include "posix.h"

static char buffer[200000];

static inline void make(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || close(fd) < 0)
        printf("cannot make %s: %s\n", path, error_name(errno));
}

static inline void show(const char *path)
{
    int fd = open(path, O_RDONLY);
    ssize_t n = fd < 0 ? -1 : read(fd, buffer, sizeof(buffer) - 1);

    printf("%s: %zd [%.*s]\n", path, n, n > 0 ? (int)n : 0, buffer);
    if (fd >= 0)
        close(fd);
}

static inline void show_stat(const char *path)
{
    struct stat s;

    errno = 0;
    if (lstat(path, &s) < 0)
        printf("%s: %s\n", path, error_name(errno));
    else
        printf("%s: mode %o size %ld links %lu\n", path, (unsigned)s.st_mode,
               S_ISDIR(s.st_mode) ? 0l : (long)s.st_size,
               S_ISDIR(s.st_mode) ? 0ul : (unsigned long)s.st_nlink);
}

#endif
