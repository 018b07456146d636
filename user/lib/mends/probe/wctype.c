/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 to 1.8.12 as Debian and Ubuntu build it: wide characters beyond ASCII have no class, case or width. */
#include <stddef.h>
#include <wchar.h>
#include <wctype.h>
#include "probe.h"

PROBE(wctype)
{
    return iswalpha(0xe9) && towupper(0x3b1) == 0x391 && wcwidth(0x4e00) == 2 ? NULL
                                                                              : "beyond ASCII";
}
