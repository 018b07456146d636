/* SPDX-License-Identifier: MIT
 *
 * Conversions of <uchar.h> over the locale's wide characters. A surrogate that waits for its other half
 * lies in the state under the count PENDING, which picolibc's conversions never use. */
#include <uchar.h>
#include <errno.h>
#include <stdint.h>

#define PENDING (-16)

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
    static mbstate_t own;

    return wcrtomb(to, (wchar_t)c, state ? state : &own);
}

size_t mbrtoc16(char16_t *restrict to, const char *restrict from, size_t size,
                mbstate_t *restrict state)
{
    static mbstate_t own;
    char32_t c = 0;

    if (!state)
        state = &own;
    if (state->__count == PENDING) {
        if (to)
            *to = (char16_t)state->__value.__wch;
        state->__count = 0;
        return (size_t)-3;
    }
    size_t result = mbrtoc32(&c, from, size, state);
    if (!from || result > size)
        return result;
    if (c >= 0x10000) {
        state->__count = PENDING;
        state->__value.__wch = 0xdc00 + (c & 0x3ff);
        c = 0xd7c0 + (c >> 10);
    }
    if (to)
        *to = (char16_t)c;
    return result;
}

size_t c16rtomb(char *restrict to, char16_t c, mbstate_t *restrict state)
{
    static mbstate_t own;

    if (!state)
        state = &own;
    if (to && c >= 0xd800 && c < 0xdc00 && state->__count == 0) {
        state->__count = PENDING;
        state->__value.__wch = c;
        return 0;
    }
    if (state->__count != PENDING)
        return c32rtomb(to, c, state);
    char32_t high = state->__value.__wch;
    state->__count = 0;
    if (c < 0xdc00 || c > 0xdfff) {
        errno = EILSEQ;
        return (size_t)-1;
    }
    return c32rtomb(to, 0x10000 + ((high - 0xd800) << 10) + (c - 0xdc00), state);
}
