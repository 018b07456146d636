/* SPDX-License-Identifier: MIT
 *
 * Streams into memory (POSIX.1-2017): open_memstream, which is in 1.8.12 only, and fmemopen, in which 1.8 takes the
 * end for an error, and does not append. */
#include <stdlib.h>
#include <string.h>
#include "user/lib/mends/stream.h"

struct memory_stream {
    struct __file_ext ext; /* first: this is the FILE */
    char *memory;
    size_t at, end, room; /* end: bytes that are in it */
    bool appends, owned;
    char **shown; /* of open_memstream, else NULL: where the program sees the memory, */
    size_t *size; /* and how much is in it up to `at` */
};

static void show(struct memory_stream *m)
{
    if (!m->shown)
        return;
    *m->shown = m->memory;
    *m->size = m->at < m->end ? m->at : m->end;
}

/* Room for a byte at `at` and a 0. */
static bool grow(struct memory_stream *m)
{
    size_t room = m->at + m->at / 2 + 64;
    char *more = room > m->at ? realloc(m->memory, room) : NULL;

    if (!more)
        return false;
    memset(more + m->room, 0, room - m->room);
    m->memory = more;
    m->room = room;
    return true;
}

static int memory_put(char c, FILE *file)
{
    struct memory_stream *m = (struct memory_stream *)(void *)file;

    if (m->appends)
        m->at = m->end;
    if (m->at + (m->shown != NULL) >= m->room && (!m->shown || !grow(m))) {
        errno = ENOSPC;
        return _FDEV_ERR;
    }
    m->memory[m->at++] = c;
    if (m->at > m->end) {
        m->end = m->at;
        if (m->end < m->room)
            m->memory[m->end] = '\0';
    }
    show(m);
    return (unsigned char)c;
}

static int memory_get(FILE *file)
{
    struct memory_stream *m = (struct memory_stream *)(void *)file;

    return m->at < m->end ? (unsigned char)m->memory[m->at++] : _FDEV_EOF;
}

static off_t memory_seek(FILE *file, off_t offset, int whence)
{
    struct memory_stream *m = (struct memory_stream *)(void *)file;
    off_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? (off_t)m->at : (off_t)m->end;

    if (__builtin_add_overflow(base, offset, &offset) || offset < 0 ||
        (!m->shown && offset > (off_t)m->room)) {
        errno = EINVAL;
        return -1;
    }
    m->at = (size_t)offset;
    show(m);
    return offset;
}

static int memory_close(FILE *file)
{
    struct memory_stream *m = (struct memory_stream *)(void *)file;

    if (m->shown)
        m->memory[*m->size] = '\0';
    if (m->owned)
        free(m->memory);
    free(m);
    return 0;
}

static struct memory_stream *memory_new(uint8_t flags)
{
    struct memory_stream *m = malloc(sizeof(*m));

    if (m)
        *m = (struct memory_stream){.ext = FDEV_SETUP_EXT(memory_put, memory_get, NULL,
                                                          memory_close, memory_seek, NULL, flags)};
    return m;
}

FILE *open_memstream(char **memory, size_t *size)
{
    struct memory_stream *m = memory && size ? memory_new(__SWR) : NULL;

    if (!memory || !size)
        errno = EINVAL;
    if (!m || !grow(m)) {
        free(m);
        return NULL;
    }
    m->shown = memory;
    m->size = size;
    show(m);
    return &m->ext.cfile.file;
}

FILE *fmemopen(void *memory, size_t size, const char *mode)
{
    bool update = strchr(mode, '+') != NULL;

    if (size == 0 || !strchr("rwa", *mode) || (!memory && !update)) {
        errno = EINVAL;
        return NULL;
    }
    struct memory_stream *m = memory_new(update ? __SRD | __SWR : *mode == 'r' ? __SRD : __SWR);
    char *own = memory ? memory : calloc(1, size);
    if (!m || !own) {
        free(m);
        if (!memory)
            free(own);
        return NULL;
    }
    m->memory = own;
    m->room = size;
    m->owned = !memory;
    m->appends = *mode == 'a';
    if (*mode == 'w')
        *own = '\0';
    m->end = *mode == 'r' ? size : strnlen(own, size);
    m->at = m->appends ? m->end : 0;
    return &m->ext.cfile.file;
}
