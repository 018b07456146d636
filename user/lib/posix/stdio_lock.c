/* SPDX-License-Identifier: MIT
 *
 * The locks of streams as programs take them, and the functions that leave locking to them. */
#include "user/lib/posix/stdio_file.h"

void flockfile(FILE *file)
{
    struct stdio_file *f = stdio_own(file);

    if (f)
        __retarget_lock_acquire_recursive((_LOCK_T)(void *)f->lock);
}

int ftrylockfile(FILE *file)
{
    struct stdio_file *f = stdio_own(file);

    return f && !octavo_lock_try((struct __lock *)(void *)f->lock) ? -1 : 0;
}

void funlockfile(FILE *file)
{
    struct stdio_file *f = stdio_own(file);

    if (f)
        __retarget_lock_release_recursive((_LOCK_T)(void *)f->lock);
}

int getc_unlocked(FILE *file)
{
    struct stdio_file *f = stdio_own(file);

    return f ? stdio_get_one(f) : fgetc(file);
}

int getchar_unlocked(void)
{
    return stdio_get_one(&octavo_stdin);
}

int putc_unlocked(int c, FILE *file)
{
    struct stdio_file *f = stdio_own(file);

    return f ? stdio_put_one(f, (unsigned char)c) : fputc(c, file);
}

int putchar_unlocked(int c)
{
    return stdio_put_one(&octavo_stdout, (unsigned char)c);
}

int fgetc_unlocked(FILE *file)
{
    return getc_unlocked(file);
}

int fputc_unlocked(int c, FILE *file)
{
    return putc_unlocked(c, file);
}

size_t fread_unlocked(void *restrict to, size_t size, size_t count, FILE *restrict file)
{
    return fread(to, size, count, file);
}

size_t fwrite_unlocked(const void *restrict from, size_t size, size_t count, FILE *restrict file)
{
    return fwrite(from, size, count, file);
}

char *fgets_unlocked(char *restrict to, int size, FILE *restrict file)
{
    return fgets(to, size, file);
}

int fputs_unlocked(const char *restrict text, FILE *restrict file)
{
    return fputs(text, file);
}

int fflush_unlocked(FILE *file)
{
    return fflush(file);
}

void clearerr_unlocked(FILE *file)
{
    clearerr(file);
}

int feof_unlocked(FILE *file)
{
    return feof(file);
}

int ferror_unlocked(FILE *file)
{
    return ferror(file);
}

int fileno_unlocked(FILE *file)
{
    return fileno(file);
}
