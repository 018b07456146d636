/* SPDX-License-Identifier: MIT
 *
 * A pager of your own: what a program has to say to be one. Everything that a pager does - faults, regions,
 * copy on write, files, fork and exec, reclaim by a policy, answers to <proto/pager.h> - is in the library
 * libpager.a, from which /sbin/pager is built, too. A pager program is a main that calls pager_main with
 * a struct pager_config, in which it puts what it does otherwise; docs/write-a-pager.md goes through it.
 *
 * All functions of the configuration are called by the pager's main thread, one at a time, while nobody
 * else is served. So they must not wait for anybody and not take long; they need no locks. They may
 * use memory of their own, malloc (all of the pager's memory is mapped before it is used, so nothing
 * faults), and pager_memory. Must not change when others use it: a field of 0 is what /sbin/pager does. */
#ifndef PAGER_PAGER_H
#define PAGER_PAGER_H

#include <stddef.h>
#include "user/pager/beside/synthetic.h"
#include "user/pager/swap/store.h"

#define PAGER_PAGE 4096u /* bytes of a page */

/* What the two tables of functions have to say is in swap/store.h and in beside/synthetic.h. */
struct pager_config {
    const struct pager_store *store;     /* NULL: swap on the disk that it was given, or none */
    const struct pager_content *content; /* NULL: none */
};

/* Is the pager, and never returns. To be called first, with main's third argument. */
_Noreturn void pager_main(char **envp, const struct pager_config *config);

/* Zeroed memory that is never given back, `bytes` rounded up to whole pages. NULL: there is none. */
void *pager_memory(size_t bytes);

#endif
