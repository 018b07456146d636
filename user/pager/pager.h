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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGER_PAGE 4096u /* bytes of a page */

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

#define PAGER_CONTENT_NAME 127u /* bytes at most */

/* Files whose contents the pager makes, a page when it is touched. Programs open them by name (their path is
 * not looked up anywhere else), read them and map them; they cannot write them. When frames are short, such
 * pages go first of all without any trouble: they are made again. */
struct pager_content {
    const char *prefix; /* of all such names, as programs write them: "/made/" */
    /* What the rest of a name means: 0, *size in bytes, and *number, which `make` is given: equal numbers (and
     * sizes) are equal contents. -ENOENT, or another negative errno: that is open()'s error. */
    int (*open)(const char *name, uint64_t *size, uint64_t *number);
    /* Page `index` of it, all zero before. 0 or a negative errno: read() fails, an access ends in SIGBUS.
     * Bytes beyond the size are set to zero afterwards. */
    int (*make)(uint64_t number, uint64_t index, void *page);
};

struct pager_config {
    const struct pager_store *store;     /* NULL: swap on the disk that it was given, or none */
    const struct pager_content *content; /* NULL: none */
};

/* Is the pager, and never returns. To be called first, with main's third argument. */
_Noreturn void pager_main(char **envp, const struct pager_config *config);

/* Zeroed memory that is never given back, `bytes` rounded up to whole pages. NULL: there is none. */
void *pager_memory(size_t bytes);

#endif
