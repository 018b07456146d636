/* SPDX-License-Identifier: MIT
 *
 * Swap on a disk: slots, buffers and the I/O between. See disk.h.
 *
 *      EMPTY --> OPEN --> WRITING --> READY          READY: as on the disk, and may be reused
 *        |                    \--> STUCK --> WRITING
 *        \--> READING --> READY
 *
 * A slot that is given up while its buffer is not yet written stays taken until it is: else an older
 * write could come after a newer one. */
#include "user/pager/swap/disk.h"
#include <errno.h>
#include <octavo/ipc.h>
#include <octavo/syscall.h>
#include <proto/blk.h>
#include "user/pager/base/counters.h"
#include "user/pager/base/memory.h"
#include "user/pager/base/page.h"
#include "user/pager/swap/slots.h"
#include "user/pager/vm/anon.h"
#include "user/pager/wait/io.h"
#include "user/pager/wait/request.h"

#define CLUSTER 8u  /* pages of a buffer: 32 KiB, one request of the device */
#define BUFFERS 12u /* at most: 384 KiB in all, */
#define BUFFERS_LEAST 8u
#define BUFFER_PART 16u      /* and one for so many frames */
#define FOR_READING 4u       /* buffers that are never used for writing, */
#define FOR_WRITING 2u       /* and never for reading: neither waits for the other */
#define SLOTS_MAX (1u << 24) /* 64 GiB */
#define FAILURES_MAX 4u      /* requests in a row: then it is not tried but now and then */
#define RETRY_AFTER 256u     /* times that room() is asked */

enum state { EMPTY, OPEN, WRITING, STUCK, READING, READY };

struct buffer {
    struct io_job job;
    enum state state;
    uint32_t base, count;        /* slots base .. base + count */
    uint32_t room;               /* OPEN: count may grow to this */
    uint32_t target;             /* READING: the one that is waited for */
    uint8_t live, later, failed; /* by bit: wanted; to be freed when written; I/O failed */
    bool fresh;                  /* read, and its target not taken yet */
    uint64_t touched;            /* for the choice of one to reuse */
    struct anon *owner[CLUSTER]; /* OPEN, WRITING, STUCK: whose page it is */
    uint8_t *data;
};

static struct buffer buffers[BUFFERS];
static unsigned buffer_count;
static struct buffer *open_one;
static struct slots slots;
static handle_t disk;
static uint64_t now; /* counts uses of buffers */
static uint32_t failures, refusals;
static struct disk_part parts[DISK_PARTS];

#define BIT(i) ((uint8_t)(1u << (i)))

static inline uint8_t *page_of(const struct buffer *b, uint32_t i)
{
    return b->data + (uint64_t)i * PAGE_SIZE;
}

static inline bool spans(const struct buffer *b, uint32_t slot)
{
    return b->state != EMPTY && slot - b->base < b->count;
}

static inline bool unwritten(const struct buffer *b)
{
    return b->state == OPEN || b->state == WRITING || b->state == STUCK;
}

static unsigned buffers_in(enum state state)
{
    unsigned n = 0;

    for (unsigned i = 0; i < buffer_count; i++)
        n += buffers[i].state == state;
    return n;
}

/* --- in a thread of io.h: touches its buffer's job and data alone --- */

static bool transfer(const struct buffer *b, unsigned operation, uint32_t first, uint32_t count)
{
    struct message m = {
        .tag = operation,
        .w = {(b->base + first) * (PAGE_SIZE / BLK_SECTOR), count * (PAGE_SIZE / BLK_SECTOR)}};

    if (operation == BLK_READ)
        ipc_attach_out(&m, page_of(b, first), count * PAGE_SIZE);
    else
        ipc_attach_in(&m, page_of(b, first), count * PAGE_SIZE);
    return ipc_request(disk, &m) == 0;
}

/* All at once; if that fails, one by one, to know which. */
static void run_write(struct io_job *job, uint8_t *unused)
{
    struct buffer *b = (struct buffer *)job;

    (void)unused;
    b->failed = 0;
    if (transfer(b, BLK_WRITE, 0, b->count))
        return;
    for (uint32_t i = 0; i < b->count; i++)
        if (!transfer(b, BLK_WRITE, i, 1))
            b->failed |= BIT(i);
}

/* If all at once fails, only the one that is waited for. */
static void run_read(struct io_job *job, uint8_t *unused)
{
    struct buffer *b = (struct buffer *)job;

    (void)unused;
    b->failed = 0;
    if (transfer(b, BLK_READ, 0, b->count))
        return;
    b->failed = (uint8_t)~BIT(b->target);
    if (!transfer(b, BLK_READ, b->target, 1))
        b->failed |= BIT(b->target);
}

/* --- buffers --- */

/* One to be filled anew, which is EMPTY then, or NULL: the one used longest ago of those that hold
 * nothing but what is on the disk. */
static struct buffer *buffer_take(void)
{
    struct buffer *best = NULL;

    for (unsigned i = 0; i < buffer_count; i++) {
        struct buffer *b = &buffers[i];
        if (b->state != EMPTY && b->state != READY)
            continue;
        if (!best || b->fresh < best->fresh ||
            (b->fresh == best->fresh && b->touched < best->touched))
            best = b;
    }
    if (best) {
        best->state = EMPTY;
        best->count = 0;
        best->live = best->later = best->failed = 0;
        best->fresh = false;
        best->touched = ++now;
    }
    return best;
}

static void written(struct io_job *job);

static void buffer_write(struct buffer *b)
{
    b->state = WRITING;
    b->job.run = run_write;
    b->job.done = written;
    counters.swap_writes++;
    io_submit(&b->job, IO_SWAP);
}

/* A page in a buffer that could not be written. If its frame is still there, it is DIRTY again, and the
 * buffer is rid of it. */
static void write_failed(struct buffer *b, uint32_t i)
{
    struct anon *anon = b->owner[i];

    counters.swap_errors++;
    if (!(b->live & BIT(i)) || !anon->frame)
        return;
    anon_leave_swap(anon);
}

static void written(struct io_job *job)
{
    struct buffer *b = (struct buffer *)job;
    uint8_t stuck = 0;

    b->state = b->failed ? STUCK : READY;
    failures = b->failed ? failures + 1 : 0;
    for (uint32_t i = 0; i < b->count; i++) {
        struct anon *anon = b->live & BIT(i) ? b->owner[i] : NULL;
        if (b->failed & BIT(i)) {
            write_failed(b, i);
            stuck |= b->live & BIT(i);
        } else if (anon && anon->frame && anon->frame->state == FRAME_CLEANING) {
            frame_set_state(anon->frame, FRAME_CLEAN);
        }
    }
    counters.swap_written += b->count - (uint32_t)__builtin_popcount(b->failed);
    if (!stuck)
        b->state = READY;
    for (uint32_t i = 0; i < b->count; i++)
        if (b->later & BIT(i))
            slots_free(&slots, b->base + i);
    b->later = 0;
    request_wake(&frames);
    request_wake(&counters.swap_reads);
}

/* The pages of a STUCK buffer to another place on the disk; those that are on it stay where they are. */
static bool buffer_move(struct buffer *b)
{
    uint32_t n = 0, first;
    uint32_t want = (uint32_t)__builtin_popcount(b->live & b->failed);

    if (slots_find(&slots, want, &first) < want)
        return false;
    for (uint32_t i = 0; i < b->count; i++) {
        struct anon *anon = b->owner[i];
        if (!(b->live & b->failed & BIT(i)))
            continue;
        if (i != n)
            page_copy(page_of(b, n), page_of(b, i));
        slots_free(&slots, b->base + i);
        slots_take(&slots, first + n);
        anon->slot = first + n;
        b->owner[n++] = anon;
    }
    b->base = first;
    b->count = n;
    b->live = (uint8_t)((1u << n) - 1);
    b->failed = 0;
    buffer_write(b);
    return true;
}

static bool buffer_open(void)
{
    uint32_t first, room = slots_find(&slots, CLUSTER, &first);
    struct buffer *b = room ? buffer_take() : NULL;

    if (!b)
        return false;
    b->state = OPEN;
    b->base = first;
    b->room = room;
    open_one = b;
    return true;
}

/* --- out --- */

/* May writing be tried? Where it failed again and again, only now and then. */
static bool worth_trying(void)
{
    if (failures < FAILURES_MAX)
        return true;
    if (++refusals < RETRY_AFTER)
        return false;
    refusals = 0;
    failures = FAILURES_MAX - 1;
    return true;
}

/* Takes back what has rested. */
static void collect_parts(void)
{
    for (struct disk_part *part = parts; part < parts + DISK_PARTS; part++) {
        if (part->count == 0 || part->ended == 0 ||
            (uint64_t)sys_clock() - part->ended < DISK_PART_REST)
            continue;
        for (uint32_t i = 0; i < part->count; i++)
            slots_free(&slots, part->first + i);
        part->count = 0;
    }
}

static enum swap_room room(void)
{
    if (open_one)
        return SWAP_ROOM;
    if (disk == HANDLE_NONE || !worth_trying())
        return SWAP_FULL;
    for (unsigned i = 0; i < buffer_count; i++)
        if (buffers[i].state == STUCK && buffer_move(&buffers[i]))
            return SWAP_BUSY;
    if (buffers_in(WRITING) + buffers_in(STUCK) >= buffer_count - FOR_READING)
        return buffers_in(WRITING) ? SWAP_BUSY : SWAP_FULL;
    if (slots.used == slots.count)
        collect_parts();
    if (slots.used == slots.count) /* some may be about to be free */
        return buffers_in(WRITING) ? SWAP_BUSY : SWAP_FULL;
    return buffer_open() ? SWAP_ROOM : SWAP_BUSY;
}

static bool flush(void)
{
    struct buffer *b = open_one;

    if (!b || b->count == 0)
        return false;
    open_one = NULL;
    buffer_write(b);
    return true;
}

static void out(struct anon *anon)
{
    struct buffer *b = open_one;
    uint32_t i = b->count++;

    slots_take(&slots, b->base + i);
    anon->slot = b->base + i;
    b->owner[i] = anon;
    b->live |= BIT(i);
    b->touched = ++now;
    page_copy(page_of(b, i), frame_memory(anon->frame));
    if (b->count == b->room)
        flush();
}

/* --- in --- */

static void was_read(struct io_job *job)
{
    struct buffer *b = (struct buffer *)job;

    b->state = READY;
    b->fresh = true;
    counters.swap_read +=
        b->count - (uint32_t)__builtin_popcount(b->failed & ((1u << b->count) - 1));
    if (b->failed & BIT(b->target))
        counters.swap_errors++;
    b->live &= (uint8_t)(~b->failed | BIT(b->target)); /* whoever waits is told */
    request_wake(b);
    request_wake(&frames);
    request_wake(&counters.swap_reads);
}

/* Reads a slot and those around it: the buffer, or NULL, when all are busy. */
static struct buffer *read_around(uint32_t slot)
{
    struct buffer *b;

    if (buffers_in(READING) >= buffer_count - FOR_WRITING)
        return NULL;
    b = buffer_take();
    if (!b)
        return NULL;
    b->state = READING;
    b->base = slot / CLUSTER * CLUSTER;
    b->count = slots.count - b->base < CLUSTER ? slots.count - b->base : CLUSTER;
    b->target = slot - b->base;
    b->live = 0;
    for (uint32_t i = 0; i < b->count; i++)
        if (slots_is_taken(&slots, b->base + i))
            b->live |= BIT(i);
    for (unsigned k = 0; k < buffer_count; k++) /* what is not on the disk yet */
        for (uint32_t i = 0; unwritten(&buffers[k]) && i < buffers[k].count; i++)
            if (buffers[k].base + i - b->base < b->count)
                b->live &= (uint8_t)~BIT(buffers[k].base + i - b->base);
    b->job.run = run_read;
    b->job.done = was_read;
    counters.swap_reads++;
    io_submit(&b->job, IO_SWAP);
    return b;
}

/* The buffer in which a slot's page is, or will be; one that has it is better than one that reads it. */
static struct buffer *find(uint32_t slot)
{
    struct buffer *reading = NULL;

    for (unsigned k = 0; k < buffer_count; k++) {
        struct buffer *b = &buffers[k];
        if (!spans(b, slot) || !(b->live & BIT(slot - b->base)))
            continue;
        if (b->state != READING)
            return b;
        reading = b;
    }
    return reading;
}

static enum swap_found in(uint32_t slot, const void **data, const void **waits_for)
{
    struct buffer *b = find(slot);
    uint32_t i;

    if (!b)
        b = read_around(slot);
    *waits_for = b ? (const void *)b : &counters.swap_reads;
    if (!b || b->state == READING)
        return SWAP_WAIT;
    i = slot - b->base;
    if (b->state == READY && b->failed & BIT(i)) { /* the next one tries again */
        b->live &= (uint8_t)~BIT(i);
        b->fresh = false;
        return SWAP_ERROR;
    }
    counters.swap_again += !b->fresh;
    if (b->fresh && i == b->target)
        b->fresh = false;
    b->touched = ++now;
    *data = page_of(b, i);
    return SWAP_HERE;
}

static bool is_here(uint32_t slot)
{
    const struct buffer *b = find(slot);

    return b && b->state != READING && !(b->state == READY && b->failed & BIT(slot - b->base));
}

static void give_back(uint32_t slot)
{
    bool later = false;

    for (unsigned k = 0; k < buffer_count; k++) {
        struct buffer *b = &buffers[k];
        if (!spans(b, slot))
            continue;
        uint8_t bit = BIT(slot - b->base);
        b->live &= (uint8_t)~bit;
        if (b->state == OPEN || b->state == WRITING) {
            b->later |= bit;
            later = true;
        } else if (b->state == STUCK && !(b->live & b->failed)) {
            b->state = READY;
        }
    }
    if (!later)
        slots_free(&slots, slot);
}

static uint32_t used(void)
{
    return disk == HANDLE_NONE ? 0 : slots.used - 1;
}

/* --- parts for others --- */

static uint32_t free_slots(void)
{
    return disk == HANDLE_NONE ? 0 : slots.count - slots.used;
}

handle_t disk_right(void)
{
    return disk;
}

uint32_t disk_part_most(void)
{
    uint32_t half = (uint32_t)counters.swap_slots / 2, free, lent = 0;

    collect_parts();
    free = free_slots() / 2;
    for (unsigned i = 0; i < DISK_PARTS; i++)
        lent += parts[i].ended ? 0 : parts[i].count;
    return lent >= half ? 0 : free < half - lent ? free : half - lent;
}

struct disk_part *disk_part_take(uint32_t want)
{
    struct disk_part *part = parts;

    while (part < parts + DISK_PARTS && part->count > 0)
        part++;
    if (part == parts + DISK_PARTS)
        return NULL;
    if (open_one && !flush()) { /* what it has in view is not taken yet */
        open_one->state = EMPTY;
        open_one = NULL;
    }
    *part = (struct disk_part){0};
    part->count = slots_find(&slots, want, &part->first);
    for (uint32_t i = 0; i < part->count; i++)
        slots_take(&slots, part->first + i);
    return part->count ? part : NULL;
}

void disk_part_end(struct disk_part *part)
{
    part->ended = (uint64_t)sys_clock();
}

#ifdef OCTAVO_DEBUG
static void audit(void)
{
    uint32_t taken = 0;

    if (disk == HANDLE_NONE)
        return;
    for (uint32_t slot = 0; slot < slots.count; slot++)
        taken += slots_is_taken(&slots, slot);
    PAGER_CHECK(taken == slots.used);
    PAGER_CHECK(!open_one || open_one->state == OPEN);
    for (unsigned k = 0; k < buffer_count; k++) {
        const struct buffer *b = &buffers[k];
        for (uint32_t i = 0; i < b->count; i++) {
            PAGER_CHECK(!unwritten(b) || slots_is_taken(&slots, b->base + i) || b->state == STUCK);
            if (b->live & BIT(i) && unwritten(b))
                PAGER_CHECK(b->owner[i]->slot == b->base + i);
        }
    }
}
#define AUDIT audit
#else
#define AUDIT NULL
#endif

/* --- start --- */

void disk_setup(handle_t right)
{
    static const struct anon_swap swap = {.room = room,
                                          .out = out,
                                          .flush = flush,
                                          .in = in,
                                          .is_here = is_here,
                                          .free = give_back,
                                          .used = used,
                                          .audit = AUDIT,
                                          .keeps = true};
    struct message m = {.tag = BLK_INFO};
    uint64_t count;

    anon_swap = &swap;
    if (right == HANDLE_NONE || ipc_request(right, &m) < 0 || m.w[1] & BLK_IS_READ_ONLY)
        return;
    count = m.w[0] / (PAGE_SIZE / BLK_SECTOR);
    if (count > SLOTS_MAX)
        count = SLOTS_MAX;
    unsigned want = frames.limit / BUFFER_PART;
    buffer_count = want < BUFFERS_LEAST ? BUFFERS_LEAST : want < BUFFERS ? want : BUFFERS;
    uint8_t *memory = memory_metadata(buffer_count * CLUSTER * PAGE_SIZE);
    uint64_t *map = memory_metadata((count / 8 + PAGE_SIZE) & ~PAGE_MASK);
    if (count < 2 || !memory || !map)
        return;
    slots_setup(&slots, map, (uint32_t)count);
    for (unsigned i = 0; i < buffer_count; i++)
        buffers[i].data = memory + i * CLUSTER * PAGE_SIZE;
    counters.swap_slots = slots.count - 1;
    disk = right;
}
