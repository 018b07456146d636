/* SPDX-License-Identifier: MIT
 *
 * What picolibc's tinystdio leaves to the system: stdin, stdout and stderr, and that no output is
 * lost. picolibc keeps no list of open FILEs, so its exit() loses what they hold and its
 * fflush(NULL) crashes; fdopen (under fopen) and fflush are replaced here by ones that know them
 * all.
 *
 * stdout is buffered by lines when it is a console, else fully. stderr is not buffered, but what one
 * fprintf or fputs writes goes out in one piece. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio-bufio.h>
#include <stdlib.h>
#include <sys/lock.h>
#include <sys/queue.h>
#include <unistd.h>
#include "user/lib/fd.h"

/* A FILE made by fdopen: picolibc's part first, so that one pointer serves for both. */
struct stdio_file {
    struct __file_bufio bufio;
    LIST_ENTRY(stdio_file) link; /* under the library's lock */
    char buffer[BUFSIZ];
};

static LIST_HEAD(, stdio_file) stdio_files = LIST_HEAD_INITIALIZER(stdio_files);

#define STDERR_HOLD 256 /* bytes of one fprintf that go out together */

/* Of fopen's mode string; in libc.a, without a public declaration. */
extern int __posix_sflags(const char *mode, int *open_flags);

/* Closing a standard stream: its memory stays. */
static int stdio_close_standard(FILE *file)
{
    int result = __bufio_flush(file);

    if (close(((struct __file_bufio *)file)->fd) < 0)
        result = EOF;
    file->flags &= (uint8_t) ~(__SRD | __SWR);
    return result;
}

/* stdout starts as if on a console; its first write knows what the descriptor is. */
static ssize_t stdout_write(int fd, const void *buffer, size_t length);

static int stdio_setvbuf(FILE *file, char *buffer, int mode, size_t size)
{
    ((struct __file_bufio *)file)->write = write; /* the program has decided */
    return __bufio_setvbuf(file, buffer, mode, size);
}

#define STDIO_STANDARD(number, name, rw, bits, write_function)                                 \
    {                                                                                          \
        .xfile = FDEV_SETUP_EXT(__bufio_put, __bufio_get, __bufio_flush, stdio_close_standard, \
                                __bufio_seek, stdio_setvbuf, (rw) | __SBUF),                   \
        .fd = (number), .bflags = (bits), .buf = name##_buffer, .size = sizeof(name##_buffer), \
        .read = read, .write = (write_function), .lseek = lseek, .close = close,               \
        .lock = (_LOCK_T)&name##_lock,                                                         \
    }

static char stdin_buffer[BUFSIZ], stdout_buffer[BUFSIZ], stderr_buffer[1];
static struct {
    uint64_t memory[OCTAVO_LOCK_SIZE / 8];
} stdin_lock, stdout_lock, stderr_lock;
static struct __file_bufio stdin_file = STDIO_STANDARD(STDIN_FILENO, stdin, __SRD, 0, write);
static struct __file_bufio stdout_file =
    STDIO_STANDARD(STDOUT_FILENO, stdout, __SWR, __BLBF, stdout_write);
static struct __file_bufio stderr_file = STDIO_STANDARD(STDERR_FILENO, stderr, __SWR, 0, write);

FILE *const stdin = &stdin_file.xfile.cfile.file;
FILE *const stdout = &stdout_file.xfile.cfile.file;
FILE *const stderr = &stderr_file.xfile.cfile.file;

static ssize_t stdout_write(int fd, const void *buffer, size_t length)
{
    stdout_file.write = write;
    if (fd >= 0 && fd < OCTAVO_FD_MAX && fd_slot(fd)->kind != START_FD_CON)
        stdout_file.bflags &= (uint8_t)~__BLBF;
    return write(fd, buffer, length);
}

static int stdio_close(FILE *file)
{
    struct stdio_file *f = (struct stdio_file *)file;

    __LIBC_LOCK();
    LIST_REMOVE(f, link);
    __LIBC_UNLOCK();
    return __bufio_close(file);
}

FILE *fdopen(int fd, const char *mode)
{
    int open_flags;
    int flags = __posix_sflags(mode, &open_flags);

    if (flags == 0 || !fd_get(fd))
        return NULL;
    struct stdio_file *f = calloc(1, sizeof(*f));
    if (!f)
        return NULL;
    f->bufio = (struct __file_bufio)FDEV_SETUP_BUFIO(fd, f->buffer, BUFSIZ, read, write, lseek,
                                                     close, flags, 0);
    f->bufio.xfile.cfile.close = stdio_close;
    __bufio_lock_init(&f->bufio.xfile.cfile.file);
    if (open_flags & O_APPEND)
        fseeko(&f->bufio.xfile.cfile.file, 0, SEEK_END);
    __LIBC_LOCK();
    LIST_INSERT_HEAD(&stdio_files, f, link);
    __LIBC_UNLOCK();
    return &f->bufio.xfile.cfile.file;
}

static int stdio_flush_one(FILE *file)
{
    return file->flush ? file->flush(file) : 0;
}

/* Only those that hold output: flushing one that reads would move its descriptor's offset. */
static int stdio_flush_output(struct __file_bufio *bufio)
{
    FILE *file = &bufio->xfile.cfile.file;

    return bufio->dir == __SWR ? stdio_flush_one(file) : 0;
}

static int stdio_flush_all(void)
{
    struct stdio_file *f;
    int result = 0;

    __LIBC_LOCK();
    result |= stdio_flush_output(&stdout_file);
    result |= stdio_flush_output(&stderr_file);
    LIST_FOREACH (f, &stdio_files, link)
        result |= stdio_flush_output(&f->bufio);
    __LIBC_UNLOCK();
    return result;
}

int fflush(FILE *file)
{
    return file ? stdio_flush_one(file) : stdio_flush_all();
}

void octavo_stdio_flush(void)
{
    stdio_flush_all();
}

/* Gives an unbuffered stderr memory for the time of one call; held: it was given. */
static bool stderr_hold(FILE *file, char *memory, int size)
{
    if (file != stderr)
        return false;
    __bufio_lock(file);
    if (stderr_file.size > 1) { /* the program has given it a buffer, or a caller is doing this */
        __bufio_unlock(file);
        return false;
    }
    stderr_file.buf = memory;
    stderr_file.size = size;
    return true;
}

static int stderr_release(int result)
{
    if (__bufio_flush(stderr) < 0)
        result = EOF;
    stderr_file.buf = stderr_buffer;
    stderr_file.size = sizeof(stderr_buffer);
    __bufio_unlock(stderr);
    return result;
}

int fprintf(FILE *file, const char *format, ...)
{
    char memory[STDERR_HOLD];
    va_list list;

    bool held = stderr_hold(file, memory, sizeof(memory));
    va_start(list, format);
    int result = vfprintf(file, format, list);
    va_end(list);
    return held ? stderr_release(result) : result;
}

int fputs(const char *text, FILE *file)
{
    char memory[STDERR_HOLD];
    bool held = stderr_hold(file, memory, sizeof(memory));
    int result = 0;

    for (; *text && result >= 0; text++)
        result = putc(*text, file);
    result = result < 0 ? EOF : 0;
    return held ? stderr_release(result) : result;
}
