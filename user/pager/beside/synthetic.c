/* SPDX-License-Identifier: MIT
 *
 * Files whose pages are made. See synthetic.h. */
#include "user/pager/beside/synthetic.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "user/pager/names/description.h"
#include "user/pager/names/name.h"
#include "user/pager/names/work.h"
#include "user/pager/vm/space.h"

static const struct pager_content *content;

/* The inode of such a file is its number. */
static int make(const struct file *file, uint64_t index, void *to)
{
    return content->make(file->host.inode, index, to);
}

static const struct backing synthetic_backing = {.make = make};

/* --- by name --- */

/* What the path says: 0, and its size and number. */
static int look(const struct host_path *path, uint64_t *size, uint64_t *number)
{
    size_t skip = strlen(content->prefix), length = path->length - skip;
    char name[PAGER_CONTENT_NAME + 1];

    if (length > PAGER_CONTENT_NAME)
        return -ENAMETOOLONG;
    memcpy(name, path->bytes + skip, length);
    name[length] = '\0';
    int error = content->open(name, size, number);
    return error || *size <= FILE_SIZE_MAX ? error : -EFBIG;
}

static struct fs_stat stat_of(uint64_t size, uint64_t number)
{
    return (struct fs_stat){
        .inode = number, .size = size, .links = 1, .mode = S_IFREG | 0444, .block_size = PAGE_SIZE};
}

static enum outcome synthetic_open(struct request *r)
{
    const struct host_path *path = &r->work->path[0];
    uint64_t flags = r->m.w[1], size, number;
    int error = look(path, &size, &number);

    if (!error && ((flags & FS_O_ACCESS) != FS_O_RDONLY || flags & FS_O_TRUNCATE))
        error = -EACCES;
    if (!error && flags & FS_O_CREATE && flags & FS_O_EXCLUSIVE)
        error = -EEXIST;
    if (error)
        return answer_errno(r, error);
    struct fs_stat stat = stat_of(size, number);
    struct file *file = file_get(&synthetic_backing, &stat, path->bytes, path->length);
    if (!file)
        return answer_errno(r, -ENOMEM);
    r->object = &file->object;
    return answer_errno(r, description_create(r->space, r->object, &description_file,
                                              flags & FILE_O_NONBLOCK, &r->give));
}

static enum outcome synthetic_stat(struct request *r)
{
    uint64_t size, number;
    int error = look(&r->work->path[0], &size, &number);

    if (error)
        return answer_errno(r, error);
    struct fs_stat stat = stat_of(size, number);
    return request_answer(r, &stat, sizeof(stat));
}

void synthetic_setup(const struct pager_content *own)
{
    static const struct namer namer = {.open_request = synthetic_open,
                                       .stat_request = synthetic_stat};

    content = own;
    name_made(own->prefix, &namer);
}
