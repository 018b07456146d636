/* SPDX-License-Identifier: MIT
 *
 * Of what other systems have beyond <stdio.h>: to forget what a stream holds, to call it failed. */
#ifndef OCTAVO_STDIO_EXT_H
#define OCTAVO_STDIO_EXT_H

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Drops what was not written yet, or was read ahead. */
void __fpurge(FILE *file);

/* Sets the error indicator. */
#undef __fseterr
void __fseterr(FILE *file);

#ifdef __cplusplus
}
#endif

#endif
