/* SPDX-License-Identifier: MIT
 *
 * The buffers of FILEs (stdio_file.h), and that nothing in them is lost: what could not be written stays,
 * a signal only delays it, and exit writes all that is left. */
#include "user/lib/posix/stdio_file.h"
#include <errno.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "user/lib/system/fd.h"

static LIST_HEAD(, stdio_file) stdio_files = LIST_HEAD_INITIALIZER(stdio_files);

static ssize_t descriptor_read(struct stdio_file *f, void *to, size_t size)
{
    return read(f->fd, to, size);
}

static ssize_t descriptor_write(struct stdio_file *f, const void *from, size_t size)
{
    return write(f->fd, from, size);
}

static off_t descriptor_seek(struct stdio_file *f, off_t offset, int whence)
{
    return lseek(f->fd, offset, whence);
}

static int descriptor_close(struct stdio_file *f)
{
    return close(f->fd);
}

const struct stdio_ops stdio_descriptor_ops = {descriptor_read, descriptor_write, descriptor_seek,
                                               descriptor_close};

/* --- Reading ------------------------------------------------------------------------------- */

static int stdio_fail(struct stdio_file *f, uint8_t bit)
{
    *stdio_flags(f) |= bit;
    return EOF;
}

/* Makes the stream one that reads. */
static int stdio_start_reading(struct stdio_file *f)
{
    if (!(*stdio_flags(f) & __SRD)) {
        errno = EBADF;
        return stdio_fail(f, __SERR);
    }
    if (f->direction == STDIO_WRITING && stdio_flush_own(f) < 0)
        return EOF;
    if (f->direction != STDIO_READING)
        f->at = f->end = 0;
    f->direction = STDIO_READING;
    return 0;
}

/* Who waits for a line shall see what was asked. */
static void stdio_show_prompt(const struct stdio_file *f)
{
    if (f != &octavo_stdout && f->fd >= 0 && octavo_stdout.direction == STDIO_WRITING &&
        octavo_stdout.mode == STDIO_LINE && octavo_stdout.at > 0 &&
        fd_slot(f->fd)->kind != START_FD_FILE)
        stdio_flush(stdout);
}

static ssize_t stdio_read_some(struct stdio_file *f, void *to, size_t size)
{
    stdio_show_prompt(f);
    ssize_t n = f->ops->read ? f->ops->read(f, to, size) : 0;
    if (n <= 0)
        stdio_fail(f, n < 0 ? __SERR : __SEOF);
    return n;
}

int stdio_fill(struct stdio_file *f)
{
    if (stdio_start_reading(f) < 0 || (*stdio_flags(f) & __SEOF))
        return EOF;
    f->at = f->end = 0;
    ssize_t n = stdio_read_some(f, f->buffer, f->size);
    if (n <= 0)
        return EOF;
    f->end = (size_t)n;
    return 0;
}

int stdio_get_one(struct stdio_file *f)
{
    if (f->backs > 0)
        return f->back[--f->backs];
    if ((f->direction != STDIO_READING || f->at == f->end) && stdio_fill(f) < 0)
        return EOF;
    return f->buffer[f->at++];
}

size_t stdio_read(struct stdio_file *f, void *to, size_t size)
{
    unsigned char *p = to;
    size_t done = 0;

    while (done < size && f->backs > 0)
        p[done++] = f->back[--f->backs];
    if (done < size && stdio_start_reading(f) < 0)
        return done;
    while (done < size) {
        size_t have = f->end - f->at, left = size - done;
        if (have > 0) {
            have = have < left ? have : left;
            memcpy(p + done, f->buffer + f->at, have);
            f->at += have;
            done += have;
        } else if (left >= f->size && !(*stdio_flags(f) & __SEOF)) {
            ssize_t n = stdio_read_some(f, p + done, left);
            if (n <= 0)
                break;
            done += (size_t)n;
        } else if (stdio_fill(f) < 0) {
            break;
        }
    }
    return done;
}

void stdio_drop(struct stdio_file *f)
{
    off_t unread = (off_t)(f->end - f->at) + f->backs;

    if (f->direction != STDIO_READING)
        return;
    if (unread > 0 && f->ops->seek && f->ops->seek(f, -unread, SEEK_CUR) < 0)
        return; /* a pipe, a terminal: what was read stays to be read */
    f->at = f->end = 0;
    f->backs = 0;
    f->direction = STDIO_IDLE;
}

int stdio_get(FILE *file)
{
    struct stdio_file *f = (struct stdio_file *)(void *)file;
    bool taken = stdio_lock(f);
    int c = stdio_get_one(f);

    stdio_unlock(f, taken);
    return c;
}

/* --- Writing ------------------------------------------------------------------------------- */

static int stdio_start_writing(struct stdio_file *f)
{
    if (!(*stdio_flags(f) & __SWR)) {
        errno = EBADF;
        return stdio_fail(f, __SERR);
    }
    stdio_drop(f);
    f->backs = 0;
    f->at = f->end = 0;
    f->direction = STDIO_WRITING;
    if (f->mode == STDIO_AUTO) {
        bool on_console = f->fd >= 0 && fd_slot(f->fd)->kind == START_FD_CON;
        f->mode = on_console ? STDIO_LINE : STDIO_FULL;
    }
    return 0;
}

/* Bytes that were taken; fewer than all: errno and __SERR. */
static size_t stdio_write_through(struct stdio_file *f, const unsigned char *from, size_t size)
{
    size_t done = 0;

    while (done < size) {
        ssize_t n = f->ops->write ? f->ops->write(f, from + done, size - done) : (ssize_t)size;
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            stdio_fail(f, __SERR);
            break;
        }
        done += (size_t)n;
    }
    return done;
}

int stdio_flush_own(struct stdio_file *f)
{
    if (f->direction != STDIO_WRITING)
        return 0;
    size_t done = stdio_write_through(f, f->buffer, f->at);
    if (done < f->at) {
        f->at -= done;
        memmove(f->buffer, f->buffer + done, f->at);
        return EOF;
    }
    f->at = 0;
    return 0;
}

int stdio_put_one(struct stdio_file *f, unsigned char c)
{
    if (f->direction != STDIO_WRITING && stdio_start_writing(f) < 0)
        return EOF;
    if (f->at == f->size && stdio_flush_own(f) < 0)
        return EOF;
    f->buffer[f->at++] = c;
    if (f->mode == STDIO_FULL || (f->mode == STDIO_LINE && c != '\n'))
        return c;
    if (stdio_flush_own(f) < 0) {
        if (f->mode == STDIO_UNBUFFERED)
            f->at = 0; /* the caller has been told */
        return EOF;
    }
    return c;
}

static size_t stdio_write_block(struct stdio_file *f, const unsigned char *from, size_t size)
{
    if (size > f->size - f->at || f->mode == STDIO_UNBUFFERED) {
        if (stdio_flush_own(f) < 0)
            return 0;
        if (size >= f->size)
            return stdio_write_through(f, from, size);
    }
    memcpy(f->buffer + f->at, from, size);
    f->at += size;
    return size;
}

size_t stdio_write(struct stdio_file *f, const void *from, size_t size)
{
    const unsigned char *p = from;
    size_t lines = size; /* bytes up to the last newline */

    if (f->direction != STDIO_WRITING && stdio_start_writing(f) < 0)
        return 0;
    if (f->mode != STDIO_LINE)
        return stdio_write_block(f, p, size);
    while (lines > 0 && p[lines - 1] != '\n')
        lines--;
    if (lines > 0) {
        size_t done = stdio_write_block(f, p, lines);
        if (done < lines || stdio_flush_own(f) < 0)
            return done < lines ? done : 0;
    }
    return lines < size ? lines + stdio_write_block(f, p + lines, size - lines) : size;
}

bool stdio_hold(struct stdio_file *f, void *memory, size_t size)
{
    if (f->mode != STDIO_UNBUFFERED || f->buffer != f->tiny)
        return false;
    stdio_drop(f);
    f->buffer = memory;
    f->size = size;
    f->mode = STDIO_FULL;
    return true;
}

int stdio_release(struct stdio_file *f)
{
    int result = stdio_flush_own(f);

    f->buffer = f->tiny;
    f->size = sizeof(f->tiny);
    f->mode = STDIO_UNBUFFERED;
    f->at = f->end = 0;
    return result;
}

int stdio_put(char c, FILE *file)
{
    struct stdio_file *f = (struct stdio_file *)(void *)file;
    bool taken = stdio_lock(f);
    int result = stdio_put_one(f, (unsigned char)c);

    stdio_unlock(f, taken);
    return result;
}

/* --- All streams --------------------------------------------------------------------------- */

int stdio_flush(FILE *file)
{
    struct stdio_file *f = (struct stdio_file *)(void *)file;
    bool taken = stdio_lock(f);
    int result = stdio_flush_own(f);

    stdio_drop(f);
    stdio_unlock(f, taken);
    return result;
}

void __fpurge(FILE *file)
{
    struct stdio_file *f = (struct stdio_file *)(void *)file;
    bool taken = stdio_lock(f);

    f->at = f->end = 0;
    stdio_drop(f);
    stdio_unlock(f, taken);
}

/* Only those that hold output: flushing one that reads would move its descriptor's offset. */
static int stdio_flush_output(struct stdio_file *f)
{
    return f->direction == STDIO_WRITING ? stdio_flush(stdio_public(f)) : 0;
}

static int stdio_flush_all(void)
{
    struct stdio_file *f;
    int result = 0;

    __LIBC_LOCK();
    result |= stdio_flush_output(&octavo_stdout);
    result |= stdio_flush_output(&octavo_stderr);
    LIST_FOREACH (f, &stdio_files, link)
        result |= stdio_flush_output(f);
    __LIBC_UNLOCK();
    return result;
}

int fflush(FILE *file)
{
    if (!file)
        return stdio_flush_all();
    return file->flush ? file->flush(file) : 0;
}

/* Whoever goes on with the same open file, as after a command of a shell script, shall find the
 * offset behind what was read here, not behind the buffer. */
void octavo_stdio_flush(void)
{
    stdio_flush_all();
    stdio_drop(&octavo_stdin);
}

void stdio_add(struct stdio_file *f)
{
    __LIBC_LOCK();
    LIST_INSERT_HEAD(&stdio_files, f, link);
    __LIBC_UNLOCK();
}

void stdio_remove(struct stdio_file *f)
{
    __LIBC_LOCK();
    LIST_REMOVE(f, link);
    __LIBC_UNLOCK();
}

int stdio_close(FILE *file)
{
    struct stdio_file *f = (struct stdio_file *)(void *)file;

    if (!f->is_static)
        stdio_remove(f);
    int result = stdio_flush(file);
    if (f->ops->close && f->ops->close(f) < 0)
        result = EOF;
    if (f->owns_buffer)
        free(f->buffer);
    *stdio_flags(f) &= (uint8_t) ~(__SRD | __SWR);
    f->direction = STDIO_IDLE;
    f->fd = -1;
    if (!f->is_static)
        free(f);
    return result;
}

/* In the child of a fork: no other thread is there that could unlock them. */
void octavo_stdio_forked(void)
{
    struct stdio_file *f;

    octavo_lock_forked((_LOCK_T)(void *)octavo_stdin.lock);
    octavo_lock_forked((_LOCK_T)(void *)octavo_stdout.lock);
    octavo_lock_forked((_LOCK_T)(void *)octavo_stderr.lock);
    LIST_FOREACH (f, &stdio_files, link)
        octavo_lock_forked((_LOCK_T)(void *)f->lock);
}
