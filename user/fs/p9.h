/* SPDX-License-Identifier: MIT
 *
 * 9P2000.L from the client's side: one function a request, which sends it, waits for the reply, and
 * takes it apart. It must not know of paths, programs or rings; what carries the bytes is p9_exchange()
 * (transport.c; in tests/host/test_p9.c a liar).
 *
 * Results: 0 or more, or a negative errno: the server's own, as <errno.h> has it here, or -EIO when
 * the reply is not what was asked for. A struct p9 belongs to one thread; what points into its
 * reply is good until its next request. */
#ifndef OCTAVO_FS_P9_H
#define OCTAVO_FS_P9_H

#include "user/fs/wire.h"
#include <proto/fs.h>

#define P9_DATA_MAX FS_IO_MAX                /* bytes of file data in a message */
#define P9_MESSAGE_MAX (P9_DATA_MAX + 4096u) /* msize that we ask for */
#define P9_WRITE_HEADER 23u                  /* bytes before the data of Twrite */
#define P9_WALK_MAX 16u                      /* names of one Twalk */
#define P9_NO_FID (~0u)

struct p9 {
    uint8_t *request, *reply; /* P9_MESSAGE_MAX bytes each */
    uint16_t tag;
    size_t reply_size; /* of the last exchange */
};

/* Sends the request, of `size` bytes, whose reply has at most `room`. Sets reply_size. 0, or -EIO: no
 * reply will come. Provided by the transport. */
int p9_exchange(struct p9 *p9, size_t size, size_t room);

/* Once, before all else: the server speaks 9P2000.L and takes messages of P9_MESSAGE_MAX bytes. */
int p9_version(struct p9 *p9);
int p9_attach(struct p9 *p9, uint32_t fid, struct wire_qid *qid);

/* Walks `count` names from fid. How many were walked: all of them (newfid is there), or fewer, at
 * least one (there is no newfid). qid: one for each that was. Of count = 0 newfid is a copy. */
int p9_walk(struct p9 *p9, uint32_t fid, uint32_t newfid, const struct wire_name *name,
            unsigned count, struct wire_qid *qid);

/* flags: FS_O_*, of which ACCESS, TRUNCATE, EXCLUSIVE and DIRECTORY are passed on. */
int p9_open(struct p9 *p9, uint32_t fid, unsigned flags);
/* Makes the file `name` in the directory fid, which then is that file, open. */
int p9_create(struct p9 *p9, uint32_t fid, struct wire_name name, unsigned flags, uint32_t mode);
int p9_clunk(struct p9 *p9, uint32_t fid);

/* At most P9_DATA_MAX bytes; *data points to them. */
long p9_read(struct p9 *p9, uint32_t fid, uint64_t offset, uint32_t count, const uint8_t **data);
/* The data lies P9_WRITE_HEADER bytes into p9->request already. */
long p9_write(struct p9 *p9, uint32_t fid, uint64_t offset, uint32_t count);
int p9_fsync(struct p9 *p9, uint32_t fid, bool data_only);

/* Entries from the cursor on, as they came: *entries is to be read with p9_entry(). */
int p9_readdir(struct p9 *p9, uint32_t fid, uint64_t cursor, uint32_t count, struct wire *entries);

struct p9_entry {
    struct wire_qid qid;
    uint64_t cursor; /* behind it */
    uint8_t type;    /* DT_* */
    struct wire_name name;
};
/* The next one: 1, 0 (none is left), or -EIO. */
int p9_entry(struct wire *entries, struct p9_entry *entry);

int p9_getattr(struct p9 *p9, uint32_t fid, struct fs_stat *stat);
int p9_setattr(struct p9 *p9, uint32_t fid, const struct fs_setattr *set);
int p9_statfs(struct p9 *p9, uint32_t fid, struct fs_statfs *statfs);

int p9_mkdir(struct p9 *p9, uint32_t fid, struct wire_name name, uint32_t mode);
int p9_unlink(struct p9 *p9, uint32_t fid, struct wire_name name, bool is_directory);
int p9_rename(struct p9 *p9, uint32_t fid, struct wire_name name, uint32_t new_fid,
              struct wire_name new_name);
int p9_symlink(struct p9 *p9, uint32_t fid, struct wire_name name, struct wire_name target);
int p9_link(struct p9 *p9, uint32_t fid, struct wire_name name, uint32_t file_fid);
int p9_readlink(struct p9 *p9, uint32_t fid, struct wire_name *target);

/* An errno of Linux as the number that <errno.h> has for it here; EIO when there is none. */
int p9_errno(uint32_t number);

#endif
