/* SPDX-License-Identifier: MIT
 *
 * A pager's loop: receives page faults and requests as messages, and answers each exactly once. One
 * thread, one message at a time, nothing is locked. It is wired (init mapped all its memory before
 * it started), so it never faults; it calls nobody but init, which answers at once. What it wants of fs its
 * I/O threads ask for (wait/io.h), and a notification tells that they are done.
 *
 * A handler returns DONE, and its answer goes out with the next receive; or WAIT, and the request is
 * parked whole and tried again, from the start, when what it waits for has come (wait/request.h). */
#include <errno.h>
#include <octavo/ipc.h>
#include <octavo/wired.h>
#include <proto/init.h>
#include <proto/pager.h>
#include <proto/start.h>
#include <stdlib.h>
#include "user/pager/base/counters.h"
#include "user/pager/base/memory.h"
#include "user/pager/base/port.h"
#include "user/pager/base/zero.h"
#include "user/pager/beside/parent.h"
#include "user/pager/beside/swap_range.h"
#include "user/pager/beside/synthetic.h"
#include "user/pager/cache/archive.h"
#include "user/pager/cache/cache.h"
#include "user/pager/cache/host.h"
#include "user/pager/cache/write_back.h"
#include "user/pager/calls/calls.h"
#include "user/pager/calls/fault.h"
#include "user/pager/evict/guard.h"
#include "user/pager/evict/hold.h"
#include "user/pager/evict/reclaim.h"
#include "user/pager/evict/switch.h"
#include "user/pager/names/description.h"
#include "user/pager/names/name.h"
#include "user/pager/names/shm.h"
#include "user/pager/names/work.h"
#include "user/pager/pager.h"
#include "user/pager/swap/disk.h"
#include "user/pager/swap/store.h"
#include "user/pager/vm/answer.h"
#include "user/pager/vm/space.h"
#include "user/pager/wait/io.h"
#include "user/pager/wait/request.h"
#include "user/pager/watch/audit.h"
#include "user/pager/watch/inject.h"
#include "user/pager/watch/record.h"
#include "user/pager/watch/refs.h"
#include "user/pager/watch/stat.h"
#include "user/pager/watch/watch.h"

OCTAVO_WIRED_PROGRAM;

#define FACTORY 1 /* badge of the right that init hands out: it is no space */
#define LAST 2    /* and of the one that init keeps, to tell of the machine's end */

/* Who may ask, and what must come with it; the rest is the handler's to check. */
struct operation {
    enum outcome (*handler)(struct request *r);
    bool factory;          /* also through the factory right */
    uint8_t handles;       /* at most so many */
    uint8_t frames;        /* that it may take: there is room for them before it begins */
    unsigned long buffers; /* MSG_IN, MSG_OUT: must be there */
};

#define FILE_FRAMES 8u /* for a read or a write: IO_BUFFER_BYTES */

static const struct operation operations[] = {
    [PAGER_MMAP] = {.handler = calls_mmap, .handles = 1},
    [PAGER_MUNMAP] = {.handler = calls_munmap},
    [PAGER_MPROTECT] = {.handler = calls_mprotect},
    [PAGER_BRK] = {.handler = calls_brk},
    [PAGER_CREATE] = {.handler = parent_create, .factory = true},
    [PAGER_EXEC] =
        {.handler = calls_exec, .factory = true, .handles = 2, .frames = 8, .buffers = MSG_IN},
    [PAGER_STAT] = {.handler = stat_stat, .factory = true, .buffers = MSG_OUT},
    [PAGER_SPACE] = {.handler = stat_space, .factory = true, .buffers = MSG_OUT},
    [PAGER_REGIONS] = {.handler = stat_regions, .factory = true, .buffers = MSG_OUT},
    [PAGER_WORKING_SET] = {.handler = stat_working_set, .factory = true},
    [PAGER_TRACE] = {.handler = stat_trace_switch, .handles = 1},
    [PAGER_FAULTS] = {.handler = stat_faults, .buffers = MSG_OUT},
    [PAGER_TUNE] = {.handler = stat_tune, .handles = 1},
    [PAGER_IMAGES] = {.handler = stat_images, .buffers = MSG_OUT},
    [PAGER_MREMAP] = {.handler = calls_mremap},
    [PAGER_MADVISE] = {.handler = calls_madvise},
    [PAGER_MSYNC] = {.handler = calls_msync},
    [PAGER_MLOCK] = {.handler = calls_mlock},
    [PAGER_MLOCKALL] = {.handler = calls_mlockall},
    [PAGER_POPULATE] = {.handler = calls_populate, .frames = FRAME_CALL_MOST},
    [PAGER_SHM_OPEN] = {.handler = shm_open_request, .buffers = MSG_IN},
    [PAGER_SHM_UNLINK] = {.handler = shm_unlink_request, .buffers = MSG_IN},
    [PAGER_USAGE] = {.handler = usage_ask},
    [PAGER_CLONE] = {.handler = calls_clone},
    [PAGER_MINCORE] = {.handler = calls_mincore, .buffers = MSG_OUT},
    [PAGER_OPEN] = {.handler = name_open, .handles = 1, .buffers = MSG_IN},
    [PAGER_FILE_STAT] = {.handler = name_stat, .handles = 1, .buffers = MSG_IN | MSG_OUT},
    [PAGER_FILE_SETATTR] = {.handler = name_setattr, .handles = 1, .buffers = MSG_IN},
    [PAGER_UNLINK] = {.handler = name_unlink, .handles = 1, .buffers = MSG_IN},
    [PAGER_RENAME] = {.handler = name_rename, .handles = 2, .buffers = MSG_IN},
    [PAGER_SYNC] = {.handler = name_sync},
    [PAGER_POLICY] = {.handler = switch_policy, .factory = true, .buffers = MSG_IN},
    [PAGER_POLICIES] = {.handler = switch_list, .factory = true, .buffers = MSG_OUT},
    [PAGER_DUMP] = {.handler = switch_dump, .factory = true, .buffers = MSG_OUT},
    [PAGER_FILE_READ] = {.handler = description_read_given,
                         .handles = 1,
                         .frames = FILE_FRAMES,
                         .buffers = MSG_OUT},
    [PAGER_SWAP_RANGE] = {.handler = swap_range_request, .handles = 1},
    [PAGER_FILE_OF] = {.handler = description_tell_given, .handles = 1, .buffers = MSG_OUT},
    [PAGER_RECORD] = {.handler = record_request, .factory = true, .handles = 1},
    [PAGER_REFS] = {.handler = refs_request, .factory = true, .handles = 1},
};

/* --- requests --- */

static void close_handles(struct request *r)
{
    for (unsigned i = 0; i < MSG_HANDLES(r->m.tag); i++)
        if (r->handle[i] != HANDLE_NONE)
            sys_close(r->handle[i]);
}

static void take_handles(struct request *r)
{
    for (unsigned i = 0; i < MSG_HANDLES(r->m.tag); i++) {
        r->handle[i] = msg_page()->handle[i];
        r->badge[i] = msg_page()->badge[i];
    }
}

/* What a request kept while it waited is not kept any longer. */
static SLOW void request_let_go(struct request *r)
{
    close_handles(r);
    work_end(r);
    if (r->object)
        object_unref(r->object);
    r->object = NULL;
}

static inline void request_end(struct request *r)
{
    if (unlikely(MSG_HANDLES(r->m.tag) || r->work || r->object))
        request_let_go(r);
}

/* Makes room before a handler begins that takes frames, since nothing may be evicted while it runs. If
 * there is none to be made it has to do with less. False: it is being made. */
static SLOW bool have_room(const struct request *r, uint32_t want)
{
    if (want > frames.call_most)
        want = frames.call_most;
    return reclaim_make_room(r, want, NULL) != ROOM_WAIT;
}

static SLOW enum outcome file_handle(struct request *r)
{
    if (unlikely(reclaim_free() < FILE_FRAMES) && !have_room(r, FILE_FRAMES))
        return request_wait(r, &frames);
    return description_request(r);
}

static SLOW enum outcome call_handle(struct request *r)
{
    unsigned long label = MSG_LABEL(r->m.tag);
    const struct operation *operation = &operations[label];

    if (label >= sizeof(operations) / sizeof(operations[0]) || !operation->handler)
        return answer_errno(r, -ENOSYS);
    if (!r->space && !(r->m.badge == FACTORY && operation->factory))
        return answer_errno(r, -EPERM);
    if (MSG_HANDLES(r->m.tag) > operation->handles || (operation->buffers & ~r->m.tag))
        return answer_errno(r, -EINVAL);
    if (unlikely(r->space && r->space->doomed))
        return answer_errno(r, -ENOMEM);
    if (unlikely(operation->frames && operation->frames > reclaim_free()) &&
        !have_room(r, operation->frames))
        return request_wait(r, &frames);
    return operation->handler(r);
}

/* Runs one request's handler; also for those that were parked. */
static inline enum outcome handle(struct request *r, bool call)
{
    enum outcome outcome;

    r->space = space_find(r->m.badge);
    r->answer.badge = r->m.badge;
    r->answer.token = r->m.token;
    if (unlikely(inject_holds(r)) || !record_has_room(r))
        return WAIT;
    if (!call)
        return fault_handle(r);
    r->give = HANDLE_NONE;
    outcome = badge_is_file(r->m.badge) ? file_handle(r) : call_handle(r);
    if (outcome == DONE) {
        request_end(r);
        if (!(r->answer.tag & MSG_RESTART))
            hold_answered(r);
        counters.calls++;
    }
    return outcome;
}

/* The kernel did not take an answer. What it would have changed is set right by hand, and the caller
 * is told without: a fault is refused; a call has its result if only changes were in the way. */
static void answer_failed(struct request *r, long error)
{
    bool fault = MSG_KIND(r->m.tag) == MSG_KIND_FAULT, changes = answer_items(r) > 0;

    answer_undelivered(r, 0);
    if (error == -ESTALE) /* nobody waits any more */
        return;
    if (fault)
        r->answer.tag = MSG_NO | VM_FAULT_NOMEM;
    else if (changes && r->give == HANDLE_NONE)
        r->answer.tag &= MSG_START;
    else
        r->answer.tag = (unsigned long)-error;
    ipc_reply(&r->answer);
}

/* Answers without receiving: for answers that carry a handle, and for parked requests. */
static void answer_now(struct request *r)
{
    if (r->give != HANDLE_NONE)
        ipc_attach_handle(&r->answer, r->give);
    long error = ipc_reply(&r->answer);
    if (error < 0)
        answer_failed(r, error);
    else if (answer_items(r) > 1 && msg_page()->done < answer_items(r))
        answer_undelivered(r, msg_page()->done);
    if (r->give != HANDLE_NONE)
        sys_close(r->give);
    r->give = HANDLE_NONE;
}

/* The answers are out: nobody sees what was released any more. */
static void settle(void)
{
    if (!frames.limbo)
        return;
    frame_settle();
    zero_feed();
}

/* --- parked requests --- */

static void park(const struct request *r)
{
    if (request_park(r))
        return;
    struct request failed = *r; /* then it fails, but it is answered */
    description_given_up(&failed);
    request_end(&failed);
    answer_errno(&failed, 0);
    answer_failed(&failed, -ENOMEM);
}

/* Debug builds let any request wait once, so that parking is exercised long before disks do it. */
static bool wait_for_test(void)
{
#ifdef OCTAVO_DEBUG
    static uint64_t requests;

    return stat_tune_wait && ++requests % stat_tune_wait == 0;
#else
    return false;
#endif
}

/* Those that may run, each once. */
static void retry_parked(void)
{
    const struct request *again = NULL; /* the first one that is to be run again at once */
    struct request *r;

    while ((r = request_next()) != NULL) {
        if (r == again) {
            request_again(r);
            return;
        }
        if (handle(r, MSG_KIND(r->m.tag) == MSG_KIND_CALL) != DONE) {
            if (!again && !r->waits_for)
                again = r;
            request_again(r);
            continue;
        }
        answer_now(r);
        settle();
        request_free(r);
    }
}

/* --- the loop --- */

/* Init's watchdog wants to know (it answers at once, whatever else it does). */
static void tell_alive(void)
{
    struct message m = {.tag = INIT_PAGER_ALIVE};

    ipc_request(HANDLE_INIT, &m);
}

/* A message that nobody waits for. */
static SLOW void dispatch_other(struct request *r)
{
    inject_nobody();
    switch (MSG_KIND(r->m.tag)) {
    case MSG_KIND_CLOSED:
        r->space = space_find(r->m.badge);
        if (r->space)
            space_destroy(r->space);
        else
            description_close(r->m.badge);
        request_wake(&frames); /* it may have been what there is no memory for */
        break;
    case MSG_KIND_NOTIFY:
        io_collect(r->m.w[0]);
        request_wake(&frames); /* what was under way may have brought memory */
        if (r->m.w[0] & RECORD_BIT)
            record_collect();
        if (r->m.w[0] & WRITE_BACK_BIT)
            write_back_all();
        if (r->m.w[0] & PAGER_NOTIFY_SYNC)
            write_back_last();
        if (r->m.w[0] & PAGER_NOTIFY_PING)
            tell_alive();
        if (r->m.w[0] & RECLAIM_NOTIFY)
            reclaim_relieve();
        break;
    default: /* exceptions go to init */
        break;
    }
}

/* Deals with the message in r. True: r->answer is to be sent. */
static inline bool dispatch(struct request *r)
{
    bool call = MSG_KIND(r->m.tag) == MSG_KIND_CALL;

    if (call) {
        r->work = NULL;
        r->object = NULL;
        r->progress = r->at = 0;
        take_handles(r);
    } else if (unlikely(MSG_KIND(r->m.tag) != MSG_KIND_FAULT)) {
        dispatch_other(r);
        return false;
    }
    r->waits_for = NULL;
    r->waited = false;
    r->failed.object = NULL;
    if (unlikely(wait_for_test() || handle(r, call) != DONE)) {
        park(r);
        return false;
    }
    if (unlikely(call && r->give != HANDLE_NONE)) {
        answer_now(r);
        return false;
    }
    return true;
}

/* Sends r->answer if it is owed, and receives the next message into r->m. False: there is none, and
 * somebody parked may run. */
static bool answer_and_receive(struct request *r, bool owed)
{
    if (owed) {
        struct message m = r->answer;
        long result = ipc_reply_recv(port_handle, &m);
        if (result >= 0) {
            unsigned long items = answer_items(r);
            if (unlikely(items > 1 && msg_page()->done < items))
                answer_undelivered(r, msg_page()->done);
            r->m = m;
            return true;
        }
        answer_failed(r, result);
    }
    while (ipc_recv(port_handle, request_any_runnable() ? DEADLINE_NOW : DEADLINE_NEVER, &r->m) < 0)
        if (request_any_runnable())
            return false;
    return true;
}

static _Noreturn void serve(void)
{
    struct request r = {.give = HANDLE_NONE};
    bool owed = false;

    for (;;) {
        if (unlikely(request_any_runnable())) {
            if (owed)
                answer_now(&r);
            owed = false;
            settle();
            retry_parked();
        }
        bool received = answer_and_receive(&r, owed);
        settle();
        owed = received && dispatch(&r);
#ifdef OCTAVO_DEBUG
        audit_between();
#endif
    }
}

/* --- start --- */

/* Time of the day at kernel clock 0, ns since 1970. */
static uint64_t ask_real_time(void)
{
    struct message m = {.tag = INIT_REAL_TIME};

    return ipc_request(HANDLE_INIT, &m) == 0 ? m.w[0] : 0;
}

_Noreturn void pager_main(char **envp, const struct pager_config *config)
{
    uint32_t for_store = memory_setup(envp, config->store ? config->store->part : 0);
    zero_setup();
    guard_setup();
    watch_setup();
    reclaim_setup();
    PAGER_CHECK(memory_grow());
    cache_setup();
    request_setup();
    archive_setup(memory_auxv(AT_OCTAVO_ARCHIVE));
    host_setup((handle_t)memory_auxv(AT_OCTAVO_FS));
    if (config->content)
        synthetic_setup(config->content);
    parent_setup((handle_t)memory_auxv(AT_OCTAVO_UPPER));
    file_setup(ask_real_time());
    description_setup();
    port_setup();
    io_setup();
    work_setup();
    write_back_setup();
    long factory = sys_right_create(port_handle, FACTORY, 0);
    PAGER_CHECK(factory > 0);
    if (!memory_auxv(AT_OCTAVO_FRAMES)) /* else it keeps what it was given, whatever others need */
        reclaim_listen();
    if (config->store)
        store_setup(config->store, for_store);
    else
        disk_setup((handle_t)memory_auxv(AT_OCTAVO_BLK));
    swap_range_setup();
    ipc_accept(MSG_MAX_HANDLES);
    long last = sys_right_create(port_handle, LAST, PAGER_NOTIFY_SYNC | PAGER_NOTIFY_PING);
    PAGER_CHECK(last > 0);
    struct message m = {.tag = INIT_REGISTER, .w = {SERVICE_PAGER}};
    ipc_attach_handle(&m, (handle_t)factory);
    ipc_attach_handle(&m, (handle_t)last);
    PAGER_CHECK(ipc_request(HANDLE_INIT, &m) == 0);
    sys_close((unsigned long)factory);
    sys_close((unsigned long)last);
    serve();
}

void *pager_memory(size_t bytes)
{
    return memory_metadata(bytes);
}
