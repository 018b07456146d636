/* SPDX-License-Identifier: MIT
 *
 * What leaves through the serial line: a ring of bytes, and what is done to a byte on its way in
 * (NL to CR NL; octavo-run's frames, proto/run.h). Pure logic: it must not make system calls, so that
 * the host tests it (tests/host/test_line.c). */
#ifndef OCTAVO_CON_OUTPUT_H
#define OCTAVO_CON_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OUTPUT_BYTES 16384u /* a power of two */

/* One byte of a program becomes at most so many: a change of stream and an escape, 2 each. */
#define OUTPUT_WORST 4u

/* Kept back, so that a program that writes without end does not swallow echoes and messages. */
#define OUTPUT_KEEP_FOR_LOG 2048u
#define OUTPUT_KEEP_FOR_ECHO 512u

enum output_stream { OUTPUT_STDOUT, OUTPUT_STDERR };

struct output {
    size_t head, tail; /* bytes put and taken since the beginning */
    unsigned column;   /* of the terminal's cursor, as far as one can tell; for erasing tabs */
    bool crlf;         /* NL goes out as CR NL */
    bool framed;       /* octavo-run listens: nothing is translated, streams are marked */
    enum output_stream stream; /* framed: the one that the host takes bytes for */
    uint8_t byte[OUTPUT_BYTES];
};

void output_setup(struct output *output);

/* How many bytes of a program surely fit when `keep` bytes of the ring must stay free after them. */
size_t output_room(const struct output *output, size_t keep);

/* Takes one byte of a program. The caller has asked output_room(). */
void output_put(struct output *output, enum output_stream stream, uint8_t byte);

/* Takes bytes as they are, for octavo-run's marks. False: no room, nothing was taken. */
bool output_put_raw(struct output *output, const char *bytes, size_t length);

static inline size_t output_pending(const struct output *output)
{
    return output->head - output->tail;
}

/* The next byte for the line; there must be one. */
static inline uint8_t output_take(struct output *output)
{
    return output->byte[output->tail++ % OUTPUT_BYTES];
}

#endif
