/* SPDX-License-Identifier: MIT
 *
 * Requests of proto/blk.h: who may name which sectors, and one answer to each. */
#ifndef OCTAVO_BLK_REQUEST_H
#define OCTAVO_BLK_REQUEST_H

#include <abi/handle.h>

/* One thread of the server, and the slot that it has at the disk. */
struct worker {
    handle_t port;
    unsigned slot, slots; /* slots: how many there are in all */
};

/* The whole disk becomes the range BLK_WHOLE_BADGE. Before the first request. */
void request_setup(void);

/* Receives, works and answers, for ever. */
_Noreturn void request_serve(const struct worker *worker);

#endif
