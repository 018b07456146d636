/* SPDX-License-Identifier: MIT
 *
 * What the pager asks fs for (proto/fs.h), as functions: they wait, so only I/O threads call them. A
 * path starts at `place`, a program's; HANDLE_NONE is the root of the share. All return 0 or more, or a
 * negative errno: -ENODEV, there is no fs; -EIO, it has died. */
#ifndef PAGER_HOST_H
#define PAGER_HOST_H

#include <abi/handle.h>
#include <octavo/ipc.h>
#include <proto/fs.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* root: the registered right; HANDLE_NONE: there is no fs. */
void host_setup(handle_t root);

/* Is there one? Else all below are -ENODEV. */
bool host_is_there(void);

struct backing;

/* A path, as bytes. */
struct host_path {
    handle_t place;
    const char *bytes;
    size_t length;
};

/* Sends a request through a right, fs's or the pager's above; the second with a path: its place as a handle,
 * its bytes as `in`. */
long host_ask(handle_t right, struct message *m);
long host_ask_path(handle_t right, struct message *m, const struct host_path *path);

int host_open(const struct host_path *path, unsigned flags, unsigned mode, uint64_t *id,
              struct fs_stat *stat);
int host_close(uint64_t id);
long host_write(uint64_t id, uint64_t offset, const void *from, size_t length);
int host_stat(const struct host_path *path, unsigned flags, struct fs_stat *stat);
int host_setattr_id(uint64_t id, const struct fs_setattr *set);

/* `request`: struct fs_setattr, followed by the path's bytes. */
int host_setattr(const struct host_path *path, const struct fs_setattr *request, unsigned flags);
int host_unlink(const struct host_path *path);

/* The second path's bytes follow the first's. */
int host_rename(const struct host_path *from, const struct host_path *to);

/* What such files are read and written by. */
extern const struct backing host_backing;

#endif
