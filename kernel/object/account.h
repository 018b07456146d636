/* SPDX-License-Identifier: MIT
 *
 * Accounts: limits on user frames and on kernel memory. A child's limits are split off from its
 * parent's, so the sum never grows. Who pays: the task whose account it is, for its frames, its
 * handle table, its page tables and the objects it creates. */
#ifndef OCTAVO_KERNEL_ACCOUNT_H
#define OCTAVO_KERNEL_ACCOUNT_H

#include "kernel/object/object.h"

#include <stddef.h>

struct slab_cache;

struct account {
    struct object object;
    uint32_t depth;         /* of its parents */
    struct account *parent; /* referenced; NULL: the root */
    uint64_t frames, frames_limit;
    uint64_t bytes, bytes_limit; /* kernel memory */
};

/* An account has at most so many parents: they may all end with it, one within the other, on a kernel
 * stack. */
#define ACCOUNT_DEPTH_MAX 16

void account_setup(void);

/* The root account, before any task; frames and bytes are all there is. */
struct account *account_create_root(uint64_t frames, uint64_t bytes);

/* Splits a child off. NULL: the parent has not so much left, or too many parents, or no memory. */
struct account *account_create(struct account *parent, uint64_t frames, uint64_t bytes);

/* A zeroed object of the cache at the account's expense, or NULL; and its end. */
void *account_alloc(struct account *account, struct slab_cache *cache);
void account_free(struct account *account, struct slab_cache *cache, void *object);

/* Charge, or refuse (false) and change nothing. */
static inline bool account_charge(struct account *account, size_t bytes)
{
    if (account->bytes + bytes > account->bytes_limit)
        return false;
    account->bytes += bytes;
    return true;
}

static inline void account_uncharge(struct account *account, size_t bytes)
{
    account->bytes -= bytes;
}

static inline bool account_charge_frames(struct account *account, size_t frames)
{
    if (account->frames + frames > account->frames_limit)
        return false;
    account->frames += frames;
    return true;
}

static inline void account_uncharge_frames(struct account *account, size_t frames)
{
    account->frames -= frames;
}

#endif
