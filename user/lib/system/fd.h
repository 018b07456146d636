/* SPDX-License-Identifier: MIT
 *
 * Descriptors. Each slot of the table names a kind of thing by its operations, and the handle of
 * the server that has it. One file per kind: fd_con.c, fd_file.c ... A new kind is a new file, a
 * number in proto/start.h and a line in fd.c's table of kinds. All state is in the table, which fork
 * copies, and behind the handles, which it shares. Not for programs. */
#ifndef OCTAVO_LIB_FD_H
#define OCTAVO_LIB_FD_H

#include <abi/handle.h>
#include <fcntl.h>
#include <proto/file.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include "user/lib/system/internal.h"

struct fd {
    uint8_t kind; /* START_FD_*; 0 = not open */
    uint8_t close_on_exec;
    uint16_t flags;  /* O_ACCMODE and FD_FLAGS of open */
    handle_t handle; /* shared by duplicates; closed with the last of them */
};

#define FD_FLAGS (O_APPEND | O_NONBLOCK | O_SYNC) /* besides the access, what F_GETFL shows */

/* Results are >= 0 or a negative errno. An operation that is NULL is answered as said beside it.
 * offset: FILE_AT_POSITION = where the description stands; others only for kinds that can seek. */
struct fd_ops {
    /* Bytes; 0 = end of file. */
    long (*read)(const struct fd *fd, void *buffer, size_t length, uint64_t offset);
    /* Bytes, at least one: the caller goes on with the rest. */
    long (*write)(const struct fd *fd, const void *buffer, size_t length, uint64_t offset);
    long (*seek)(const struct fd *fd, off_t offset, int whence);         /* NULL: ESPIPE */
    long (*status)(const struct fd *fd, struct stat *status);            /* zeroed before */
    long (*set)(const struct fd *fd, const struct fs_setattr *set);      /* NULL: EINVAL */
    long (*sync)(const struct fd *fd, int data_only);                    /* NULL: EINVAL */
    long (*flags)(const struct fd *fd, unsigned change, unsigned flags); /* NULL: in the slot */
    long (*ready)(const struct fd *fd);    /* POLLIN ...; NULL: always in and out */
    long (*terminal)(const struct fd *fd); /* NULL: ENOTTY; 0 = it is one */
};

extern const struct fd_ops fd_con_ops, fd_null_ops, fd_random_ops, fd_file_ops, fd_directory_ops,
    fd_pipe_ops;

/* The open descriptor, or NULL with errno EBADF. The table may change under a concurrent close. */
struct fd *fd_get(int fd);

const struct fd_ops *fd_ops(const struct fd *fd);

/* What an operation of descriptor `number` answers; `without`: its kind has none. EBADF: it is not open. */
#define FD_DO(number, operation, without, ...)                                \
    __extension__({                                                           \
        const struct fd *fd_ = fd_get(number);                                \
        !fd_                     ? -EBADF                                     \
        : fd_ops(fd_)->operation ? fd_ops(fd_)->operation(fd_, ##__VA_ARGS__) \
                                 : (without);                                 \
    })

/* Puts *file into the lowest free slot from `first` on: the slot, or -1 with EMFILE. Then the handle
 * is closed, unless another descriptor has it. */
int fd_install(const struct fd *file, int first);

/* open() of the names below /dev that this library knows without a file server. 1: *file is filled; 0: it
 * is none of them; or a negative errno. */
int fd_device_name(const char *path, struct fd *file);

/* Called, if set, with each descriptor that is about to be closed. */
extern void (*fd_before_close)(const struct fd *fd);

/* record_lock.c: F_GETLK, F_SETLK, F_SETLKW of an open descriptor. */
long octavo_record_lock(int number, int command, struct flock *lock);

/* For posix_spawn and exec: the slot, open or not, of 0 <= fd < OCTAVO_FD_MAX; and the value that the
 * start block has for a descriptor (proto/start.h) whose handle has already been translated. */
const struct fd *fd_slot(int fd);
uint64_t fd_start_value(const struct fd *fd);

/* One more than the highest descriptor that is, or was, open. */
int fd_limit(void);

/* The first descriptor of that kind, or NULL. */
const struct fd *fd_find_kind(unsigned kind);

/* stat.c: what a file is: the answer to FILE_STAT or FS_STAT through the right. */
long fd_file_status(handle_t right, unsigned operation, struct stat *status);

/* fd_device.c: what a thing is that no file server has. */
long fd_other_status(struct stat *status, uint64_t number, mode_t mode, unsigned block);

#endif
