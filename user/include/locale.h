/* SPDX-License-Identifier: MIT
 *
 * picolibc's <locale.h>, and of POSIX.1-2024 what not every version has. */
#ifndef OCTAVO_LOCALE_H
#define OCTAVO_LOCALE_H

#include_next <locale.h>

#if __POSIX_VISIBLE >= 200809

#ifdef __cplusplus
extern "C" {
#endif

/* The name of a category of a locale; of LC_ALL, a string that setlocale takes. */
const char *getlocalename_l(int category, locale_t locale);

#ifdef __cplusplus
}
#endif

#endif

#endif
