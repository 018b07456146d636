/* SPDX-License-Identifier: MIT
 *
 * Changes of the caller's address space that go with the answer to its request, or that have to be made
 * otherwise when the kernel does not take the answer. */
#ifndef PAGER_ANSWER_H
#define PAGER_ANSWER_H

#include "user/pager/wait/request.h"

struct frame;

/* Adds a change of the caller's own space to the answer, in order of addresses. Near ones of a kind
 * are joined, also across pages that are not mapped; when the answer is full, the changes so far are
 * made at once. */
void answer_change(struct request *r, unsigned op, uint64_t page, uint64_t count, unsigned prot);

/* Adds one page mapped in the caller's own space, at a place where nothing is or less is. */
void answer_map(struct request *r, const struct frame *frame, uint64_t page, unsigned prot);

/* The next change is not joined with those so far: a page between them must stay as it is. */
static inline void answer_apart(struct request *r)
{
    r->apart = true;
}

/* Makes the changes so far at once, whatever else becomes of the answer. What cannot be mapped is
 * forgotten: it is faulted in later. */
void answer_flush(struct request *r);

/* Makes the changes of an answer that the kernel did not take, or took only from `done` on: UNMAP and
 * PROTECT as they are; what was to be mapped is not (it may be half done), and is forgotten. */
void answer_undelivered(struct request *r, unsigned long done);

#endif
