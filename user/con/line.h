/* SPDX-License-Identifier: MIT
 *
 * The line discipline: what becomes of the bytes that are typed (POSIX base definitions 11.1, General
 * Terminal Interface). Canonical mode gives whole lines, with editing; raw mode gives bytes as they
 * come. Pure logic: it must not make system calls, so that the host tests it (tests/host/test_line.c).
 *
 * The bytes lie in one ring, in three parts:
 *
 *     tail ........ committed ........ head
 *      may be read    being edited
 *
 * A ^D is kept in the ring as a marked byte: it ends a line without being part of it. */
#ifndef OCTAVO_CON_LINE_H
#define OCTAVO_CON_LINE_H

#include "user/con/output.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_BYTES 16384u /* a power of two */

/* The keys. ^\ works in raw mode too, so that a stuck machine can always be asked. */
#define LINE_KEY_INTERRUPT 0x03 /* ^C */
#define LINE_KEY_EOF 0x04       /* ^D */
#define LINE_KEY_ERASE_BS 0x08  /* ^H */
#define LINE_KEY_REPRINT 0x12   /* ^R */
#define LINE_KEY_KILL 0x15      /* ^U */
#define LINE_KEY_WORD 0x17      /* ^W */
#define LINE_KEY_DUMP 0x1c      /* ^\ */
#define LINE_KEY_ERASE 0x7f     /* DEL */

/* What a byte did besides. */
#define LINE_INTERRUPT 1u /* ^C: unread input is gone */
#define LINE_DUMP 2u      /* ^\ */

struct line {
    struct output *output;        /* for echoes */
    unsigned mode;                /* CON_MODE_* */
    bool ended;                   /* framed: no more input will come */
    bool escaped;                 /* framed: the last byte was RUN_IN_DLE */
    size_t tail, committed, head; /* bytes since the beginning */
    unsigned start;               /* the terminal's column where the edited line begins */
    uint8_t byte[LINE_BYTES];
    uint8_t marked[LINE_BYTES / 8]; /* a bit a byte: it is a ^D */
};

void line_setup(struct line *line, struct output *output, unsigned mode);

/* Takes one typed byte; LINE_* flags. In raw mode there must be room (line_room); in canonical mode
 * what does not fit is answered with a bell. */
unsigned line_input(struct line *line, uint8_t byte);

/* Takes one byte of octavo-run (proto/run.h). There must be room. */
void line_input_framed(struct line *line, uint8_t byte);

/* Changes the mode; LINE_* flags. Going canonical, unread bytes are edited as if typed now, so that
 * lines typed ahead at a shell's raw prompt reach the program that it starts. */
unsigned line_set_mode(struct line *line, unsigned mode);

/* Forgets all that was not read. */
void line_flush(struct line *line);

size_t line_room(const struct line *line);

/* What read() would get now: up to max bytes, at most one line in canonical mode. -1: it has to wait;
 * 0: end of file. Nothing is consumed: the bytes belong to the reader only when they have reached it. */
long line_peek(const struct line *line, uint8_t *bytes, size_t max);

/* Consumes n bytes of what line_peek() gave; 0 consumes an end of file. */
void line_consume(struct line *line, size_t n);

#endif
