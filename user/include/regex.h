/* SPDX-License-Identifier: MIT
 *
 * picolibc's <regex.h>, of which some versions take it that size_t is declared. */
#ifndef OCTAVO_REGEX_H
#define OCTAVO_REGEX_H

#include <sys/types.h>

#include_next <regex.h>

#endif
