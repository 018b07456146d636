/* SPDX-License-Identifier: MIT
 *
 * Streams made and given another file: fopen, fdopen, freopen, fclose, setvbuf. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "user/lib/posix/stdio_file.h"

/* r, w or a, then + b x e in any order. */
bool stdio_parse_mode(const char *mode, int *open_flags, uint8_t *bits)
{
    static const char letters[] = "rwa";
    static const int flags[] = {0, O_CREAT | O_TRUNC, O_CREAT | O_APPEND};
    const char *first = *mode ? strchr(letters, *mode) : NULL;

    if (!first) {
        errno = EINVAL;
        return false;
    }
    *bits = *first == 'r' ? __SRD : __SWR;
    if (strchr(mode, '+'))
        *bits = __SRD | __SWR;
    *open_flags = flags[first - letters] |
                  (*bits == (__SRD | __SWR) ? O_RDWR
                   : *bits == __SWR         ? O_WRONLY
                                            : O_RDONLY) |
                  (strchr(mode, 'x') ? O_EXCL : 0) | (strchr(mode, 'e') ? O_CLOEXEC : 0);
    return true;
}

struct stdio_file *stdio_new(const struct stdio_ops *ops, int fd, uint8_t bits)
{
    struct stdio_file *f = malloc(sizeof(*f) + BUFSIZ);

    if (!f)
        return NULL;
    *f = (struct stdio_file){
        .ext = STDIO_EXT(bits), .ops = ops, .fd = fd, .mode = STDIO_FULL, .size = BUFSIZ};
    f->buffer = (unsigned char *)(f + 1);
    stdio_add(f);
    return f;
}

FILE *fopen(const char *restrict path, const char *restrict mode)
{
    int open_flags;
    uint8_t bits;

    if (!stdio_parse_mode(mode, &open_flags, &bits))
        return NULL;
    int fd = open(path, open_flags, 0666);
    if (fd < 0)
        return NULL;
    struct stdio_file *f = stdio_new(&stdio_descriptor_ops, fd, bits);
    if (!f) {
        close(fd);
        return NULL;
    }
    f->appends = (open_flags & O_APPEND) != 0;
    return stdio_public(f);
}

/* Whether a descriptor is open for what the stream wants to do. */
static bool stdio_allows(int fd, uint8_t bits)
{
    int flags = fcntl(fd, F_GETFL);

    if (flags < 0)
        return false;
    int access = flags & O_ACCMODE;
    if (((bits & __SRD) && access == O_WRONLY) || ((bits & __SWR) && access == O_RDONLY)) {
        errno = EINVAL;
        return false;
    }
    return true;
}

FILE *fdopen(int fd, const char *mode)
{
    int open_flags;
    uint8_t bits;

    if (!stdio_parse_mode(mode, &open_flags, &bits) || !stdio_allows(fd, bits))
        return NULL;
    if ((open_flags & O_APPEND) && fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_APPEND) < 0)
        return NULL;
    if (open_flags & O_CLOEXEC)
        fcntl(fd, F_SETFD, FD_CLOEXEC);
    struct stdio_file *f = stdio_new(&stdio_descriptor_ops, fd, bits);
    if (!f)
        return NULL;
    f->appends = (open_flags & O_APPEND) != 0;
    return stdio_public(f);
}

/* Opens the path on the stream's own descriptor, so that children find it there. */
static bool stdio_reopen(struct stdio_file *f, const char *path, int open_flags)
{
    int fd = open(path, open_flags, 0666);

    if (fd < 0)
        return false;
    if (f->fd < 0) {
        f->fd = fd;
        return true;
    }
    if (fd != f->fd) {
        if (open_flags & O_CLOEXEC)
            dup3(fd, f->fd, O_CLOEXEC);
        else
            dup2(fd, f->fd);
        close(fd);
    }
    return true;
}

FILE *freopen(const char *restrict path, const char *restrict mode, FILE *restrict file)
{
    struct stdio_file *f = stdio_own(file);
    int open_flags;
    uint8_t bits;

    if (!f || f->ops != &stdio_descriptor_ops) {
        errno = EBADF;
        return NULL;
    }
    if (!stdio_parse_mode(mode, &open_flags, &bits))
        return NULL;
    bool taken = stdio_lock(f);
    stdio_flush(file);
    f->direction = STDIO_IDLE;
    f->at = f->end = f->backs = 0;
    bool done = path ? stdio_reopen(f, path, open_flags) : stdio_allows(f->fd, bits);
    if (done) {
        file->flags = (uint8_t)((file->flags & ~(__SRD | __SWR | __SERR | __SEOF)) | bits);
        f->appends = (open_flags & O_APPEND) != 0;
        if (f == &octavo_stdout)
            f->mode = STDIO_AUTO;
    }
    stdio_unlock(f, taken);
    if (!done)
        fclose(file);
    return done ? file : NULL;
}

int fclose(FILE *file)
{
    return file->flags & __SCLOSE ? ((struct __file_close *)(void *)file)->close(file) : 0;
}

int setvbuf(FILE *restrict file, char *restrict buffer, int mode, size_t size)
{
    struct stdio_file *f = stdio_own(file);

    if (!f || mode < _IOFBF || mode > _IONBF) {
        errno = EINVAL;
        return f ? EOF : 0;
    }
    bool taken = stdio_lock(f);
    stdio_flush(file);
    if (mode == _IONBF) {
        buffer = (char *)f->tiny;
        size = sizeof(f->tiny);
    } else if (f->size == sizeof(f->tiny) && (!buffer || size == 0)) {
        size = size ? size : BUFSIZ; /* unbuffered until now */
        buffer = malloc(size);
    }
    if (buffer && size > 0 && f->direction != STDIO_READING) {
        if (f->owns_buffer)
            free(f->buffer);
        f->owns_buffer = mode != _IONBF && f->size == sizeof(f->tiny);
        f->buffer = (unsigned char *)buffer;
        f->size = size;
    }
    f->mode = mode == _IONBF ? STDIO_UNBUFFERED : mode == _IOLBF ? STDIO_LINE : STDIO_FULL;
    stdio_unlock(f, taken);
    return 0;
}

void setbuf(FILE *restrict file, char *restrict buffer)
{
    setvbuf(file, buffer, buffer ? _IOFBF : _IONBF, BUFSIZ);
}

void setbuffer(FILE *file, char *buffer, size_t size)
{
    setvbuf(file, buffer, buffer ? _IOFBF : _IONBF, size);
}

void setlinebuf(FILE *file)
{
    setvbuf(file, NULL, _IOLBF, 0);
}
