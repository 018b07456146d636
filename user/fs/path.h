/* SPDX-License-Identifier: MIT
 *
 * From a path to a fid, as POSIX resolves paths (XBD 4.13) and as proto/fs.h says. The 9P server is
 * never asked to follow a symbolic link, and never to walk through what is not a directory; ".." goes
 * to it as a name, and stays at the root there (walk(5)). So no path leaves the share.
 * /dev in the root is not the host's (dev.h), whatever the host has of that name.
 *     Knows 9P (p9.h) and the fids of fid.h, and neither programs nor places. Tested on the host against
 * openat2(RESOLVE_IN_ROOT) (tests/host/test_path.c). */
#ifndef OCTAVO_FS_PATH_H
#define OCTAVO_FS_PATH_H

#include "user/fs/p9.h"

#define PATH_ROOT_FID 0u /* the share's root; attached for good */

/* Once, before all else: the root's inode. */
void path_setup(uint64_t root);
uint64_t path_root(void);

enum path_want {
    PATH_FOLLOW,   /* what the path names */
    PATH_NOFOLLOW, /* the same, but a last symbolic link itself */
    PATH_PARENT,   /* the directory that has the last name, and the name */
    PATH_CREATE,   /* both; the last need not be there. A last symbolic link is followed */
    PATH_CREATE_NOFOLLOW
};

enum path_last {
    PATH_NAME,   /* an ordinary name */
    PATH_DOT,    /* "." */
    PATH_DOTDOT, /* ".." */
    PATH_SLASH   /* nothing but slashes */
};

struct path_buffer {
    char bytes[FS_PATH_MAX + 1];
};

struct path {
    /* Asked for. */
    uint32_t start; /* fid of the directory for relative paths; not clunked */
    uint64_t start_inode;
    struct path_buffer *buffer; /* the path; used up */
    size_t length;
    enum path_want want;
    /* Found. A fid that is not owned is `start` or the root, and must stay as it is. With CREATE, and
     * last != PATH_NAME or is_slashed, nobody has looked whether there is anything: fid is P9_NO_FID. */
    uint32_t fid; /* P9_NO_FID: none was wanted, or nothing is there (CREATE) */
    bool owns_fid;
    struct wire_qid qid; /* of fid */
    uint32_t directory;  /* PARENT, CREATE: where the name is; else P9_NO_FID */
    bool owns_directory;
    struct wire_name name; /* in it; points into the buffer */
    enum path_last last;
    bool is_slashed; /* a slash comes behind the name */
    bool is_dev;     /* the directory is /dev, or the name is: the host has nothing to do with it */
};

/* 0, or a negative errno: then there is nothing to put. */
int path_resolve(struct p9 *p9, struct path *path);

/* Makes *fid one of its own, if it is not: a copy. 0 or a negative errno. */
int path_own(struct p9 *p9, uint32_t *fid, bool *owns);

/* Puts what fids the path owns. */
void path_done(struct p9 *p9, struct path *path);

#endif
