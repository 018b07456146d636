/* SPDX-License-Identifier: MIT
 *
 * Calls that older or larger systems have and that mean little here, so that programs that have them
 * in some corner link. What cannot be done says so. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include "user/lib/system/internal.h"

/* --- Names of other calls ---------------------------------------------------------------------- */

int eaccess(const char *path, int mode)
{
    return faccessat(AT_FDCWD, path, mode, AT_EACCESS);
}

int euidaccess(const char *path, int mode)
{
    return faccessat(AT_FDCWD, path, mode, AT_EACCESS);
}

char *getwd(char *buffer)
{
    return getcwd(buffer, PATH_MAX);
}

char *secure_getenv(const char *name)
{
    return getenv(name);
}

int futimesat(int directory, const char *path, const struct timeval times[2])
{
    struct timespec t[2];

    for (int i = 0; times && i < 2; i++)
        t[i] = (struct timespec){.tv_sec = times[i].tv_sec, .tv_nsec = times[i].tv_usec * 1000};
    return utimensat(directory, path, times ? t : NULL, 0);
}

int renameat2(int from_directory, const char *from, int to_directory, const char *to,
              unsigned int flags)
{
    if (flags)
        return (int)octavo_result(-EINVAL);
    return renameat(from_directory, from, to_directory, to);
}

long gethostid(void)
{
    return 0;
}

int getdomainname(char *name, size_t size)
{
    if (size > 0)
        *name = '\0';
    return size > 0 ? 0 : (int)octavo_result(-EINVAL);
}

/* --- Refused ----------------------------------------------------------------------------------- */

int chroot(const char *path)
{
    (void)path;
    return (int)octavo_result(-EPERM);
}

int mkfifo(const char *path, mode_t mode)
{
    (void)path;
    (void)mode;
    return (int)octavo_result(-EPERM); /* as a file system without FIFOs */
}

int mkfifoat(int directory, const char *path, mode_t mode)
{
    (void)directory;
    return mkfifo(path, mode);
}

int clock_settime(clockid_t id, const struct timespec *time)
{
    (void)id;
    (void)time;
    return (int)octavo_result(-EPERM);
}

int settimeofday(const struct timeval *time, const struct timezone *zone)
{
    (void)time;
    (void)zone;
    return (int)octavo_result(-EPERM);
}

int adjtime(const struct timeval *change, struct timeval *old)
{
    (void)change;
    (void)old;
    return (int)octavo_result(-EPERM);
}

int sethostname(const char *name, size_t size)
{
    (void)name;
    (void)size;
    return (int)octavo_result(-EPERM);
}

/* All ordinary programs have one priority. */
int getpriority(int which, id_t who)
{
    (void)who;
    return which < PRIO_PROCESS || which > PRIO_USER ? (int)octavo_result(-EINVAL) : 0;
}

int setpriority(int which, id_t who, int value)
{
    if (getpriority(which, who) < 0)
        return -1;
    return value == 0 ? 0 : (int)octavo_result(-EPERM);
}

int nice(int increment)
{
    return increment >= 0 ? 0 : (int)octavo_result(-EPERM);
}
