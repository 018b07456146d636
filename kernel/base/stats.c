/* SPDX-License-Identifier: MIT
 *
 * The place of the counters. See stats.h. */
#include "kernel/base/stats.h"

struct info_system stats;
