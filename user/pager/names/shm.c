/* SPDX-License-Identifier: MIT
 *
 * Shared memory with a name. See shm.h. Names live as long as the pager: all objects together have at
 * most half of the frames, and there are few names. */
#include "user/pager/names/shm.h"
#include <errno.h>
#include <proto/pager.h>
#include <string.h>
#include <sys/queue.h>
#include "user/pager/names/description.h"
#include "user/pager/vm/shared.h"
#include "user/pager/vm/space.h"

#define NAMES_MAX 256u

struct name {
    LIST_ENTRY(name) link;
    struct object *object;         /* a reference */
    char text[PAGER_SHM_NAME + 1]; /* with the leading slash */
};

static struct pool name_pool = POOL(struct name);
static LIST_HEAD(, name) names = LIST_HEAD_INITIALIZER(names);

static struct name *name_find(const char *text)
{
    struct name *name;

    LIST_FOREACH (name, &names, link)
        if (strcmp(name->text, text) == 0)
            return name;
    return NULL;
}

/* The name from `in`, a2 bytes: "/name" without another slash. 0, an errno, or 1: restart. */
static int take_name(struct request *r, char text[PAGER_SHM_NAME + 1])
{
    uint64_t length = r->m.w[0];

    if (length > PAGER_SHM_NAME)
        return -ENAMETOOLONG;
    int error = request_copy(r, COPY_IN, 0, text, length);
    if (error)
        return error;
    text[length] = '\0';
    return length < 2 || text[0] != '/' || memchr(text + 1, '/', length - 1) ||
                   strlen(text) != length
               ? -EINVAL
               : 0;
}

/* A new name for a new, empty object, or NULL. */
static struct name *name_create(struct space *maker, const char *text, uint32_t mode)
{
    struct name *name;
    unsigned count = 0;

    LIST_FOREACH (name, &names, link)
        count++;
    name = count < NAMES_MAX ? pool_alloc(&name_pool, NULL) : NULL;
    if (!name)
        return NULL;
    name->object = shared_create(maker, 0);
    if (!name->object) {
        pool_free(&name_pool, name, NULL);
        return NULL;
    }
    shared_set_named(name->object, mode & 0777);
    strcpy(name->text, text);
    LIST_INSERT_HEAD(&names, name, link);
    return name;
}

static void name_remove(struct name *name)
{
    LIST_REMOVE(name, link);
    object_unref(name->object);
    pool_free(&name_pool, name, NULL);
}

/* --- as an open file --- */

static enum outcome shm_stat(struct request *r, struct description *d)
{
    struct fs_stat stat = shared_stat(d->object);

    return request_answer(r, &stat, sizeof(stat));
}

static enum outcome shm_setattr(struct request *r, struct description *d)
{
    struct fs_setattr set;
    int error = request_copy(r, COPY_IN, 0, &set, sizeof(set));

    if (error > 0)
        return DONE;
    if (!error)
        error = description_check_set(&set);
    if (!error && set.valid & FS_SET_SIZE)
        error = !flags_can_write(d->flags) ? -EINVAL : shared_resize(r, d->object, set.size);
    return error > 0 ? WAIT : answer_errno(r, error);
}

static enum outcome shm_sync(struct request *r, struct description *d)
{
    (void)d;
    return answer_errno(r, r->m.w[0] > 1 ? -EINVAL : 0);
}

static enum outcome shm_seek(struct request *r, struct description *d)
{
    (void)d;
    return answer_errno(r, -ESPIPE);
}

/* POSIX leaves it open: it is there to be mapped. */
static enum outcome shm_read_write(struct request *r, struct description *d)
{
    (void)d;
    return answer_errno(r, -EINVAL);
}

static const struct description_kind shm_kind = {
    .per_space = 64,

    .operation = {[FILE_READ] = {shm_read_write, 0},
                  [FILE_WRITE] = {shm_read_write, 0},
                  [FILE_SEEK] = {shm_seek, 0},
                  [FILE_STAT] = {shm_stat, MSG_OUT},
                  [FILE_SETATTR] = {shm_setattr, MSG_IN},
                  [FILE_SYNC] = {shm_sync, 0},
                  [FILE_FLAGS] = {description_flags, 0}}};

/* --- by name --- */

/* a2 bytes of the name, a3 FS_O_*, a4 mode */
enum outcome shm_open_request(struct request *r)
{
    uint64_t flags = r->m.w[1];
    bool writable = (flags & FS_O_ACCESS) == FS_O_RDWR, fresh = false;
    char text[PAGER_SHM_NAME + 1];
    int error = take_name(r, text);

    if (error > 0)
        return DONE;
    if (!error && (flags & FS_O_ACCESS) != FS_O_RDONLY && !writable)
        error = -EINVAL;
    struct name *name = error ? NULL : name_find(text);
    if (!error && !name) {
        fresh = flags & FS_O_CREATE;
        name = fresh ? name_create(r->space, text, (uint32_t)r->m.w[2]) : NULL;
        error = name ? 0 : fresh ? -ENOSPC : -ENOENT;
    } else if (!error && flags & FS_O_CREATE && flags & FS_O_EXCLUSIVE) {
        error = -EEXIST;
    }
    if (!error) {
        error =
            description_create(r->space, name->object, &shm_kind, flags & FS_O_ACCESS, &r->give);
        if (error && fresh)
            name_remove(name);
    }
    if (error)
        return answer_errno(r, error);
    if (flags & FS_O_TRUNCATE && writable)
        shared_resize(r, name->object, 0);
    return answer_errno(r, 0);
}

enum outcome shm_unlink_request(struct request *r)
{
    char text[PAGER_SHM_NAME + 1];
    int error = take_name(r, text);

    if (error > 0)
        return DONE;
    struct name *name = error ? NULL : name_find(text);
    if (!name)
        return answer_errno(r, error ? error : -ENOENT);
    name_remove(name);
    return answer_errno(r, 0);
}
