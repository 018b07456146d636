/* SPDX-License-Identifier: MIT
 *
 * ungetc, fseek, fseeko, fgetpos and fsetpos (C17 7.21.7.10, 7.21.9), __fpurge, __fseterr, and flockfile and its kin. In 1.8
 * to 1.8.12 one character can be pushed back, so that ungetwc cannot work, fseek from the current position does not
 * count it, and before 1.8.10 ftell does not, either. Here characters go back into the buffer, as many as were taken
 * from it and at least one. Picolibc's ungetc, for a stream without a buffer, and fseeko are called octavo_libc_NAME.
 * flockfile is not in 1.8 and 1.8.6; from 1.8.10 on it takes one lock of the whole library, which no other call on
 * the stream takes. */
#include <stdio_ext.h>
#include "user/lib/mends/stream.h"
#include "user/lib/system/internal.h"

int octavo_libc_ungetc(int c, FILE *file);
int octavo_libc_fseeko(FILE *file, off_t offset, int whence);

static bool push_back(FILE *file, struct __file_bufio *b, int c)
{
    if (b->dir != __SRD) {
        file->flush(file);
        b->dir = __SRD;
        b->len = b->off = 0;
    }
    if (b->len == 0)
        b->len = b->off = 1;
    if (b->off == 0)
        return false;
    b->buf[--b->off] = (char)c;
    return true;
}

int ungetc(int c, FILE *file)
{
    struct __file_bufio *b = stream_buffer(file);

    if (c == EOF || !(file->flags & __SRD))
        return EOF;
    if (!b)
        return octavo_libc_ungetc(c, file);
    stream_lock(file);
    bool done = push_back(file, b, c);
    if (done)
        file->flags &= (uint8_t)~__SEOF;
    stream_unlock(file);
    return done ? (unsigned char)c : EOF;
}

/* What was pushed back is dropped, so the buffer is read again. */
int fseeko(FILE *file, off_t offset, int whence)
{
    off_t here = whence == SEEK_CUR ? ftello(file) : 0;

    return here < 0
               ? -1
               : octavo_libc_fseeko(file, here + offset, whence == SEEK_CUR ? SEEK_SET : whence);
}

int fseek(FILE *file, long offset, int whence)
{
    return fseeko(file, offset, whence);
}

/* Not in 1.8 and 1.8.6, though they are declared. */
int fgetpos(FILE *restrict file, fpos_t *restrict position)
{
    return (*position = ftello(file)) < 0 ? -1 : 0;
}

int fsetpos(FILE *file, const fpos_t *position)
{
    return fseeko(file, *position, SEEK_SET);
}

/* --- <stdio_ext.h>, in which only 1.8.12 has __fseterr, and none __fpurge ---------------------------- */

void __fpurge(FILE *file)
{
    struct __file_bufio *b = stream_buffer(file);

    stream_lock(file);
    file->unget = 0;
    if (b)
        b->len = b->off = 0;
    stream_unlock(file);
}

void __fseterr(FILE *file)
{
    stream_fail(file);
}

/* --- flockfile and its kin (POSIX.1-2017): the lock that each call takes -------------------------------- */

void flockfile(FILE *file)
{
    stream_lock(file);
}

int ftrylockfile(FILE *file)
{
    return stream_buffer(file) && !octavo_lock_try(stream_buffer(file)->lock) ? -1 : 0;
}

void funlockfile(FILE *file)
{
    stream_unlock(file);
}
