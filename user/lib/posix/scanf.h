/* SPDX-License-Identifier: MIT
 *
 * The scanner under the scanf families. Not for programs. */
#ifndef OCTAVO_LIB_SCANF_H
#define OCTAVO_LIB_SCANF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <wchar.h>

struct scanf_in {
    FILE *file;            /* NULL: from memory */
    const wchar_t *memory; /* ends with 0 */
    bool wide;             /* of the wide family: characters are read, not bytes */
    bool looked;           /* next was read, but not taken */
    wint_t next;
    long count; /* bytes or characters taken */
};

/* The format is in bytes, the wide family's too. How many conversions were stored, or EOF. */
int octavo_scan(struct scanf_in *in, const char *format, va_list arguments);

#endif
