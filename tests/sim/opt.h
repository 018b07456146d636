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

/* The same as a policy, slow, for those who want to look at it: tell it where in the trace it is before
 * each reference. Frames in use nowhere again go first, then those used again last; the lowest of
 * equals. */
extern const struct policy opt_policy;
void opt_policy_at(uint32_t next);

struct machine_counts opt_run(const struct trace *trace, const uint32_t *next, uint32_t nframes);

#endif
