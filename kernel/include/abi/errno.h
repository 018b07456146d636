/* SPDX-License-Identifier: MIT
 *
 * Error numbers that the kernel returns, negated. The values are picolibc's <errno.h> (a static
 * assertion in user/lib compares them), so user space passes them on unchanged. */
#ifndef OCTAVO_ABI_ERRNO_H
#define OCTAVO_ABI_ERRNO_H

#ifndef EPERM
#define EPERM 1   /* the handle lacks the right for this */
#define ENOENT 2  /* no such object, kind or device */
#define EINTR 4   /* an upcall ended the blocked call */
#define E2BIG 7   /* more handles or items than the receiver takes */
#define EBADF 9   /* no such handle, or a stale generation */
#define EAGAIN 11 /* nothing there now; futex value differs */
#define ENOMEM 12 /* no memory, or the account's limit is reached */
#define EFAULT 14 /* bad address, refused by the task's pager */
#define EBUSY 16  /* in use */
#define EEXIST 17 /* badge in use; something is mapped there */
#define ENODEV 19 /* the device has no such part */
#define EINVAL 22 /* argument out of range or not aligned */
#define EMFILE 24 /* the handle table is full */
#define EPIPE 32  /* the port is gone */
#define ERANGE 34
#define ENOSYS 88     /* no such system call */
#define ETIMEDOUT 116 /* the deadline passed */
#define ENOTSUP 134
#define ESTALE 133 /* the token names no waiting caller of this task */
#endif

#endif
