/* SPDX-License-Identifier: MIT
 *
 * Holds the kernel's error numbers against picolibc's, so that results can be passed on unchanged.
 * No code: it fails to compile when they differ. */
#include <abi/errno.h>

/* The values now, under other names. */
enum abi_errno {
    ABI_EPERM = EPERM,
    ABI_ENOENT = ENOENT,
    ABI_EINTR = EINTR,
    ABI_E2BIG = E2BIG,
    ABI_EBADF = EBADF,
    ABI_EAGAIN = EAGAIN,
    ABI_ENOMEM = ENOMEM,
    ABI_EFAULT = EFAULT,
    ABI_EBUSY = EBUSY,
    ABI_EEXIST = EEXIST,
    ABI_ENODEV = ENODEV,
    ABI_EINVAL = EINVAL,
    ABI_EMFILE = EMFILE,
    ABI_EPIPE = EPIPE,
    ABI_ERANGE = ERANGE,
    ABI_ENOSYS = ENOSYS,
    ABI_ETIMEDOUT = ETIMEDOUT,
    ABI_ENOTSUP = ENOTSUP,
    ABI_ESTALE = ESTALE
};

#undef EPERM
#undef ENOENT
#undef EINTR
#undef E2BIG
#undef EBADF
#undef EAGAIN
#undef ENOMEM
#undef EFAULT
#undef EBUSY
#undef EEXIST
#undef ENODEV
#undef EINVAL
#undef EMFILE
#undef EPIPE
#undef ERANGE
#undef ENOSYS
#undef ETIMEDOUT
#undef ENOTSUP
#undef ESTALE
#include <errno.h>

_Static_assert(ABI_EPERM == EPERM, "EPERM");
_Static_assert(ABI_ENOENT == ENOENT, "ENOENT");
_Static_assert(ABI_EINTR == EINTR, "EINTR");
_Static_assert(ABI_E2BIG == E2BIG, "E2BIG");
_Static_assert(ABI_EBADF == EBADF, "EBADF");
_Static_assert(ABI_EAGAIN == EAGAIN, "EAGAIN");
_Static_assert(ABI_ENOMEM == ENOMEM, "ENOMEM");
_Static_assert(ABI_EFAULT == EFAULT, "EFAULT");
_Static_assert(ABI_EBUSY == EBUSY, "EBUSY");
_Static_assert(ABI_EEXIST == EEXIST, "EEXIST");
_Static_assert(ABI_ENODEV == ENODEV, "ENODEV");
_Static_assert(ABI_EINVAL == EINVAL, "EINVAL");
_Static_assert(ABI_EMFILE == EMFILE, "EMFILE");
_Static_assert(ABI_EPIPE == EPIPE, "EPIPE");
_Static_assert(ABI_ERANGE == ERANGE, "ERANGE");
_Static_assert(ABI_ENOSYS == ENOSYS, "ENOSYS");
_Static_assert(ABI_ETIMEDOUT == ETIMEDOUT, "ETIMEDOUT");
_Static_assert(ABI_ENOTSUP == ENOTSUP, "ENOTSUP");
_Static_assert(ABI_ESTALE == ESTALE, "ESTALE");
