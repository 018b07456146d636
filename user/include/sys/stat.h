/* SPDX-License-Identifier: MIT
 *
 * picolibc's <sys/stat.h>, and what it hides or lacks of POSIX.1-2017. */
#ifndef OCTAVO_SYS_STAT_H
#define OCTAVO_SYS_STAT_H

#include <sys/types.h>
#include_next <sys/stat.h>

#ifdef __cplusplus
extern "C" {
#endif

#undef S_BLKSIZE
#define S_BLKSIZE 512 /* of st_blocks */

#ifndef UTIME_NOW
#define UTIME_NOW (-2L)
#define UTIME_OMIT (-1L)
#endif

int lstat(const char *__restrict path, struct stat *__restrict status);
int mknod(const char *path, mode_t mode, dev_t device);
int mknodat(int directory, const char *path, mode_t mode, dev_t device);
int fchmodat(int directory, const char *path, mode_t mode, int flags);
int fstatat(int directory, const char *__restrict path, struct stat *__restrict status, int flags);
int mkdirat(int directory, const char *path, mode_t mode);
int utimensat(int directory, const char *path, const struct timespec times[2], int flags);
int futimens(int fd, const struct timespec times[2]);

#ifdef __cplusplus
}
#endif

#endif
