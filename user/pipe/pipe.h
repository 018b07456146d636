/* SPDX-License-Identifier: MIT
 *
 * Pipes as things: a ring of bytes, two ends, those who wait at each. Everything that can move is moved
 * in main.c, where answers are given. One thread, so no locks. */
#ifndef OCTAVO_PIPE_PIPE_H
#define OCTAVO_PIPE_PIPE_H

#include <abi/handle.h>
#include <proto/pipe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PIPES_MAX 128u
#define PIPES_PER_CLIENT 64u /* half: one job's bomb leaves pipes for the others */
#define WAITERS_MAX 32u      /* at one end */

enum pipe_end { PIPE_READER = 0, PIPE_WRITER = 1 };

/* A request that waits; the call it came with stays whole at its caller. Nothing of it was done. */
struct waiter {
    unsigned long token;
    unsigned long length;  /* bytes wanted, or to write */
    unsigned long word[3]; /* to write, if there are at most PIPE_INLINE */
};

struct waiters {
    unsigned count;
    struct waiter entry[WAITERS_MAX]; /* 0 is the first */
};

struct pipe {
    uint64_t number;     /* never used again; 0: not in use */
    uint32_t client;     /* whose share it is */
    bool open[2];        /* by enum pipe_end */
    unsigned flags[2];   /* PIPE_NONBLOCK */
    uint8_t *ring;       /* PIPE_CAPACITY bytes */
    uint64_t head, tail; /* bytes ever written, ever read */
    bool moved_back;     /* an answer was lost: those who wait are to be served again */
    struct waiters waiters[2];
};

/* A new one for the client, both ends open. NULL with *error EMFILE, ENFILE or ENOMEM. */
struct pipe *pipe_create(uint32_t client, unsigned flags, int *error);

/* An end is gone: nobody has a copy any more. */
void pipe_close(struct pipe *pipe, enum pipe_end end);

/* What a right to an end shows. */
uint64_t pipe_badge(const struct pipe *pipe, enum pipe_end end);

static inline enum pipe_end pipe_end_of(uint64_t badge)
{
    return badge & 1 ? PIPE_WRITER : PIPE_READER;
}

#define PIPE_INDEX_BITS 8
_Static_assert(PIPES_MAX == 1u << (PIPE_INDEX_BITS - 1),
               "a badge names every pipe, and pipe_find masks");

extern struct pipe pipes[PIPES_MAX]; /* all that there may be, in use or not */

/* The pipe of a badge, or NULL. */
static inline struct pipe *pipe_find(uint64_t badge)
{
    uint64_t number = badge >> (PIPE_INDEX_BITS + 1);
    struct pipe *pipe = &pipes[badge >> 1 & (PIPES_MAX - 1)];

    return pipe->number == number && number ? pipe : NULL;
}

static inline unsigned long pipe_held(const struct pipe *pipe)
{
    return pipe->head - pipe->tail;
}

/* Bytes between the ring and words, `length` of them (at most PIPE_INLINE, and held or free). They do
 * not move head or tail. */
void pipe_take_words(const struct pipe *pipe, unsigned long *word, unsigned long length);
void pipe_put_words(struct pipe *pipe, const unsigned long *word, unsigned long length);

/* What there is to say to a read or write that arrives: more than 0, the bytes it may move now; 0: a
 * reader finds the end; a negative errno; PIPE_WAIT. `queued`: it is the first of those who waited. */
#define PIPE_WAIT (-1000)
long pipe_readable(const struct pipe *pipe, unsigned long length, bool queued);
long pipe_writable(const struct pipe *pipe, unsigned long length, bool queued);

/* Appends a waiter. False: too many that live. */
bool pipe_wait(struct pipe *pipe, enum pipe_end end, const struct waiter *waiter);

/* Removes the first. */
void pipe_wait_done(struct pipe *pipe, enum pipe_end end);

#endif
