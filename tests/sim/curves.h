/* SPDX-License-Identifier: MIT
 *
 * curves.h - what one pass over a trace tells about all memory sizes.
 */
#ifndef SIM_CURVES_H
#define SIM_CURVES_H

#include "trace.h"

/*
 * Faults of exact LRU for every number of frames at once, by stack distance (Mattson and others,
 * IBM Systems Journal 1970): result[n] for n frames, 1 <= n <= npages; result[0] is the number of
 * references. O(log npages) a reference. The caller frees the result with alloc_free().
 */
uint64_t *curves_lru(const struct trace *trace);

/*
 * Denning's working set (CACM 1968) with window `tau`: the pages referenced in the last tau
 * references. Its mean size over the trace, and the faults if only it were kept resident.
 */
struct curves_ws {
    uint64_t tau;
    double mean_pages;
    uint64_t faults;
};

/* Fills in the points, whose tau is given in growing order. One pass for all. */
void curves_working_set(const struct trace *trace, struct curves_ws *points, int npoints);

/* Calls `each` with the size of the working set at `samples` times spread over the trace. */
void curves_working_set_in_time(const struct trace *trace, uint64_t tau, uint64_t samples,
                                void (*each)(uint64_t time, uint32_t pages));

#endif
