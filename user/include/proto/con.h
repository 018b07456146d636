/* SPDX-License-Identifier: MIT
 *
 * The console server: a serial line with POSIX's line discipline. Label = operation; an answer's
 * label is 0, or a positive errno. A right's badge says which stream it is: CON_BADGE_*. */
#ifndef OCTAVO_PROTO_CON_H
#define OCTAVO_PROTO_CON_H

#include <stdint.h>

enum con_operation {
    /* a2 most bytes; `out`. Waits for a line (raw: for a byte). Answer: a2 bytes, 0 = end of file. A
     * waiting reader that dies leaves nothing behind. EAGAIN: too many wait already. */
    CON_READ = 1,
    /* a2 bytes; `in`. Waits for room. Answer: a2 bytes taken, at least 1. */
    CON_WRITE = 2,
    /* a2 new CON_MODE_* flags, or -1 to ask. Answer: a2 old flags. Under octavo-run the answer has
     * CON_MODE_FRAMED and nothing changes. */
    CON_MODE = 3,
    /* a2 bytes; `in`. As WRITE to standard error, but never waits: what does not fit is dropped. For
     * servers that the console must not hold up. */
    CON_LOG = 4,
    /* Answered when all output has left. */
    CON_DRAIN = 5,
    /* Control right only: octavo-run's marks (proto/run.h). a2 CON_RUN_*; BEGIN: a3 1 when standard input
     * is empty; END: a3 status, answered when all output has left. */
    CON_RUN = 6,
    /* Answered at once: a2 CON_IS_*. */
    CON_READY = 7
};

#define CON_BADGE_STDIN 1 /* writing to it writes to standard output, as on a terminal */
#define CON_BADGE_STDOUT 2
#define CON_BADGE_STDERR 3
#define CON_BADGE_CONTROL 4 /* init's, and login's: also CON_RUN; init notifies through it */

#define CON_IS_READABLE 1 /* CON_READ would not wait */
#define CON_IS_WRITABLE 2

#define CON_RUN_BEGIN 0
#define CON_RUN_END 1

#define CON_MODE_ECHO 1
#define CON_MODE_CANONICAL 2 /* lines, with editing; else raw */
#define CON_MODE_SIGNALS 4   /* ^C interrupts the foreground process */
#define CON_MODE_CRLF 8      /* output NL as CR NL, input CR as NL */
#define CON_MODE_FRAMED 16   /* octavo-run's protocol: proto/run.h */

/* con notifies init with these bits (the notify right that init gave it). */
#define CON_NOTIFY_INTERRUPT 1 /* ^C */
#define CON_NOTIFY_DRAINED 2   /* init's CON_ASK_DRAIN is done */

/* init notifies con with these bits (the control right). */
#define CON_ASK_LOG 1   /* there is text in the log ring */
#define CON_ASK_DRAIN 2 /* notify init when all output has left */

/* Init's messages, a ring in memory that init shares with con: init must never wait for con, not even
 * while con itself has faulted and waits for init. Init moves `head`, con moves `tail`; both only
 * grow, the byte number n is at n mod CON_LOG_BYTES. What does not fit, init drops and counts. */
#define CON_LOG_BASE 0x3200000000ul /* where con sees it */
#define CON_LOG_BYTES 8128u
struct con_log {
    uint64_t head;
    uint64_t tail;
    uint64_t dropped; /* bytes */
    uint64_t reserved[5];
    uint8_t text[CON_LOG_BYTES];
};
_Static_assert(sizeof(struct con_log) == 8192, "two pages");

#endif
