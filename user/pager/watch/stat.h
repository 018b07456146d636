/* SPDX-License-Identifier: MIT
 *
 * What the pager counts and tells. Only counters that nothing else yields are kept here. */
#ifndef PAGER_STAT_H
#define PAGER_STAT_H

#include <proto/pager.h>
#include <stdint.h>
#include "user/pager/wait/request.h"

extern uint64_t stat_tune_wait; /* PAGER_TUNE_WAIT */

struct fault;

/* Keeps one fault in the ring, if its space is traced: `faults ./prog` shows it. */
void stat_trace(const struct fault *fault);

enum outcome stat_stat(struct request *r);
enum outcome stat_space(struct request *r);
enum outcome stat_working_set(struct request *r);
enum outcome stat_regions(struct request *r);
enum outcome stat_trace_switch(struct request *r);
enum outcome stat_faults(struct request *r);
enum outcome stat_tune(struct request *r);
enum outcome stat_images(struct request *r);

#endif
