/* SPDX-License-Identifier: MIT
 *
 * picolibc's <unistd.h>, and what it hides or lacks. */
#ifndef OCTAVO_UNISTD_H
#define OCTAVO_UNISTD_H

#include_next <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

int brk(void *address);

#ifdef __cplusplus
}
#endif

#endif
