/* SPDX-License-Identifier: MIT
 *
 * picolibc's <stdio.h>, and what it lacks of POSIX.1-2017. */
#ifndef OCTAVO_STDIO_H
#define OCTAVO_STDIO_H

#ifndef BUFSIZ
#define BUFSIZ 4096 /* before picolibc's */
#endif

/* Some versions declare the first without the const, and the second as if NULL were not allowed. */
#define fsetpos picolibc_fsetpos
#define fflush picolibc_fflush
#include_next <stdio.h>
#undef fsetpos
#undef fflush
#include <sys/cdefs.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#undef FILENAME_MAX
#undef FOPEN_MAX
#undef clearerr_unlocked
#undef feof_unlocked
#undef ferror_unlocked
#undef getc_unlocked
#undef getchar_unlocked
#undef putc_unlocked
#undef putchar_unlocked
#undef L_tmpnam
#undef P_tmpdir
#undef TMP_MAX
#define L_tmpnam 20
#define P_tmpdir "/tmp"
#define TMP_MAX 238328
#define FILENAME_MAX 4096
#define FOPEN_MAX 253
#define L_ctermid 16

int fsetpos(FILE *file, const fpos_t *position);
int fflush(FILE *file);

#if __POSIX_VISIBLE
char *ctermid(char *path);
FILE *popen(const char *command, const char *mode);
int pclose(FILE *file);
void flockfile(FILE *file);
int ftrylockfile(FILE *file);
void funlockfile(FILE *file);
int getc_unlocked(FILE *file);
int getchar_unlocked(void);
int putc_unlocked(int c, FILE *file);
int putchar_unlocked(int c);
#endif

#if __POSIX_VISIBLE >= 200809
ssize_t getdelim(char **__restrict line, size_t *__restrict size, int delimiter,
                 FILE *__restrict file);
ssize_t getline(char **__restrict line, size_t *__restrict size, FILE *__restrict file);
int dprintf(int fd, const char *__restrict format, ...) __attribute__((format(printf, 2, 3)));
int vdprintf(int fd, const char *__restrict format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
FILE *open_memstream(char **memory, size_t *size);
FILE *fmemopen(void *__restrict memory, size_t size, const char *__restrict mode);
int renameat(int from_directory, const char *from, int to_directory, const char *to);
#endif

#if __MISC_VISIBLE
void clearerr_unlocked(FILE *file);
int feof_unlocked(FILE *file);
int ferror_unlocked(FILE *file);
int fileno_unlocked(FILE *file);
int fflush_unlocked(FILE *file);
int fgetc_unlocked(FILE *file);
int fputc_unlocked(int c, FILE *file);
size_t fread_unlocked(void *__restrict to, size_t size, size_t count, FILE *__restrict file);
size_t fwrite_unlocked(const void *__restrict from, size_t size, size_t count,
                       FILE *__restrict file);
#endif

#if __GNU_VISIBLE
char *fgets_unlocked(char *__restrict to, int size, FILE *__restrict file);
int fputs_unlocked(const char *__restrict text, FILE *__restrict file);
#endif

#ifdef __cplusplus
}
#endif

#endif
