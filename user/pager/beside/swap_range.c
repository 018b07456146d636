/* SPDX-License-Identifier: MIT
 *
 * Lending parts of the swap disk. See swap_range.h. */
#include "user/pager/beside/swap_range.h"
#include <errno.h>
#include <proto/blk.h>
#include <string.h>
#include "user/pager/base/counters.h"
#include "user/pager/vm/space.h"
#include "user/pager/swap/disk.h"
#include "user/pager/beside/parent.h"
#include "user/pager/wait/work.h"

#define WIPE_PAGES (IO_BUFFER_BYTES / PAGE_SIZE)

static struct lent {
    uint32_t first, count; /* slots; count 0: nothing is lent here */
    uint64_t space;        /* badge */
    uint64_t ended;        /* kernel clock; 0: the space is there, or its request, or a job */
    uint64_t range;        /* its name at the disk; 0: none has been made */
    bool making, ending;   /* a job is under way, or was */
    handle_t right;        /* from the disk, until the answer takes it */
    struct io_job job;     /* that ends it */
} lents[LENDS];

static void run_end(struct io_job *job, uint8_t *unused)
{
    const struct lent *lent = (const struct lent *)((const char *)job - offsetof(struct lent, job));
    struct message m = {.tag = BLK_END, .w = {lent->range}};

    (void)unused;
    ipc_request(disk_right(), &m); /* it may have ended with its last right */
}

static void done_end(struct io_job *job)
{
    ((struct lent *)((char *)job - offsetof(struct lent, job)))->ended = (uint64_t)sys_clock();
}

/* Whoever has its right has nothing any more. It rests, and then goes back. */
static void end(struct lent *lent)
{
    if (lent->ending)
        return;
    lent->ending = true;
    if (lent->right != HANDLE_NONE)
        sys_close(lent->right);
    lent->right = HANDLE_NONE;
    lent->job = (struct io_job){.run = run_end, .done = done_end};
    if (lent->range)
        io_submit(&lent->job, IO_SWAP);
    else
        done_end(&lent->job);
}

void lend_collect(void)
{
    for (unsigned i = 0; i < LENDS; i++) {
        struct lent *lent = &lents[i];
        if (lent->count == 0 || lent->ended == 0 || (uint64_t)sys_clock() - lent->ended < LEND_REST)
            continue;
        for (uint32_t k = 0; k < lent->count; k++)
            disk_free(lent->first + k);
        lent->count = 0;
    }
}

void lend_ended(const struct space *space)
{
    for (unsigned i = 0; i < LENDS; i++)
        if (lents[i].count > 0 && lents[i].space == space->badge && !lents[i].making)
            end(&lents[i]);
}

/* What other programs had there is nobody's business: zeros instead. 0 or a negative errno. */
static int wipe(const struct lent *lent, uint8_t *zeros)
{
    memset(zeros, 0, IO_BUFFER_BYTES);
    for (uint32_t done = 0, n; done < lent->count; done += n) {
        n = lent->count - done < WIPE_PAGES ? lent->count - done : WIPE_PAGES;
        struct message m = {
            .tag = BLK_WRITE,
            .w = {(lent->first + done) * (PAGE_SIZE / BLK_SECTOR), n * (PAGE_SIZE / BLK_SECTOR)}};
        ipc_attach_in(&m, zeros, n * PAGE_SIZE);
        int error = (int)ipc_request(disk_right(), &m);
        if (error)
            return error;
    }
    return 0;
}

/* In an I/O thread; w->flags: which. */
static void step_lend(struct work *w)
{
    const struct lent *lent = &lents[w->flags];
    const uint64_t sectors = PAGE_SIZE / BLK_SECTOR;

    w->id = w->began = 0;
    w->result = wipe(lent, w->buffer);
    if (w->result < 0)
        return;
    struct message m = {.tag = BLK_RANGE, .w = {lent->first * sectors, lent->count * sectors}};

    ipc_accept(1);
    w->result = (int)ipc_request(disk_right(), &m);
    w->id = w->result == 0 && MSG_HANDLES(m.tag) > 0 ? msg_page()->handle[0] : 0;
    w->began = w->result == 0 ? m.w[0] : 0; /* here: the range's name */
    if (w->result == 0 && !w->id)
        w->result = -EIO;
    ipc_accept(0);
}

/* Also when nobody waits for the answer any more. */
static void apply_lend(struct work *w)
{
    struct lent *lent = &lents[w->flags];

    lent->making = false;
    lent->range = w->began;
    lent->right = (handle_t)w->id;
    w->id = 0; /* no file's: whoever drops the request would close it at fs */
    if (w->result < 0 || w->given_up || !space_find(lent->space))
        end(lent);
}

/* Never more than half of what is free, and of all there is a half. */
static uint32_t may_lend(void)
{
    uint32_t half = counters.swap_slots / 2, free = disk_free_slots() / 2, lent = 0;

    for (unsigned i = 0; i < LENDS; i++)
        lent += lents[i].ended ? 0 : lents[i].count;
    if (disk_right() == HANDLE_NONE || lent >= half)
        return 0;
    return free < half - lent ? free : half - lent;
}

/* a2 pages, handle 0: the space that it is for */
enum outcome lend_request(struct request *r)
{
    struct space *space = MSG_HANDLES(r->m.tag) ? space_find(r->badge[0]) : NULL;
    struct work *w = r->work;

    if (!space && upper_is_there() && (w || r->handle[0] != HANDLE_NONE))
        return upper_swap_request(r);
    if (w && w->step) {
        if (w->result < 0)
            return answer_errno(r, w->result);
        r->give = lents[w->flags].right;
        lents[w->flags].right = HANDLE_NONE;
        if (r->give == HANDLE_NONE) /* the space has ended meanwhile */
            return answer_errno(r, -EBADF);
        return answer_word(r, lents[w->flags].count);
    }
    if (!space)
        return answer_errno(r, -EBADF);
    lend_collect();
    unsigned i = 0;
    while (i < LENDS && lents[i].count > 0)
        i++;
    uint32_t most = may_lend(), want = r->m.w[0] < most ? (uint32_t)r->m.w[0] : most;
    if (want < LENT_LEAST)
        return answer_errno(r, disk_right() == HANDLE_NONE ? -ENODEV : -ENOSPC);
    if (i == LENDS)
        return answer_errno(r, -ENOSPC);
    w = work_get(r);
    if (!w)
        return WAIT;
    struct lent lent = {.space = space->badge, .making = true};
    lent.count = disk_take(want, &lent.first);
    if (lent.count == 0)
        return answer_errno(r, -ENOSPC);
    lents[i] = lent;
    w->flags = i;
    return work_begin(r, step_lend, apply_lend);
}
