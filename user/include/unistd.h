/* SPDX-License-Identifier: MIT
 *
 * picolibc's <unistd.h>, and what it hides or lacks. */
#ifndef OCTAVO_UNISTD_H
#define OCTAVO_UNISTD_H

#include_next <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef _SC_IOV_MAX
#define _SC_IOV_MAX 66
#endif
#ifndef _CS_PATH
#define _CS_PATH 0
#endif

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
