/* SPDX-License-Identifier: MIT
 *
 * /dev: a folder that is not the host's, read-only, whose files nobody opens here (proto/fs.h). Its fids
 * are numbers of their own, not owned by anyone; a fid of either kind goes to the functions at
 * the end, which ask the host or dev.c. It must not ask the host itself. */
#ifndef OCTAVO_FS_DEV_H
#define OCTAVO_FS_DEV_H

#include "user/fs/p9.h"

#define DEV_NAME "dev"
#define DEV_FID 0x80000000u /* the folder; its files follow */

static inline bool dev_has(uint32_t fid)
{
    return fid >= DEV_FID && fid != P9_NO_FID;
}

/* One name, not "." or "..", from a fid of /dev. 1, or -ENOENT, -ENOTDIR. */
int dev_walk(uint32_t from, struct wire_name name, uint32_t *fid, struct wire_qid *qid);

/* /dev itself. */
struct wire_qid dev_qid(void);
void dev_stat(uint32_t fid, struct fs_stat *stat);
void dev_statfs(struct fs_statfs *statfs);

/* Entries of /dev behind the cursor. 1: there was one more; 0: none. root: inode of "..". */
int dev_entry(uint64_t cursor, uint64_t root, struct p9_entry *entry);

/* /dev as an entry of the root, with that cursor. */
struct p9_entry dev_entry_of_root(uint64_t cursor);

/* As p9.h has them. What would change /dev is EROFS. */
int node_open(struct p9 *p9, uint32_t fid, unsigned flags);
int node_fsync(struct p9 *p9, uint32_t fid, bool data_only);
int node_getattr(struct p9 *p9, uint32_t fid, struct fs_stat *stat);
int node_setattr(struct p9 *p9, uint32_t fid, const struct fs_setattr *set);
int node_statfs(struct p9 *p9, uint32_t fid, struct fs_statfs *statfs);

#endif
