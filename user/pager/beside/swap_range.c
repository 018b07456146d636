/* SPDX-License-Identifier: MIT
 *
 * Ranges of the swap disk for others. See swap_range.h. */
#include "user/pager/beside/swap_range.h"
#include <errno.h>
#include <proto/blk.h>
#include <string.h>
#include "user/pager/beside/parent.h"
#include "user/pager/names/work.h"
#include "user/pager/swap/disk.h"
#include "user/pager/vm/space.h"

#define WIPE_PAGES (IO_BUFFER_BYTES / PAGE_SIZE)
#define RANGE_LEAST 16u /* pages */

static struct range {
    struct io_job job;      /* that ends it */
    struct disk_part *part; /* NULL: there is none here */
    uint64_t space;         /* badge */
    uint64_t name;          /* at the disk; 0: none has been made */
    bool making, ending;    /* a job is under way, or was */
    handle_t right;         /* from the disk, until the answer takes it */
} ranges[DISK_PARTS];

static void run_end(struct io_job *job, uint8_t *unused)
{
    struct message m = {.tag = BLK_END, .w = {((struct range *)job)->name}};

    (void)unused;
    ipc_request(disk_right(), &m); /* it may have ended with its last right */
}

static void done_end(struct io_job *job)
{
    struct range *range = (struct range *)job;

    disk_part_end(range->part);
    range->part = NULL;
}

/* Whoever has its right has nothing any more. */
static void end(struct range *range)
{
    if (range->ending)
        return;
    range->ending = true;
    if (range->right != HANDLE_NONE)
        sys_close(range->right);
    range->right = HANDLE_NONE;
    range->job = (struct io_job){.run = run_end, .done = done_end};
    if (range->name)
        io_submit(&range->job, IO_SWAP);
    else
        done_end(&range->job);
}

static void space_ends(struct space *space)
{
    for (struct range *range = ranges; range < ranges + DISK_PARTS; range++)
        if (range->part && range->space == space->badge && !range->making)
            end(range);
}

void swap_range_setup(void)
{
    static struct space_hook hook = {.ends = space_ends};

    space_hook(&hook);
}

/* What other programs had there is nobody's business: zeros instead. 0 or a negative errno. */
static int wipe(const struct disk_part *part, uint8_t *zeros)
{
    memset(zeros, 0, IO_BUFFER_BYTES);
    for (uint32_t done = 0, n; done < part->count; done += n) {
        n = part->count - done < WIPE_PAGES ? part->count - done : WIPE_PAGES;
        struct message m = {
            .tag = BLK_WRITE,
            .w = {(part->first + done) * (PAGE_SIZE / BLK_SECTOR), n * (PAGE_SIZE / BLK_SECTOR)}};
        ipc_attach_in(&m, zeros, n * PAGE_SIZE);
        int error = (int)ipc_request(disk_right(), &m);
        if (error)
            return error;
    }
    return 0;
}

/* In an I/O thread; w->flags: which. */
static void step_make(struct work *w)
{
    const struct disk_part *part = ranges[w->flags].part;
    const uint64_t sectors = PAGE_SIZE / BLK_SECTOR;

    w->id = w->began = 0;
    w->result = wipe(part, w->buffer);
    if (w->result < 0)
        return;
    struct message m = {.tag = BLK_RANGE, .w = {part->first * sectors, part->count * sectors}};

    ipc_accept(1);
    w->result = (int)ipc_request(disk_right(), &m);
    w->id = w->result == 0 && MSG_HANDLES(m.tag) > 0 ? msg_page()->handle[0] : 0;
    w->began = w->result == 0 ? m.w[0] : 0; /* here: the range's name */
    if (w->result == 0 && !w->id)
        w->result = -EIO;
    ipc_accept(0);
}

/* Also when nobody waits for the answer any more. */
static void apply_make(struct work *w)
{
    struct range *range = &ranges[w->flags];

    range->making = false;
    range->name = w->began;
    range->right = (handle_t)w->id;
    w->id = 0; /* no file's: whoever drops the request would close it at fs */
    if (w->result < 0 || w->given_up || !space_find(range->space))
        end(range);
}

/* a2 pages, handle 0: the space that it is for */
enum outcome swap_range_request(struct request *r)
{
    struct space *space = MSG_HANDLES(r->m.tag) ? space_find(r->badge[0]) : NULL;
    struct work *w = r->work;

    if (!space && parent_is_there() && (w || r->handle[0] != HANDLE_NONE))
        return parent_swap_request(r);
    if (w && w->step) {
        struct range *range = &ranges[w->flags];
        if (w->result < 0)
            return answer_errno(r, w->result);
        r->give = range->right;
        range->right = HANDLE_NONE;
        if (r->give == HANDLE_NONE) /* the space has ended meanwhile */
            return answer_errno(r, -EBADF);
        return answer_word(r, range->part->count);
    }
    if (!space)
        return answer_errno(r, -EBADF);
    uint32_t most = disk_part_most(), want = r->m.w[0] < most ? (uint32_t)r->m.w[0] : most;
    if (want < RANGE_LEAST)
        return answer_errno(r, disk_right() == HANDLE_NONE ? -ENODEV : -ENOSPC);
    w = work_get(r);
    if (!w)
        return WAIT;
    unsigned i = 0;
    while (i < DISK_PARTS && ranges[i].part)
        i++;
    struct disk_part *part = i < DISK_PARTS ? disk_part_take(want) : NULL;
    if (!part)
        return answer_errno(r, -ENOSPC);
    ranges[i] = (struct range){.part = part, .space = space->badge, .making = true};
    w->flags = i;
    return work_begin(r, step_make, apply_make);
}
