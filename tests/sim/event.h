/* SPDX-License-Identifier: MIT
 *
 * event.h - the events of a recording, as text and as bytes: user/include/proto/trace.h has them all.
 *
 * Nothing here knows what an event means. A line of text is the event's letter and its fields; bytes
 * and text hold the same, and turn into each other without loss.
 */
#ifndef SIM_EVENT_H
#define SIM_EVENT_H

#include <stdbool.h>
#include <stdio.h>

#include "scan.h"
#include "user/include/proto/trace.h"

/* Is what comes next the beginning of a recording in bytes? Takes it if so. */
bool event_begin_bytes(struct scan *scan);

/* The next event; scan->line counts them. False at the end or when something is wrong. */
bool event_read_bytes(struct scan *scan, struct trace_event *event);

/* The event on this line, whose first word has been read. False: wrong, and the reason was printed. */
bool event_read_text(struct scan *scan, struct trace_event *event);

void event_write_bytes(FILE *file, const struct trace_event *event);
void event_write_text(FILE *file, const struct trace_event *event);

/*
 * Copies a recording, text or bytes, to a file as text, or as bytes. False, with the reason
 * printed, if it cannot be read whole.
 */
bool event_convert(const char *path, bool to_bytes, FILE *file);

#endif
