/* SPDX-License-Identifier: MIT
 *
 * The file that a pager writes when it is asked to record (PAGER_RECORD): what happened to it and what it
 * asked of its policy, in order. This header is the whole format, for who writes it and who reads it, in
 * the guest and on the host; docs/tracing.md tells what the events mean and how to read them as text.
 * Must include nothing but the standard's own headers.
 *
 * TRACE_MAGIC, then events to the end of the file. An event is its kind, one byte, a letter, and its fields,
 * as trace_fields() says: numbers are LEB128 (7 bits a byte, least significant first, the top bit says
 * that more follow), strings a number and that many bytes. The first event is TRACE_POLICY.
 * The text form (tests/sim/record.h) is the same: a line is the letter and the fields. */
#ifndef OCTAVO_PROTO_TRACE_H
#define OCTAVO_PROTO_TRACE_H

#include <stddef.h>
#include <stdint.h>

#define TRACE_MAGIC "OCTRACE1" /* 8 bytes */
#define TRACE_MAGIC_BYTES 8u

enum trace_kind {
    /* What the policy is told and asked, and what it answers: enough to repeat its decisions. */
    /* begins: text, frames, max_frames, seed. All frames come by ENTER "taken" */
    TRACE_POLICY = 'P',
    TRACE_FAILED = 'F', /* it did not come back from the last call, or made none that was of use */
    TRACE_ENTER = 'e',  /* frame, object, index, why (enum policy_enter), dirty */
    TRACE_USED = 'u',   /* frame, dirty */
    TRACE_LEAVE = 'l',  /* frame, why (enum policy_leave); "evicted": its page went */
    /* object, index of the page that needs a frame, or none; then answers, RESULT */
    TRACE_VICTIM = 'v',
    TRACE_CLEAN_FIRST = 'c', /* frame; then answers, RESULT */
    TRACE_PLAN = 'p',        /* object, index, write, before, after, free; then RESULT */
    TRACE_RESULT = '=',      /* frame or none; of CLEAN_FIRST 0 or 1; of PLAN before, after */
    TRACE_TICK = 't',        /* */
    TRACE_RESIZE = 'z',      /* frames */
    /* frame: the policy asked, and the answer was yes; the same for the next two */
    TRACE_REFERENCED = 'R',
    TRACE_BUSY = 'B',
    TRACE_DIRTY = 'D',

    /* What else happened. A space is a program, by its badge. */
    TRACE_SPACE = 's', /* space, name: a program begins in it */
    TRACE_ENDED = 'x', /* space */
    /* space, address, access, pc, action (enum pager_action), pages mapped, code (VM_FAULT_*),
     * object, index: of the frame's page, none for the frame of zeros */
    TRACE_FAULT = 'f',
    TRACE_HINT = 'm', /* space, address, length, advice (MADV_*) */
    /* space, pages whose accessed bits were read and cleared, how many were set */
    TRACE_HARVEST = 'h',
    TRACE_OWN_CHOICE = 'n', /* frame or none: taken, since the nomination could not be used */
    TRACE_SWAP_OUT = 'o',   /* frame, slot: copied to swap */
    TRACE_SWAP_IN = 'i',    /* frame, slot: copied from swap */
    TRACE_WRITE = 'w',      /* object, index, pages: of a file, being written to it */
    TRACE_READ = 'r',       /* object, index, pages: of a file or an image, being read */

    TRACE_REFERENCE = 'a', /* space, page, access: of trace-refs */
    TRACE_END = 'E'        /* events before this one: the recording was ended, and is whole */
};

#define TRACE_FIELDS 9u
#define TRACE_TEXT 128u  /* bytes of a string, its end included */
#define TRACE_NUMBER 10u /* bytes of a number at most */
#define TRACE_BYTES (1u + TRACE_FIELDS * TRACE_NUMBER + TRACE_TEXT) /* of an event at most */

/* The fields of a kind, a letter each; NULL: there is no such kind.
 *   n number     x number, hexadecimal in text     b 0 or 1     a access: 1 read, 2 write, 4 execute
 *   o number or none: 0 is none, else one more than the number; "-" in text
 *   O the same, left out in text     s string     e enum policy_enter     l enum policy_leave */
static inline const char *trace_fields(unsigned kind)
{
    switch (kind) {
    case TRACE_POLICY:
        return "snnn";
    case TRACE_ENTER:
        return "nnneb";
    case TRACE_USED:
        return "nb";
    case TRACE_LEAVE:
        return "nl";
    case TRACE_VICTIM:
    case TRACE_RESULT:
        return "oO";
    case TRACE_PLAN:
        return "nnbnnn";
    case TRACE_FAILED:
    case TRACE_TICK:
        return "";
    case TRACE_CLEAN_FIRST:
    case TRACE_RESIZE:
    case TRACE_REFERENCED:
    case TRACE_BUSY:
    case TRACE_DIRTY:
    case TRACE_ENDED:
    case TRACE_END:
        return "n";
    case TRACE_SPACE:
        return "ns";
    case TRACE_FAULT:
        return "nxaxnnnoO";
    case TRACE_HINT:
        return "nxxn";
    case TRACE_OWN_CHOICE:
        return "o";
    case TRACE_SWAP_OUT:
    case TRACE_SWAP_IN:
        return "nn";
    case TRACE_HARVEST:
    case TRACE_WRITE:
    case TRACE_READ:
        return "nnn";
    case TRACE_REFERENCE:
        return "nxa";
    default:
        return NULL;
    }
}

struct trace_event {
    unsigned kind;
    uint64_t field[TRACE_FIELDS]; /* by place; TRACE_NONE where there is none; 0 for a string */
    char text[TRACE_TEXT];        /* the string, if it has one */
};
#define TRACE_NONE UINT64_MAX
#define TRACE_WRITES 2u /* of an access: ACCESS_WRITE */

static inline uint8_t *trace_put_number(uint8_t *at, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = (uint8_t)(value | 0x80);
    *at++ = (uint8_t)value;
    return at;
}

/* Writes an event, at most TRACE_BYTES. Returns how many. */
static inline size_t trace_put(uint8_t *to, const struct trace_event *event)
{
    const char *fields = trace_fields(event->kind);
    uint8_t *at = to;

    *at++ = (uint8_t)event->kind;
    for (unsigned i = 0; fields[i]; i++) {
        if (fields[i] != 's') {
            at = trace_put_number(at, event->field[i] + (fields[i] == 'o' || fields[i] == 'O'));
            continue;
        }
        size_t length = 0;
        while (length < TRACE_TEXT - 1 && event->text[length])
            length++;
        at = trace_put_number(at, length);
        for (size_t k = 0; k < length; k++)
            *at++ = (uint8_t)event->text[k];
    }
    return (size_t)(at - to);
}

static inline const uint8_t *trace_get_number(const uint8_t *at, const uint8_t *end,
                                              uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; at < end && shift < 64; shift += 7) {
        *value |= (uint64_t)(*at & 0x7f) << shift;
        if (!(*at++ & 0x80))
            return at;
    }
    return NULL;
}

/* Reads an event. Returns its bytes; 0: it does not end within `length`, or is none. */
static inline size_t trace_get(const uint8_t *from, size_t length, struct trace_event *event)
{
    const uint8_t *at = from, *end = from + length;
    const char *fields = length > 0 ? trace_fields(*at) : NULL;

    if (!fields)
        return 0;
    event->kind = *at++;
    for (unsigned i = 0; fields[i]; i++) {
        uint64_t value;
        at = trace_get_number(at, end, &value);
        if (!at || (fields[i] == 's' && (value >= TRACE_TEXT || value > (uint64_t)(end - at))))
            return 0;
        event->field[i] = fields[i] == 's' ? 0 : value - (fields[i] == 'o' || fields[i] == 'O');
        if (fields[i] != 's')
            continue;
        for (uint64_t k = 0; k < value; k++)
            event->text[k] = (char)*at++;
        event->text[value] = '\0';
    }
    return (size_t)(at - from);
}

#endif
