/* SPDX-License-Identifier: MIT
 *
 * record.h - every call between a mechanism and a policy, written down and read back.
 *
 * A recording is text, one event a line. The first two lines say what it is:
 *
 *      octavo-policy-trace 1
 *      policy NAME:KEY=VALUE,... frames N max N seed N
 *
 * Then a line per call, with the answers of services that were "yes" below the call that asked:
 *
 *      e FRAME OBJECT INDEX fault|ahead|taken DIRTY    enter
 *      u FRAME DIRTY                                   used
 *      l FRAME evicted|freed|handed                    leave
 *      v OBJECT INDEX  or  v -                         victim(incoming), then answers, then
 *      = FRAME         or  = -                         what it nominated
 *      c FRAME                                         clean_first, then answers, then = 0|1
 *      p OBJECT INDEX WRITE BEFORE AFTER FREE          plan(view), then answers, then
 *      = BEFORE AFTER                                  what it planned
 *      t                                               tick
 *      z NFRAMES                                       resize
 *      R FRAME   B FRAME   D FRAME                     referenced, busy, dirty answered true
 *
 * DIRTY and WRITE are 0 or 1. Lines that begin with # are comments. A recording from the guest
 * (docs/tracing.md) has more kinds, which a policy is not told of, and mostly comes as bytes: both
 * are read here. P TEXT FRAMES MAX SEED: from here on it is another policy, which knows of no frame.
 * F: the policy failed in the call before.
 */
#ifndef SIM_RECORD_H
#define SIM_RECORD_H

#include <stdio.h>

#include "event.h"
#include "policy.h"
#include "scan.h"

#define RECORD_MAGIC "octavo-policy-trace 1"

enum { RECORD_MAX_FRAMES = 1 << 22, RECORD_NO_FRAME = RECORD_MAX_FRAMES };

enum record_kind {
    RECORD_ENTER = 'e',
    RECORD_USED = 'u',
    RECORD_LEAVE = 'l',
    RECORD_VICTIM = 'v',
    RECORD_RESULT = '=',
    RECORD_CLEAN_FIRST = 'c',
    RECORD_PLAN = 'p',
    RECORD_TICK = 't',
    RECORD_RESIZE = 'z',
    RECORD_REFERENCED = 'R',
    RECORD_BUSY = 'B',
    RECORD_DIRTY = 'D',
    RECORD_POLICY = TRACE_POLICY,
    RECORD_FAILED = TRACE_FAILED,
    RECORD_FAULT = TRACE_FAULT,
    RECORD_REFERENCE = TRACE_REFERENCE,
};

struct record_line {
    enum record_kind kind;
    uint32_t frame;  /* also a result, and the argument of resize */
    uint32_t second; /* of a result: the second number */
    bool has_second;
    struct policy_key key; /* of enter and victim */
    bool has_key;          /* false: "v -" */
    int why;               /* enum policy_enter or enum policy_leave */
    bool dirty;
    struct policy_view view;  /* of plan */
    struct trace_event event; /* as it was read */
};

struct record_header {
    char policy[TRACE_TEXT];
    uint32_t nframes, max_frames;
    uint64_t seed;
};

/* Is it a call of a policy, or an answer, and so a part of what is played back? */
bool record_is_call(enum record_kind kind);

/* What begins a recording, also in its middle (RECORD_POLICY). False: no such number of frames. */
bool record_header_of(struct scan *scan, const struct trace_event *event,
                      struct record_header *header);

/* The two lines at the beginning, or their bytes. False: wrong, and the reason was printed. */
bool record_read_header(struct scan *scan, struct record_header *header);

/* The next event; passes over the header. False at the end or when something is wrong. */
bool record_read(struct scan *scan, struct record_line *line);

void record_write_header(FILE *file, const struct record_header *header);
void record_write(FILE *file, const struct record_line *line);

#endif
