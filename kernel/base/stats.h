/* SPDX-License-Identifier: MIT
 *
 * Counters of the whole kernel, since boot: who counts adds to its field, the rest is filled in when they
 * are told (diag/info.c). */
#ifndef OCTAVO_KERNEL_STATS_H
#define OCTAVO_KERNEL_STATS_H

#include <abi/info.h>

extern struct info_system stats;

#endif
