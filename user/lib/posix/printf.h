/* SPDX-License-Identifier: MIT
 *
 * The formatter under the printf families. Not for programs. */
#ifndef OCTAVO_LIB_PRINTF_H
#define OCTAVO_LIB_PRINTF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <wchar.h>
#include "user/lib/posix/conversion.h"

#define PRINTF_PIECE \
    256 /* bytes that one call writes together, also to a stream without a buffer */

struct printf_out {
    FILE *file;      /* NULL: into memory */
    wchar_t *memory; /* room wide characters; those beyond are only counted */
    size_t room;
    bool wide;       /* of the wide family: widths, precisions and the count are in characters */
    bool failed;     /* errno says why */
    long count;      /* bytes, or characters, that have left the buffer */
    mbstate_t state; /* of these, when wide */
    int used;        /* bytes in the buffer */
    char buffer[PRINTF_PIECE];
};

/* Formats, and sends what is in the buffer. The format is in bytes, the wide family's too. The count, or
 * -1 with errno. */
int octavo_format(struct printf_out *out, const char *format, va_list arguments);

void printf_put(struct printf_out *out, const char *text, size_t length);
void printf_pad(struct printf_out *out, char c, int count);

/* What comes before a body of that many bytes: padding, prefix (sign, 0x), zeros; and the padding after. */
void printf_before(struct printf_out *out, const struct conversion *c, const char *prefix,
                   int length, bool zeros);
void printf_after(struct printf_out *out, const struct conversion *c, const char *prefix,
                  int length);

/* a A e E f F g G. */
void printf_real(struct printf_out *out, const struct conversion *c, double value);

#endif
