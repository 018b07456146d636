/* SPDX-License-Identifier: MIT
 *
 * The threads that wait. See io.h. */
#include "user/pager/wait/io.h"
#include <abi/info.h>
#include <octavo/ipc.h>
#include <octavo/thread.h>
#include <stdatomic.h>
#include <stddef.h>
#include "user/pager/base/frame.h"
#include "user/pager/base/memory.h"
#include "user/pager/base/panic.h"
#include "user/pager/base/port.h"

#define FILE_THREADS 6u /* at most; fs serves eight at once */
#define SWAP_THREADS 2u
#define THREADS (FILE_THREADS + SWAP_THREADS)
#define THREADS_LEAST 3u
#define THREAD_PART 32u /* one for so many frames: its buffer and its stack take 16 */

enum { IDLE, GIVEN, FINISHED };

static struct io_thread {
    enum io_kind kind;
    uint8_t *buffer;
    _Atomic uint32_t state; /* futex. IDLE, FINISHED: main's; GIVEN: the thread's */
    unsigned number;
    struct io_job *job;
} threads[THREADS];

static unsigned thread_count;
static STAILQ_HEAD(, io_job) waiting[IO_KINDS] = {STAILQ_HEAD_INITIALIZER(waiting[IO_FILE]),
                                                  STAILQ_HEAD_INITIALIZER(waiting[IO_SWAP])};
unsigned io_pending, io_priority;

static int thread_main(void *argument)
{
    struct io_thread *thread = argument;

    for (;;) {
        uint32_t state = atomic_load_explicit(&thread->state, memory_order_acquire);
        if (state != GIVEN) {
            sys_futex_wait((unsigned long)(uintptr_t)&thread->state, state, DEADLINE_NEVER);
            continue;
        }
        thread->job->run(thread->job, thread->buffer);
        atomic_store_explicit(&thread->state, FINISHED, memory_order_release);
        port_notify(1ul << thread->number);
    }
    return 0;
}

void io_setup(void)
{
    struct thread *started;
    struct info_task self = {0};

    sys_info(INFO_SELF, 0, (unsigned long)(uintptr_t)&self, sizeof(self));
    io_priority = self.ceiling;
    unsigned most = frames.limit / THREAD_PART;
    unsigned of_swap = most < THREADS ? 1 : SWAP_THREADS;
    thread_count = most < THREADS_LEAST ? THREADS_LEAST : most < THREADS ? most : THREADS;
    for (unsigned i = 0; i < thread_count; i++) {
        threads[i].number = i;
        threads[i].kind = i < thread_count - of_swap ? IO_FILE : IO_SWAP;
        threads[i].buffer = memory_metadata(IO_BUFFER_BYTES);
        PAGER_CHECK(threads[i].buffer != NULL);
        PAGER_CHECK(thread_start_priority(&started, thread_main, &threads[i], io_priority) == 0);
    }
}

static void give(struct io_thread *thread, struct io_job *job)
{
    thread->job = job;
    atomic_store_explicit(&thread->state, GIVEN, memory_order_release);
    sys_futex_wake((unsigned long)(uintptr_t)&thread->state, 1);
}

void io_submit(struct io_job *job, enum io_kind kind)
{
    io_pending++;
    for (unsigned i = 0; i < thread_count; i++)
        if (threads[i].kind == kind && !threads[i].job) {
            give(&threads[i], job);
            return;
        }
    STAILQ_INSERT_TAIL(&waiting[kind], job, link);
}

void io_collect(unsigned long bits)
{
    for (unsigned i = 0; i < thread_count; i++) {
        struct io_thread *thread = &threads[i];
        if (!(bits >> i & 1) ||
            atomic_load_explicit(&thread->state, memory_order_acquire) != FINISHED)
            continue;
        struct io_job *job = thread->job, *next = STAILQ_FIRST(&waiting[thread->kind]);
        atomic_store_explicit(&thread->state, IDLE, memory_order_relaxed);
        thread->job = NULL;
        if (next) {
            STAILQ_REMOVE_HEAD(&waiting[thread->kind], link);
            give(thread, next);
        }
        io_pending--;
        job->done(job);
    }
}
