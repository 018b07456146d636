/* SPDX-License-Identifier: MIT
 *
 * The place of the hooks. See mm.h. */
#include "mm/mm.h"

struct mm_hooks mm_hooks;
