/* SPDX-License-Identifier: MIT
 *
 * What leaves locking to the caller (POSIX.1-2017 getc_unlocked; the others are glibc's). A stream's lock is
 * cheap to take when nobody else has it, so these take it, too. Some versions of picolibc have some of them. */
#include <stdio.h>

/* The brackets keep macros of the name away. */
#define UNLOCKED(type, name, parameters, ...) \
    type name##_unlocked parameters           \
    {                                         \
        return (name)(__VA_ARGS__);           \
    }

UNLOCKED(int, getc, (FILE * file), file)
UNLOCKED(int, getchar, (void))
UNLOCKED(int, putc, (int c, FILE *file), c, file)
UNLOCKED(int, putchar, (int c), c)
UNLOCKED(int, fgetc, (FILE * file), file)
UNLOCKED(int, fputc, (int c, FILE *file), c, file)
UNLOCKED(size_t, fread, (void *restrict to, size_t size, size_t count, FILE *restrict file), to,
         size, count, file)
UNLOCKED(size_t, fwrite,
         (const void *restrict from, size_t size, size_t count, FILE *restrict file), from, size,
         count, file)
UNLOCKED(char *, fgets, (char *restrict to, int size, FILE *restrict file), to, size, file)
UNLOCKED(int, fputs, (const char *restrict text, FILE *restrict file), text, file)
UNLOCKED(int, fflush, (FILE * file), file)
UNLOCKED(void, clearerr, (FILE * file), file)
UNLOCKED(int, feof, (FILE * file), file)
UNLOCKED(int, ferror, (FILE * file), file)
UNLOCKED(int, fileno, (FILE * file), file)
