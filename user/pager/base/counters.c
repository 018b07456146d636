/* SPDX-License-Identifier: MIT
 *
 * See counters.h. */
#include "user/pager/base/counters.h"

struct pager_stat counters;
