/* SPDX-License-Identifier: MIT
 *
 * Characters, strings and blocks in and out of streams. Foreign streams (stdio_file.h) take the slow
 * way, character by character; theirs is also the one pushed-back character in picolibc's part. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "user/lib/posix/printf.h"
#include "user/lib/posix/stdio_file.h"

#define HOLD 256 /* bytes of one call on an unbuffered stream that go out together */

/* --- In ------------------------------------------------------------------------------------ */

static int foreign_get(FILE *file)
{
    if (!(file->flags & __SRD))
        return EOF;
    if (file->unget) {
        int c = file->unget - 1;
        file->unget = 0;
        return c;
    }
    int c = file->get(file);
    if (c >= 0)
        return (unsigned char)c;
    file->flags |= c == _FDEV_ERR ? __SERR : __SEOF;
    return EOF;
}

int fgetc(FILE *file)
{
    return stdio_own(file) ? stdio_get(file) : foreign_get(file);
}

#undef getc
int getc(FILE *file)
{
    return fgetc(file);
}

#undef getchar
int getchar(void)
{
    return fgetc(stdin);
}

int ungetc(int c, FILE *file)
{
    struct stdio_file *f = stdio_own(file);

    if (c == EOF || !(file->flags & __SRD))
        return EOF;
    file->flags &= (uint8_t)~__SEOF;
    if (!f) {
        file->unget = (__ungetc_t)((unsigned char)c + 1);
        return (unsigned char)c;
    }
    bool taken = stdio_lock(f);
    if (f->direction == STDIO_WRITING)
        stdio_flush(file);
    if (f->direction != STDIO_READING)
        f->at = f->end = 0;
    f->direction = STDIO_READING;
    bool fits = f->backs < STDIO_BACK;
    if (fits)
        f->back[f->backs++] = (unsigned char)c;
    stdio_unlock(f, taken);
    return fits ? (unsigned char)c : EOF;
}

size_t fread(void *restrict to, size_t size, size_t count, FILE *restrict file)
{
    struct stdio_file *f = stdio_own(file);
    size_t bytes, done = 0;

    if (__builtin_mul_overflow(size, count, &bytes) || bytes == 0)
        return 0;
    if (f) {
        bool taken = stdio_lock(f);
        done = stdio_read(f, to, bytes);
        stdio_unlock(f, taken);
    } else {
        int c;
        while (done < bytes && (c = foreign_get(file)) != EOF)
            ((unsigned char *)to)[done++] = (unsigned char)c;
    }
    return done / size;
}

/* Up to and with a newline, at most `room` bytes; the number. */
static size_t stdio_get_line(struct stdio_file *f, char *to, size_t room)
{
    size_t done = 0;

    while (done < room) {
        if (f->backs > 0 || f->direction != STDIO_READING || f->at == f->end) {
            int c = stdio_get_one(f);
            if (c == EOF)
                break;
            to[done++] = (char)c;
            if (c == '\n')
                break;
            continue;
        }
        size_t n = f->end - f->at < room - done ? f->end - f->at : room - done;
        const unsigned char *newline = memchr(f->buffer + f->at, '\n', n);
        if (newline)
            n = (size_t)(newline + 1 - (f->buffer + f->at));
        memcpy(to + done, f->buffer + f->at, n);
        f->at += n;
        done += n;
        if (newline)
            break;
    }
    return done;
}

char *fgets(char *restrict to, int size, FILE *restrict file)
{
    struct stdio_file *f = stdio_own(file);
    size_t done = 0, room = size > 0 ? (size_t)size - 1 : 0;
    uint8_t before = file->flags;
    int c = 0;

    if (size <= 0)
        return NULL;
    if (f) {
        bool taken = stdio_lock(f);
        *stdio_flags(f) &= (uint8_t)~__SERR;
        done = stdio_get_line(f, to, room);
        stdio_unlock(f, taken);
    } else {
        while (done < room && c != '\n' && (c = foreign_get(file)) != EOF)
            to[done++] = (char)c;
    }
    bool failed = f && (file->flags & __SERR);
    file->flags |= before & __SERR;
    if ((done == 0 && room > 0) || failed)
        return NULL;
    to[done] = '\0';
    return to;
}

/* --- Out ----------------------------------------------------------------------------------- */

int fputc(int c, FILE *file)
{
    if (stdio_own(file))
        return stdio_put((char)c, file);
    if (!(file->flags & __SWR) || file->put((char)c, file) < 0)
        return EOF;
    return (unsigned char)c;
}

#undef putc
int putc(int c, FILE *file)
{
    return fputc(c, file);
}

#undef putchar
int putchar(int c)
{
    return fputc(c, stdout);
}

size_t fwrite(const void *restrict from, size_t size, size_t count, FILE *restrict file)
{
    struct stdio_file *f = stdio_own(file);
    size_t bytes, done = 0;

    if (__builtin_mul_overflow(size, count, &bytes) || bytes == 0)
        return 0;
    if (f) {
        bool taken = stdio_lock(f);
        done = stdio_write(f, from, bytes);
        stdio_unlock(f, taken);
    } else if (file->flags & __SWR) {
        while (done < bytes && file->put(((const char *)from)[done], file) >= 0)
            done++;
    }
    return done / size;
}

int fputs(const char *restrict text, FILE *restrict file)
{
    size_t length = strlen(text);

    return fwrite(text, 1, length, file) == length ? 0 : EOF;
}

int puts(const char *text)
{
    flockfile(stdout);
    int result = fputs(text, stdout) < 0 || fputc('\n', stdout) < 0 ? EOF : 0;
    funlockfile(stdout);
    return result;
}

int fprintf(FILE *restrict file, const char *restrict format, ...)
{
    va_list list;

    va_start(list, format);
    int result = vfprintf(file, format, list);
    va_end(list);
    return result;
}

int vfprintf(FILE *restrict file, const char *restrict format, va_list arguments)
{
    struct stdio_file *f = stdio_own(file);
    char memory[HOLD];

    if (!f)
        return octavo_vfprintf(file, format, arguments);
    bool taken = stdio_lock(f);
    bool held = stdio_hold(f, memory, sizeof(memory));
    int result = octavo_vfprintf(file, format, arguments);
    if (held && stdio_release(f) < 0)
        result = EOF;
    stdio_unlock(f, taken);
    return result;
}

/* --- State --------------------------------------------------------------------------------- */

int fileno(FILE *file)
{
    struct stdio_file *f = stdio_own(file);

    if (f && f->fd >= 0)
        return f->fd;
    errno = EBADF;
    return -1;
}

#undef clearerr
void clearerr(FILE *file)
{
    file->flags &= (uint8_t) ~(__SERR | __SEOF);
}
