/* SPDX-License-Identifier: MIT
 *
 * Files by name: the requests of proto/pager.h that begin with a path. */
#ifndef PAGER_NAME_H
#define PAGER_NAME_H

#include <stdbool.h>
#include "user/pager/cache/file.h"
#include "user/pager/cache/host.h"
#include "user/pager/wait/request.h"

/* Who knows what names lead to: one table for the share of the host, for the pager above where there is one, and
 * for files that are made. */
struct namer {
    const struct backing *backing; /* of the files that it opens */
    /* In I/O threads, since they wait for another server; host.h says what they are given and return. An id is
     * good for the functions of `backing`, until `close`. */
    int (*open)(const struct host_path *path, unsigned flags, unsigned mode, uint64_t *id,
                struct fs_stat *stat);
    int (*close)(uint64_t id);
    int (*stat)(const struct host_path *path, unsigned flags, struct fs_stat *stat);
    int (*setattr)(const struct host_path *path, const struct fs_setattr *request, unsigned flags);
    int (*unlink)(const struct host_path *path);
    int (*rename)(const struct host_path *from, const struct host_path *to);
    /* In the main thread: the whole of a request, whose path is r->work's first. NULL: as for files of the host. */
    enum outcome (*open_request)(struct request *r);
    enum outcome (*stat_request)(struct request *r);
    enum outcome (*sync_request)(struct request *r);
    /* The file behind handle 0 of a request, which is no right of this pager: 0, and it is r->object, and *flags
     * those of its description; 1, the request waits; or a negative errno. NULL: there is none (ENODEV). */
    int (*given)(struct request *r, uint32_t *flags);
};
extern const struct namer
    *name_files; /* the host's; beside/ sets another one when the pager starts */

/* Names that begin with this prefix lead to files of that namer. Once, at the start. */
void name_made(const char *prefix, const struct namer *namer);

enum outcome name_open(struct request *r);
enum outcome name_stat(struct request *r);
enum outcome name_setattr(struct request *r);
enum outcome name_unlink(struct request *r);
enum outcome name_rename(struct request *r);
enum outcome name_sync(struct request *r);

/* What a path that work_get's first path says leads to, with an id to read it by (and to write, if flags
 * say so): 0, and r->object has a reference on the file; REQUEST_WAITS, and it is to be called again; or a
 * negative errno. */
int name_look_up(struct request *r);

#endif
