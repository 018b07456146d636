/* SPDX-License-Identifier: MIT
 *
 * Requests that wait, in the order they came: readers for input, writers for room, drains for
 * silence. An entry is only a token; when its caller dies the token goes stale, and the entry is
 * dropped when it is next looked at. */
#ifndef OCTAVO_CON_PARKED_H
#define OCTAVO_CON_PARKED_H

#include "user/con/output.h"
#include <stdbool.h>

#define PARKED_MAX 64u

struct parked {
    unsigned long token;
    unsigned long length; /* bytes wanted, or to write */
    unsigned long done;   /* of them taken (writers) */
    enum output_stream stream;
};

struct parked_queue {
    unsigned count;
    struct parked entry[PARKED_MAX]; /* 0 is the first */
};

/* False: full of callers that live. */
bool parked_add(struct parked_queue *queue, const struct parked *entry);

void parked_remove_first(struct parked_queue *queue);

/* Answers the first with a result (0 or a negative errno) and a word, and removes it. False: its
 * caller is gone and did not get it. */
bool parked_answer_first(struct parked_queue *queue, long result, unsigned long word);

/* Asks for the first one's buffer to be made present, and its call to be repeated (<abi/msg.h>). */
void parked_restart_first(struct parked_queue *queue, unsigned long direction, unsigned long bytes);

#endif
