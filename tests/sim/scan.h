/* SPDX-License-Identifier: MIT
 *
 * scan.h - words and lines of a file that may be compressed.
 *
 * .gz and .zst are known by their first bytes, whatever the file's name, and are read through
 * `gzip -dc` and `zstd -dc`.
 */
#ifndef SIM_SCAN_H
#define SIM_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { SCAN_BUFFER = 1 << 16, SCAN_WORD = 512 };

enum scan_token { SCAN_A_WORD, SCAN_NEWLINE, SCAN_END };

struct scan {
    const char *path;
    uint64_t line; /* of the last token, from 1 */
    bool wrong;    /* a reason has been printed */
    char word[SCAN_WORD];

    int fd;
    pid_t child; /* the decompressor, or 0 */
    const char *tool;
    bool bytes;   /* it is no text: read by scan_ahead() */
    bool newline; /* the last token was one: the next is on a new line */
    size_t at, length;
    char buffer[SCAN_BUFFER];
};

/* Opens a file ("-": standard input). False: the reason was printed. */
bool scan_open(struct scan *scan, const char *path);

/* False if something was wrong, the decompressor's end included. */
bool scan_close(struct scan *scan);

/* The next token; a word is in scan->word. SCAN_END also after an error. */
enum scan_token scan_next(struct scan *scan);

/* Skips to the end of the line; the next token is its SCAN_NEWLINE or SCAN_END. */
void scan_skip_line(struct scan *scan);

/* The first bytes of the text, without consuming them; at most SCAN_BUFFER, fewer at the end. */
size_t scan_peek(struct scan *scan, const char **text);

/*
 * Of a file that is no text: the bytes to come, at least `want` of them unless it ends, without
 * consuming them; scan_take() does. Returns how many.
 */
size_t scan_ahead(struct scan *scan, size_t want, const char **bytes);
void scan_take(struct scan *scan, size_t count);

/* Prints "path:line: reason" once, and makes every further token SCAN_END. */
void scan_fail(struct scan *scan, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A decimal or 0x number below 2^64, whole; false if it is not one. */
bool scan_number(const char *word, uint64_t *value);

#endif
