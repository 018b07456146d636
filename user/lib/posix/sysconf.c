/* SPDX-License-Identifier: MIT
 *
 * What the system can do: sysconf, pathconf, confstr, uname, gethostname. */
#include <errno.h>
#include <abi/info.h>
#include <limits.h>
#include <octavo/spawn.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include "user/lib/system/fd.h"

/* One of the numbers that the kernel knows. */
static long system_number(int name)
{
    struct info_system system;

    if (octavo_result(sys_info(INFO_SYSTEM, 0, (uintptr_t)&system, sizeof(system))) < 0)
        return -1;
    return name == _SC_PHYS_PAGES     ? (long)system.frames_total
           : name == _SC_AVPHYS_PAGES ? (long)system.frames_free
                                      : (long)system.harts;
}

long sysconf(int name)
{
    switch (name) {
    case _SC_PAGESIZE:
        return (long)PAGE_SIZE;
    case _SC_OPEN_MAX:
        return OCTAVO_FD_MAX;
    case _SC_STREAM_MAX:
        return OCTAVO_FD_MAX - 3;
    case _SC_CLK_TCK:
        return CLOCKS_PER_SEC;
    case _SC_ARG_MAX:
        return START_MAX;
    case _SC_IOV_MAX:
        return IOV_MAX;
    case _SC_LINE_MAX:
        return LINE_MAX;
    case _SC_HOST_NAME_MAX:
        return HOST_NAME_MAX;
    case _SC_LOGIN_NAME_MAX:
        return LOGIN_NAME_MAX;
    case _SC_TTY_NAME_MAX:
        return TTY_NAME_MAX;
    case _SC_SYMLOOP_MAX:
        return SYMLOOP_MAX;
    case _SC_NGROUPS_MAX:
        return NGROUPS_MAX;
    case _SC_RE_DUP_MAX:
        return RE_DUP_MAX;
    case _SC_TZNAME_MAX:
        return 10;
    case _SC_GETPW_R_SIZE_MAX:
    case _SC_GETGR_R_SIZE_MAX:
        return 256;
    case _SC_VERSION:
        return _POSIX_VERSION;
    case _SC_ADVISORY_INFO:
    case _SC_CPUTIME:
    case _SC_FSYNC:
    case _SC_MAPPED_FILES:
    case _SC_MEMLOCK:
    case _SC_MEMLOCK_RANGE:
    case _SC_MEMORY_PROTECTION:
    case _SC_MONOTONIC_CLOCK:
    case _SC_SHARED_MEMORY_OBJECTS:
    case _SC_SPAWN:
    case _SC_SYNCHRONIZED_IO:
    case _SC_THREAD_SAFE_FUNCTIONS:
    case _SC_TIMERS:
    case _SC_2_VERSION:
    case _SC_2_C_BIND:
        return _POSIX_VERSION;
    case _SC_REGEXP:
    case _SC_SHELL:
    case _SC_V6_LP64_OFF64:
        return 1;
    case _SC_NPROCESSORS_CONF:
    case _SC_NPROCESSORS_ONLN:
    case _SC_PHYS_PAGES:
    case _SC_AVPHYS_PAGES:
        return system_number(name);
    }
    /* What picolibc has a name for is not there, or has no limit. */
    return name >= 0 && name <= _SC_XOPEN_UUCP ? -1 : octavo_result(-EINVAL);
}

int getpagesize(void)
{
    return (int)PAGE_SIZE;
}

int getdtablesize(void)
{
    return OCTAVO_FD_MAX;
}

static long pathconf_value(int name)
{
    switch (name) {
    case _PC_LINK_MAX:
        return LINK_MAX;
    case _PC_MAX_CANON:
    case _PC_MAX_INPUT:
        return MAX_CANON;
    case _PC_NAME_MAX:
        return NAME_MAX;
    case _PC_PATH_MAX:
        return PATH_MAX;
    case _PC_PIPE_BUF:
        return PIPE_BUF;
    case _PC_CHOWN_RESTRICTED:
    case _PC_NO_TRUNC:
    case _PC_2_SYMLINKS:
        return 1;
    case _PC_VDISABLE:
        return 0;
    case _PC_FILESIZEBITS:
        return FILESIZEBITS;
    case _PC_SYMLINK_MAX:
        return SYMLINK_MAX;
    case _PC_ASYNC_IO:
    case _PC_PRIO_IO:
    case _PC_SYNC_IO:
        return -1;
    }
    return octavo_result(-EINVAL);
}

long pathconf(const char *path, int name)
{
    struct stat status;

    return stat(path, &status) < 0 ? -1 : pathconf_value(name);
}

long fpathconf(int fd, int name)
{
    return fd_get(fd) ? pathconf_value(name) : -1;
}

size_t confstr(int name, char *buffer, size_t size)
{
    static const char path[] = SPAWN_DEFAULT_PATH;

    if (name != _CS_PATH) {
        errno = EINVAL;
        return 0;
    }
    if (size > 0)
        strlcpy(buffer, path, size);
    return sizeof(path);
}

int uname(struct utsname *name)
{
    *name = (struct utsname){
        .sysname = "Octavo",
        .nodename = "octavo",
        .release = "2",
        .version = "microkernel",
        .machine = "riscv64",
    };
    return 0;
}

int gethostname(char *name, size_t size)
{
    struct utsname u;

    uname(&u);
    if (strlcpy(name, u.nodename, size) >= size)
        return (int)octavo_result(-ENAMETOOLONG);
    return 0;
}
