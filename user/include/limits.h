/* SPDX-License-Identifier: MIT
 *
 * picolibc's <limits.h> with the limits that hold here, and those of POSIX.1-2017 that it lacks. */
#ifndef OCTAVO_LIMITS_H
#define OCTAVO_LIMITS_H

#define OPEN_MAX 256 /* before picolibc's */

#include_next <limits.h>

#undef MB_LEN_MAX
#define MB_LEN_MAX 4
#undef PATH_MAX
#define PATH_MAX 4096 /* proto/fs.h: FS_PATH_MAX and the 0 */
#undef PIPE_BUF
#define PIPE_BUF 4096
#undef LINK_MAX
#define LINK_MAX 32767
#undef NAME_MAX
#define NAME_MAX 255
#undef IOV_MAX
#define IOV_MAX 1024
#undef NGROUPS_MAX
#define NGROUPS_MAX 16

#ifndef MAX_CANON /* where the compiler's own <limits.h> does not lead to picolibc's */
#define MAX_CANON 255
#define MAX_INPUT 255
#define LINE_MAX 2048
#define RE_DUP_MAX 255
#endif
#ifndef SSIZE_MAX
#define SSIZE_MAX LONG_MAX
#endif
#ifndef LONG_BIT
#define LONG_BIT 64
#define WORD_BIT 32
#endif
#ifndef SYMLINK_MAX
#define SYMLINK_MAX 4095
#endif
#ifndef SYMLOOP_MAX
#define SYMLOOP_MAX 40
#endif
#ifndef HOST_NAME_MAX
#define HOST_NAME_MAX 64
#endif
#ifndef LOGIN_NAME_MAX
#define LOGIN_NAME_MAX 32
#endif
#ifndef TTY_NAME_MAX
#define TTY_NAME_MAX 32
#endif
#ifndef FILESIZEBITS
#define FILESIZEBITS 64
#endif
#ifndef NZERO
#define NZERO 20
#endif

#ifndef _POSIX_PATH_MAX
#define _POSIX_ARG_MAX 4096
#define _POSIX_CHILD_MAX 25
#define _POSIX_HOST_NAME_MAX 255
#define _POSIX_LINK_MAX 8
#define _POSIX_LOGIN_NAME_MAX 9
#define _POSIX_MAX_CANON 255
#define _POSIX_MAX_INPUT 255
#define _POSIX_NAME_MAX 14
#define _POSIX_NGROUPS_MAX 8
#define _POSIX_OPEN_MAX 20
#define _POSIX_PATH_MAX 256
#define _POSIX_PIPE_BUF 512
#define _POSIX_SSIZE_MAX 32767
#define _POSIX_STREAM_MAX 8
#define _POSIX_SYMLINK_MAX 255
#define _POSIX_SYMLOOP_MAX 8
#define _POSIX_TTY_NAME_MAX 9
#define _POSIX_TZNAME_MAX 6
#define _POSIX2_LINE_MAX 2048
#endif

#endif
