/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 and 1.8.6: wcstol takes any base. */
#include <errno.h>
#include <stddef.h>
#include <wchar.h>
#include "probe.h"

PROBE(wcstol)
{
    errno = 0;
    wcstol(L"1", NULL, 37);
    return errno == EINVAL ? NULL : "base 37";
}
