/* SPDX-License-Identifier: MIT
 *
 * Descriptors. Each slot of the table names a kind of thing by its operations, and the handle of
 * the server that has it. One file per kind: fd_con.c, fd_null.c. A new kind is a new file, a
 * number in proto/start.h and a line in fd.c's table of kinds. Not for programs. */
#ifndef OCTAVO_LIB_FD_H
#define OCTAVO_LIB_FD_H

#include <abi/handle.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include "user/lib/internal.h"

struct fd {
    uint8_t kind; /* START_FD_*; 0 = not open */
    uint8_t close_on_exec;
    uint16_t flags;  /* O_RDONLY ... O_APPEND of open */
    handle_t handle; /* shared by duplicates; closed with the last of them */
};

/* Results are >= 0 or a negative errno. An operation that is NULL is answered as said beside it. */
struct fd_ops {
    const char
        *paths; /* names that open() gives it, each ended by a NUL, after the last one more */
    long (*open)(struct fd *fd, const char *path);                  /* fills handle */
    long (*read)(const struct fd *fd, void *buffer, size_t length); /* bytes; 0 = end of file */
    long (*write)(const struct fd *fd, const void *buffer, size_t length); /* bytes, all of them */
    long (*seek)(const struct fd *fd, off_t offset, int whence);           /* NULL: ESPIPE */
    long (*status)(const struct fd *fd, struct stat *status);              /* zeroed before */
    long (*terminal)(const struct fd *fd); /* NULL: ENOTTY; 0 = it is one */
};

extern const struct fd_ops fd_con_ops, fd_null_ops;

/* The open descriptor, or NULL with errno EBADF. The table may change under a concurrent close. */
struct fd *fd_get(int fd);

/* For posix_spawn: the slot, open or not, of 0 <= fd < OCTAVO_FD_MAX. */
const struct fd *fd_slot(int fd);

/* One more than the highest descriptor that is, or was, open. */
int fd_limit(void);

/* The first descriptor of that kind, or NULL. */
const struct fd *fd_find_kind(unsigned kind);

#endif
