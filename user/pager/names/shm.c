/* SPDX-License-Identifier: MIT
 *
 * Shared memory with a name. See shm.h. Names live as long as the pager: all objects together have at
 * most half of the frames, and there are few names. */
#include "user/pager/names/shm.h"
#include <errno.h>
#include <octavo/syscall.h>
#include <proto/file.h>
#include <proto/pager.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include "user/pager/base/port.h"
#include "user/pager/cache/file.h"
#include "user/pager/names/description.h"
#include "user/pager/vm/shared.h"
#include "user/pager/vm/space.h"

#define NAMES_MAX 256u
#define OPEN_MAX 1024u     /* rights, a power of two: ENFILE */
#define OPEN_PER_SPACE 64u /* EMFILE */

struct name {
    LIST_ENTRY(name) link;
    struct object *object; /* a reference */
    uint32_t mode;
    char text[PAGER_SHM_NAME + 1]; /* with the leading slash */
};

struct opened {
    uint64_t badge;        /* 0 = free */
    struct object *object; /* a reference */
    uint64_t opener;
    uint32_t mode;
    bool writable;
};

static struct pool name_pool = POOL(struct name);
static LIST_HEAD(, name) names = LIST_HEAD_INITIALIZER(names);
static struct opened table[OPEN_MAX];
static uint64_t serial;
unsigned shm_open_count;

static struct opened *opened_find(uint64_t badge)
{
    struct opened *opened = &table[badge % OPEN_MAX];

    return badge && opened->badge == badge ? opened : NULL;
}

int shm_map(const struct request *r, struct region_kind *kind)
{
    const struct opened *opened = opened_find(r->badge[0]);

    if (!opened)
        return -EBADF;
    if (kind->flags & REGION_SHARED && !opened->writable) {
        if (kind->prot & VM_W)
            return -EACCES;
        kind->flags |= REGION_READ_ONLY;
    }
    kind->object = opened->object;
    kind->offset = r->m.w[3];
    return 0;
}

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
    shared_set_named(name->object);
    name->mode = mode & 0777;
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

/* A right that stands for the object: 0, and r->give; or an errno. */
static int opened_create(struct request *r, const struct name *name, bool writable)
{
    unsigned own = 0, index = OPEN_MAX;

    for (unsigned i = 1; i <= OPEN_MAX; i++) {
        const struct opened *at = &table[(serial + i) % OPEN_MAX];
        own += at->badge && at->opener == r->space->badge;
        if (!at->badge && index == OPEN_MAX)
            index = i;
    }
    if (index == OPEN_MAX || own >= OPEN_PER_SPACE)
        return own >= OPEN_PER_SPACE ? -EMFILE : -ENFILE;
    serial += index;
    uint64_t badge = SHM_BADGE | serial;
    long handle = port_right(badge);
    if (handle < 0)
        return -ENOMEM;
    table[serial % OPEN_MAX] = (struct opened){.badge = badge,
                                               .object = name->object,
                                               .opener = r->space->badge,
                                               .mode = name->mode,
                                               .writable = writable};
    object_ref(name->object);
    shm_open_count++;
    r->give = (handle_t)handle;
    return 0;
}

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
        error = opened_create(r, name, writable);
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

void shm_close(uint64_t badge)
{
    struct opened *opened = opened_find(badge);

    if (!opened)
        return;
    object_unref(opened->object);
    *opened = (struct opened){0};
    shm_open_count--;
}

/* --- as an open file --- */

static enum outcome shm_stat(struct request *r, const struct opened *opened)
{
    struct fs_stat stat = {.inode = opened->object->id,
                           .size = shared_size(opened->object),
                           .blocks = shared_pages(opened->object) * (PAGE_SIZE / 512),
                           .links = 1,
                           .mode = S_IFREG | opened->mode,
                           .block_size = PAGE_SIZE};

    return request_answer(r, &stat, sizeof(stat));
}

static enum outcome shm_setattr(struct request *r, const struct opened *opened)
{
    struct fs_setattr set;
    int error = request_copy(r, COPY_IN, 0, &set, sizeof(set));

    if (error > 0)
        return DONE;
    if (!error)
        error = description_check_set(&set);
    if (!error && set.valid & FS_SET_SIZE)
        error = !opened->writable ? -EINVAL : shared_resize(r, opened->object, set.size);
    return error > 0 ? WAIT : answer_errno(r, error);
}

enum outcome shm_request(struct request *r)
{
    const struct opened *opened = opened_find(r->m.badge);

    if (!opened)
        return answer_errno(r, -EBADF);
    if (MSG_HANDLES(r->m.tag) > 0)
        return answer_errno(r, -EINVAL);
    switch (MSG_LABEL(r->m.tag)) {
    case FILE_STAT:
        return r->m.tag & MSG_OUT ? shm_stat(r, opened) : answer_errno(r, -EINVAL);
    case FILE_SETATTR:
        return r->m.tag & MSG_IN ? shm_setattr(r, opened) : answer_errno(r, -EINVAL);
    case FILE_SYNC:
        return answer_errno(r, r->m.w[0] > 1 ? -EINVAL : 0);
    case FILE_FLAGS: /* none of them has an effect here */
        if (r->m.w[0] & ~(uint64_t)(FILE_O_APPEND | FILE_O_NONBLOCK))
            return answer_errno(r, -EINVAL);
        return answer_word(r, opened->writable ? FS_O_RDWR : FS_O_RDONLY);
    case FILE_SEEK:
        return answer_errno(r, -ESPIPE);
    case FILE_READ:
    case FILE_WRITE: /* POSIX leaves it open: it is there to be mapped */
        return answer_errno(r, -EINVAL);
    default:
        return answer_errno(r, -ENOSYS);
    }
}
