/* SPDX-License-Identifier: MIT
 *
 * What a file system has left (POSIX.1-2017 <sys/statvfs.h>). */
#ifndef OCTAVO_SYS_STATVFS_H
#define OCTAVO_SYS_STATVFS_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct statvfs {
    unsigned long f_bsize;  /* good for reading and writing */
    unsigned long f_frsize; /* the unit of the next three */
    fsblkcnt_t f_blocks, f_bfree, f_bavail;
    fsfilcnt_t f_files, f_ffree, f_favail;
    unsigned long f_fsid;
    unsigned long f_flag;
    unsigned long f_namemax;
};

#define ST_RDONLY 1
#define ST_NOSUID 2

int statvfs(const char *__restrict path, struct statvfs *__restrict record);
int fstatvfs(int fd, struct statvfs *record);

#ifdef __cplusplus
}
#endif

#endif
