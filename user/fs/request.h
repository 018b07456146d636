/* SPDX-License-Identifier: MIT
 *
 * A request of proto/fs.h on its way through the server, and the handlers. Before a handler runs, the places
 * that its rights stand for are found (request.c), and afterwards they are let go of. So a handler
 *
 *     returns what <octavo/server.h> says;
 *     does all that can end in SERVER_ANSWERED before anything that lasts;
 *     leaves in `undo`, or gives with the answer, what must not outlive an answer that nobody got. */
#ifndef OCTAVO_FS_REQUEST_H
#define OCTAVO_FS_REQUEST_H

#include "user/fs/path.h"
#include "user/fs/table.h"
#include <octavo/server.h>

/* One thread of the server: what it asks the host through, and the request that it works on. */
struct worker {
    struct p9 *p9;
    handle_t port;
    struct path_buffer path[2];
    struct place *place;   /* that the request came through */
    struct place *came[2]; /* that came with it; NULL: none */
    struct place *at[2];   /* where its paths start */
    uint64_t undo;         /* id of a file that was opened; 0 = none */
};

static inline struct worker *worker_of(const struct server_request *request)
{
    return request->context;
}

/* What is done with requests; a thread's context is its struct worker. */
extern const struct server fs_server;

/* The path of `length` bytes at `offset` of `in` becomes path `which`, ready to be resolved. */
int request_take_path(struct server_request *request, unsigned which, size_t offset, size_t length,
                      enum path_want want, struct path *path);
/* The same, from the start of `in`, with the length in w[0]; and resolves it. */
int request_resolve(struct server_request *request, enum path_want want, struct path *path);

/* io.c */
int place_handle(struct server_request *request);
int open_handle(struct server_request *request);
int close_handle(struct server_request *request);
int read_handle(struct server_request *request);
int write_handle(struct server_request *request);
int fsync_handle(struct server_request *request);
int readdir_handle(struct server_request *request);

/* attribute.c */
int stat_handle(struct server_request *request);
int setattr_handle(struct server_request *request);
int statfs_handle(struct server_request *request);

/* name.c */
int mkdir_handle(struct server_request *request);
int unlink_handle(struct server_request *request);
int rename_handle(struct server_request *request);
int symlink_handle(struct server_request *request);
int link_handle(struct server_request *request);
int readlink_handle(struct server_request *request);

#endif
