/* SPDX-License-Identifier: MIT
 *
 * fputc, putc, fputs, puts, fwrite, perror (C17 7.21.7 and .8). In 1.8 to 1.8.12 each byte that goes to a stream
 * without a buffer is a system call of its own, so that what two processes say is mixed; output to a stream
 * that only reads sets neither errno nor the error indicator, and in fwrite no failure sets that. */
#include <string.h>
#include "user/lib/mends/stream.h"

#define PART_MOST (1 << 30) /* bytes; picolibc counts those of a buffer by int */

#undef putc

/* Under the lock, here and below. */
static bool start(FILE *file)
{
    struct __file_bufio *b = stream_buffer(file);

    if (!(file->flags & __SWR)) {
        errno = EBADF;
        return false;
    }
    if (b && b->dir != __SWR) {
        file->flush(file);
        b->dir = __SWR;
        b->len = b->off = 0;
    }
    return true;
}

/* What does not fit into the buffer is written from where it lies: it is the buffer for one flush. */
static size_t write_part(FILE *file, struct __file_bufio *b, const char *from, size_t size)
{
    char *buffer = b->buf;

    if (size >= (size_t)(b->size - b->len) && file->flush(file) < 0)
        return 0;
    if (size < (size_t)b->size) {
        memcpy(b->buf + b->len, from, size);
        b->len += (int)size;
        return !(b->bflags & __BLBF) || !memchr(from, '\n', size) || file->flush(file) == 0 ? size
                                                                                            : 0;
    }
    size = size < PART_MOST ? size : PART_MOST;
    b->buf = (char *)(uintptr_t)from;
    b->len = (int)size;
    int result = file->flush(file);
    b->buf = buffer;
    b->len = 0;
    return result < 0 ? 0 : size;
}

static size_t write_bytes(FILE *file, const char *from, size_t size)
{
    struct __file_bufio *b = stream_buffer(file);
    const char *newline = b && b->bflags & __BLBF ? memrchr(from, '\n', size) : NULL;
    size_t done = 0, lines = newline ? (size_t)(newline + 1 - from) : 0, n = 1;

    stream_lock(file);
    for (bool right = start(file); right && done < size && n > 0; done += n) {
        size_t part = (done < lines ? lines : size) - done;
        n = b ? write_part(file, b, from + done, part) : file->put(from[done], file) >= 0;
        if (n > 0 && done + n == lines && file->flush(file) < 0)
            n = 0;
    }
    if (done < size)
        stream_fail(file);
    stream_unlock(file);
    return done;
}

size_t fwrite(const void *from, size_t size, size_t count, FILE *file)
{
    size_t bytes;

    if (__builtin_mul_overflow(size, count, &bytes) || bytes == 0)
        return 0;
    return write_bytes(file, from, bytes) / size;
}

int fputs(const char *text, FILE *file)
{
    size_t size = strlen(text);

    return write_bytes(file, text, size) == size ? 0 : EOF;
}

int fputc(int c, FILE *file)
{
    stream_lock(file);
    bool done = start(file) && file->put((char)c, file) >= 0;
    if (!done)
        stream_fail(file);
    stream_unlock(file);
    return done ? (unsigned char)c : EOF;
}

int putc(int c, FILE *file)
{
    return fputc(c, file);
}

int puts(const char *text)
{
    return fprintf(stdout, "%s\n", text) < 0 ? EOF : 0;
}

void perror(const char *text)
{
    const char *why = strerror(errno);

    fprintf(stderr, "%s%s%s\n", text ? text : "", text && *text ? ": " : "", why);
}
