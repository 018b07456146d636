/* SPDX-License-Identifier: MIT
 *
 * picolibc's <fcntl.h>, and what it lacks of POSIX.1-2017. All synchronous modes are one. */
#ifndef OCTAVO_FCNTL_H
#define OCTAVO_FCNTL_H

#include_next <fcntl.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef O_DSYNC
#define O_DSYNC O_SYNC
#define O_RSYNC O_SYNC
#endif
#ifndef O_TTY_INIT
#define O_TTY_INIT 0
#endif

#define POSIX_FADV_NORMAL 0
#define POSIX_FADV_RANDOM 1
#define POSIX_FADV_SEQUENTIAL 2
#define POSIX_FADV_WILLNEED 3
#define POSIX_FADV_DONTNEED 4
#define POSIX_FADV_NOREUSE 5

int posix_fadvise(int fd, off_t offset, off_t length, int advice);
int posix_fallocate(int fd, off_t offset, off_t length); /* reserves nothing: a hole */

#ifdef __cplusplus
}
#endif

#endif
