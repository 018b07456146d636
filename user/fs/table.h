/* SPDX-License-Identifier: MIT
 *
 * Who holds what: places, the open files of each, and the clients that both are counted for
 * (proto/fs.h). Records are counted references: a request keeps what it works on while another thread
 * closes it, and whoever lets go last ends its fids. Must not be asked while holding a lock. */
#ifndef OCTAVO_FS_TABLE_H
#define OCTAVO_FS_TABLE_H

#include "user/fs/p9.h"
#include <sys/queue.h>

#define PLACE_ROOT_BADGE 1u /* of the registered right; it never closes */

struct file {
    uint64_t id;
    uint32_t fid; /* open */
    struct wire_qid qid;
    unsigned access; /* FS_O_RDONLY, WRONLY, RDWR */
    /* Under the table's lock: */
    bool is_open;
    unsigned references; /* requests at work, and one while it is open */
    struct place *place;
    LIST_ENTRY(file) link; /* of the place, or free */
};

struct client {
    unsigned places, files; /* no places: free */
};

struct place {
    uint64_t badge;
    uint32_t fid;   /* of the directory, not open */
    uint64_t inode; /* the same */
    /* Under the table's lock: */
    uint32_t reader; /* the same, open; P9_NO_FID before somebody reads it */
    bool is_closed;
    unsigned references;   /* requests at work, and one while its right lives */
    struct client *client; /* NULL: the registered right */
    LIST_HEAD(, file) files;
    SLIST_ENTRY(place) free;
};

/* Of the registered right's place. */
void table_setup(uint32_t root_fid, uint64_t inode);

/* The place with a badge; NULL. To be put. */
struct place *place_get(uint64_t badge);
void place_put(struct p9 *p9, struct place *place);

/* A place at the directory fid, which is its from then on; made through `from`. *badge is to be given
 * to a right. 0 or a negative errno. */
int place_create(struct place *from, uint32_t fid, uint64_t inode, uint64_t *badge);

/* The last copy of its right is gone, or none was made. */
void place_close(struct p9 *p9, uint64_t badge);

/* The place's directory, open for reading. 0 or a negative errno. */
int place_reader(struct p9 *p9, struct place *place, uint32_t *fid);

/* An id for an open fid, which is the file's from then on. 0 or a negative errno. */
int file_create(struct place *place, uint32_t fid, unsigned access, struct wire_qid qid,
                uint64_t *id);

/* The place's file; NULL. To be put. */
struct file *file_get(struct place *place, uint64_t id);
void file_put(struct p9 *p9, struct file *file);

/* 0, or -EBADF. */
int file_close(struct p9 *p9, struct place *place, uint64_t id);

#endif
