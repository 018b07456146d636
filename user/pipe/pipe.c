/* SPDX-License-Identifier: MIT
 *
 * The pipes there are: see pipe.h. It answers nobody. */
#include "user/pipe/pipe.h"
#include <errno.h>
#include <octavo/server.h>
#include <octavo/wired.h>
#include <string.h>

/* Rings lie in blocks of their own, of page_alloc. A few that are free keep their frames. */
#define RING_BASE (WIRED_HEAP_END + (16ul << 20))
#define RINGS_KEPT 8u
#define PAGES (PIPE_CAPACITY / 4096u)

struct pipe pipes[PIPES_MAX];
static bool has_ring[PIPES_MAX]; /* its block has frames */
static unsigned rings_kept;      /* of pipes not in use */
static uint64_t next_number = 1;

static uint8_t *ring_of(unsigned index)
{
    return (uint8_t *)(RING_BASE + index * (uint64_t)PIPE_CAPACITY);
}

/* The slot for a new pipe: one that still has its frames, if there is one. PIPES_MAX: none. */
static unsigned free_slot(void)
{
    unsigned found = PIPES_MAX;

    for (unsigned i = 0; i < PIPES_MAX; i++)
        if (!pipes[i].number && (found == PIPES_MAX || has_ring[i])) {
            found = i;
            if (has_ring[i])
                break;
        }
    return found;
}

static unsigned share_of(uint32_t client)
{
    unsigned share = 0;

    for (unsigned i = 0; i < PIPES_MAX; i++)
        share += pipes[i].number && pipes[i].client == client;
    return share;
}

static int ring_get(unsigned index)
{
    if (has_ring[index]) {
        rings_kept--;
        return 0;
    }
    if (sys_page_alloc((unsigned long)ring_of(index), PAGES) < 0) {
        sys_page_free((unsigned long)ring_of(index), PAGES); /* some may be there */
        return -ENOMEM;
    }
    has_ring[index] = true;
    return 0;
}

static void ring_put(unsigned index)
{
    if (rings_kept < RINGS_KEPT) {
        rings_kept++;
        return;
    }
    sys_page_free((unsigned long)ring_of(index), PAGES);
    has_ring[index] = false;
}

struct pipe *pipe_create(uint32_t client, unsigned flags, int *error)
{
    unsigned index = free_slot();

    *error = ENFILE;
    if (index == PIPES_MAX)
        return NULL;
    *error = EMFILE;
    if (share_of(client) >= PIPES_PER_CLIENT)
        return NULL;
    *error = ENOMEM;
    if (ring_get(index) < 0)
        return NULL;
    struct pipe *pipe = &pipes[index];
    pipe->number = next_number++;
    pipe->client = client;
    pipe->open[PIPE_READER] = pipe->open[PIPE_WRITER] = true;
    pipe->flags[PIPE_READER] = pipe->flags[PIPE_WRITER] = flags;
    pipe->ring = ring_of(index);
    pipe->head = pipe->tail = 0;
    pipe->moved_back = false;
    pipe->waiters[PIPE_READER].count = pipe->waiters[PIPE_WRITER].count = 0;
    return pipe;
}

void pipe_close(struct pipe *pipe, enum pipe_end end)
{
    pipe->open[end] = false;
    if (pipe->open[PIPE_READER] || pipe->open[PIPE_WRITER])
        return;
    pipe->number = 0;
    ring_put((unsigned)(pipe - pipes));
}

uint64_t pipe_badge(const struct pipe *pipe, enum pipe_end end)
{
    return (pipe->number << PIPE_INDEX_BITS | (uint64_t)(pipe - pipes)) << 1 | end;
}

void pipe_take_words(const struct pipe *pipe, unsigned long *word, unsigned long length)
{
    uint8_t *byte = (uint8_t *)word;

    for (unsigned long i = 0; i < length; i++)
        byte[i] = pipe->ring[(pipe->tail + i) % PIPE_CAPACITY];
}

void pipe_put_words(struct pipe *pipe, const unsigned long *word, unsigned long length)
{
    const uint8_t *byte = (const uint8_t *)word;

    for (unsigned long i = 0; i < length; i++)
        pipe->ring[(pipe->head + i) % PIPE_CAPACITY] = byte[i];
}

long pipe_readable(const struct pipe *pipe, unsigned long length, bool queued)
{
    unsigned long held = pipe_held(pipe);

    if (!queued && pipe->waiters[PIPE_READER].count)
        return pipe->flags[PIPE_READER] & PIPE_NONBLOCK ? -EAGAIN : PIPE_WAIT;
    if (held)
        return (long)(held < length ? held : length);
    if (!pipe->open[PIPE_WRITER])
        return 0;
    return !queued && pipe->flags[PIPE_READER] & PIPE_NONBLOCK ? -EAGAIN : PIPE_WAIT;
}

/* Up to PIPE_ATOMIC all or nothing. More waits for room for that much, not for every few bytes. */
long pipe_writable(const struct pipe *pipe, unsigned long length, bool queued)
{
    unsigned long room = PIPE_CAPACITY - pipe_held(pipe);
    bool waits = queued || !(pipe->flags[PIPE_WRITER] & PIPE_NONBLOCK);
    unsigned long least = length <= PIPE_ATOMIC ? length : waits ? PIPE_ATOMIC : 1;

    if (!pipe->open[PIPE_READER])
        return -EPIPE;
    if ((!queued && pipe->waiters[PIPE_WRITER].count) || room < least)
        return waits ? PIPE_WAIT : -EAGAIN;
    return (long)(room < length ? room : length);
}

static void drop_stale(struct waiters *waiters)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < waiters->count; i++)
        if (server_waits(waiters->entry[i].token))
            waiters->entry[kept++] = waiters->entry[i];
    waiters->count = kept;
}

bool pipe_wait(struct pipe *pipe, enum pipe_end end, const struct waiter *waiter)
{
    struct waiters *waiters = &pipe->waiters[end];

    if (waiters->count == WAITERS_MAX)
        drop_stale(waiters);
    if (waiters->count == WAITERS_MAX)
        return false;
    waiters->entry[waiters->count++] = *waiter;
    return true;
}

void pipe_wait_done(struct pipe *pipe, enum pipe_end end)
{
    struct waiters *waiters = &pipe->waiters[end];

    if (--waiters->count)
        memmove(waiters->entry, waiters->entry + 1, waiters->count * sizeof(waiters->entry[0]));
}
