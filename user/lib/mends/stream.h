/* SPDX-License-Identifier: MIT
 *
 * What the mends of streams know of picolibc's buffered streams, by the names of the installed
 * <stdio-bufio.h>. Each mend works on any such stream, with or without the others. Not for programs. */
#ifndef OCTAVO_MENDS_STREAM_H
#define OCTAVO_MENDS_STREAM_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio-bufio.h>
#include <stdio.h>

/* NULL: a stream without a buffer, as those into memory are. */
static inline struct __file_bufio *stream_buffer(FILE *file)
{
    return file->flags & __SBUF ? (struct __file_bufio *)(void *)file : NULL;
}

static inline void stream_lock(FILE *file)
{
    if (stream_buffer(file))
        __bufio_lock(file);
}

static inline void stream_unlock(FILE *file)
{
    if (stream_buffer(file))
        __bufio_unlock(file);
}

/* EOF, and the stream's error indicator is set. */
static inline int stream_fail(FILE *file)
{
    file->flags |= __SERR;
    return EOF;
}

#endif
