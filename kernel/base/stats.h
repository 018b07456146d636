/* SPDX-License-Identifier: MIT
 *
 * Counters of the whole kernel, since boot; copied out by info(INFO_SYSTEM). */
#ifndef OCTAVO_KERNEL_STATS_H
#define OCTAVO_KERNEL_STATS_H

#include <stdint.h>

struct stats {
    uint64_t faults, faults_spurious, faults_ad; /* see struct info_system */
    uint64_t queued, shootdowns;
};

extern struct stats stats;

#endif
