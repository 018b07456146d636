/* SPDX-License-Identifier: MIT
 *
 * What a program is that does not say (octavo/wired.h): one with a pager. In a file of its own, since the
 * compiler takes a constant for granted where it sees it, weak or not. */
#include <octavo/wired.h>

const unsigned char octavo_wired __attribute__((weak)) = OCTAVO_PAGED;
