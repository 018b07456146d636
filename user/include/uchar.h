/* SPDX-License-Identifier: MIT
 *
 * UTF-8, UTF-16 and UTF-32 characters (C23 7.30). wchar_t is UTF-32 here. */
#ifndef OCTAVO_UCHAR_H
#define OCTAVO_UCHAR_H

#include <stddef.h>
#include <stdint.h>
#include <wchar.h> /* mbstate_t */

#ifdef __cplusplus
extern "C" {
#endif

#ifndef __cpp_char8_t
typedef unsigned char char8_t;
#endif
#ifndef __cplusplus
typedef uint_least16_t char16_t;
typedef uint_least32_t char32_t;
#endif

/* Each mbrtocN reads at most `size` bytes and gives one unit: the bytes read, 0 for the null character, -1 with
 * EILSEQ, -2 when more bytes are needed, -3 when the unit belongs to a character that was read before. Each
 * cNrtomb gives the bytes written, 0 when more units are needed, or -1 with EILSEQ. state NULL: one of its own. */
size_t mbrtoc8(char8_t *__restrict to, const char *__restrict from, size_t size,
               mbstate_t *__restrict state);
size_t c8rtomb(char *__restrict to, char8_t c, mbstate_t *__restrict state);
size_t mbrtoc16(char16_t *__restrict to, const char *__restrict from, size_t size,
                mbstate_t *__restrict state);
size_t c16rtomb(char *__restrict to, char16_t c, mbstate_t *__restrict state);
size_t mbrtoc32(char32_t *__restrict to, const char *__restrict from, size_t size,
                mbstate_t *__restrict state);
size_t c32rtomb(char *__restrict to, char32_t c, mbstate_t *__restrict state);

#ifdef __cplusplus
}
#endif

#endif
