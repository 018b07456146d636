/* SPDX-License-Identifier: MIT
 *
 * Work of requests. See work.h. */
#include "user/pager/names/work.h"
#include <octavo/syscall.h>
#include <string.h>
#include "user/pager/base/frame.h"
#include "user/pager/base/memory.h"
#include "user/pager/base/panic.h"
#include "user/pager/cache/write_back.h"
#include "user/pager/names/name.h"
#include "user/pager/wait/request.h"

#define WORKS 16u /* at most */
#define WORKS_LEAST 4u
#define WORK_PART 16u /* one for so many frames: it takes two */

static struct work *works;
static unsigned work_count;
static bool taken[WORKS];

void work_setup(void)
{
    unsigned want = frames.limit / WORK_PART;

    work_count = want < WORKS_LEAST ? WORKS_LEAST : want < WORKS ? want : WORKS;
    works = memory_metadata(work_count * sizeof(*works));
    PAGER_CHECK(works != NULL);
}

struct work *work_get(struct request *r)
{
    if (r->work)
        return r->work;
    for (unsigned i = 0; i < work_count; i++) {
        struct work *w = &works[i];
        if (taken[i])
            continue;
        taken[i] = true;
        memset(w, 0, offsetof(struct work, in));
        w->began = file_changes;
        for (unsigned p = 0; p < 2; p++) {
            w->path[p] = (struct host_path){.bytes = w->in.bytes};
            if (p < MSG_HANDLES(r->m.tag)) {
                w->path[p].place = r->handle[p];
                r->handle[p] = HANDLE_NONE;
            }
        }
        return r->work = w;
    }
    request_wait(r, taken); /* not works: that is the key of the first one's own waiter */
    return NULL;
}

static void run(struct io_job *job, uint8_t *buffer)
{
    struct work *w = (struct work *)job;

    w->buffer = buffer;
    w->step(w);
}

static void done(struct io_job *job);

static void work_step(struct work *w, void (*step)(struct work *w), void (*apply)(struct work *w))
{
    w->step = step;
    w->apply = apply;
    w->busy = true;
    w->job.run = run;
    w->job.done = done;
    io_submit(&w->job, IO_FILE);
}

static void step_close(struct work *w)
{
    work_close_old(w);
    w->old = w->id;
    w->id = 0;
    work_close_old(w);
}

void work_close_old(struct work *w)
{
    if (w->old)
        name_files->close(w->old);
    w->old = 0;
}

/* Gives everything back; first of all, by one more step, its ids. */
static void work_free(struct work *w)
{
    if (w->id || w->old) {
        w->given_up = true;
        work_step(w, step_close, NULL);
        return;
    }
    if (w->changes)
        work_changed(w, NULL);
    if (w->file)
        object_unref(&w->file->object);
    for (unsigned p = 0; p < 2; p++)
        if (w->path[p].place != HANDLE_NONE)
            sys_close(w->path[p].place);
    taken[w - works] = false;
    request_wake(taken);
}

static void done(struct io_job *job)
{
    struct work *w = (struct work *)job;

    w->busy = false;
    if (w->apply)
        w->apply(w);
    if (w->given_up)
        work_free(w);
    else
        request_wake(w);
}

enum outcome work_begin(struct request *r, void (*step)(struct work *w),
                        void (*apply)(struct work *w))
{
    work_step(r->work, step, apply);
    return request_wait(r, r->work);
}

bool work_done(struct request *r, void (*step)(struct work *w))
{
    struct work *w = work_get(r);

    if (w && !w->step)
        work_begin(r, step, NULL);
    return w && !w->busy;
}

void work_end(struct request *r)
{
    struct work *w = r->work;

    r->work = NULL;
    if (!w)
        return;
    if (w->busy)
        w->given_up = true;
    else
        work_free(w);
}

void work_change(struct work *w, struct file *file)
{
    PAGER_ASSERT(!w->changes);
    if (!w->file) {
        file_ref(file);
        w->file = file;
    }
    w->changes = true;
    file_change_begin(file);
}

void work_changed(struct work *w, const struct fs_stat *stat)
{
    if (!w->changes)
        return;
    w->changes = false;
    file_change_end(w->file, stat);
    write_back_check();
}
