/* SPDX-License-Identifier: MIT
 *
 * Files as objects: the table of inodes, changes of size, and their end. See file.h; file_read.c has how
 * their pages come, write_back.c how they go. */
#include "user/pager/cache/file.h"
#include <abi/layout.h>
#include <abi/msg.h>
#include <errno.h>
#include <octavo/syscall.h>
#include <stdio.h>
#include <string.h>
#include "user/pager/base/say.h"
#include "user/pager/cache/file_read.h"
#include "user/pager/cache/write_back.h"
#include "user/pager/vm/mappings.h"
#include "user/pager/wait/io.h"
#include "user/pager/wait/request.h"

#define INODE_LISTS 256u
#define FILE_UNUSED_MOST 256u /* files kept that nobody uses */

uint64_t file_changes;
uint64_t file_endings;

static LIST_HEAD(, file) inodes[INODE_LISTS];
static TAILQ_HEAD(file_list, file) used = TAILQ_HEAD_INITIALIZER(used),
                                   unused = TAILQ_HEAD_INITIALIZER(unused);
static unsigned unused_count;
static uint64_t serial = 1ul << 32; /* of the object made last: above those of images */
static uint64_t real_time;          /* ns since 1970 at kernel clock 0 */
static struct pool file_pool = POOL(struct file);

void file_setup(uint64_t time)
{
    real_time = time;
}

uint64_t file_now(void)
{
    return real_time + (uint64_t)sys_clock();
}

size_t file_hidden_name(uint64_t number, char name[FILE_HIDDEN_MAX])
{
    return (size_t)snprintf(name, FILE_HIDDEN_MAX, "/.octavo-removed-%llx",
                            (unsigned long long)number);
}

uint64_t file_hidden_number(void)
{
    static uint64_t last;
    uint64_t now = file_now();

    return last = now > last ? now : last + 1;
}

/* --- finding --- */

struct file *file_find(const struct backing *backing, uint64_t inode)
{
    struct file *file;

    LIST_FOREACH (file, &inodes[inode % INODE_LISTS], by_inode)
        if (file->host.inode == inode && file->backing == backing)
            return file;
    return NULL;
}

bool file_is_same(const struct file *file, const struct fs_stat *stat)
{
    const struct fs_stat *host = &file->host;

    if (host->size != stat->size)
        return false;
    return file->unseen || (host->mtime == stat->mtime && host->mtime_ns == stat->mtime_ns &&
                            ((host->ctime == stat->ctime && host->ctime_ns == stat->ctime_ns) ||
                             host->links != stat->links));
}

void file_seen(struct file *file, const struct fs_stat *stat, uint64_t asked)
{
    file->host = *stat;
    if (file->unseen <= asked)
        file->unseen = 0;
}

void file_change_unseen(struct file *file)
{
    file->unseen = ++file_changes;
}

static const struct object_ops file_ops;

struct file *file_create(const struct backing *backing, const struct fs_stat *stat,
                         const char *path, uint64_t length)
{
    struct file *file = pool_alloc(&file_pool, NULL), *old = file_find(backing, stat->inode);

    if (!file)
        return NULL;
    memset(file, 0, sizeof(*file));
    file->object = (struct object){
        .ops = &file_ops, .name = file->name, .id = ++serial, .refs = 1, .cached = 0};
    file->backing = backing;
    file->host = *stat;
    file->size = stat->size;
    if (length >= sizeof(file->name)) {
        path += length - (sizeof(file->name) - 1);
        length = sizeof(file->name) - 1;
    }
    memcpy(file->name, path, length);
    if (old)
        file_forget(old);
    file->listed = true;
    LIST_INSERT_HEAD(&inodes[stat->inode % INODE_LISTS], file, by_inode);
    TAILQ_INSERT_TAIL(&used, file, link);
    return file;
}

struct file *file_get(const struct backing *backing, const struct fs_stat *stat, const char *path,
                      uint64_t length)
{
    struct file *file = file_find(backing, stat->inode);

    if (!file || !file_is_same(file, stat))
        return file_create(backing, stat, path, length);
    file_ref(file);
    return file;
}

void file_ref(struct file *file)
{
    if (file->unused) {
        file->unused = false;
        unused_count--;
        TAILQ_REMOVE(&unused, file, link);
        TAILQ_INSERT_TAIL(&used, file, link);
    }
    object_ref(&file->object);
}

struct file *file_first(void)
{
    return TAILQ_EMPTY(&used) ? TAILQ_FIRST(&unused) : TAILQ_FIRST(&used);
}

struct file *file_after(const struct file *file)
{
    struct file *next = TAILQ_NEXT(file, link);

    return next || file->unused ? next : TAILQ_FIRST(&unused);
}

void file_stat(const struct file *file, struct fs_stat *stat)
{
    uint64_t most = (file->size + PAGE_MASK) / PAGE_SIZE * (PAGE_SIZE / 512);

    *stat = file->host;
    stat->size = file->size;
    if (file->hidden && stat->links > 0)
        stat->links--;
    if (file->mtime) {
        stat->mtime = stat->ctime = file->mtime / 1000000000u;
        stat->mtime_ns = stat->ctime_ns = (uint32_t)(file->mtime % 1000000000u);
        stat->blocks += file->dirty * (PAGE_SIZE / 512); /* at most; until they are written */
        if (stat->blocks > most)
            stat->blocks = file->host.blocks > most ? file->host.blocks : most;
    }
}

/* --- changes, one at a time --- */

void file_change_begin(struct file *file)
{
    PAGER_ASSERT(!file->changing);
    file->changing = true;
    file->changed = ++file_changes;
}

void file_change_end(struct file *file, const struct fs_stat *stat)
{
    PAGER_ASSERT(file->changing);
    if (stat && stat->inode == file->host.inode) {
        file_seen(file, stat, file->changed);
    } else {
        if (file->host.size < file->size && file->dirty == 0)
            file->host.size = file->size; /* its name is gone: the host does not say */
        file_change_unseen(file);
    }
    file->changing = false;
    file->changed = ++file_changes;
    request_wake(file);
    request_wake(&frames); /* reclaim may want to write it */
}

/* --- the end --- */

void file_each(struct file *file, uint64_t first, uint64_t end, file_visit *visit)
{
    uint64_t pages = end > first ? end - first : 0;
    struct frame *frame;

    if (pages <= frames.count) {
        for (uint64_t index = first; index < end && file->object.cached > 0; index++)
            if ((frame = cache_find(&file->object, index)) != NULL)
                visit(file, frame);
        return;
    }
    for (uint32_t number = 0; number < frames.count && file->object.cached > 0; number++) {
        frame = frame_number(number);
        if (frame->kind == FRAME_CACHE && frame->object == &file->object && frame->index >= first &&
            frame->index < end)
            visit(file, frame);
    }
}

void file_zero_tail(struct file *file)
{
    struct frame *last = cache_find_ready(&file->object, file->size >> PAGE_SHIFT);
    uint64_t tail = file->size & PAGE_MASK;

    if (last && tail)
        memset((char *)frame_memory(last) + tail, 0, PAGE_SIZE - tail);
}

static void drop_frame(struct file *file, struct frame *frame)
{
    if (frame->state == FRAME_READING) /* its job finds that the page is gone, and gives it up */
        return;
    PAGER_ASSERT(frame->state != FRAME_CLEANING); /* one change at a time */
    mappings_remove(frame);
    write_back_forget(file, frame);
    cache_drop(frame);
    frame_release(frame);
}

void file_shrink(struct file *file, uint64_t size)
{
    uint64_t end = (size + PAGE_MASK) >> PAGE_SHIFT;

    file_each(file, end, UINT64_MAX >> PAGE_SHIFT, drop_frame);
    file->size = size;
    file_zero_tail(file);
}

/* In an I/O thread. This needs no memory, or what the file has there would be lost. */
static void ending_run(struct io_job *job, uint8_t *buffer)
{
    const struct file *file = (const struct file *)((char *)job - offsetof(struct file, ending));

    (void)buffer;
    file->backing->end(file);
}

static void ending_done(struct io_job *job)
{
    pool_free(&file_pool, (char *)job - offsetof(struct file, ending), NULL);
    file_endings--;
    write_back_check();
}

/* Nobody can reach it any more: pages go, and then what it has at the host. */
static void file_end(struct file *file)
{
    file_each(file, 0, UINT64_MAX >> PAGE_SHIFT, drop_frame); /* also what could not be written */
    PAGER_ASSERT(file->object.cached == 0 && file->dirty == 0);
    if (file->listed)
        LIST_REMOVE(file, by_inode);
    if (!file->backing->end) {
        pool_free(&file_pool, file, NULL);
        return;
    }
    file->ending = (struct io_job){.run = ending_run, .done = ending_done};
    file_endings++;
    io_submit(&file->ending, IO_FILE);
}

static void end_unused(struct file *file)
{
    TAILQ_REMOVE(&unused, file, link);
    unused_count--;
    file_end(file);
}

void file_forget(struct file *file)
{
    if (!file->listed)
        return;
    LIST_REMOVE(file, by_inode);
    file->listed = false;
    if (file->unused)
        end_unused(file);
}

/* The last reference is gone: what is dirty is written first, and then it may be wanted again. */
static void file_destroy(struct object *object)
{
    struct file *file = file_of(object);

    /* The job has a reference. If there was no memory for one, write_back_all comes by later. */
    if (file->dirty > 0 && !file->hidden && !file->stuck) {
        write_back_file(file);
        return;
    }
    if (file->dirty > 0 && !file->hidden)
        say("%s: %u pages are lost, error %d", file->name, file->dirty, -file->error);
    TAILQ_REMOVE(&used, file, link);
    if (!file->listed || file->dirty > 0) {
        file_end(file);
        return;
    }
    file->unused = true;
    TAILQ_INSERT_TAIL(&unused, file, link);
    if (++unused_count >
        (file->backing->unused_most ? file->backing->unused_most : FILE_UNUSED_MOST))
        end_unused(TAILQ_FIRST(&unused));
}

/* --- as an object --- */

static struct frame *file_cached(const struct object *object, uint64_t index)
{
    return cache_find(object, index);
}

static unsigned file_share(struct object *object, struct frame *frame, unsigned prot, bool write)
{
    if (write)
        write_back_dirty(file_of(object), frame);
    return frame->state == FRAME_DIRTY || write ? prot : prot & ~VM_W;
}

static void file_flush_object(struct object *object)
{
    write_back_file(file_of(object));
}

static int file_sync(struct request *r, struct object *object)
{
    struct file *file = file_of(object);

    return write_back_sync_waits(r, file) ? 1 : file->stuck ? file->error : 0;
}

static bool file_stuck(const struct object *object)
{
    return ((const struct file *)object)->stuck;
}

static const struct object_ops file_ops = {.get = file_read_page,
                                           .find = file_cached,
                                           .share = file_share,
                                           .advise = file_read_advise,
                                           .ahead = file_read_ahead,
                                           .flush = file_flush_object,
                                           .sync = file_sync,
                                           .stuck = file_stuck,
                                           .destroy = file_destroy};
