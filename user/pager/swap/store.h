/* SPDX-License-Identifier: MIT
 *
 * Swap in a store that this pager brings along (pager.h): vm/anon.h's struct anon_swap. */
#ifndef PAGER_STORE_H
#define PAGER_STORE_H

#include <stdint.h>

struct pager_store;

/* Evicted private pages go to `own` from now on, which may take so many frames. */
void store_setup(const struct pager_store *own, uint32_t own_frames);

#endif
