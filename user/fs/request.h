/* SPDX-License-Identifier: MIT
 *
 * A request of proto/fs.h on its way through the server, and the handlers. The dispatcher (request.c)
 * has found the places, checked flags, buffers and handles; it answers with what the handler returns
 * and lets go of the places. So a handler
 *
 *     returns 0 (the answer is word[]), a negative errno, or REQUEST_DONE: the kernel repeats the call;
 *     does all that can end in a RESTART before anything that lasts;
 *     leaves in `undo` or `give` what must not outlive an answer that nobody got. */
#ifndef OCTAVO_FS_REQUEST_H
#define OCTAVO_FS_REQUEST_H

#include "user/fs/path.h"
#include "user/fs/table.h"
#include <octavo/ipc.h>

#define REQUEST_DONE 1

/* One thread of the server. */
struct worker {
    struct p9 *p9;
    handle_t port;
    struct path_buffer path[2];
};

struct request {
    struct worker *worker;
    struct p9 *p9;
    struct place *place; /* that it came through */
    struct place *at[2]; /* where its paths start */
    unsigned handles;    /* that came */
    unsigned long token;
    unsigned long w[4];
    unsigned long word[4]; /* of the answer */
    uint64_t undo;         /* id of a file that was opened; 0 = none */
    handle_t give;         /* to be sent with the answer */
};

/* Receives, works and answers, for ever. */
_Noreturn void request_serve(struct worker *worker);

/* Copies between the caller's `in` or `out`, from `offset` on, and here. 0, a negative errno, or
 * REQUEST_DONE. */
int request_copy_in(struct request *request, size_t offset, void *to, size_t length);
int request_copy_out(struct request *request, size_t offset, const void *from, size_t length);

/* Asks for the caller's buffer to be made present from `offset` on, and the call to be repeated.
 * REQUEST_DONE or a negative errno. */
int request_restart(struct request *request, unsigned long direction, size_t offset, size_t length);

/* The path of `length` bytes at `offset` of `in` becomes path `which`, ready to be resolved. */
int request_take_path(struct request *request, unsigned which, size_t offset, size_t length,
                      enum path_want want, struct path *path);
/* The same, from the start of `in`, with the length in w[0]; and resolves it. */
int request_resolve(struct request *request, enum path_want want, struct path *path);

/* io.c */
int place_handle(struct request *request);
int open_handle(struct request *request);
int close_handle(struct request *request);
int read_handle(struct request *request);
int write_handle(struct request *request);
int fsync_handle(struct request *request);
int readdir_handle(struct request *request);

/* attribute.c */
int stat_handle(struct request *request);
int setattr_handle(struct request *request);
int statfs_handle(struct request *request);

/* name.c */
int mkdir_handle(struct request *request);
int unlink_handle(struct request *request);
int rename_handle(struct request *request);
int symlink_handle(struct request *request);
int link_handle(struct request *request);
int readlink_handle(struct request *request);

#endif
