/* SPDX-License-Identifier: MIT
 *
 * picolibc's <stdlib.h>, and what it lacks. */
#ifndef OCTAVO_STDLIB_H
#define OCTAVO_STDLIB_H

#include_next <stdlib.h>

/* Bytes of the longest character in the current locale. */
#undef MB_CUR_MAX
#define MB_CUR_MAX octavo_mb_cur_max()

#ifdef __cplusplus
extern "C" {
#endif

size_t octavo_mb_cur_max(void);

#if __MISC_VISIBLE
int clearenv(void);
#endif

#ifdef __cplusplus
}
#endif

#endif
