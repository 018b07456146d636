/* SPDX-License-Identifier: MIT
 *
 * The console server: a serial line with POSIX's line discipline. Label = operation; an answer's
 * label is 0, or a positive errno. A right's badge says which stream it is: CON_BADGE_*. */
#ifndef OCTAVO_PROTO_CON_H
#define OCTAVO_PROTO_CON_H

#include <stdint.h>

enum con_operation {
    CON_READ = 1,  /* a2 most bytes; `out`. Waits for a line (raw: for a byte). Answer: a2 bytes, 0 = end
                      of file. A waiting reader that dies leaves nothing behind */
    CON_WRITE = 2, /* a2 bytes; `in`. Answer: a2 bytes taken, at least 1 */
    CON_MODE = 3,  /* a2 new CON_MODE_* flags or -1 to ask. Answer: a2 old flags */
    CON_LOG = 4,   /* a2 bytes; `in`. As WRITE to standard error, but never waits: what does not fit is
                      dropped. For servers that the console must not hold up */
    CON_DRAIN = 5  /* answer when all output has left */
};

#define CON_BADGE_STDIN 1
#define CON_BADGE_STDOUT 2
#define CON_BADGE_STDERR 3

#define CON_MODE_ECHO 1
#define CON_MODE_CANONICAL 2 /* lines, with editing; else raw */
#define CON_MODE_SIGNALS 4   /* ^C interrupts the foreground process */
#define CON_MODE_CRLF 8      /* output NL as CR NL, input CR as NL */
#define CON_MODE_FRAMED 16   /* octavo-run's protocol: proto/run.h */

/* con notifies init with these bits (the notify right that init gave it). */
#define CON_NOTIFY_INTERRUPT 1 /* ^C */

#endif
