/* SPDX-License-Identifier: MIT
 *
 * The word of the lock. See lock.h. */
#include "kernel/base/lock.h"

uint32_t lock_holder;
