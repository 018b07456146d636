/* SPDX-License-Identifier: MIT
 *
 * A page fault on its way through the pager. Each field is written by one stage of fault.c, named
 * here, and read-only from then on. */
#ifndef PAGER_FAULT_H
#define PAGER_FAULT_H

#include <proto/pager.h>
#include <stdint.h>
#include "user/pager/vm/region.h"
#include "user/pager/vm/space.h"
#include "user/pager/wait/request.h"

#define FAULT_WAIT 0x100u /* a code: the fault is to be handled again, from the start */

struct fault {
    /* fault_handle: what the kernel told */
    struct request *request;
    struct space *space;
    uint64_t address, page, pc;
    unsigned access; /* one of ACCESS_*; the same bits as VM_R, VM_W, VM_X */
    /* fault_look_up */
    struct region *region; /* NULL: none */
    uint64_t *slot;
    /* fault_resolve */
    struct frame *frame;      /* to be mapped at `page` */
    unsigned prot;            /* so */
    enum pager_action action; /* how it came about */
    /* fault_around */
    unsigned pages; /* mapped, neighbours included */
    /* any stage */
    unsigned code; /* VM_FAULT_*; 0 = well so far */
};

/* The first touch of an anonymous page that may be written, with everything at hand: its new frame, mapped
 * with all that the region allows. NULL: it is not as simple as that, and nothing that matters is changed. */
struct frame *fault_bring_first(struct space *space, const struct region *region, uint64_t page);

/* A page as a fault of this kind would bring it, for who wants it there before: 0, and what is now
 * mapped at `page` as far as the pager knows, to be put into the answer; or VM_FAULT_*. */
unsigned fault_bring(struct request *r, uint64_t page, unsigned access, struct frame **frame,
                     unsigned *prot);

/* Answers a FAULT message. */
enum outcome fault_handle(struct request *r);

#endif
