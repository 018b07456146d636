/* SPDX-License-Identifier: MIT
 *
 * Files whose pages are made. See synthetic.h. */
#include "user/pager/beside/synthetic.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "user/pager/base/pool.h"
#include "user/pager/names/description.h"
#include "user/pager/names/work.h"
#include "user/pager/pager.h"
#include "user/pager/vm/space.h"

struct made {
    struct file file; /* first */
    LIST_ENTRY(made) link;
    uint64_t number;
};

static const struct pager_content *content;
static LIST_HEAD(, made) all = LIST_HEAD_INITIALIZER(all);
static struct pool made_pool = POOL(struct made);
static uint64_t serial = 1ul << 48; /* of the object made last: above those of files */

void made_setup(const struct pager_content *own)
{
    content = own;
}

bool made_is_named(const struct host_path *path)
{
    size_t length = content ? strlen(content->prefix) : 0;

    return content && path->length > length && memcmp(path->bytes, content->prefix, length) == 0;
}

/* --- the object --- */

static int made_read(struct object *object, uint64_t index, void *to)
{
    const struct made *made = (struct made *)object;
    uint64_t size = made->file.size, at = index << PAGE_SHIFT;

    if (at >= size)
        return -ENXIO;
    memset(to, 0, PAGE_SIZE);
    int error = content->make(made->number, index, to);
    if (size - at < PAGE_SIZE)
        memset((char *)to + (size - at), 0, PAGE_SIZE - (size - at));
    return error;
}

static void made_destroy(struct object *object)
{
    struct made *made = (struct made *)object;

    file_drop(&made->file, 0, UINT64_MAX >> PAGE_SHIFT);
    LIST_REMOVE(made, link);
    pool_free(&made_pool, made, NULL);
}

static const struct object_ops made_ops = {.read = made_read, .destroy = made_destroy};

bool made_is(const struct file *file)
{
    return file->object.ops == &made_ops;
}

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

/* A reference on the file; one for all that opened the same. NULL: no memory. */
static struct file *get(const struct host_path *path, uint64_t size, uint64_t number)
{
    struct made *made;
    size_t skip = path->length > sizeof(made->file.name) - 1
                      ? path->length - (sizeof(made->file.name) - 1)
                      : 0;

    LIST_FOREACH (made, &all, link)
        if (made->number == number && made->file.size == size) {
            object_ref(&made->file.object);
            return &made->file;
        }
    made = pool_alloc(&made_pool, NULL);
    if (!made)
        return NULL;
    memset(made, 0, sizeof(*made));
    made->file.object =
        (struct object){.ops = &made_ops, .name = made->file.name, .id = ++serial, .refs = 1};
    made->file.host = stat_of(size, number);
    made->file.size = size;
    memcpy(made->file.name, path->bytes + skip, path->length - skip);
    made->number = number;
    LIST_INSERT_HEAD(&all, made, link);
    return &made->file;
}

enum outcome made_open(struct request *r)
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
    struct file *file = get(path, size, number);
    if (!file)
        return answer_errno(r, -ENOMEM);
    r->object = &file->object;
    return answer_errno(r, description_create(r->space, file, flags & FILE_O_NONBLOCK, &r->give));
}

enum outcome made_stat(struct request *r)
{
    uint64_t size, number, n = r->m.w[3];
    int error = look(&r->work->path[0], &size, &number);
    struct fs_stat stat = error ? (struct fs_stat){0} : stat_of(size, number);

    if (n > sizeof(stat))
        n = sizeof(stat);
    if (!error)
        error = request_copy(r, COPY_OUT, 0, &stat, n);
    return error > 0 ? DONE : error < 0 ? answer_errno(r, error) : answer_word(r, n);
}
