/* SPDX-License-Identifier: MIT
 *
 * getdelim and getline (POSIX.1-2017): lines of any length. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "user/lib/posix/stdio_file.h"

#define LINE_FIRST 128

/* Makes room for n more bytes and a 0. */
static bool line_grow(char **line, size_t *size, size_t used, size_t n)
{
    if (*line && used + n + 1 <= *size)
        return true;
    if (used + n + 1 > SSIZE_MAX) {
        errno = EOVERFLOW;
        return false;
    }
    size_t room = 2 * (used + n) + LINE_FIRST;
    char *more = realloc(*line, room);
    if (!more)
        return false;
    *line = more;
    *size = room;
    return true;
}

/* What the buffer has of the line, at once. */
static ssize_t line_take(struct stdio_file *f, char **line, size_t *size, size_t used,
                         int delimiter)
{
    const unsigned char *from = f->buffer + f->at;
    const unsigned char *end = memchr(from, delimiter, f->end - f->at);
    size_t n = end ? (size_t)(end + 1 - from) : f->end - f->at;

    if (!line_grow(line, size, used, n))
        return -1;
    memcpy(*line + used, from, n);
    f->at += n;
    return (ssize_t)n;
}

static ssize_t line_read(FILE *file, char **line, size_t *size, int delimiter)
{
    struct stdio_file *f = stdio_own(file);
    size_t used = 0;

    for (;;) {
        if (f && f->backs == 0 && f->direction == STDIO_READING && f->at < f->end) {
            ssize_t n = line_take(f, line, size, used, delimiter);
            if (n < 0)
                return -1;
            used += (size_t)n;
        } else {
            int c = f ? stdio_get_one(f) : fgetc(file);
            if (c == EOF)
                break;
            if (!line_grow(line, size, used, 1)) {
                ungetc(c, file);
                return -1;
            }
            (*line)[used++] = (char)c;
        }
        if ((unsigned char)(*line)[used - 1] == delimiter)
            break;
    }
    if (used == 0)
        return -1;
    (*line)[used] = '\0';
    return (ssize_t)used;
}

ssize_t getdelim(char **restrict line, size_t *restrict size, int delimiter, FILE *restrict file)
{
    if (!line || !size) {
        errno = EINVAL;
        return -1;
    }
    flockfile(file);
    ssize_t result = line_read(file, line, size, delimiter);
    funlockfile(file);
    return result;
}

ssize_t getline(char **restrict line, size_t *restrict size, FILE *restrict file)
{
    return getdelim(line, size, '\n', file);
}
