/* SPDX-License-Identifier: MIT
 *
 * Paths that match a pattern (POSIX.1-2017 <glob.h>). picolibc's has BSD's fields and no function. */
#ifndef OCTAVO_GLOB_H
#define OCTAVO_GLOB_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    size_t gl_pathc; /* paths found, gl_offs not counted */
    char **gl_pathv; /* gl_offs NULLs, the paths, NULL */
    size_t gl_offs;
} glob_t;

#define GLOB_ERR 0x01
#define GLOB_MARK 0x02
#define GLOB_NOSORT 0x04
#define GLOB_DOOFFS 0x08
#define GLOB_NOCHECK 0x10
#define GLOB_APPEND 0x20
#define GLOB_NOESCAPE 0x40

#define GLOB_NOSPACE 1
#define GLOB_ABORTED 2
#define GLOB_NOMATCH 3

int glob(const char *__restrict pattern, int flags, int (*on_error)(const char *path, int error),
         glob_t *__restrict result);
void globfree(glob_t *result);

#ifdef __cplusplus
}
#endif

#endif
