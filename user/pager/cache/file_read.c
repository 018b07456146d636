/* SPDX-License-Identifier: MIT
 *
 * Files: how their pages come into the cache, read by I/O threads with more and more of what follows, or made
 * at once. See file_read.h. */
#include "user/pager/cache/file_read.h"
#include <abi/layout.h>
#include <abi/msg.h>
#include <errno.h>
#include <string.h>
#include "user/pager/base/counters.h"
#include "user/pager/base/page.h"
#include "user/pager/base/watcher.h"
#include "user/pager/cache/file.h"
#include "user/pager/cache/write_back.h"
#include "user/pager/wait/io.h"

#define READ_PAGES (IO_BUFFER_BYTES / PAGE_SIZE) /* of one job */
#define WINDOW_FIRST 4u                          /* pages; grows to */
#define WINDOW_MAX 32u

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
                file_zero_tail(file);
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

void file_read_advise(struct object *object, uint64_t index, uint64_t count,
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

void file_read_ahead(struct object *object, struct frame *frame)
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
    frame_set_state(frame, FRAME_CLEAN);
    if (index == file->size >> PAGE_SHIFT)
        file_zero_tail(file);
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

int file_read_page(struct request *r, struct object *object, uint64_t index, struct frame **found,
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
