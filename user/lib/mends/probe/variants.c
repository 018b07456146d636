/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 to 1.8.12: see the mend. */
#include <stdarg.h>
#include <stdio.h>
#include "probe.h"

int __d_vfprintf(FILE *file, const char *format, va_list arguments);
MAY_LACK(__d_vfprintf);

PROBE(variants)
{
    int (*volatile plain)(FILE *, const char *, va_list) = vfprintf;

    return __d_vfprintf == plain ? "__d_vfprintf comes with vfprintf" : NULL;
}
