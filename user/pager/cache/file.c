/* SPDX-License-Identifier: MIT
 *
 * Files of the host as objects: the table of inodes, reading with read-ahead, and their end. See
 * file.h; write_back.c has what changes them. */
#include "user/pager/cache/file.h"
#include <abi/layout.h>
#include <abi/msg.h>
#include <errno.h>
#include <octavo/syscall.h>
#include <stdio.h>
#include <string.h>
#include "user/pager/base/counters.h"
#include "user/pager/base/watcher.h"
#include "user/pager/base/zero.h"
#include "user/pager/cache/write_back.h"
#include "user/pager/wait/errand.h"
#include "user/pager/wait/io.h"
#include "user/pager/wait/parked.h"

#define INODE_LISTS 256u
#define FILE_UNUSED_MOST 256u /* files kept that nobody uses */

#define READ_PAGES (IO_BUFFER_BYTES / PAGE_SIZE) /* of one job */
#define WINDOW_FIRST 4u                          /* pages; grows to */
#define WINDOW_MAX 32u

uint64_t file_changes;
uint64_t files_ending;

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

    if (!file || file->size != stat->size)
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

/* --- the end --- */

static void drop_frame(struct file *file, struct frame *frame)
{
    (void)file;
    if (frame->state == FRAME_READING) /* its job finds that the page is gone */
        return;
    cache_drop(frame);
    frame_release(frame);
}

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

void file_drop(struct file *file, uint64_t first, uint64_t end)
{
    file_each(file, first, end, drop_frame);
}

static uint64_t file_pages(const struct file *file)
{
    return (file->size + PAGE_MASK) >> PAGE_SHIFT;
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
    files_ending--;
    write_back_check();
}

/* Nobody can reach it any more: pages go, and then what it has at the host. */
static void file_end(struct file *file)
{
    if (file->dirty > 0) { /* it is removed, or cannot be written */
        files_dirty -= file->dirty;
        file->dirty = 0;
    }
    file_drop(file, 0, UINT64_MAX >> PAGE_SHIFT);
    PAGER_ASSERT(file->object.cached == 0);
    if (file->listed)
        LIST_REMOVE(file, by_inode);
    if (!file->backing->end) {
        pool_free(&file_pool, file, NULL);
        return;
    }
    file->ending = (struct io_job){.run = ending_run, .done = ending_done};
    files_ending++;
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

    /* The job has a reference. If there was no memory for one, file_flush_all comes by later. */
    if (file->dirty > 0 && !file->hidden && !file->stuck) {
        file_flush(file);
        return;
    }
    if (file->dirty > 0 && !file->hidden)
        errand_log("%s: %u pages are lost, error %d", file->name, file->dirty, -file->error);
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

/* --- reading --- */

/* What lies behind the end of a file in its last page is zero. */
static void zero_tail(const struct file *file, struct frame *last)
{
    uint64_t tail = file->size & PAGE_MASK;

    memset((char *)frame_memory(last) + tail, 0, PAGE_SIZE - tail);
}

struct read_job {
    struct io_job job;
    struct file *file;
    uint64_t id, index;
    unsigned count; /* pages */
    long got;       /* bytes */
    int error;      /* what came after them */
    struct frame *frame[READ_PAGES];
};
static struct pool read_pool = POOL(struct read_job);

static void read_run(struct io_job *job, uint8_t *buffer)
{
    struct read_job *j = (struct read_job *)job;
    long wanted = (long)(j->count * PAGE_SIZE), got = 0, n = 1, most = wanted;
    uint8_t *to = j->count == 1 ? frame_memory(j->frame[0]) : buffer;

    while (got < wanted && n > 0) {
        long part = wanted - got < most ? wanted - got : most;
        n = j->file->backing->read(j->id, (j->index << PAGE_SHIFT) + (uint64_t)got, to + got,
                                   (size_t)part);
        if (n > 0) {
            got += n;
        } else if (n < 0 && part > (long)PAGE_SIZE) { /* some of it may be readable */
            most = PAGE_SIZE;
            n = 1;
        }
    }
    j->got = got;
    j->error = n < 0 ? (int)n : 0;
    memset(to + got, 0, (size_t)(wanted - got));
    if (j->count > 1)
        for (unsigned i = 0; i < j->count; i++)
            page_copy(frame_memory(j->frame[i]), buffer + i * PAGE_SIZE);
}

static void read_done(struct io_job *job)
{
    struct read_job *j = (struct read_job *)job;
    struct file *file = j->file;
    long got = j->error ? j->got : (long)(j->count * PAGE_SIZE);

    for (unsigned i = 0; i < j->count; i++) {
        struct frame *frame = j->frame[i];
        uint64_t index = frame->index;
        bool here = (long)((i + 1) * PAGE_SIZE) <= got;
        /* Of what comes behind a page that could not be read nothing is known: it is tried again. */
        int error = i == (unsigned)got / PAGE_SIZE ? j->error : 0;
        if (!here || index >= file_pages(file)) { /* it may have been truncated meanwhile */
            cache_drop(frame);
            frame_release(frame);
        } else {
            frame_set_state(frame, FRAME_CLEAN);
            if (index == file->size >> PAGE_SHIFT) /* the host may have more; here it ends */
                zero_tail(file, frame);
        }
        request_wake_failed(frame, &file->object, index, error);
    }
    request_wake(&frames);
    pool_free(&read_pool, j, NULL);
    object_unref(&file->object);
}

/* Begins to read up to `count` pages from index on, until one that is cached. 0 or -ENOMEM: none. */
static int read_begin(struct file *file, uint64_t index, unsigned count)
{
    struct read_job *j = pool_alloc(&read_pool, NULL);

    if (!j)
        return -ENOMEM;
    *j = (struct read_job){.job = {.run = read_run, .done = read_done},
                           .file = file,
                           .id = file_reader(file),
                           .index = index};
    while (j->count < count && j->count < READ_PAGES &&
           !cache_find(&file->object, index + j->count)) {
        struct frame *frame = NULL;
        if (j->count == 0 || frames.used < frames.plenty)
            frame = cache_add(&file->object, index + j->count);
        if (!frame)
            break;
        frame_set_state(frame, FRAME_READING);
        j->frame[j->count++] = frame;
    }
    if (j->count == 0) {
        pool_free(&read_pool, j, NULL);
        return -ENOMEM;
    }
    counters.file_reads += j->count;
    RECORD(PAGER_RECORD_EVENTS, TRACE_READ, file->object.id, index, j->count);
    file_ref(file);
    io_submit(&j->job, IO_FILE);
    return 0;
}

/* Reads `count` pages by as many jobs as it takes; the first must begin. */
static int read_pages(struct file *file, uint64_t index, uint64_t count)
{
    int error = 0;

    for (uint64_t end = index + count; index < end && !error; index += READ_PAGES) {
        error = read_begin(file, index, (unsigned)(end - index));
        if (index + READ_PAGES < end && cache_find(&file->object, index + READ_PAGES))
            break;
    }
    return error;
}

/* A page beyond what the host has, in a file that has grown here. */
static int fetch_zeros(struct file *file, uint64_t index)
{
    struct frame *frame = cache_add(&file->object, index);

    if (!frame)
        return -ENOMEM;
    frame_set_state(frame, FRAME_READING);
    page_zero(frame_memory(frame));
    frame_set_state(frame, FRAME_CLEAN);
    return 0;
}

/* A page is wanted that is not there. Where the last reading ended, or at the start, more and more come
 * along; anywhere else fewer and fewer. */
static int fetch(struct file *file, uint64_t index)
{
    uint64_t pages = file_pages(file);

    if (index >= pages)
        return -ENXIO;
    if (!file->changing && index << PAGE_SHIFT >= file->host.size)
        return fetch_zeros(file, index);
    if (index == file->next)
        file->window = file->window ? file->window * 2 : WINDOW_FIRST;
    else
        file->window = file->window / 2;
    if (file->window > WINDOW_MAX)
        file->window = WINDOW_MAX;
    uint64_t count = file->window ? file->window : 1;
    if (count > pages - index)
        count = pages - index;
    int error = read_pages(file, index, count);
    if (error)
        return error;
    file->next = index + count;
    struct frame *mark = file->window > 1 ? cache_find(&file->object, index + count / 2) : NULL;
    if (mark)
        mark->flags |= FRAME_AHEAD;
    return 0;
}

static void will_need(struct file *file, uint64_t index, uint64_t count)
{
    uint64_t end = (file->host.size + PAGE_MASK) >> PAGE_SHIFT;

    if (end > file_pages(file))
        end = file_pages(file);
    if (index < end && count < end - index)
        end = index + count;
    for (; index < end && frames.used < frames.plenty; index++)
        if (!cache_find(&file->object, index) &&
            read_begin(file, index, (unsigned)(end - index)) < 0)
            return;
}

static void file_advise(struct object *object, uint64_t index, uint64_t count,
                        enum object_advice advice)
{
    struct file *file = file_of(object);

    if (file->backing->make)
        return;
    if (advice == OBJECT_WILL_NEED) {
        will_need(file, index, count);
        return;
    }
    file->next = advice == OBJECT_RANDOM ? UINT64_MAX : index;
    file->window = advice == OBJECT_RANDOM ? 0 : WINDOW_MAX / 2;
}

static void file_ahead(struct object *object, struct frame *frame)
{
    struct file *file = file_of(object);
    uint64_t pages = file_pages(file), index = file->next;

    frame->flags &= (uint8_t)~FRAME_AHEAD;
    if (frame->index >= index || index - frame->index > WINDOW_MAX || index >= pages ||
        index << PAGE_SHIFT >= file->host.size || cache_find(&file->object, index))
        return;
    file->window = file->window < WINDOW_MAX / 2 ? file->window * 2 : WINDOW_MAX;
    uint64_t count = file->window < pages - index ? file->window : pages - index;
    if (read_pages(file, index, count) < 0)
        return;
    file->next = index + count;
    struct frame *mark = cache_find(&file->object, index);
    if (mark)
        mark->flags |= FRAME_AHEAD;
}

/* --- a page for a request --- */

/* Makes a page of a file whose contents are in memory. */
static int make_now(struct file *file, uint64_t index, struct frame **found)
{
    struct frame *frame = index < file_pages(file) ? cache_add(&file->object, index) : NULL;

    if (!frame)
        return index < file_pages(file) ? -ENOMEM : -ENXIO;
    frame_set_state(frame, FRAME_READING);
    page_zero(frame_memory(frame));
    int error = file->backing->make(file, index, frame_memory(frame));
    if (error) {
        cache_drop(frame);
        frame_release(frame);
        return error;
    }
    if (index == file->size >> PAGE_SHIFT)
        zero_tail(file, frame);
    frame_set_state(frame, FRAME_CLEAN);
    counters.image_reads++;
    RECORD(PAGER_RECORD_EVENTS, TRACE_READ, file->object.id, index, 1);
    *found = frame;
    return 0;
}

/* The page is not there, or not yet. */
static SLOW int page_slow(struct request *r, struct file *file, uint64_t index,
                          struct frame **found)
{
    int error = 0;

    if (file->backing->make)
        return make_now(file, index, found);
    if (r->failed.object == &file->object && r->failed.index == index) {
        r->failed.object = NULL;
        return r->failed.error;
    }
    if (!*found)
        error = fetch(file, index);
    if (error == -ENOMEM && io_pending > 0) { /* what is under way may bring memory */
        request_wait(r, &frames);
        return 1;
    }
    if (error)
        return error;
    *found = cache_find(&file->object, index);
    r->waited = true;
    if ((*found)->state != FRAME_READING)
        return 0;
    frames.watcher->hold(r, *found); /* it must not go before the request has seen it */
    request_wait(r, *found);
    return 1;
}

int file_page(struct request *r, struct object *object, uint64_t index, struct frame **found,
              enum pager_action *how)
{
    struct frame *frame = cache_find(object, index);

    *found = frame;
    *how = r->waited ? PAGER_DID_READ : PAGER_DID_CACHE;
    if (frame && frame->state != FRAME_READING) {
        if (unlikely(frames.used > frames.tight))
            frames.watcher->hold(r, frame); /* whoever asked may need another one, too */
        return 0;
    }
    *how = PAGER_DID_READ;
    return page_slow(r, file_of(object), index, found);
}

static struct frame *file_cached(const struct object *object, uint64_t index)
{
    return cache_find(object, index);
}

static unsigned file_share(struct object *object, struct frame *frame, unsigned prot, bool write)
{
    if (write)
        file_page_dirty(file_of(object), frame);
    return frame->state == FRAME_DIRTY || write ? prot : prot & ~VM_W;
}

static void file_flush_object(struct object *object)
{
    file_flush(file_of(object));
}

static int file_sync(struct request *r, struct object *object)
{
    struct file *file = file_of(object);

    return file_sync_waits(r, file) ? 1 : file->stuck ? file->error : 0;
}

static bool file_stuck(const struct object *object)
{
    return ((const struct file *)object)->stuck;
}

static const struct object_ops file_ops = {.get = file_page,
                                           .find = file_cached,
                                           .share = file_share,
                                           .advise = file_advise,
                                           .ahead = file_ahead,
                                           .flush = file_flush_object,
                                           .sync = file_sync,
                                           .stuck = file_stuck,
                                           .destroy = file_destroy};
