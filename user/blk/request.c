/* SPDX-License-Identifier: MIT
 *
 * Requests and ranges. See request.h. A request is checked whole before anything is copied or asked of
 * the device; data goes through the slot's buffer, so that what a client does to its own memory
 * meanwhile changes nothing. */
#include "user/blk/request.h"
#include "user/blk/disk.h"
#include <errno.h>
#include <octavo/ipc.h>
#include <octavo/lock.h>
#include <proto/blk.h>

#define RESTART_MAX 4096ul /* bytes that the kernel faults in at a time */
#define REQUEST_DONE 1     /* the kernel repeats the call */

struct range {
    uint64_t badge; /* serial * BLK_RANGES + index; 0 = free */
    uint64_t of;    /* badge of the range that it was made of; 0: the whole */
    uint64_t first, sectors;
    bool read_only;
};

static struct lock lock; /* of the table */
static struct range ranges[BLK_RANGES];
static uint64_t serial; /* badges are never used again */

struct request {
    const struct worker *worker;
    struct range range; /* a copy: it may end meanwhile */
    unsigned long token;
    unsigned long w[4];
    unsigned long word[4]; /* of the answer */
    handle_t give;         /* to be sent with the answer */
};

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

static int info_handle(struct request *request)
{
    request->word[0] = request->range.sectors;
    request->word[1] = request->range.read_only ? BLK_IS_READ_ONLY : 0;
    request->word[2] = request->worker->slots;
    return 0;
}

/* Copies between the caller's buffer and the slot's. */
static int copy(struct request *request, unsigned long direction, size_t length)
{
    long done = sys_copy(request->token, direction, 0,
                         (unsigned long)disk_buffer(request->worker->slot), length);
    if (done < 0)
        return (int)done;
    if ((size_t)done == length)
        return 0;
    size_t left = length - (size_t)done;
    struct message m = {
        .tag = MSG_RESTART,
        .w = {direction, (unsigned long)done, left < RESTART_MAX ? left : RESTART_MAX},
        .token = request->token};
    long result = ipc_reply(&m);
    return result < 0 && result != -ESTALE ? (int)result : REQUEST_DONE;
}

static int check_transfer(const struct request *request)
{
    uint64_t count = request->w[1];

    if (count == 0 || count > BLK_IO_MAX / BLK_SECTOR ||
        !has(&request->range, request->w[0], count))
        return -EINVAL;
    return 0;
}

static int read_handle(struct request *request)
{
    unsigned slot = request->worker->slot;
    uint32_t count = (uint32_t)request->w[1];
    int result = check_transfer(request);

    if (result == 0)
        result = disk_read(slot, request->range.first + request->w[0], count);
    return result == 0 ? copy(request, COPY_OUT, (size_t)count * BLK_SECTOR) : result;
}

static int write_handle(struct request *request)
{
    unsigned slot = request->worker->slot;
    uint32_t count = (uint32_t)request->w[1];
    int result = check_transfer(request);

    if (result == 0 && request->range.read_only)
        result = -EROFS;
    if (result == 0)
        result = copy(request, COPY_IN, (size_t)count * BLK_SECTOR);
    return result == 0 ? disk_write(slot, request->range.first + request->w[0], count) : result;
}

static int flush_handle(struct request *request)
{
    return disk_flush(request->worker->slot);
}

static int range_handle(struct request *request)
{
    const struct range *of = &request->range;

    if (!has(of, request->w[0], request->w[1]) || request->w[2] & ~BLK_IS_READ_ONLY)
        return -EINVAL;
    struct range range = {.of = of->badge,
                          .first = of->first + request->w[0],
                          .sectors = request->w[1],
                          .read_only = of->read_only || request->w[2] & BLK_IS_READ_ONLY};
    int result = range_add(&range);
    if (result < 0)
        return result;
    long right = sys_right_create(request->worker->port, range.badge, 0);
    if (right < 0) {
        range_end(range.badge, range.of);
        return (int)right;
    }
    request->give = (handle_t)right;
    request->word[0] = range.badge;
    return 0;
}

static int end_handle(struct request *request)
{
    return range_end(request->w[0], request->range.badge) ? 0 : -ENOENT;
}

/* --- One request -------------------------------------------------------------------------- */

static const struct operation {
    int (*handle)(struct request *request);
    unsigned long buffer; /* MSG_IN or MSG_OUT that must come with it */
} operations[] = {
    [BLK_INFO] = {info_handle, 0},        [BLK_READ] = {read_handle, MSG_OUT},
    [BLK_WRITE] = {write_handle, MSG_IN}, [BLK_FLUSH] = {flush_handle, 0},
    [BLK_RANGE] = {range_handle, 0},      [BLK_END] = {end_handle, 0},
};

static int work(struct request *request, const struct message *m)
{
    unsigned long label = MSG_LABEL(m->tag);

    request->range = range_get(m->badge);
    if (!request->range.badge)
        return -EPERM;
    if (label >= sizeof operations / sizeof operations[0] || !operations[label].handle)
        return -ENOSYS;
    if ((m->tag & operations[label].buffer) != operations[label].buffer)
        return -EINVAL;
    return operations[label].handle(request);
}

static void handle_call(const struct worker *worker, const struct message *m)
{
    struct request request = {
        .worker = worker, .token = m->token, .w = {m->w[0], m->w[1], m->w[2], m->w[3]}};
    int result = work(&request, m);

    if (result == REQUEST_DONE)
        return;
    struct message answer = {.tag = result < 0 ? (unsigned long)-result : 0, .token = m->token};
    for (unsigned i = 0; i < 4 && result == 0; i++)
        answer.w[i] = request.word[i];
    if (request.give != HANDLE_NONE)
        ipc_attach_handle(&answer, request.give);
    long sent = ipc_reply(&answer);
    if (sent < 0 && sent != -ESTALE) { /* its handle table may be full */
        answer = (struct message){.tag = (unsigned long)-sent, .token = m->token};
        ipc_reply(&answer);
    }
    if (request.give != HANDLE_NONE)
        sys_close(request.give); /* if nobody got it, CLOSED will come */
}

_Noreturn void request_serve(const struct worker *worker)
{
    struct message m;

    for (;;) {
        if (ipc_recv(worker->port, DEADLINE_NEVER, &m) < 0)
            continue;
        switch (MSG_KIND(m.tag)) {
        case MSG_KIND_CALL:
            handle_call(worker, &m);
            break;
        case MSG_KIND_CLOSED:
            if (m.badge != BLK_WHOLE_BADGE) /* init keeps that one */
                range_end(m.badge, range_get(m.badge).of);
            break;
        case MSG_KIND_FAULT: /* someone made a task whose pager is a disk */
            m.tag = MSG_NO | VM_FAULT_MAPERR;
            ipc_reply(&m);
            break;
        case MSG_KIND_EXCEPTION:
            m.tag = 1;
            ipc_reply(&m);
            break;
        default:
            break;
        }
    }
}
