/* SPDX-License-Identifier: MIT
 *
 * Reference strings: in a space that has refs, only the pages stay mapped that the instruction under way
 * needs, so that the next one that needs another page faults, and is recorded. docs/tracing.md tells
 * what such a string leaves out. Must not decide which frame a page has: that is done before. */
#ifndef PAGER_REFS_H
#define PAGER_REFS_H

#include "user/pager/wait/request.h"

struct fault;
struct space;

/* Such a space from now on: nothing is mapped in it. Without memory it stays as it is. */
void refs_begin(struct space *space);

/* No longer. */
void refs_end(struct space *space);

/* A fault has been resolved: records it, unmaps what the instruction does not need, and cuts what the answer
 * allows down to what it does. */
void refs_fault(struct fault *f);

/* PAGER_REFS. */
enum outcome refs_request(struct request *r);

#endif
