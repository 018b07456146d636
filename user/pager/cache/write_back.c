/* SPDX-License-Identifier: MIT
 *
 * Files: what changes them. Pages that were written to are DIRTY, and go to the host by one job at a time
 * for each file: some pages are CLEANING, the job copies and writes them, clipped to the size, and looks at
 * the attributes that came of it. A page that is written to meanwhile is DIRTY again afterwards; one that
 * could not be written is DIRTY still, and the file is `stuck` until someone asks for it.
 *
 * Writing begins when a file is closed by its last user, when someone asks (sync), when a file has many
 * dirty pages, and after a while. See file.h. */
#include "user/pager/cache/write_back.h"
#include <abi/layout.h>
#include <errno.h>
#include <octavo/ipc.h>
#include <octavo/thread.h>
#include <proto/init.h>
#include <string.h>
#include "user/pager/base/counters.h"
#include "user/pager/base/page.h"
#include "user/pager/base/port.h"
#include "user/pager/base/watcher.h"
#include "user/pager/cache/file.h"
#include "user/pager/vm/mappings.h"
#include "user/pager/wait/io.h"
#include "user/pager/wait/request.h"

#define FLUSH_PAGES 32u       /* written by one job */
#define DELAY_NS 2000000000ul /* a page is dirty for so long at most, before writing begins */
#define BUFFER_PAGES (IO_BUFFER_BYTES / PAGE_SIZE)

uint64_t write_back_pages;

/* --- the clock: a thread that says when it is time --- */

static uint32_t armed; /* futex: 1 = the thread counts, or will */

static int clock_thread(void *unused)
{
    static uint32_t never;

    (void)unused;
    for (;;) {
        if (__atomic_load_n(&armed, __ATOMIC_ACQUIRE) == 0) {
            sys_futex_wait((unsigned long)(uintptr_t)&armed, 0, DEADLINE_NEVER);
            continue;
        }
        sys_futex_wait((unsigned long)(uintptr_t)&never, 0, (unsigned long)sys_clock() + DELAY_NS);
        __atomic_store_n(&armed, 0, __ATOMIC_RELEASE);
        port_notify(WRITE_BACK_BIT);
    }
    return 0;
}

static void clock_start(void)
{
    if (__atomic_load_n(&armed, __ATOMIC_ACQUIRE))
        return;
    __atomic_store_n(&armed, 1, __ATOMIC_RELEASE);
    sys_futex_wake((unsigned long)(uintptr_t)&armed, 1);
}

void write_back_setup(void)
{
    struct thread *thread;

    PAGER_CHECK(thread_start_priority(&thread, clock_thread, NULL, io_priority) == 0);
}

/* --- the end of the machine --- */

static bool is_last;

/* When nothing is being written any more, init may stop the machine. */
void write_back_check(void)
{
    bool busy = false;

    if (!is_last)
        return;
    write_back_all(); /* those, too, that there was no memory for before */
    for (struct file *file = file_first(); file; file = file_after(file))
        busy |= file->changing;
    if (busy || file_endings > 0 || watcher.stop())
        return;
    is_last = false;
    struct message m = {.tag = INIT_SYNCED};
    ipc_request(HANDLE_INIT, &m);
}

void write_back_last(void)
{
    is_last = true;
    write_back_check();
}

/* --- dirty pages --- */

static void count_dirty(struct file *file, uint64_t index)
{
    if (file->dirty++ == 0) {
        file->dirty_first = index;
        file->dirty_end = index + 1;
    }
    write_back_pages++;
    clock_start();
}

static void uncount_dirty(struct file *file)
{
    PAGER_ASSERT(file->dirty > 0);
    file->dirty--;
    write_back_pages--;
    if (file->dirty == 0)
        file->mtime = 0;
}

void write_back_dirty(struct file *file, struct frame *frame)
{
    if (frame->state == FRAME_CLEANING) {
        frame->flags |= FRAME_AGAIN;
    } else if (frame->state != FRAME_DIRTY) {
        frame_set_state(frame, FRAME_DIRTY);
        count_dirty(file, frame->index);
    }
    if (frame->index < file->dirty_first)
        file->dirty_first = frame->index;
    if (frame->index >= file->dirty_end)
        file->dirty_end = frame->index + 1;
    file->mtime = file_now();
}

bool write_back_must_wait(const struct file *file)
{
    return file->dirty > 0 && !file->stuck &&
           (file->dirty >= FILE_DIRTY_MAX || write_back_pages >= frames.limit / 4);
}

void write_back_forget(struct file *file, struct frame *frame)
{
    if (frame->state == FRAME_DIRTY)
        uncount_dirty(file);
}

/* --- the job --- */

struct flush {
    struct io_job job;
    struct file *file;
    uint64_t id, size; /* nothing beyond is written */
    unsigned count, written;
    int error;
    bool known; /* `after` is what the host says now */
    struct fs_stat after;
    struct frame *frame[FLUSH_PAGES]; /* in order of pages */
};
static struct pool flush_pool = POOL(struct flush);
static struct flush reserve; /* when there is no memory: writing is what may bring some */
static bool reserve_taken;

static struct flush *flush_create(void)
{
    struct flush *f = pool_alloc(&flush_pool, NULL);

    if (f || reserve_taken)
        return f;
    reserve_taken = true;
    return &reserve;
}

static void flush_destroy(struct flush *f)
{
    if (f == &reserve)
        reserve_taken = false;
    else
        pool_free(&flush_pool, f, NULL);
}

/* Pages from `at` on that follow each other and fit into the buffer. */
static unsigned flush_run_length(const struct flush *f, unsigned at)
{
    unsigned n = 1;

    while (at + n < f->count && n < BUFFER_PAGES &&
           f->frame[at + n]->index == f->frame[at]->index + n)
        n++;
    return n;
}

/* Writes a run of pages. 0 or a negative errno. */
static int flush_write(const struct flush *f, unsigned at, unsigned n, uint8_t *buffer)
{
    uint64_t offset = f->frame[at]->index << PAGE_SHIFT, done = 0;
    uint64_t length = n * PAGE_SIZE;
    const uint8_t *from = buffer;

    if (offset >= f->size)
        return 0;
    if (length > f->size - offset)
        length = f->size - offset;
    if (n == 1)
        from = frame_memory(f->frame[at]);
    else
        for (unsigned i = 0; i < n; i++)
            page_copy(buffer + i * PAGE_SIZE, frame_memory(f->frame[at + i]));
    while (done < length) {
        long result = f->file->backing->write(f->id, offset + done, from + done, length - done);
        if (result <= 0)
            return result < 0 ? (int)result : -EIO;
        done += (uint64_t)result;
    }
    return 0;
}

static void flush_run(struct io_job *job, uint8_t *buffer)
{
    struct flush *f = (struct flush *)job;

    while (f->written < f->count && !f->error) {
        unsigned n = flush_run_length(f, f->written);
        f->error = flush_write(f, f->written, n, buffer);
        if (!f->error)
            f->written += n;
    }
    f->known = f->file->backing->stat(f->id, &f->after) == 0;
}

static bool flush_begin(struct file *file);

static void flush_done(struct io_job *job)
{
    struct flush *f = (struct flush *)job;
    struct file *file = f->file;

    for (unsigned i = 0; i < f->count; i++) {
        struct frame *frame = f->frame[i];
        bool again = i >= f->written || frame->flags & FRAME_AGAIN;
        frame->flags &= (uint8_t)~FRAME_AGAIN;
        frame_set_state(frame, again ? FRAME_DIRTY : FRAME_CLEAN);
        if (!again)
            uncount_dirty(file);
    }
    counters.file_writes += f->written;
    file->pass -= file->pass < f->count ? file->pass : f->count;
    if (f->error) {
        file->error = f->error;
        file->errors++;
        file->stuck = true;
        file->pass = 0;
    }
    file_change_end(file, f->known ? &f->after : NULL);
    flush_destroy(f);
    bool over = file->pass == 0 || file->dirty == 0;
    if (over || !flush_begin(file)) {
        file->pass = 0;
        if (over) /* else there was no memory: who waits for this tries again */
            file->synced_at = file->pass_at;
        request_wake(file);
    }
    if (write_back_pages > 0) /* of this file, or of one that had no memory for its job */
        clock_start();
    request_wake(&frames);
    object_unref(&file->object);
    write_back_check();
}

static struct flush *collecting;

static void collect(struct file *file, struct frame *frame)
{
    struct flush *f = collecting;

    (void)file;
    if (frame->state != FRAME_DIRTY || f->count == FLUSH_PAGES)
        return;
    f->frame[f->count++] = frame;
}

/* Begins to write up to FLUSH_PAGES pages. False: none; or no memory for the job, and another one is under
 * way that wakes who waits for frames. */
static bool flush_begin(struct file *file)
{
    struct flush *f = file->dirty > 0 ? flush_create() : NULL;

    if (!f)
        return false;
    f->job = (struct io_job){.run = flush_run, .done = flush_done};
    f->file = file;
    f->id = file->id[FILE_ID_WRITE];
    f->size = file->size;
    f->count = f->written = 0;
    f->error = 0;
    collecting = f;
    file_each(file, file->dirty_first, file->dirty_end, collect);
    if (f->count == 0) {
        flush_destroy(f);
        return false;
    }
    if (file->dirty_end - file->dirty_first <= frames.count) /* file_each went in order */
        file->dirty_first = f->frame[0]->index;
    for (unsigned i = 0; i < f->count; i++) {
        frame_set_state(f->frame[i], FRAME_CLEANING);
        mappings_write_protect(f->frame[i]);
    }
    for (unsigned at = 0, n; at < f->count; at += n) {
        n = flush_run_length(f, at);
        RECORD(PAGER_RECORD_EVENTS, TRACE_WRITE, file->object.id, f->frame[at]->index, n);
    }
    file->stuck = false;
    file_ref(file);
    file_change_begin(file);
    io_submit(&f->job, IO_FILE);
    return true;
}

void write_back_file(struct file *file)
{
    if (file->changing || file->dirty == 0)
        return;
    file->pass = file->dirty;
    file->pass_at = file_changes + 1;
    if (!flush_begin(file))
        file->pass = 0;
}

bool write_back_sync_waits(struct request *r, struct file *file)
{
    if (r->at == 0)
        r->at = file_changes + 1;
    if (file->dirty == 0 || file->synced_at >= r->at)
        return false;
    write_back_file(file);
    request_wait(r, file->changing ? (const void *)file : &frames);
    return true;
}

void write_back_all(void)
{
    struct file *next;

    for (struct file *file = file_first(); file; file = next) {
        next = file_after(file);
        if (!file->stuck)
            write_back_file(file);
    }
}
