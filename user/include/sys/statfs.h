/* SPDX-License-Identifier: MIT
 *
 * The same as <sys/statvfs.h>, as Linux has it. */
#ifndef OCTAVO_SYS_STATFS_H
#define OCTAVO_SYS_STATFS_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    int __val[2];
} fsid_t;

struct statfs {
    long f_type; /* V9FS_MAGIC of Linux */
    long f_bsize;
    fsblkcnt_t f_blocks, f_bfree, f_bavail;
    fsfilcnt_t f_files, f_ffree;
    fsid_t f_fsid;
    long f_namelen, f_frsize, f_flags;
};

int statfs(const char *path, struct statfs *record);
int fstatfs(int fd, struct statfs *record);

#ifdef __cplusplus
}
#endif

#endif
