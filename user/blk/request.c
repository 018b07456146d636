/* SPDX-License-Identifier: MIT
 *
 * Requests and ranges. See request.h. A request is checked whole before anything is copied or asked of
 * the device; data goes through the slot's buffer, so that what a client does to its own memory
 * meanwhile changes nothing. */
#include "user/blk/request.h"
#include "user/blk/disk.h"
#include <errno.h>
#include <octavo/lock.h>
#include <proto/blk.h>

static struct lock lock; /* of the table */
static struct range ranges[BLK_RANGES];
static uint64_t serial; /* badges are never used again */

/* --- Ranges ------------------------------------------------------------------------------- */

void request_setup(void)
{
    ranges[BLK_WHOLE_BADGE % BLK_RANGES] = (struct range){
        .badge = BLK_WHOLE_BADGE, .sectors = disk_sectors(), .read_only = disk_is_read_only()};
}

static bool is_there(uint64_t badge)
{
    return badge != 0 && ranges[badge % BLK_RANGES].badge == badge;
}

static struct range range_get(uint64_t badge)
{
    struct range range = {0};

    lock_acquire(&lock);
    if (is_there(badge))
        range = ranges[badge % BLK_RANGES];
    lock_release(&lock);
    return range;
}

/* 0 and its badge, or a negative errno. */
static int range_add(struct range *range)
{
    int result = -ENFILE;

    lock_acquire(&lock);
    for (unsigned i = 0; i < BLK_RANGES && range->badge == 0; i++) {
        if (ranges[i].badge)
            continue;
        if (!is_there(range->of)) { /* it has ended since the request was received */
            result = -EPERM;
            break;
        }
        range->badge = ++serial * BLK_RANGES + i;
        ranges[i] = *range;
        result = 0;
    }
    lock_release(&lock);
    return result;
}

/* With all that were made of it, if it is there and was made of `of`. */
static bool range_end(uint64_t badge, uint64_t of)
{
    lock_acquire(&lock);
    bool found = is_there(badge) && ranges[badge % BLK_RANGES].of == of;
    if (found)
        ranges[badge % BLK_RANGES].badge = 0;
    for (bool more = found; more;) {
        more = false;
        for (unsigned i = 0; i < BLK_RANGES; i++)
            if (ranges[i].badge && ranges[i].of && !is_there(ranges[i].of)) {
                ranges[i].badge = 0;
                more = true;
            }
    }
    lock_release(&lock);
    return found;
}

static bool has(const struct range *range, uint64_t first, uint64_t count)
{
    return first <= range->sectors && count <= range->sectors - first;
}

/* --- Operations --------------------------------------------------------------------------- */

static const struct range *range_of(const struct server_request *request)
{
    return &((const struct worker *)request->context)->range;
}

static unsigned slot_of(const struct server_request *request)
{
    return ((const struct worker *)request->context)->slot;
}

static int info_handle(struct server_request *request)
{
    request->word[0] = range_of(request)->sectors;
    request->word[1] = range_of(request)->read_only ? BLK_IS_READ_ONLY : 0;
    request->word[2] = ((const struct worker *)request->context)->slots;
    return 0;
}

static int check_transfer(const struct server_request *request)
{
    uint64_t count = request->w[1];

    if (count == 0 || count > BLK_IO_MAX / BLK_SECTOR ||
        !has(range_of(request), request->w[0], count))
        return -EINVAL;
    return 0;
}

static int read_handle(struct server_request *request)
{
    unsigned slot = slot_of(request);
    uint32_t count = (uint32_t)request->w[1];
    int result = check_transfer(request);

    if (result == 0)
        result = disk_read(slot, range_of(request)->first + request->w[0], count);
    return result == 0 ? server_copy_out(request, 0, disk_buffer(slot), (size_t)count * BLK_SECTOR)
                       : result;
}

static int write_handle(struct server_request *request)
{
    unsigned slot = slot_of(request);
    uint32_t count = (uint32_t)request->w[1];
    int result = check_transfer(request);

    if (result == 0 && range_of(request)->read_only)
        result = -EROFS;
    if (result == 0)
        result = server_copy_in(request, 0, disk_buffer(slot), (size_t)count * BLK_SECTOR);
    return result == 0 ? disk_write(slot, range_of(request)->first + request->w[0], count) : result;
}

static int flush_handle(struct server_request *request)
{
    return disk_flush(slot_of(request));
}

static int range_handle(struct server_request *request)
{
    const struct range *of = range_of(request);

    if (!has(of, request->w[0], request->w[1]) || request->w[2] & ~BLK_IS_READ_ONLY)
        return -EINVAL;
    struct range range = {.of = of->badge,
                          .first = of->first + request->w[0],
                          .sectors = request->w[1],
                          .read_only = of->read_only || request->w[2] & BLK_IS_READ_ONLY};
    int result = range_add(&range);
    if (result < 0)
        return result;
    long right = sys_right_create(((const struct worker *)request->context)->port, range.badge, 0);
    if (right < 0) {
        range_end(range.badge, range.of);
        return (int)right;
    }
    request->give[request->gives++] = (handle_t)right; /* if nobody gets it, CLOSED will come */
    request->word[0] = range.badge;
    return 0;
}

static int end_handle(struct server_request *request)
{
    return range_end(request->w[0], range_of(request)->badge) ? 0 : -ENOENT;
}

/* --- The server --------------------------------------------------------------------------- */

/* The range of the badge, as a copy: it may end meanwhile. */
static int admit(struct server_request *request, unsigned who)
{
    struct worker *worker = request->context;

    (void)who;
    worker->range = range_get(request->badge);
    return worker->range.badge ? 0 : -EPERM;
}

static void closed(void *context, unsigned long badge)
{
    (void)context;
    if (badge != BLK_WHOLE_BADGE) /* init keeps that one */
        range_end(badge, range_get(badge).of);
}

static const struct server_operation operations[] = {
    [BLK_INFO] = {.handle = info_handle},
    [BLK_READ] = {.handle = read_handle, .buffers = MSG_OUT},
    [BLK_WRITE] = {.handle = write_handle, .buffers = MSG_IN},
    [BLK_FLUSH] = {.handle = flush_handle},
    [BLK_RANGE] = {.handle = range_handle},
    [BLK_END] = {.handle = end_handle},
};

const struct server blk_server = {.operations = operations,
                                  .count = sizeof(operations) / sizeof(operations[0]),
                                  .admit = admit,
                                  .closed = closed};
