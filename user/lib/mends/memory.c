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

static struct memory_stream *memory_of(FILE *file)
{
    return (struct memory_stream *)(void *)file;
}

/* Moves, makes room for a byte there and a 0 in open_memstream's memory, and shows it. */
static bool go_to(struct memory_stream *m, size_t at)
{
    size_t room = at + at / 2 + 64;

    if (m->shown && at + 1 >= m->room) {
        char *more = room > at ? realloc(m->memory, room) : NULL;
        if (!more)
            return false;
        memset(more + m->room, 0, room - m->room);
        m->memory = more;
        m->room = room;
    }
    m->at = at;
    if (m->shown) {
        *m->shown = m->memory;
        *m->size = at < m->end ? at : m->end;
    }
    return true;
}

static int memory_put(char c, FILE *file)
{
    struct memory_stream *m = memory_of(file);
    size_t at = m->appends ? m->end : m->at, end = m->end;

    m->end = at < end ? end : at + 1;
    if (at >= m->room || !go_to(m, at + 1)) {
        m->end = end;
        errno = ENOSPC;
        return _FDEV_ERR;
    }
    m->memory[at] = c;
    if (m->end > end && m->end < m->room)
        m->memory[m->end] = '\0';
    return (unsigned char)c;
}

static int memory_get(FILE *file)
{
    struct memory_stream *m = memory_of(file);

    return m->at < m->end ? (unsigned char)m->memory[m->at++] : _FDEV_EOF;
}

static off_t memory_seek(FILE *file, off_t offset, int whence)
{
    struct memory_stream *m = memory_of(file);
    off_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? (off_t)m->at : (off_t)m->end;

    if (__builtin_add_overflow(base, offset, &offset) || offset < 0 ||
        (!m->shown && offset > (off_t)m->room) || !go_to(m, (size_t)offset)) {
        errno = EINVAL;
        return -1;
    }
    return offset;
}

static int memory_close(FILE *file)
{
    struct memory_stream *m = memory_of(file);

    if (m->shown)
        m->memory[*m->size] = '\0';
    if (m->owned)
        free(m->memory);
    free(m);
    return 0;
}

/* Over this memory, or what calloc gives; NULL: there is none. */
static struct memory_stream *memory_new(char *memory, size_t size, uint8_t flags)
{
    struct memory_stream *m = calloc(1, sizeof(*m));

    if (!m || !(m->memory = memory ? memory : calloc(1, size))) {
        free(m);
        return NULL;
    }
    m->ext = (struct __file_ext)FDEV_SETUP_EXT(memory_put, memory_get, NULL, memory_close,
                                               memory_seek, NULL, flags);
    m->room = size;
    return m;
}

FILE *open_memstream(char **memory, size_t *size)
{
    struct memory_stream *m = memory && size ? memory_new(NULL, 1, __SWR) : NULL;

    errno = memory && size ? errno : EINVAL;
    if (!m)
        return NULL;
    m->shown = memory;
    m->size = size;
    go_to(m, 0);
    return &m->ext.cfile.file;
}

FILE *fmemopen(void *memory, size_t size, const char *mode)
{
    bool update = strchr(mode, '+') != NULL;

    if (size == 0 || !strchr("rwa", *mode) || (!memory && !update)) {
        errno = EINVAL;
        return NULL;
    }
    struct memory_stream *m = memory_new(memory, size,
                                         update         ? __SRD | __SWR
                                         : *mode == 'r' ? __SRD
                                                        : __SWR);
    if (!m)
        return NULL;
    m->owned = !memory;
    m->appends = *mode == 'a';
    m->memory[0] = *mode == 'w' ? '\0' : m->memory[0];
    m->end = *mode == 'r' ? size : strnlen(m->memory, size);
    m->at = m->appends ? m->end : 0;
    return &m->ext.cfile.file;
}
