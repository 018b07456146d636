/* SPDX-License-Identifier: MIT
 *
 * What the command line sets of drawing (values.h). */
#ifndef OCTAVO_TESTS_VALUES_DRAW_H
#define OCTAVO_TESTS_VALUES_DRAW_H

#include <stdint.h>

extern uint64_t draw_seed; /* where all sequences start */
extern long draw_scale;    /* how many times the usual number of cases is drawn */

#endif
