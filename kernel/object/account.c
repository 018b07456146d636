/* SPDX-License-Identifier: MIT
 *
 * Accounts. See account.h. Nobody is charged who did not ask. */
#include "kernel/object/account.h"

#include "mm/slab.h"

static struct slab_cache account_cache;

static void release(struct object *object)
{
    struct account *account = (struct account *)object, *parent = account->parent;

    if (parent) {
        parent->frames -= account->frames_limit;
        parent->bytes -= account->bytes_limit + sizeof(struct account);
        object_unref(&parent->object);
    }
    slab_free(&account_cache, account);
}

void account_setup(void)
{
    object_kinds[OBJECT_ACCOUNT].release = release;
    slab_create(&account_cache, "account", sizeof(struct account), 0);
}

static struct account *make(struct account *parent, uint64_t frames, uint64_t bytes)
{
    struct account *account = slab_alloc(&account_cache, MM_ZERO);
    if (!account)
        return NULL;
    account->object.refs = 1;
    account->object.type = OBJECT_ACCOUNT;
    account->parent = parent;
    account->depth = parent ? parent->depth + 1 : 0;
    account->frames_limit = frames;
    account->bytes_limit = bytes;
    return account;
}

struct account *account_create_root(uint64_t frames, uint64_t bytes)
{
    return make(NULL, frames, bytes);
}

struct account *account_create(struct account *parent, uint64_t frames, uint64_t bytes)
{
    size_t own = sizeof(struct account);
    if (parent->depth == ACCOUNT_DEPTH_MAX || frames > parent->frames_limit - parent->frames ||
        bytes > parent->bytes_limit - parent->bytes ||
        own > parent->bytes_limit - parent->bytes - bytes)
        return NULL;
    struct account *account = make(parent, frames, bytes);
    if (!account)
        return NULL;
    object_ref(&parent->object);
    parent->frames += frames;
    parent->bytes += bytes + own;
    return account;
}

void *account_alloc(struct account *account, struct slab_cache *cache)
{
    if (!account_charge(account, cache->size))
        return NULL;
    void *object = slab_alloc(cache, MM_ZERO);
    if (!object)
        account_uncharge(account, cache->size);
    return object;
}

void account_free(struct account *account, struct slab_cache *cache, void *object)
{
    account_uncharge(account, cache->size);
    slab_free(cache, object);
}
