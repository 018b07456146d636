/* SPDX-License-Identifier: MIT
 *
 * FILE as this library makes it: picolibc's part first, so that its functions that remain (scanf and
 * others that go through get and put) work on it; then a buffer and what is behind it. Streams that
 * picolibc makes itself - snprintf's, sscanf's, fmemopen's - are "foreign": they have only its part.
 * Not for programs.
 *
 * While reading, buffer[at..end) is still to be read, and before it back[backs-1..0]. While writing,
 * buffer[0..at) is still to be written. All is under the stream's lock. */
#ifndef OCTAVO_LIB_STDIO_FILE_H
#define OCTAVO_LIB_STDIO_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/lock.h>
#include <sys/queue.h>
#include "user/lib/system/internal.h"

#define STDIO_BACK 8 /* characters that ungetc takes */

enum stdio_direction { STDIO_IDLE, STDIO_READING, STDIO_WRITING };
enum stdio_mode { STDIO_FULL, STDIO_LINE, STDIO_UNBUFFERED, STDIO_AUTO /* LINE on a console */ };

struct stdio_file;

/* As read, write, lseek and close: -1 with errno. */
struct stdio_ops {
    ssize_t (*read)(struct stdio_file *f, void *to, size_t size);
    ssize_t (*write)(struct stdio_file *f, const void *from, size_t size);
    off_t (*seek)(struct stdio_file *f, off_t offset, int whence);
    int (*close)(struct stdio_file *f);
};

struct stdio_file {
    struct __file_ext ext;
    const struct stdio_ops *ops;
    void *cookie; /* of ops other than a descriptor's */
    int fd;       /* -1: none */
    uint8_t direction, mode;
    bool appends, is_static, owns_buffer;
    uint8_t backs;
    unsigned char back[STDIO_BACK];
    unsigned char tiny[1]; /* the buffer of an unbuffered stream */
    unsigned char *buffer;
    size_t size, at, end;
    uint64_t lock[OCTAVO_LOCK_SIZE / 8];
    LIST_ENTRY(stdio_file) link; /* of all but the static ones, under the library's lock */
};

extern struct stdio_file octavo_stdin, octavo_stdout, octavo_stderr;
extern const struct stdio_ops stdio_descriptor_ops;

/* picolibc's part; the functions are those of this library. */
#define STDIO_EXT(bits) \
    FDEV_SETUP_EXT(stdio_put, stdio_get, stdio_flush, stdio_close, NULL, NULL, bits)

int stdio_put(char c, FILE *file);
int stdio_get(FILE *file);
int stdio_flush(FILE *file);
int stdio_close(FILE *file);

/* NULL: a foreign one. */
static inline struct stdio_file *stdio_own(FILE *file)
{
    return file->get == stdio_get ? (struct stdio_file *)(void *)file : NULL;
}

static inline FILE *stdio_public(struct stdio_file *f)
{
    return &f->ext.cfile.file;
}

static inline uint8_t *stdio_flags(struct stdio_file *f)
{
    return &f->ext.cfile.file.flags;
}

/* Takes the lock unless the program has one thread; gives it back if it was taken. */
static inline bool stdio_lock(struct stdio_file *f)
{
    if (!octavo_threaded)
        return false;
    __retarget_lock_acquire_recursive((_LOCK_T)(void *)f->lock);
    return true;
}

static inline void stdio_unlock(struct stdio_file *f, bool taken)
{
    if (taken)
        __retarget_lock_release_recursive((_LOCK_T)(void *)f->lock);
}

/* The following want the lock to be held. Results: 0 or a character, or EOF with errno and __SERR
 * (or __SEOF) set. */
int stdio_get_one(struct stdio_file *f);
int stdio_put_one(struct stdio_file *f, unsigned char c);
size_t stdio_read(struct stdio_file *f, void *to, size_t size);          /* bytes */
size_t stdio_write(struct stdio_file *f, const void *from, size_t size); /* bytes */
int stdio_fill(struct stdio_file *f);
int stdio_flush_own(struct stdio_file *f);

/* Forgets what was read ahead, after moving the descriptor back over it where that is possible. */
void stdio_drop(struct stdio_file *f);

/* Gives an unbuffered stream memory for the time of several calls, so that their bytes go out together;
 * release undoes it. False: nothing to undo. */
bool stdio_hold(struct stdio_file *f, void *memory, size_t size);
int stdio_release(struct stdio_file *f);

/* Adds a stream to the list of those that are flushed at exit; takes it off. */
void stdio_add(struct stdio_file *f);
void stdio_remove(struct stdio_file *f);

/* O_* of a mode of fopen and the stream's __SRD and __SWR; false with EINVAL. */
bool stdio_parse_mode(const char *mode, int *open_flags, uint8_t *bits);

/* A new stream on ops with a buffer of BUFSIZ, in the list; NULL with ENOMEM. */
struct stdio_file *stdio_new(const struct stdio_ops *ops, int fd, uint8_t bits);

#endif
