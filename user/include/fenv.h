/* SPDX-License-Identifier: MIT
 *
 * picolibc's <fenv.h> with a fesetround that refuses what is no rounding mode (C17 7.6.3.2). That of 1.8 and 1.8.6,
 * which the header may have in itself, sets one all the same. */
#ifndef OCTAVO_FENV_H
#define OCTAVO_FENV_H

#include_next <fenv.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Sets the rounding mode to one of the FE_ macros: 0, or else not 0, and nothing changed. */
static inline int octavo_fesetround(int mode)
{
    switch (mode) {
    case FE_TONEAREST:
    case FE_TOWARDZERO:
    case FE_DOWNWARD:
    case FE_UPWARD:
    case FE_TONEAREST_MM:
        return fesetround(mode);
    default:
        return 1;
    }
}
#define fesetround(mode) octavo_fesetround(mode)

#ifdef __cplusplus
}
#endif

#endif
