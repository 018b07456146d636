/* SPDX-License-Identifier: MIT
 *
 * Files and folders with names that nobody has: mkstemp, mkdtemp, tmpfile, tmpnam. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include "user/lib/system/internal.h"

#define TEMPORARY_TRIES 100
#define TEMPORARY_X 6

static uint64_t temporary_number(void)
{
    static uint64_t count; /* without random bytes: not secret, but other than the last */
    uint64_t number;

    if (getrandom(&number, sizeof(number), 0) == sizeof(number))
        return number;
    return ((uint64_t)sys_clock() ^ (uint64_t)getpid() << 32) + ++count * 0x9e3779b97f4a7c15ul;
}

/* Fills the X's before the last `suffix` characters. False: there are none. */
static bool temporary_fill(char *name, int suffix)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    size_t length = strlen(name);

    if (suffix < 0 || length < TEMPORARY_X + (size_t)suffix)
        return false;
    char *at = name + length - (size_t)suffix - TEMPORARY_X;
    uint64_t number = temporary_number();
    for (int i = 0; i < TEMPORARY_X; i++, number /= sizeof(letters) - 1)
        at[i] = letters[number % (sizeof(letters) - 1)];
    return true;
}

static bool temporary_has_x(const char *name, int suffix)
{
    size_t length = strlen(name);

    if (suffix >= 0 && length >= TEMPORARY_X + (size_t)suffix &&
        strncmp(name + length - (size_t)suffix - TEMPORARY_X, "XXXXXX", TEMPORARY_X) == 0)
        return true;
    errno = EINVAL;
    return false;
}

int mkostemps(char *name, int suffix, int flags)
{
    if (!temporary_has_x(name, suffix))
        return -1;
    for (int i = 0; i < TEMPORARY_TRIES; i++) {
        temporary_fill(name, suffix);
        int fd = open(name, (flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL, 0600);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

int mkstemps(char *name, int suffix)
{
    return mkostemps(name, suffix, 0);
}

int mkostemp(char *name, int flags)
{
    return mkostemps(name, 0, flags);
}

int mkstemp(char *name)
{
    return mkostemps(name, 0, 0);
}

char *mkdtemp(char *name)
{
    if (!temporary_has_x(name, 0))
        return NULL;
    for (int i = 0; i < TEMPORARY_TRIES; i++) {
        temporary_fill(name, 0);
        if (mkdir(name, 0700) == 0)
            return name;
        if (errno != EEXIST)
            break;
    }
    return NULL;
}

/* A name only: somebody else may take it before its user does. */
static bool temporary_name(char *name)
{
    struct stat status;

    for (int i = 0; i < TEMPORARY_TRIES; i++) {
        temporary_fill(name, 0);
        if (lstat(name, &status) < 0)
            return true;
    }
    return false;
}

char *mktemp(char *name)
{
    if (!temporary_has_x(name, 0) || !temporary_name(name))
        *name = '\0';
    return name;
}

char *tmpnam(char *buffer)
{
    static char own[L_tmpnam];
    char *name = buffer ? buffer : own;

    strcpy(name, P_tmpdir "/tmp.XXXXXX");
    return temporary_name(name) ? name : NULL;
}

/* Where /tmp is not there, in the working directory. */
FILE *tmpfile(void)
{
    char in_tmp[] = P_tmpdir "/tmp.XXXXXX", here[] = ".tmp.XXXXXX";
    char *name = in_tmp;
    int fd = mkostemp(name, O_CLOEXEC);

    if (fd < 0)
        fd = mkostemp(name = here, O_CLOEXEC);
    if (fd < 0)
        return NULL;
    unlink(name);
    FILE *file = fdopen(fd, "w+");
    if (!file)
        close(fd);
    return file;
}
