/* SPDX-License-Identifier: MIT
 *
 * Writing the recording. See record.h.
 *
 * The main thread puts bytes into the ring at `in`, the writer takes them at `out`; both only grow. The
 * writer waits until there are a buffer's worth or the end has come. Requests wait when less than
 * half of the ring is free; what one request brings is mostly far less, and where it is more - a large
 * program ends, a policy is switched - the main thread waits for the writer, whose calls (to fs, or to
 * the pager above this one) never need it. */
#include "user/pager/watch/record.h"
#include <errno.h>
#include <octavo/ipc.h>
#include <octavo/thread.h>
#include <proto/file.h>
#include <proto/pager.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include "user/pager/base/memory.h"
#include "user/pager/base/port.h"
#include "user/pager/cache/write_back.h"
#include "user/pager/evict/guest.h"
#include "user/pager/evict/switch.h"
#include "user/pager/names/work.h"
#include "user/pager/vm/space.h"
#include "user/pager/wait/io.h"
#include "user/pager/wait/request.h"
#include "user/pager/watch/refs.h"

#define RING_MOST (512ul << 10) /* bytes: powers of two; a pager with a small account has less */
#define RING_LEAST (32ul << 10)
#define PIECES 16u /* of the ring: one is written at once */

enum state {
    IDLE,
    RUNNING,
    ENDING, /* all is in the ring */
    WRITTEN /* and in the file, or given up */
};

static struct {
    uint8_t *ring;
    uint64_t size, piece;     /* of the ring, and of what is written at once */
    bool writer;              /* it has been started */
    _Atomic uint64_t in, out; /* bytes, of all recordings */
    uint64_t start;           /* of this one */
    _Atomic uint32_t more;    /* futex of the writer: counts reasons to look */
    _Atomic uint32_t less;    /* futex of main, when the ring is full */
    _Atomic uint32_t state;   /* enum state; the writer's only from ENDING to WRITTEN */
    _Atomic bool waited_for;  /* requests wait for room */
    unsigned what;            /* will be watcher.events */
    uint64_t events;
    uint64_t id;   /* at fs, */
    handle_t file; /* or an open file's right */
    int error;     /* the first one; the writer's until it is WRITTEN */
} recording;

/* --- the writer --- */

static long write_some(const uint8_t *from, uint64_t offset, uint64_t length)
{
    if (recording.file == HANDLE_NONE)
        return host_write(recording.id, offset, from, length);
    struct message m = {.tag = FILE_WRITE, .w = {length, offset}};
    ipc_attach_in(&m, from, length);
    long result = ipc_request(recording.file, &m);
    return result < 0 ? result : (long)m.w[0];
}

/* After an error the rest is thrown away, and whoever ends the recording is told. */
static void write_piece(uint64_t length)
{
    uint64_t out = atomic_load_explicit(&recording.out, memory_order_relaxed),
             at = out % recording.size;

    if (length > recording.size - at)
        length = recording.size - at;
    if (length > recording.piece)
        length = recording.piece;
    long result = recording.error ? (long)length
                                  : write_some(recording.ring + at, out - recording.start, length);
    if (result <= 0) {
        recording.error = result < 0 ? (int)result : -EIO;
        result = (long)length;
    }
    atomic_store_explicit(&recording.out, out + (uint64_t)result, memory_order_release);
    atomic_fetch_add(&recording.less, 1);
    sys_futex_wake((unsigned long)(uintptr_t)&recording.less, 1);
    if (atomic_load(&recording.waited_for) &&
        atomic_load(&recording.in) - out - (uint64_t)result < recording.size / 4)
        port_notify(RECORD_BIT);
}

static int writer_main(void *unused)
{
    (void)unused;
    for (;;) {
        uint32_t seen = atomic_load(&recording.more);
        uint32_t state = atomic_load(&recording.state);
        uint64_t there = atomic_load_explicit(&recording.in, memory_order_acquire) -
                         atomic_load_explicit(&recording.out, memory_order_relaxed);
        if (there >= recording.piece || (there > 0 && state == ENDING)) {
            write_piece(there);
        } else if (state == ENDING) {
            if (recording.file == HANDLE_NONE)
                host_close(recording.id);
            else
                sys_close(recording.file);
            atomic_store(&recording.state, WRITTEN);
            port_notify(RECORD_BIT);
        } else {
            sys_futex_wait((unsigned long)(uintptr_t)&recording.more, seen, DEADLINE_NEVER);
        }
    }
    return 0;
}

static void writer_wake(void)
{
    atomic_fetch_add(&recording.more, 1);
    sys_futex_wake((unsigned long)(uintptr_t)&recording.more, 1);
}

/* --- events --- */

static uint64_t ring_used(void)
{
    return atomic_load_explicit(&recording.in, memory_order_relaxed) -
           atomic_load_explicit(&recording.out, memory_order_acquire);
}

static void ring_put(const uint8_t *from, size_t length)
{
    uint64_t in = atomic_load_explicit(&recording.in, memory_order_relaxed), used = ring_used();

    while (used + length > recording.size) {
        uint32_t seen = atomic_load(&recording.less);
        writer_wake();
        if (ring_used() + length > recording.size)
            sys_futex_wait((unsigned long)(uintptr_t)&recording.less, seen, DEADLINE_NEVER);
        used = ring_used();
    }
    for (size_t i = 0; i < length; i++)
        recording.ring[(in + i) % recording.size] = from[i];
    atomic_store_explicit(&recording.in, in + length, memory_order_release);
    if (used < recording.piece && used + length >= recording.piece)
        writer_wake();
}

/* The same with a string. */
static void record_named(unsigned kind, const uint64_t *field, const char *text)
{
    struct trace_event event = {.kind = kind};
    uint8_t bytes[TRACE_BYTES];

    memcpy(event.field, field, sizeof(event.field));
    strncpy(event.text, text, sizeof(event.text) - 1);
    recording.events++;
    ring_put(bytes, trace_put(bytes, &event));
}

static void record_space(const struct space *space)
{
    record_named(TRACE_SPACE, (const uint64_t[TRACE_FIELDS]){space->badge}, space->name);
}

/* Where the policy's calls are wanted, the first one of them is that it begins. */
static void record_policy(void)
{
    bool first = recording.what != 0;

    watcher.events |= recording.what;
    recording.what = 0;
    if (first || watcher.events & PAGER_RECORD_POLICY)
        record_named(TRACE_POLICY,
                     (const uint64_t[TRACE_FIELDS]){0, guest.nframes, guest.max_frames, guest.seed},
                     guest.text);
}

void record_event(unsigned kind, const uint64_t *field)
{
    const char *fields = trace_fields(kind);
    uint8_t bytes[TRACE_BYTES], *at = bytes;

    if (kind == TRACE_SPACE)
        return record_space(space_find(field[0]));
    if (kind == TRACE_POLICY)
        return record_policy();
    *at++ = (uint8_t)kind;
    for (unsigned i = 0; fields[i]; i++)
        at = trace_put_number(at, field[i] + (fields[i] == 'o' || fields[i] == 'O'));
    recording.events++;
    ring_put(bytes, (size_t)(at - bytes));
}

bool record_is_full(struct request *r)
{
    if (ring_used() <= recording.size / 2)
        return false;
    atomic_store(&recording.waited_for, true);
    if (ring_used() <= recording.size / 4) /* it did not see that somebody waits */
        return false;
    request_wait(r, &recording);
    return true;
}

/* --- beginning and ending --- */

static bool ready(void)
{
    struct thread *thread;

    for (uint64_t size = RING_MOST; !recording.ring && size >= RING_LEAST; size /= 2) {
        recording.ring = memory_metadata(size);
        recording.size = size;
        recording.piece = size / PIECES;
    }
    if (recording.ring && !recording.writer)
        recording.writer = thread_start_priority(&thread, writer_main, NULL, io_priority) == 0;
    return recording.writer;
}

static int begin(unsigned what, uint64_t id, handle_t file)
{
    if (!ready())
        return -ENOMEM;
    recording.what = what;
    recording.id = id;
    recording.file = file;
    recording.error = 0;
    recording.events = 0;
    recording.start = atomic_load(&recording.in);
    atomic_store(&recording.state, RUNNING);
    ring_put((const uint8_t *)TRACE_MAGIC, TRACE_MAGIC_BYTES);
    if (what & PAGER_RECORD_POLICY && !switch_renew() && watcher.events == 0) {
        recording.what = 0;
        atomic_store(&recording.state, IDLE);
        return -ENOMEM;
    }
    if (watcher.events == 0)
        record_policy();
    for (struct space *space = space_next(NULL); space; space = space_next(space)) {
        space_watch(space);
        record_space(space);
    }
    return 0;
}

static void end(void)
{
    record_event(TRACE_END, (const uint64_t[TRACE_FIELDS]){recording.events});
    watcher.events = 0;
    for (struct space *space = space_next(NULL); space; space = space_next(space))
        space_watch(space);
    atomic_store(&recording.state, ENDING);
    writer_wake();
}

void record_collect(void)
{
    atomic_store(&recording.waited_for, false);
    request_wake(&recording);
    if (atomic_load(&recording.state) == WRITTEN)
        write_back_check();
}

bool record_last(void)
{
    if (atomic_load(&recording.state) == RUNNING)
        end();
    return atomic_load(&recording.state) == ENDING;
}

/* The file is new, or made empty; what the pager has of it in frames is out of date, as if the host had
 * changed it. */
static void step_open(struct work *w)
{
    const struct fs_setattr empty = {.valid = FS_SET_SIZE, .size = 0};

    w->result = host_open(&w->path[0], FS_O_RDWR | FS_O_CREATE, 0644, &w->id, &w->stat[0]);
    if (w->result >= 0)
        w->result = host_setattr_id(w->id, &empty);
}

static enum outcome record_on(struct request *r)
{
    struct work *w = r->work;
    uint64_t length = r->m.w[0], what = r->m.w[2];
    int error;

    if (what == 0 || what & ~(uint64_t)PAGER_RECORD_ALL)
        return answer_errno(r, -EINVAL);
    if (atomic_load(&recording.state) != IDLE)
        return answer_errno(r, -EBUSY);
    if (length == 0) {
        if (host_is_there() || r->handle[0] == HANDLE_NONE) /* whose it is may never answer */
            return answer_errno(r, -EBADF);
        error = begin((unsigned)what, 0, r->handle[0]);
        if (!error)
            r->handle[0] = HANDLE_NONE;
        return answer_errno(r, error);
    }
    if (length > FS_PATH_MAX || !(r->m.tag & MSG_IN))
        return answer_errno(r, length > FS_PATH_MAX ? -ENAMETOOLONG : -EINVAL);
    if (!w) {
        w = work_get(r);
        if (!w)
            return WAIT;
        w->path[0].length = length;
        error = w->path[0].place == HANDLE_NONE ? -EBADF
                                                : request_copy(r, COPY_IN, 0, w->in.bytes, length);
        if (error)
            return error > 0 ? DONE : answer_errno(r, error);
        return work_begin(r, step_open, NULL);
    }
    error = w->result < 0 ? w->result : begin((unsigned)what, w->id, HANDLE_NONE);
    if (!error)
        w->id = 0;
    return answer_errno(r, error);
}

static enum outcome record_off(struct request *r)
{
    uint32_t state = atomic_load(&recording.state);

    if (state == IDLE)
        return answer_errno(r, -ENOENT);
    if (state == RUNNING)
        end();
    if (atomic_load(&recording.state) != WRITTEN)
        return request_wait(r, &recording);
    atomic_store(&recording.state, IDLE);
    answer_errno(r, recording.error);
    r->answer.w[0] = atomic_load(&recording.out) - recording.start;
    r->answer.w[1] = recording.events;
    return DONE;
}

/* a2 bytes of the path in `in`, or 0: handle 0 is an open file; a3 1 on, 0 off; a4 PAGER_RECORD_*. */
enum outcome record_request(struct request *r)
{
    if (r->m.w[1] > 1)
        return answer_errno(r, -EINVAL);
    return r->m.w[1] ? record_on(r) : record_off(r);
}
