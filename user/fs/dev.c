/* SPDX-License-Identifier: MIT
 *
 * /dev: see dev.h. */
#include "user/fs/dev.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define BLOCK 4096u

static const struct {
    const char *name;
    uint64_t rdev;
    uint32_t permissions;
} files[] = {
    {"null", DEV_NULL, 0666}, {"zero", DEV_ZERO, 0666},     {"console", DEV_CONSOLE, 0666},
    {"tty", DEV_TTY, 0666},   {"random", DEV_RANDOM, 0444},
};
#define FILES (sizeof files / sizeof files[0])

/* Far from what file systems count up to. */
static uint64_t inode_of(uint32_t fid)
{
    return ~(uint64_t)(fid - DEV_FID);
}

struct wire_qid dev_qid(void)
{
    return (struct wire_qid){.type = QID_DIRECTORY, .path = inode_of(DEV_FID)};
}

int dev_walk(uint32_t from, struct wire_name name, uint32_t *fid, struct wire_qid *qid)
{
    if (from != DEV_FID)
        return -ENOTDIR;
    for (uint32_t i = 0; i < FILES; i++) {
        if (strlen(files[i].name) != name.length ||
            memcmp(files[i].name, name.bytes, name.length) != 0)
            continue;
        *fid = DEV_FID + 1 + i;
        *qid = (struct wire_qid){.path = inode_of(*fid)};
        return 1;
    }
    return -ENOENT;
}

void dev_stat(uint32_t fid, struct fs_stat *stat)
{
    *stat = (struct fs_stat){
        .inode = inode_of(fid), .links = 2, .mode = S_IFDIR | 0555, .block_size = BLOCK};
    if (fid == DEV_FID)
        return;
    stat->links = 1;
    stat->mode = S_IFCHR | files[fid - DEV_FID - 1].permissions;
    stat->rdev = files[fid - DEV_FID - 1].rdev;
}

void dev_statfs(struct fs_statfs *statfs)
{
    *statfs = (struct fs_statfs){.block_size = BLOCK, .name_max = FS_NAME_MAX};
}

static struct p9_entry entry_of(const char *name, unsigned mode, uint64_t inode, uint64_t cursor)
{
    return (struct p9_entry){.qid = {.path = inode},
                             .cursor = cursor,
                             .type = (uint8_t)(mode >> 12),
                             .name = {name, strlen(name)}};
}

/* Cursors: how many entries are behind. */
int dev_entry(uint64_t cursor, uint64_t root, struct p9_entry *entry)
{
    if (cursor == 0) {
        *entry = entry_of(".", S_IFDIR, inode_of(DEV_FID), 1);
    } else if (cursor == 1) {
        *entry = entry_of("..", S_IFDIR, root, 2);
    } else {
        uint64_t i = cursor - 2;
        if (i >= FILES)
            return 0;
        *entry = entry_of(files[i].name, S_IFCHR, inode_of(DEV_FID + 1 + (uint32_t)i), cursor + 1);
    }
    return 1;
}

struct p9_entry dev_entry_of_root(uint64_t cursor)
{
    return entry_of(DEV_NAME, S_IFDIR, inode_of(DEV_FID), cursor);
}
