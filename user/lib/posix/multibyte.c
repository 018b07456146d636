/* SPDX-License-Identifier: MIT
 *
 * Characters of one and more bytes (C17 7.22.7 and 7.29.6, POSIX.1-2017): ASCII in the "C" locale, UTF-8 in
 * C.UTF-8, where what RFC 3629 forbids is EILSEQ: surrogates, forms that are too long, and all above U+10FFFF.
 * The distributions build picolibc without. mbrlen, mbsrtowcs, mbsnrtowcs and wcsrtombs are picolibc's, over
 * these. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define NO_ROOM ((size_t)-1)
#define INCOMPLETE ((size_t)-2)

/* What a mbstate_t holds here; all zero between characters. uchar.c keeps units there, with a larger count. */
struct sequence {
    uint32_t bits;      /* of the bytes so far */
    uint8_t left, more; /* bytes to come, and behind the first in all */
};
_Static_assert(sizeof(struct sequence) <= sizeof(mbstate_t),
               "a sequence fits into picolibc's mbstate_t");

static bool is_character(uint32_t c)
{
    return c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
}

/* Adds a byte: 1 when bits are a character now, 0 when more are to come, -1 when it does not fit. */
static int sequence_add(struct sequence *s, unsigned char byte)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000}; /* of so many bytes more */

    if (s->left > 0) {
        if ((byte & 0xc0) != 0x80)
            return -1;
        s->bits = s->bits << 6 | (byte & 0x3f);
        s->left--;
    } else if (byte < 0x80) {
        *s = (struct sequence){.bits = byte};
    } else if (MB_CUR_MAX == 1 || byte < 0xc2 || byte > 0xf4) {
        return -1;
    } else {
        uint8_t more = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
        *s = (struct sequence){.bits = byte & (0x3fu >> more), .left = more, .more = more};
    }
    if (s->left > 0)
        return 0;
    return is_character(s->bits) && s->bits >= least[s->more] ? 1 : -1;
}

size_t mbrtowc(wchar_t *restrict to, const char *restrict from, size_t size,
               mbstate_t *restrict state)
{
    static mbstate_t own;
    struct sequence s;
    int result = 0;

    state = state ? state : &own;
    memcpy(&s, state, sizeof(s));
    for (size_t i = 0; i < (from ? size : 1) && result == 0;) {
        result = sequence_add(&s, from ? (unsigned char)from[i] : 0);
        i++;
        size = result != 0 ? i : size;
    }
    if (result == 0) {
        memcpy(state, &s, sizeof(s));
        return INCOMPLETE;
    }
    memset(state, 0, sizeof(*state));
    if (result < 0) {
        errno = EILSEQ;
        return (size_t)-1;
    }
    if (from && to)
        *to = (wchar_t)s.bits;
    return s.bits ? size : 0;
}

size_t wcrtomb(char *restrict to, wchar_t wide, mbstate_t *restrict state)
{
    uint32_t c = to ? (uint32_t)wide : 0;
    int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;

    if (state)
        memset(state, 0, sizeof(*state));
    if (!is_character(c) || (more && MB_CUR_MAX == 1)) {
        errno = EILSEQ;
        return (size_t)-1;
    }
    if (to)
        *to++ = (char)(more ? (0xf0u << (3 - more) & 0xffu) | c >> 6 * more : c);
    for (int i = more - 1; i >= 0; i--)
        *to++ = (char)(0x80 | (c >> 6 * i & 0x3f));
    return (size_t)more + 1;
}

int mbsinit(const mbstate_t *state)
{
    static const mbstate_t initial;

    return !state || memcmp(state, &initial, sizeof(struct sequence)) == 0;
}

int mbtowc(wchar_t *restrict to, const char *restrict from, size_t size)
{
    mbstate_t state = {0};
    size_t result = from ? mbrtowc(to, from, size, &state) : 0;

    return result >= INCOMPLETE ? -1 : (int)result;
}

int mblen(const char *from, size_t size)
{
    return mbtowc(NULL, from, size);
}

int wctomb(char *to, wchar_t wide)
{
    return to ? (int)wcrtomb(to, wide, NULL) : 0;
}

wint_t btowc(int byte)
{
    return byte >= 0 && byte < 0x80 ? (wint_t)byte : WEOF;
}

int wctob(wint_t wide)
{
    return wide < 0x80 ? (int)wide : EOF;
}

size_t mbstowcs(wchar_t *restrict to, const char *restrict from, size_t count)
{
    mbstate_t state = {0};
    const char *at = from;

    return mbsrtowcs(to, &at, count, &state);
}

size_t wcsnrtombs(char *restrict to, const wchar_t **restrict from, size_t count, size_t size,
                  mbstate_t *restrict state)
{
    const wchar_t *at = *from;
    size_t done = 0;
    char bytes[4];

    for (; count > 0 && (!to || done < size); count--, at++) {
        size_t length = wcrtomb(bytes, *at, state);
        if (length > sizeof(bytes) || (to && length > size - done)) {
            done = length > sizeof(bytes) ? length : done;
            break;
        }
        if (to)
            memcpy(to + done, bytes, length);
        if (!*at) {
            at = NULL;
            break;
        }
        done += length;
    }
    if (to)
        *from = at;
    return done;
}

size_t wcstombs(char *restrict to, const wchar_t *restrict from, size_t size)
{
    const wchar_t *at = from;

    return wcsnrtombs(to, &at, SIZE_MAX, size, NULL);
}
