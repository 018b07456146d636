/* SPDX-License-Identifier: MIT
 *
 * UTF-16 and UTF-32 characters (C17 7.28). wchar_t is UTF-32 here. */
#ifndef OCTAVO_UCHAR_H
#define OCTAVO_UCHAR_H

#include <stddef.h>
#include <stdint.h>
#include <wchar.h> /* mbstate_t */

#ifdef __cplusplus
extern "C" {
#else
typedef uint_least16_t char16_t;
typedef uint_least32_t char32_t;
#endif

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
