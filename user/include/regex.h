/* SPDX-License-Identifier: MIT
 *
 * picolibc's <regex.h>. Some versions take it that size_t is declared, and 1.8.6's has a __restrict in an array's
 * brackets, which is C only. */
#ifndef OCTAVO_REGEX_H
#define OCTAVO_REGEX_H

#include <sys/types.h>

#ifdef __cplusplus
#pragma push_macro("__restrict")
#define __restrict
#endif
#include_next <regex.h>
#ifdef __cplusplus
#pragma pop_macro("__restrict")
#endif

#endif
