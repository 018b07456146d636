/* SPDX-License-Identifier: MIT
 *
 * Record locks (POSIX fcntl F_SETLK), which belong to processes: kept here, since init knows when one is
 * gone. They are advice between programs that ask for it; what a lock's file is called is the library's
 * business (its inode), and init opens none. A process's own locks never overlap. Locks of the dead are
 * dropped whenever somebody asks. */
#include "user/init/process.h"
#include "user/init/request.h"

#define LOCKS_MAX 512u
#define LOCKS_MAX_PROCESS 128u

struct record_lock {
    uint32_t owner; /* pid */
    bool exclusive;
    uint64_t file, first, last; /* bytes, last included */
};

static struct record_lock lock[LOCKS_MAX];
static unsigned lock_count; /* lock[0..lock_count) are in use, in no order */

static void remove_at(unsigned i)
{
    lock[i] = lock[--lock_count];
}

static void drop_of_the_dead(void)
{
    for (unsigned i = 0; i < lock_count;) {
        const struct process *owner = process_find(lock[i].owner);
        if (owner && owner->state != PROCESS_ENDED)
            i++;
        else
            remove_at(i);
    }
}

static bool overlaps(const struct record_lock *a, const struct record_lock *b)
{
    return a->file == b->file && a->first <= b->last && b->first <= a->last;
}

/* Another process's lock that is in the way, or NULL. */
static const struct record_lock *find_conflict(const struct record_lock *wanted)
{
    for (unsigned i = 0; i < lock_count; i++)
        if (lock[i].owner != wanted->owner && overlaps(&lock[i], wanted) &&
            (lock[i].exclusive || wanted->exclusive))
            return &lock[i];
    return NULL;
}

/* Takes the range out of its owner's locks; of one that goes beyond on both sides two remain. */
static void cut_out(const struct record_lock *range)
{
    for (unsigned i = 0; i < lock_count;) {
        struct record_lock *own = &lock[i];
        if (own->owner != range->owner || !overlaps(own, range)) {
            i++;
            continue;
        }
        struct record_lock before = *own, after = *own;
        remove_at(i);
        if (before.first < range->first) {
            before.last = range->first - 1;
            lock[lock_count++] = before;
        }
        if (after.last > range->last) {
            after.first = range->last + 1;
            lock[lock_count++] = after;
        }
    }
}

static unsigned count_of(uint32_t owner)
{
    unsigned count = 0;
    for (unsigned i = 0; i < lock_count; i++)
        count += lock[i].owner == owner;
    return count;
}

static int answer_conflict(struct server_request *request, const struct record_lock *found)
{
    request->word[0] = found ? found->exclusive ? INIT_LOCK_WRITE : INIT_LOCK_READ : INIT_LOCK_NONE;
    request->word[1] = found ? found->first : 0;
    request->word[2] = found ? found->last : 0;
    request->word[3] = found ? found->owner : 0;
    return 0;
}

int lock_handle(struct server_request *request)
{
    unsigned long type = request->w[3] & ~INIT_LOCK_ASK;
    struct record_lock wanted = {.owner = caller_of(request)->pid,
                                 .exclusive = type == INIT_LOCK_WRITE,
                                 .file = request->w[0],
                                 .first = request->w[1],
                                 .last = request->w[2]};

    if (type > INIT_LOCK_WRITE || wanted.first > wanted.last)
        return -EINVAL;
    drop_of_the_dead();
    const struct record_lock *conflict = type == INIT_LOCK_NONE ? NULL : find_conflict(&wanted);
    if (request->w[3] & INIT_LOCK_ASK)
        return answer_conflict(request, conflict);
    if (conflict)
        return -EAGAIN;
    /* Cutting may make one more, and then there is the new one. */
    if (lock_count + 2 > LOCKS_MAX ||
        (type != INIT_LOCK_NONE && count_of(wanted.owner) + 2 > LOCKS_MAX_PROCESS))
        return -ENOLCK;
    cut_out(&wanted);
    if (type != INIT_LOCK_NONE)
        lock[lock_count++] = wanted;
    return 0;
}
