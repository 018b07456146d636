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

#define NARROW_ROOM 128 /* characters of a number that need no malloc */

struct narrow {
    const wchar_t *start; /* the first character that is no blank */
    char *bytes;          /* all from there that may belong to a number, or NULL: out of memory */
    char room[NARROW_ROOM];
};

static inline void narrow(struct narrow *n, const wchar_t *text)
{
    size_t length = 0;

    while (iswspace((wint_t)*text))
        text++;
    while (text[length] > 0 && text[length] < 128 &&
           (isalnum((int)text[length]) || strchr("+-._()", (int)text[length])))
        length++;
    n->start = text;
    n->bytes = length < NARROW_ROOM ? n->room : malloc(length + 1);
    for (size_t i = 0; n->bytes && i <= length; i++)
        n->bytes[i] = i < length ? (char)text[i] : 0;
}

/* Tells where the number ended and gives memory back. end: in n->bytes; if that is at their start there was none. */
static inline void narrow_done(struct narrow *n, const char *end, const wchar_t *text,
                               wchar_t **rest)
{
    if (rest)
        *rest = (wchar_t *)(!end || end == n->bytes ? text : n->start + (end - n->bytes));
    if (n->bytes != n->room)
        free(n->bytes);
}

/* The body of a function of text and rest whose value is that of a call for n.bytes, with its end in end. */
#define NARROW(type, call)            \
    struct narrow n;                  \
    char *end = NULL;                 \
    type value = 0;                   \
    narrow(&n, text);                 \
    if (n.bytes)                      \
        value = call;                 \
    narrow_done(&n, end, text, rest); \
    return value

#endif
