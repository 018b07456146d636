/* SPDX-License-Identifier: MIT
 *
 * File times in seconds (POSIX.1-2008 <utime.h>); picolibc's does not compile alone. */
#ifndef OCTAVO_UTIME_H
#define OCTAVO_UTIME_H

#include <sys/types.h>
#include <sys/utime.h>

#ifdef __cplusplus
extern "C" {
#endif

int utime(const char *path, const struct utimbuf *times);

#ifdef __cplusplus
}
#endif

#endif
