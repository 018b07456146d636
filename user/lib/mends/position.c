/* SPDX-License-Identifier: MIT
 *
 * ungetc, and where a stream is (C17 7.21.7.10, 7.21.9). In 1.8 to 1.8.12 one character can be pushed back, so
 * that ungetwc cannot work, and fseek from the current position does not count it; before 1.8.10 ftell does not,
 * either. Here characters go back into the buffer, as many as were taken from it and at least one. */
#include "user/lib/mends/stream.h"

/* What 1.8.6 and later add to the character that a stream without a buffer keeps; 1.8 adds nothing. */
static int unget_bias(void)
{
    FILE file = FDEV_SETUP_STREAM(NULL, NULL, NULL, __SRD);

    file.unget = 2;
    return 2 - getc(&file);
}

static bool push_back(FILE *file, int c)
{
    struct __file_bufio *b = stream_buffer(file);

    if (!b) {
        bool empty = !file->unget;
        file->unget = empty ? (__ungetc_t)(c + unget_bias()) : file->unget;
        return empty;
    }
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
    if (c == EOF || !(file->flags & __SRD))
        return EOF;
    stream_lock(file);
    bool done = push_back(file, (unsigned char)c);
    if (done)
        file->flags &= (uint8_t)~__SEOF;
    stream_unlock(file);
    return done ? (unsigned char)c : EOF;
}

static off_t seek(FILE *file, off_t offset, int whence)
{
    struct __file_ext *ext = (struct __file_ext *)(void *)file;

    if ((file->flags & __SEXT) && ext->seek)
        return ext->seek(file, offset, whence);
    errno = ESPIPE;
    return -1;
}

off_t ftello(FILE *file)
{
    off_t result = seek(file, 0, SEEK_CUR);

    return result > 0 && file->unget ? result - 1 : result;
}

/* What was pushed back is dropped, so the buffer is read again. */
int fseeko(FILE *file, off_t offset, int whence)
{
    off_t here = whence == SEEK_CUR ? ftello(file) : 0;

    if (here < 0 || seek(file, here + offset, whence == SEEK_CUR ? SEEK_SET : whence) < 0)
        return -1;
    file->unget = 0;
    file->flags &= (uint8_t)~__SEOF;
    return 0;
}

long ftell(FILE *file)
{
    return ftello(file);
}

int fseek(FILE *file, long offset, int whence)
{
    return fseeko(file, offset, whence);
}
