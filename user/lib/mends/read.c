/* SPDX-License-Identifier: MIT
 *
 * fread, fgets (C17 7.21.7 and .8), getdelim, getline (POSIX.1-2017). In 1.8 to 1.8.12 fread makes a system call
 * a byte on a stream without a buffer. fgets loses a last line without newline (1.8, 1.8.6), and gives a part of a line
 * when reading fails (1.8.10 on). getdelim is not in 1.8, later gives 0 instead of -1 at the end of the file, and
 * writes behind the line (before 1.8.12). */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "user/lib/mends/stream.h"

#define LINE_FIRST 128 /* bytes of a line's memory at first */

/* Reads to where it is wanted, which is the buffer for one call. */
static size_t read_directly(FILE *file, struct __file_bufio *b, char *to, size_t size)
{
    const struct __file_bufio own = *b;

    b->buf = to;
    b->size = size < INT_MAX ? (int)size : INT_MAX;
    int c = file->get(file);
    size_t n = c < 0 ? 0 : (size_t)b->len;
    if (c < 0)
        file->flags |= c == _FDEV_ERR ? __SERR : __SEOF;
    b->buf = own.buf;
    b->size = own.size;
    b->len = b->off = 0;
    return n;
}

/* Takes bytes off the stream, up to `size`, to the end and to a delimiter (EOF: none). Their number. */
static size_t take(FILE *file, char *to, size_t size, int delimiter)
{
    struct __file_bufio *b = stream_buffer(file);
    size_t done = 0, n = 1;

    while (done < size && n > 0 && !(done > 0 && (unsigned char)to[done - 1] == delimiter)) {
        bool buffered = b && !file->unget && b->dir == __SRD && b->off < b->len;
        if (buffered) {
            size_t there = (size_t)(b->len - b->off);
            n = there < size - done ? there : size - done;
            const char *from = b->buf + b->off, *end = memchr(from, delimiter, n);
            n = end && delimiter != EOF ? (size_t)(end + 1 - from) : n;
            memcpy(to + done, from, n);
            b->off += (int)n;
        } else if (b && !file->unget && delimiter == EOF && size - done >= (size_t)b->size) {
            n = read_directly(file, b, to + done, size - done);
        } else {
            int c = getc(file);
            n = c != EOF;
            to[done] = n ? (char)c : to[done];
        }
        done += n;
    }
    return done;
}

size_t fread(void *to, size_t size, size_t count, FILE *file)
{
    size_t bytes;

    if (__builtin_mul_overflow(size, count, &bytes) || bytes == 0)
        return 0;
    stream_lock(file);
    size_t done = take(file, to, bytes, EOF);
    stream_unlock(file);
    return done / size;
}

char *fgets(char *to, int size, FILE *file)
{
    uint8_t before = file->flags & __SERR;

    if (size <= 0)
        return NULL;
    stream_lock(file);
    file->flags &= (uint8_t)~__SERR;
    size_t done = take(file, to, (size_t)size - 1, '\n');
    bool failed = (file->flags & __SERR) || (done == 0 && size > 1);
    file->flags |= before;
    stream_unlock(file);
    to[done] = '\0';
    return failed ? NULL : to;
}

ssize_t getdelim(char **restrict line, size_t *restrict size, int delimiter, FILE *restrict file)
{
    size_t used = 0, n = 1;

    if (!line || !size) {
        errno = EINVAL;
        return -1;
    }
    stream_lock(file);
    while (n > 0 && !(used > 0 && (unsigned char)(*line)[used - 1] == delimiter)) {
        if (!*line || used + 2 > *size) {
            char *more = realloc(*line, 2 * used + LINE_FIRST);
            if (!more) {
                used = 0;
                stream_fail(file);
                break;
            }
            *line = more;
            *size = 2 * used + LINE_FIRST;
        }
        n = take(file, *line + used, *size - 1 - used, delimiter);
        used += n;
        (*line)[used] = '\0';
    }
    stream_unlock(file);
    return used ? (ssize_t)used : -1;
}

ssize_t getline(char **restrict line, size_t *restrict size, FILE *restrict file)
{
    return getdelim(line, size, '\n', file);
}
