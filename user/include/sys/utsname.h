/* SPDX-License-Identifier: MIT
 *
 * The system's name (POSIX.1-2017 <sys/utsname.h>). */
#ifndef OCTAVO_SYS_UTSNAME_H
#define OCTAVO_SYS_UTSNAME_H

#ifdef __cplusplus
extern "C" {
#endif

struct utsname {
    char sysname[65], nodename[65], release[65], version[65], machine[65];
};

int uname(struct utsname *name);

#ifdef __cplusplus
}
#endif

#endif
