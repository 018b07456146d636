/* SPDX-License-Identifier: MIT
 *
 * For tests that are ordinary C programs: tests/guest/posix.py runs each here and on the host and
 * compares what they say. So nothing of Octavo is included, and nothing is printed that differs from
 * machine to machine: inode numbers, errno's values, the time of day. */
#ifndef OCTAVO_TESTS_POSIX_H
#define OCTAVO_TESTS_POSIX_H

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* In the guest, out of the root, where /dev is. */
static inline void go_here(void)
{
    if (chdir("/here") < 0)
        errno = 0;
}

static inline const char *error_name(int error)
{
    static const struct {
        int number;
        const char *name;
    } names[] = {
        {0, "0"},
        {EPERM, "EPERM"},
        {ENOENT, "ENOENT"},
        {EINTR, "EINTR"},
        {EIO, "EIO"},
        {ENXIO, "ENXIO"},
        {EBADF, "EBADF"},
        {EAGAIN, "EAGAIN"},
        {ENOMEM, "ENOMEM"},
        {EACCES, "EACCES"},
        {EFAULT, "EFAULT"},
        {EBUSY, "EBUSY"},
        {EEXIST, "EEXIST"},
        {EXDEV, "EXDEV"},
        {ENODEV, "ENODEV"},
        {ENOTDIR, "ENOTDIR"},
        {EISDIR, "EISDIR"},
        {EINVAL, "EINVAL"},
        {EMFILE, "EMFILE"},
        {ENFILE, "ENFILE"},
        {ENOTTY, "ENOTTY"},
        {EFBIG, "EFBIG"},
        {ENOSPC, "ENOSPC"},
        {ESPIPE, "ESPIPE"},
        {EROFS, "EROFS"},
        {EMLINK, "EMLINK"},
        {EPIPE, "EPIPE"},
        {ERANGE, "ERANGE"},
        {ELOOP, "ELOOP"},
        {ENOSYS, "ENOSYS"},
        {ENOTSUP, "ENOTSUP"},
        {ENOTEMPTY, "ENOTEMPTY"},
        {EILSEQ, "EILSEQ"},
        {ECHILD, "ECHILD"},
        {ESRCH, "ESRCH"},
        {ENAMETOOLONG, "ENAMETOOLONG"},
        {EOVERFLOW, "EOVERFLOW"},
    };
    static char other[24];

    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (names[i].number == error)
            return names[i].name;
    snprintf(other, sizeof(other), "errno %d", error);
    return other;
}

/* The expression, its value, and why if it is -1. */
#define SAY(expression)                                         \
    do {                                                        \
        errno = 0;                                              \
        long say_ = (long)(expression);                         \
        printf("%d %s = %ld %s\n", __LINE__, #expression, say_, \
               say_ == -1 ? error_name(errno) : "");            \
    } while (0)

/* The same for what gives a pointer: whether, and why not. */
#define SAY_POINTER(expression)                                                          \
    do {                                                                                 \
        errno = 0;                                                                       \
        const void *say_ = (const void *)(expression);                                   \
        printf("%d %s = %s\n", __LINE__, #expression, say_ ? "yes" : error_name(errno)); \
    } while (0)

#endif
