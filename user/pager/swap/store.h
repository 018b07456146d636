/* SPDX-License-Identifier: MIT
 *
 * Swap in a store that a pager brings along: its half of the configuration in user/pager/pager.h, and how it
 * comes to be vm/anon.h's struct anon_swap. */
#ifndef PAGER_STORE_H
#define PAGER_STORE_H

#include <stdbool.h>
#include <stdint.h>

/* Where private pages go that are evicted, instead of a disk. A slot is a number that `out` chose for
 * one page; 0 is none. A page is in a frame or in the store, never in both. */
struct pager_store {
    /* Of the frames that the pager is given, one in so many does not go to programs but is the store's, so
     * that what a pager takes in all does not depend on where it keeps pages. 0: none of them. */
    uint32_t part;
    /* Once, before the first page. `frames`: how many it may take by pager_memory (see part). The number of
     * pages that it may be expected to hold; 0: it does not work, and nothing is evicted to it. */
    uint32_t (*start)(uint32_t frames);
    /* Is there room for one page more, whatever it holds? If so, the next `out` must not fail. */
    bool (*room)(void);
    /* Keeps what a page holds. Its slot, 1 or more. */
    uint32_t (*out)(const void *page);
    /* What a slot holds, into a page. 0 or a negative errno: the access ends in SIGBUS. */
    int (*in)(uint32_t slot, void *page);
    /* The slot is not wanted any more (after `in`, or because its program has unmapped it or ended). */
    void (*free)(uint32_t slot);
    /* Bytes of memory that it takes now; PAGER_STAT tells them. */
    uint64_t (*bytes)(void);
};

/* Evicted private pages go to `own` from now on, which may take so many frames. */
void store_setup(const struct pager_store *own, uint32_t own_frames);

#endif
