/* SPDX-License-Identifier: MIT
 *
 * <uchar.h> (C23 7.30): UTF-8, UTF-16 and UTF-32 units to and from the locale's characters, over mbrtowc and
 * wcrtomb. Only newer versions of picolibc have it. Units that wait, because a character has several, lie in the
 * state where a sequence of bytes would (multibyte.c), with a count that no sequence has. */
#include <uchar.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define WAITING 0x80 /* and how many */

struct units {
    uint32_t bits; /* of the next in the lowest 8 or 16 */
    uint8_t count;
};
_Static_assert(sizeof(struct units) <= sizeof(mbstate_t), "units fit into picolibc's mbstate_t");

static void keep(mbstate_t *state, uint32_t bits, unsigned count)
{
    struct units units = {.bits = bits, .count = (uint8_t)(count ? WAITING | count : 0)};

    memcpy(state, &units, sizeof(units));
}

/* Takes one unit of `width` bits out of the state; false: there is none. */
static bool next(mbstate_t *state, unsigned width, uint32_t *unit)
{
    struct units units;

    memcpy(&units, state, sizeof(units));
    if (!(units.count & WAITING))
        return false;
    *unit = units.bits & ((1u << width) - 1);
    keep(state, units.bits >> width, (units.count & ~WAITING) - 1);
    return true;
}

size_t mbrtoc32(char32_t *restrict to, const char *restrict from, size_t size,
                mbstate_t *restrict state)
{
    static mbstate_t own;
    wchar_t wide = 0;
    size_t result = mbrtowc(&wide, from, size, state ? state : &own);

    if (to && from && result <= size)
        *to = (char32_t)wide;
    return result;
}

size_t c32rtomb(char *restrict to, char32_t c, mbstate_t *restrict state)
{
    return wcrtomb(to, (wchar_t)c, state);
}

size_t mbrtoc16(char16_t *restrict to, const char *restrict from, size_t size,
                mbstate_t *restrict state)
{
    static mbstate_t own;
    uint32_t unit;
    char32_t c;

    state = state ? state : &own;
    bool waited = next(state, 16, &unit);
    size_t result = waited ? (size_t)-3 : mbrtoc32(&c, from, size, state);
    if (!from || (!waited && result > size))
        return result;
    if (!waited && c >= 0x10000)
        keep(state, 0xdc00 + (c & 0x3ff), 1);
    if (to)
        *to = (char16_t)(waited ? unit : c >= 0x10000 ? 0xd7c0 + (c >> 10) : c);
    return result;
}

size_t c16rtomb(char *restrict to, char16_t c, mbstate_t *restrict state)
{
    static mbstate_t own;
    uint32_t high;

    state = state ? state : &own;
    if (next(state, 16, &high)) {
        if (to && (c < 0xdc00 || c > 0xdfff)) {
            errno = EILSEQ;
            return (size_t)-1;
        }
        return c32rtomb(to, 0x10000 + ((high - 0xd800) << 10) + (c - 0xdc00u), state);
    }
    if (!to || c < 0xd800 || c >= 0xdc00)
        return c32rtomb(to, c, state);
    keep(state, c, 1);
    return 0;
}

size_t mbrtoc8(char8_t *restrict to, const char *restrict from, size_t size,
               mbstate_t *restrict state)
{
    static mbstate_t own;
    uint32_t unit;
    char32_t c;

    state = state ? state : &own;
    bool waited = next(state, 8, &unit);
    size_t result = waited ? (size_t)-3 : mbrtoc32(&c, from, size, state);
    if (!from || (!waited && result > size))
        return result;
    if (!waited) {
        unsigned char bytes[4] = {0};
        size_t length = wcrtomb((char *)bytes, (wchar_t)c, NULL);
        unit = bytes[0];
        keep(state, bytes[1] | (uint32_t)bytes[2] << 8 | (uint32_t)bytes[3] << 16,
             (unsigned)length - 1);
    }
    if (to)
        *to = (char8_t)unit;
    return result;
}

size_t c8rtomb(char *restrict to, char8_t c, mbstate_t *restrict state)
{
    static mbstate_t own;
    const char byte = (char)(to ? c : 0);
    wchar_t wide;

    state = state ? state : &own;
    size_t result = mbrtowc(&wide, &byte, 1, state);
    return result == (size_t)-2 ? 0 : result == (size_t)-1 ? result : wcrtomb(to, wide, state);
}
