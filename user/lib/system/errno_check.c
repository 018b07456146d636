/* SPDX-License-Identifier: MIT
 *
 * Holds the kernel's error numbers against picolibc's, so that results can be passed on unchanged.
 * No code: it fails to compile when they differ. */
#include <abi/errno.h>

#define ERRNOS(of)                                                                                \
    of(EPERM) of(ENOENT) of(EINTR) of(E2BIG) of(EBADF) of(EAGAIN) of(ENOMEM) of(EFAULT) of(EBUSY) \
        of(EEXIST) of(ENODEV) of(EINVAL) of(EMFILE) of(EPIPE) of(ERANGE) of(ENOSYS) of(ETIMEDOUT) \
            of(ENOTSUP) of(ESTALE)

#define KEEP(name) ABI_##name = name,
enum { ERRNOS(KEEP) };

#include <errno.h> /* whose definitions take the place of the others */
#define COMPARE(name) _Static_assert(ABI_##name == name, "abi/errno.h: " #name);
ERRNOS(COMPARE)
