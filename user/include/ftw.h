/* SPDX-License-Identifier: MIT
 *
 * Walking through folders (POSIX.1-2017 <ftw.h>). */
#ifndef OCTAVO_FTW_H
#define OCTAVO_FTW_H

#include <sys/stat.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FTW_F 0   /* a file */
#define FTW_D 1   /* a directory, before what is in it */
#define FTW_DNR 2 /* one that cannot be read */
#define FTW_NS 3  /* stat failed */
#define FTW_SL 4  /* a symbolic link, not followed */
#define FTW_DP 5  /* a directory, after what is in it (FTW_DEPTH) */
#define FTW_SLN 6 /* a symbolic link to nothing */

#define FTW_PHYS 1  /* do not follow links */
#define FTW_MOUNT 2 /* there is one file system: no effect */
#define FTW_CHDIR 4 /* be in the folder of what is reported */
#define FTW_DEPTH 8 /* folders after their contents */

struct FTW {
    int base;  /* offset of the last name in the path */
    int level; /* of the root 0 */
};

/* Ends with what the function returns if that is not 0. -1 with errno. */
int ftw(const char *path, int (*function)(const char *path, const struct stat *status, int type),
        int descriptors);
int nftw(const char *path,
         int (*function)(const char *path, const struct stat *status, int type, struct FTW *where),
         int descriptors, int flags);

#ifdef __cplusplus
}
#endif

#endif
