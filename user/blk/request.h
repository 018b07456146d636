/* SPDX-License-Identifier: MIT
 *
 * Requests of proto/blk.h: who may name which sectors, and one answer to each. */
#ifndef OCTAVO_BLK_REQUEST_H
#define OCTAVO_BLK_REQUEST_H

#include <abi/handle.h>
#include <octavo/server.h>
#include <stdint.h>

/* Sectors that a right stands for. */
struct range {
    uint64_t badge; /* serial * BLK_RANGES + index; 0 = free */
    uint64_t of;    /* badge of the range that it was made of; 0: the whole */
    uint64_t first, sectors;
    bool read_only;
};

/* One thread of the server, and the slot that it has at the disk. */
struct worker {
    handle_t port;
    unsigned slot, slots; /* slots: how many there are in all */
    struct range range;   /* of the request in work */
};

/* The whole disk becomes the range BLK_WHOLE_BADGE. Before the first request. */
void request_setup(void);

/* What is done with requests; a thread's context is its struct worker. */
extern const struct server blk_server;

#endif
