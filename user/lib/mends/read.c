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

/* Bytes that come next, up to `most` and to a delimiter (EOF: none), at *from, where `byte` may hold one.
 * Results: their number, taken off the stream; 0 at the end, or after an error. */
static size_t next_bytes(FILE *file, size_t most, int delimiter, const char **from, char *byte)
{
    struct __file_bufio *b = stream_buffer(file);

    if (b && b->dir == __SRD && b->off < b->len && !file->unget) {
        size_t n = (size_t)(b->len - b->off) < most ? (size_t)(b->len - b->off) : most;
        *from = b->buf + b->off;
        const char *end = delimiter == EOF ? NULL : memchr(*from, delimiter, n);
        n = end ? (size_t)(end + 1 - *from) : n;
        b->off += (int)n;
        return n;
    }
    int c = getc(file);
    *byte = (char)c;
    *from = byte;
    return c != EOF;
}

/* Reads to where it is wanted, which is the buffer for one call. False: there is something in the buffer, or it is
 * as large. */
static bool read_directly(FILE *file, char *to, size_t size, size_t *done)
{
    struct __file_bufio *b = stream_buffer(file);

    if (!b || size < (size_t)b->size || file->unget || (b->dir == __SRD && b->off < b->len))
        return false;
    const struct __file_bufio own = *b;
    b->buf = to;
    b->size = size < INT_MAX ? (int)size : INT_MAX;
    int c = file->get(file);
    *done = c < 0 ? 0 : (size_t)b->len;
    if (c < 0)
        file->flags |= c == _FDEV_ERR ? __SERR : __SEOF;
    b->buf = own.buf;
    b->size = own.size;
    b->len = b->off = 0;
    return true;
}

size_t fread(void *to, size_t size, size_t count, FILE *file)
{
    size_t bytes, done = 0, n = 1;
    const char *from;
    char byte;

    if (__builtin_mul_overflow(size, count, &bytes) || bytes == 0)
        return 0;
    stream_lock(file);
    for (; done < bytes && n > 0; done += n)
        if (!read_directly(file, (char *)to + done, bytes - done, &n)) {
            n = next_bytes(file, bytes - done, EOF, &from, &byte);
            memcpy((char *)to + done, from, n);
        }
    stream_unlock(file);
    return done / size;
}

char *fgets(char *to, int size, FILE *file)
{
    size_t room = size > 0 ? (size_t)size - 1 : 0, done = 0, n = 1;
    uint8_t before = file->flags & __SERR;
    const char *from;
    char byte;

    if (size <= 0)
        return NULL;
    stream_lock(file);
    file->flags &= (uint8_t)~__SERR;
    for (; done < room && n > 0 && (done == 0 || to[done - 1] != '\n'); done += n) {
        n = next_bytes(file, room - done, '\n', &from, &byte);
        memcpy(to + done, from, n);
    }
    bool failed = (file->flags & __SERR) || (done == 0 && room > 0);
    file->flags |= before;
    stream_unlock(file);
    to[done] = '\0';
    return failed ? NULL : to;
}

/* Makes room for n more bytes and a 0. */
static bool line_grow(char **line, size_t *size, size_t used, size_t n)
{
    if (*line && used + n + 1 <= *size)
        return true;
    char *more = used + n < SSIZE_MAX / 2 ? realloc(*line, 2 * (used + n) + LINE_FIRST) : NULL;
    if (!more)
        return false;
    *line = more;
    *size = 2 * (used + n) + LINE_FIRST;
    return true;
}

ssize_t getdelim(char **restrict line, size_t *restrict size, int delimiter, FILE *restrict file)
{
    size_t used = 0, n = 1;
    const char *from;
    char byte;

    if (!line || !size) {
        errno = EINVAL;
        return -1;
    }
    stream_lock(file);
    while (n > 0 && (used == 0 || (unsigned char)(*line)[used - 1] != delimiter)) {
        n = next_bytes(file, SIZE_MAX, delimiter, &from, &byte);
        if (!line_grow(line, size, used, n)) {
            used = 0;
            errno = ENOMEM;
            stream_fail(file);
            break;
        }
        memcpy(*line + used, from, n);
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
