/* SPDX-License-Identifier: MIT
 *
 * A number in wide characters as bytes, for the mends that leave the reading of it to the byte functions. */
#ifndef OCTAVO_MENDS_NARROW_H
#define OCTAVO_MENDS_NARROW_H

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#define NARROW_ROOM 128 /* bytes of a number that needs no malloc */

/* A byte for each character that may belong to the number, in room or malloc's memory, or NULL. */
static inline char *narrow(const wchar_t *text, char *room)
{
    size_t blanks = 0, length;

    while (iswspace((wint_t)text[blanks]))
        blanks++;
    for (length = blanks; text[length] > 0 && text[length] < 128; length++)
        if (!isalnum((int)text[length]) && !strchr("+-._()", (int)text[length]))
            break;
    char *bytes = length < NARROW_ROOM ? room : malloc(length + 1);
    for (size_t i = 0; bytes && i <= length; i++)
        bytes[i] = (char)(i < blanks ? ' ' : i < length ? text[i] : 0);
    return bytes;
}

/* The body of a function of text and rest whose value is that of a call for `bytes`, with its end in `end`. */
#define NARROW(type, call)                                             \
    char room[NARROW_ROOM], *bytes = narrow(text, room), *end = bytes; \
    type value = bytes ? call : 0;                                     \
    if (rest)                                                          \
        *rest = (wchar_t *)text + (end - bytes);                       \
    if (bytes != room)                                                 \
        free(bytes);                                                   \
    return value

#endif
