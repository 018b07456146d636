/* SPDX-License-Identifier: MIT
 *
 * picolibc's <unistd.h>, and what it hides or lacks. */
#ifndef OCTAVO_UNISTD_H
#define OCTAVO_UNISTD_H

#include <sys/types.h>
#include_next <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef _SC_IOV_MAX
#define _SC_IOV_MAX 66
#endif
#ifndef _SC_NPROCESSORS_ONLN
#define _SC_NPROCESSORS_CONF 1001
#define _SC_NPROCESSORS_ONLN 1002
#define _SC_PHYS_PAGES 1003
#define _SC_AVPHYS_PAGES 1004
#endif
#ifndef _CS_PATH
#define _CS_PATH 0
#endif

extern char **environ;

#if __MISC_VISIBLE || __POSIX_VISIBLE < 200112
int brk(void *address);
#endif
#if __POSIX_VISIBLE
int lchown(const char *path, uid_t owner, gid_t group);
int getlogin_r(char *name, size_t size);
#endif
#if __GNU_VISIBLE
int renameat2(int from_directory, const char *from, int to_directory, const char *to,
              unsigned int flags); /* no flags: EINVAL */
#endif

#ifdef __cplusplus
}
#endif

#endif
