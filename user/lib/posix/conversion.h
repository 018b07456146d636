/* SPDX-License-Identifier: MIT
 *
 * One conversion of a format, as the printf and the scanf family both write it: %, 2$, flags, width,
 * precision, length, letter. Not for programs. */
#ifndef OCTAVO_LIB_CONVERSION_H
#define OCTAVO_LIB_CONVERSION_H

#include <stdbool.h>
#include <stdint.h>

/* In the order of "-+ #0". */
enum { FLAG_LEFT = 1, FLAG_PLUS = 2, FLAG_SPACE = 4, FLAG_ALTERNATE = 8, FLAG_ZERO = 16 };

#define CHARACTER_BYTES \
    8 /* of an encoded character, at most; picolibc's MB_LEN_MAX is of its builds' encodings */

#define ARGUMENT_NONE (-1) /* no argument */
#define ARGUMENT_NEXT 0    /* the next one; else 1$, 2$ ... */

struct conversion {
    unsigned flags;
    int width;     /* 0: none given */
    int precision; /* -1: none given */
    int argument, width_argument,
        precision_argument; /* of scanf, a width's * means: stores nothing */
    bool allocates;         /* scanf's m */
    char length;            /* 'H' for hh, 'h', 'l' (ll too), 'j', 'z', 't', 'L', or 0 */
    char letter;            /* C and S are lc and ls; 0: the format ends before it */
};

/* Parses from behind the % to behind the letter. scans: the format is scanf's, else printf's. */
struct conversion conversion_parse(const char **format, bool scans);

/* Stores an integer as its length says. */
void conversion_store(char length, intmax_t value, void *to);

#endif
