/* SPDX-License-Identifier: MIT
 *
 * Positions in streams. They are asked of the descriptor each time: others may share it. */
#include <errno.h>
#include <limits.h>
#include "user/lib/posix/stdio_file.h"

/* A foreign stream's own function. */
static off_t foreign_seek(FILE *file, off_t offset, int whence)
{
    struct __file_ext *ext = (struct __file_ext *)(void *)file;

    if (!(file->flags & __SEXT) || !ext->seek) {
        errno = ESPIPE;
        return -1;
    }
    return ext->seek(file, offset, whence);
}

static off_t stdio_seek(struct stdio_file *f, off_t offset, int whence)
{
    if (!f->ops->seek) {
        errno = ESPIPE;
        return -1;
    }
    return f->ops->seek(f, offset, whence);
}

static off_t stdio_tell(struct stdio_file *f)
{
    bool at_end = f->appends && f->direction == STDIO_WRITING && f->at > 0;
    off_t result = stdio_seek(f, 0, at_end ? SEEK_END : SEEK_CUR);

    if (result < 0)
        return -1;
    if (f->direction == STDIO_WRITING)
        return result + (off_t)f->at;
    result -= (off_t)(f->end - f->at) + f->backs;
    return result < 0 ? 0 : result; /* pushed back before the first */
}

off_t ftello(FILE *file)
{
    struct stdio_file *f = stdio_own(file);

    if (!f)
        return foreign_seek(file, 0, SEEK_CUR);
    bool taken = stdio_lock(f);
    off_t result = stdio_tell(f);
    stdio_unlock(f, taken);
    return result;
}

static int stdio_move(struct stdio_file *f, off_t offset, int whence)
{
    if (f->direction == STDIO_WRITING && stdio_flush_own(f) < 0)
        return -1;
    if (whence == SEEK_CUR && f->direction == STDIO_READING)
        offset -= (off_t)(f->end - f->at) + f->backs;
    if (stdio_seek(f, offset, whence) < 0)
        return -1;
    f->direction = STDIO_IDLE;
    f->at = f->end = f->backs = 0;
    return 0;
}

int fseeko(FILE *file, off_t offset, int whence)
{
    struct stdio_file *f = stdio_own(file);
    int result;

    if (f) {
        bool taken = stdio_lock(f);
        result = stdio_move(f, offset, whence);
        stdio_unlock(f, taken);
    } else {
        result = foreign_seek(file, offset, whence) < 0 ? -1 : 0;
        file->unget = 0;
    }
    if (result == 0)
        file->flags &= (uint8_t)~__SEOF;
    return result;
}

int fseek(FILE *file, long offset, int whence)
{
    return fseeko(file, offset, whence);
}

long ftell(FILE *file)
{
    return ftello(file);
}

void rewind(FILE *file)
{
    fseeko(file, 0, SEEK_SET);
    clearerr(file);
}

int fgetpos(FILE *restrict file, fpos_t *restrict position)
{
    *position = ftello(file);
    return *position < 0 ? -1 : 0;
}

int fsetpos(FILE *file, const fpos_t *position)
{
    return fseeko(file, *position, SEEK_SET);
}
