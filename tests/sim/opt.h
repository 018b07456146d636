/* SPDX-License-Identifier: MIT
 *
 * opt.h - the optimum (Belady, A Study of Replacement Algorithms for a Virtual-Storage Computer,
 * IBM Systems Journal 1966): evict the page whose next use is farthest away.
 *
 * It needs the future, so it is no policy but a computation on the whole trace.
 */
#ifndef SIM_OPT_H
#define SIM_OPT_H

#include "machine.h"
#include "trace.h"

/* For each reference, the position of the next one to the same page; OPT_NEVER if there is none. */
#define OPT_NEVER UINT32_MAX
const uint32_t *opt_next_uses(const struct trace *trace);
void opt_next_uses_destroy(const uint32_t *next, const struct trace *trace);

struct machine_counts opt_run(const struct trace *trace, const uint32_t *next, uint32_t nframes);

#endif
