/* SPDX-License-Identifier: MIT
 *
 * picolibc's <stdlib.h>, and what it lacks. */
#ifndef OCTAVO_STDLIB_H
#define OCTAVO_STDLIB_H

#include_next <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif

#if __MISC_VISIBLE
int clearenv(void);
#endif

#ifdef __cplusplus
}
#endif

#endif
