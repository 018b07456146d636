/* SPDX-License-Identifier: MIT
 *
 * What programs ask for: the handlers of <proto/pager.h>'s operations on memory and spaces. Words are
 * described there. All of them check everything first, and then cannot fail. */
#ifndef PAGER_CALLS_H
#define PAGER_CALLS_H

#include <stdbool.h>
#include <stdint.h>
#include "user/pager/vm/region.h"
#include "user/pager/wait/request.h"

enum outcome calls_mmap(struct request *r);
enum outcome calls_munmap(struct request *r);
enum outcome calls_mprotect(struct request *r);
enum outcome calls_brk(struct request *r);
enum outcome calls_create(struct request *r);
enum outcome calls_clone(struct request *r); /* clone.c */
enum outcome calls_exec(struct request *r);  /* exec.c */

/* mremap.c */
enum outcome calls_mremap(struct request *r);

/* advise.c */
enum outcome calls_mincore(struct request *r);
enum outcome calls_madvise(struct request *r);
enum outcome calls_msync(struct request *r);
enum outcome calls_mlock(struct request *r);
enum outcome calls_mlockall(struct request *r);
enum outcome calls_populate(struct request *r);

/* --- what these files share --- */

/* A range given by a program, address aligned and length not: 0, and *end, or -EINVAL; length 0 is left
 * to the caller. */
int mmap_range(uint64_t address, uint64_t length, uint64_t *end);

/* Empties a range of regions and pages; what region_remove_needs says is reserved. */
void mmap_unmap(struct request *r, uint64_t start, uint64_t end);

/* The same of pages alone. */
void mmap_discard(struct request *r, uint64_t start, uint64_t end);

/* May so many bytes more be promised in one mapping of this kind? */
bool mmap_may_promise(const struct region_kind *kind, uint64_t bytes);

/* And, if the kind is a locked one, be kept in memory? One space may lock a quarter of all frames, all
 * together a half. */
#define LOCK_SPACE 4
#define LOCK_ALL 2
bool mmap_may_lock(const struct space *space, const struct region_kind *kind, uint64_t bytes);

#endif
