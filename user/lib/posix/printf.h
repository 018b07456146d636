/* SPDX-License-Identifier: MIT
 *
 * What vfprintf's two files share: a conversion as parsed, and where its output goes. Not for
 * programs. */
#ifndef OCTAVO_LIB_PRINTF_H
#define OCTAVO_LIB_PRINTF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

/* vfprintf without the stream's lock. */
int octavo_vfprintf(FILE *file, const char *format, va_list arguments);

struct printf_out {
    FILE *file;
    long count; /* bytes so far */
    bool failed;
};

struct printf_spec {
    bool left, plus, space, alternate, zero;
    int width;
    int precision; /* -1: none given */
    char length;   /* 'H' for hh, 'h', 'l' (ll too), 'j', 'z', 't', 'L', or 0 */
    char conversion;
};

void printf_put(struct printf_out *out, const char *text, int length);
void printf_pad(struct printf_out *out, char c, int count);

/* Padding, prefix (sign, 0x), zeros: what comes before a number whose body is `length` bytes. */
void printf_before(struct printf_out *out, const struct printf_spec *spec, const char *prefix,
                   int length, bool zero_pad);
/* The padding after it. */
void printf_after(struct printf_out *out, const struct printf_spec *spec, const char *prefix,
                  int length);

/* a A e E f F g G. */
void printf_real(struct printf_out *out, const struct printf_spec *spec, double value);

#endif
