/* SPDX-License-Identifier: MIT
 *
 * Fids of either kind, the host's and those of /dev: see dev.h. */
#include "user/fs/dev.h"
#include <errno.h>

/* Only the folder comes here: fs opens none of the files. */
int node_open(struct p9 *p9, uint32_t fid, unsigned flags)
{
    return dev_has(fid) ? 0 : p9_open(p9, fid, flags);
}

int node_fsync(struct p9 *p9, uint32_t fid, bool data_only)
{
    return dev_has(fid) ? 0 : p9_fsync(p9, fid, data_only);
}

int node_getattr(struct p9 *p9, uint32_t fid, struct fs_stat *stat)
{
    if (!dev_has(fid))
        return p9_getattr(p9, fid, stat);
    dev_stat(fid, stat);
    return 0;
}

int node_setattr(struct p9 *p9, uint32_t fid, const struct fs_setattr *set)
{
    return dev_has(fid) ? -EROFS : p9_setattr(p9, fid, set);
}

int node_statfs(struct p9 *p9, uint32_t fid, struct fs_statfs *statfs)
{
    if (!dev_has(fid))
        return p9_statfs(p9, fid, statfs);
    dev_statfs(statfs);
    return 0;
}
