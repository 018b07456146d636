/* SPDX-License-Identifier: MIT
 *
 * open_memstream (POSIX.1-2017): a stream whose output is memory that grows. dprintf: a stream for the
 * time of one call. */
#include <errno.h>
#include <stdarg.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "user/lib/posix/stdio_file.h"

struct memory_stream {
    char **memory; /* the caller's */
    size_t *size;
    size_t at, end, room; /* end: bytes written; at: where the next go */
};

static bool memory_grow(struct memory_stream *m, size_t wanted)
{
    if (wanted < m->room)
        return true;
    size_t room = wanted + wanted / 2 + 64;
    char *more = realloc(*m->memory, room);
    if (!more)
        return false;
    memset(more + m->room, 0, room - m->room);
    *m->memory = more;
    m->room = room;
    return true;
}

static ssize_t memory_write(struct stdio_file *f, const void *from, size_t size)
{
    struct memory_stream *m = f->cookie;

    if (!memory_grow(m, m->at + size)) {
        errno = ENOSPC;
        return -1;
    }
    memcpy(*m->memory + m->at, from, size);
    m->at += size;
    if (m->at > m->end) {
        m->end = m->at;
        (*m->memory)[m->end] = '\0';
    }
    *m->size = m->at;
    return (ssize_t)size;
}

static off_t memory_seek(struct stdio_file *f, off_t offset, int whence)
{
    struct memory_stream *m = f->cookie;
    off_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? (off_t)m->at : (off_t)m->end;

    if (__builtin_add_overflow(base, offset, &offset) || offset < 0) {
        errno = EINVAL;
        return -1;
    }
    m->at = (size_t)offset;
    *m->size = m->at < m->end ? m->at : m->end;
    return offset;
}

static int memory_close(struct stdio_file *f)
{
    struct memory_stream *m = f->cookie;

    (*m->memory)[*m->size] = '\0';
    free(m);
    return 0;
}

static const struct stdio_ops memory_ops = {
    .write = memory_write, .seek = memory_seek, .close = memory_close};

FILE *open_memstream(char **memory, size_t *size)
{
    struct memory_stream *m = malloc(sizeof(*m));
    struct stdio_file *f = NULL;

    if (!memory || !size) {
        free(m);
        errno = EINVAL;
        return NULL;
    }
    *memory = NULL;
    if (m) {
        *m = (struct memory_stream){.memory = memory, .size = size};
        f = memory_grow(m, 0) ? stdio_new(&memory_ops, -1, __SWR) : NULL;
    }
    if (!f) {
        free(*memory);
        free(m);
        return NULL;
    }
    *size = 0;
    f->cookie = m;
    return stdio_public(f);
}

int vdprintf(int fd, const char *restrict format, va_list arguments)
{
    unsigned char buffer[BUFSIZ / 4];
    struct stdio_file f = {.ext = STDIO_EXT(__SWR),
                           .ops = &stdio_descriptor_ops,
                           .fd = fd,
                           .is_static = true,
                           .buffer = buffer,
                           .size = sizeof(buffer)};
    int result = vfprintf(stdio_public(&f), format, arguments);

    return stdio_flush_own(&f) < 0 ? EOF : result;
}

int dprintf(int fd, const char *restrict format, ...)
{
    va_list list;

    va_start(list, format);
    int result = vdprintf(fd, format, list);
    va_end(list);
    return result;
}
