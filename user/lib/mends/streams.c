/* SPDX-License-Identifier: MIT
 *
 * Streams of files as programs rely on them, on picolibc's buffers. What is wrong in 1.8 to 1.8.12:
 *  - there are no stdin, stdout and stderr; exit writes no stream, and fflush(NULL) crashes;
 *  - a write that a signal ends loses what was to be written; after a short one 1.8 and 1.8.6 write the first
 *    bytes again;
 *  - fclose is silent about a write that fails (1.8.10 on) or a close that does (before), and before 1.8.10
 *    leaves descriptors up to 2 open and frees static streams; fflush sets no error indicator;
 *  - positions are counted from 0, whatever the descriptor's is: of fdopen, of stdin, of a shared or an appending
 *    one; a seek that fails loses what was read ahead, and so does fflush on a pipe; EOF does not last;
 *  - fopen knows no x and e, fdopen takes any descriptor, freopen leaves the descriptor's number;
 *  - setvbuf loses what was written (not in 1.8.12), and with size 0 makes a buffer of no bytes.
 * So fopen and fdopen make a stream with the installed header's initializer, put the functions that are here,
 * and call picolibc's, in their places, and keep it in a list. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>
#include "user/lib/mends/stream.h"
#include "user/lib/system/internal.h"

struct stream {
    struct __file_bufio bufio; /* first: this is the FILE */
    bool automatic;            /* by lines, if the first output finds a terminal */
    bool is_static;
    uint64_t lock[OCTAVO_LOCK_SIZE / 8];
    LIST_ENTRY(stream) link; /* of all but the static ones, under the library's lock */
};

#define STANDARD_SIZE 1024 /* of the buffers of stdin and stdout */

static LIST_HEAD(, stream) streams = LIST_HEAD_INITIALIZER(streams);

static struct stream *stream_of(FILE *file)
{
    return (struct stream *)(void *)file;
}

static FILE *stream_file(struct stream *s)
{
    return &s->bufio.xfile.cfile.file;
}

/* --- The functions of a stream ---------------------------------------------------------------- */

/* All of it, whatever signals come. */
static ssize_t stream_write(int fd, const void *from, size_t size)
{
    size_t done = 0;

    while (done < size) {
        ssize_t n = write(fd, (const char *)from + done, size - done);
        if (n == 0 || (n < 0 && errno != EINTR))
            return -1;
        done += n > 0 ? (size_t)n : 0;
    }
    return (ssize_t)size;
}

/* Writes what is there to be written, or moves the descriptor back over what was read and not used. Where that cannot
 * be, on a pipe, it stays to be read. */
static int stream_flush(FILE *file)
{
    struct stream *s = stream_of(file);
    off_t unread = s->bufio.len - s->bufio.off;
    int result = 0;

    stream_lock(file);
    if (s->bufio.dir == __SWR)
        result = __bufio_flush(file) < 0 ? stream_fail(file) : 0;
    else if (s->bufio.dir == 0 && s->automatic && isatty(fileno(file)))
        s->bufio.bflags |= __BLBF;
    else if (unread == 0 || lseek(fileno(file), -unread, SEEK_CUR) >= 0)
        s->bufio.len = s->bufio.off = 0;
    stream_unlock(file);
    return result;
}

/* Before the first output after something else it is flushed, as the mend of fwrite does. */
static int stream_put(char c, FILE *file)
{
    if (stream_buffer(file)->dir != __SWR)
        stream_flush(file);
    return __bufio_put(c, file) < 0 ? stream_fail(file) : (unsigned char)c;
}

/* In 1.8 the stream's own get does not tell an error from the end. */
static _Thread_local bool read_failed;

static ssize_t stream_read(int fd, void *to, size_t size)
{
    ssize_t n = read(fd, to, size);

    read_failed = n < 0;
    return n;
}

/* The end of a file lasts until clearerr or a seek. Who waits for input shall see what was asked. */
static int stream_get(FILE *file)
{
    struct __file_bufio *b = stream_buffer(file);

    if (b->dir == __SRD && b->off < b->len)
        return __bufio_get(file);
    if (file->flags & __SEOF)
        return _FDEV_EOF;
    if (b->dir == __SWR && stream_flush(file) < 0)
        return _FDEV_ERR;
    if (stream_buffer(stdout)->bflags & __BLBF)
        fflush(stdout);
    int c = __bufio_get(file);
    if (c < 0 && read_failed) {
        stream_fail(file);
        return _FDEV_ERR;
    }
    return c;
}

/* By the descriptor's offset, which others may have moved; so what a seek finds is read again. */
static off_t stream_seek(FILE *file, off_t offset, int whence)
{
    struct __file_bufio *b = stream_buffer(file);
    off_t result = -1;

    stream_lock(file);
    if (b->dir != __SWR || stream_flush(file) == 0) {
        off_t ahead = b->dir == __SRD && whence == SEEK_CUR ? b->len - b->off : 0;
        bool asks = whence == SEEK_CUR && offset == 0;
        result = lseek(fileno(file), asks ? 0 : offset - ahead, whence);
        if (result >= 0 && asks)
            result = result > ahead ? result - ahead : 0; /* pushed back before the first */
        else if (result >= 0)
            b->len = b->off = 0;
    }
    stream_unlock(file);
    return result;
}

static int stream_close(FILE *file)
{
    struct stream *s = stream_of(file);
    int result = stream_flush(file);

    if (!s->is_static) {
        __LIBC_LOCK();
        LIST_REMOVE(s, link);
        __LIBC_UNLOCK();
    }
    if (s->bufio.bflags & __BALL)
        free(s->bufio.buf);
    if (close(fileno(file)) < 0)
        result = EOF;
    s->bufio.len = s->bufio.dir = file->flags = 0;
    if (!s->is_static)
        free(s);
    return result;
}

/* Hooks and lock go over what the installed initializer has in these places. */
#pragma GCC diagnostic ignored "-Woverride-init"
#define STREAM(fd, memory, bytes, flags, lock_memory)                                           \
    .bufio =                                                                                    \
        FDEV_SETUP_BUFIO(fd, memory, bytes, stream_read, stream_write, lseek, close, flags, 0), \
    .bufio.xfile.cfile.file.put = stream_put, .bufio.xfile.cfile.file.get = stream_get,         \
    .bufio.xfile.cfile.file.flush = stream_flush, .bufio.xfile.cfile.close = stream_close,      \
    .bufio.xfile.seek = stream_seek, .bufio.lock = (_LOCK_T)(void *)(lock_memory)

/* --- Standard streams, and all ----------------------------------------------------------------- */

static char stdin_buffer[STANDARD_SIZE], stdout_buffer[STANDARD_SIZE], stderr_buffer[1];
static struct stream standard[] = {
    {STREAM(STDIN_FILENO, stdin_buffer, STANDARD_SIZE, __SRD, standard[0].lock), .is_static = true},
    {STREAM(STDOUT_FILENO, stdout_buffer, STANDARD_SIZE, __SWR, standard[1].lock),
     .is_static = true, .automatic = true},
    {STREAM(STDERR_FILENO, stderr_buffer, 1, __SWR, standard[2].lock), .is_static = true},
};

FILE *const stdin = &standard[0].bufio.xfile.cfile.file;
FILE *const stdout = &standard[1].bufio.xfile.cfile.file;
FILE *const stderr = &standard[2].bufio.xfile.cfile.file;

/* Of all that hold output: flushing one that reads would move its descriptor. */
static int flush_all(void)
{
    struct stream *s;
    int result = 0;

    __LIBC_LOCK();
    for (s = &standard[STDOUT_FILENO]; s <= &standard[STDERR_FILENO]; s++)
        result |= s->bufio.dir == __SWR ? stream_flush(stream_file(s)) : 0;
    LIST_FOREACH (s, &streams, link)
        result |= s->bufio.dir == __SWR ? stream_flush(stream_file(s)) : 0;
    __LIBC_UNLOCK();
    return result;
}

int fflush(FILE *file)
{
    return !file ? flush_all() : file->flush ? file->flush(file) : 0;
}

/* After all other destructors. Who goes on with the same open file, as the next command of a script, shall
 * find stdin's offset behind what was used here. */
__attribute__((destructor(101))) static void flush_at_exit(void)
{
    fflush(NULL);
    stream_flush(stdin);
}

/* In the child of a fork no other thread is there that could unlock them. */
void octavo_stdio_forked(void)
{
    struct stream *s;

    for (unsigned i = 0; i < sizeof(standard) / sizeof(standard[0]); i++)
        octavo_lock_forked(standard[i].bufio.lock);
    LIST_FOREACH (s, &streams, link)
        octavo_lock_forked(s->bufio.lock);
}

/* --- Opening --------------------------------------------------------------------------------- */

/* O_* of a mode: r, w or a, then + b x e in any order. -1 with EINVAL. */
static int mode_flags(const char *mode)
{
    int flags = strchr(mode, '+') ? O_RDWR : *mode == 'r' ? O_RDONLY : O_WRONLY;

    if (*mode != 'r' && *mode != 'w' && *mode != 'a') {
        errno = EINVAL;
        return -1;
    }
    flags |= *mode == 'r' ? 0 : *mode == 'w' ? O_CREAT | O_TRUNC : O_CREAT | O_APPEND;
    return flags | (strchr(mode, 'x') ? O_EXCL : 0) | (strchr(mode, 'e') ? O_CLOEXEC : 0);
}

/* Reading is always tried, since picolibc does not say EBADF and the system does. */
#define STREAM_BITS(flags) (((flags)&O_ACCMODE) == O_RDONLY ? __SRD : __SRD | __SWR)

static FILE *stream_new(int fd, int flags)
{
    struct stream *s = malloc(sizeof(*s) + BUFSIZ);

    if (!s)
        return NULL;
    *s = (struct stream){STREAM(fd, (char *)(s + 1), BUFSIZ, STREAM_BITS(flags), s->lock)};
    if ((flags & (O_APPEND | O_ACCMODE)) == (O_APPEND | O_WRONLY))
        lseek(fd, 0, SEEK_END);
    __LIBC_LOCK();
    LIST_INSERT_HEAD(&streams, s, link);
    __LIBC_UNLOCK();
    return stream_file(s);
}

FILE *fopen(const char *path, const char *mode)
{
    int flags = mode_flags(mode);
    int fd = flags < 0 ? -1 : open(path, flags, 0666);
    FILE *file = fd < 0 ? NULL : stream_new(fd, flags);

    if (fd >= 0 && !file)
        close(fd);
    return file;
}

/* Whether a descriptor is open for what a mode wants to do; sets what the mode says of it. */
static bool fits(int fd, int flags)
{
    int has = fcntl(fd, F_GETFL), access = has & O_ACCMODE;

    if (has < 0)
        return false;
    if (access != O_RDWR && access != (flags & O_ACCMODE)) {
        errno = EINVAL;
        return false;
    }
    if ((flags & O_APPEND) && fcntl(fd, F_SETFL, has | O_APPEND) < 0)
        return false;
    return !(flags & O_CLOEXEC) || fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

FILE *fdopen(int fd, const char *mode)
{
    int flags = mode_flags(mode);

    return flags >= 0 && fits(fd, flags) ? stream_new(fd, flags) : NULL;
}

/* Opens the path on that descriptor, so that children find it there. */
static bool reopen(int fd, const char *path, int flags)
{
    int opened = open(path, flags, 0666);
    bool done = opened >= 0 && (opened == fd || dup3(opened, fd, flags & O_CLOEXEC) == fd);

    if (opened >= 0 && opened != fd)
        close(opened);
    return done;
}

FILE *freopen(const char *path, const char *mode, FILE *file)
{
    struct stream *s = stream_of(file);
    int flags = mode_flags(mode), fd = fileno(file);

    if (flags < 0 || file->get != stream_get) {
        errno = flags < 0 ? EINVAL : EBADF;
        return NULL;
    }
    stream_lock(file);
    stream_flush(file);
    s->bufio.dir = s->bufio.len = s->bufio.off = 0;
    bool done = path ? reopen(fd, path, flags) : fits(fd, flags);
    file->flags &= (uint8_t) ~(__SRD | __SWR | __SERR | __SEOF);
    file->flags |= STREAM_BITS(flags);
    if (s->automatic)
        s->bufio.bflags &= (uint8_t)~__BLBF;
    stream_unlock(file);
    if (!done)
        fclose(file);
    return done ? file : NULL;
}

int octavo_libc_setvbuf(FILE *file, char *buffer, int mode, size_t size);
int setvbuf(FILE *file, char *buffer, int mode, size_t size)
{
    struct __file_bufio *b = stream_buffer(file);

    fflush(file);
    if (b && b->len > 0) { /* a pipe's input, which nobody could read again */
        errno = EINVAL;
        return EOF;
    }
    int result = octavo_libc_setvbuf(file, size ? buffer : NULL, mode, size ? size : BUFSIZ);
    if (file->get ==
        stream_get) { /* with memory of its own 1.8.12 makes the stream one that is closed otherwise */
        b->xfile.cfile.close = stream_close;
        stream_of(file)->automatic = false;
    }
    return result;
}

/* By a stream for this once. They are not in 1.8 to 1.8.10, and in 1.8.12 a signal ends them. */
int vdprintf(int fd, const char *restrict format, va_list arguments)
{
    char buffer[BUFSIZ];
    struct stream s = {STREAM(fd, buffer, BUFSIZ, __SWR, s.lock)};
    int length = vfprintf(stream_file(&s), format, arguments);

    return stream_flush(stream_file(&s)) < 0 ? -1 : length;
}

int dprintf(int fd, const char *restrict format, ...)
{
    va_list list;

    va_start(list, format);
    int result = vdprintf(fd, format, list);
    va_end(list);
    return result;
}
