/* SPDX-License-Identifier: MIT
 *
 * init: the first program and the process server. It starts the servers, makes and ends processes,
 * and tells parents how their children ended.
 *
 *     main.c       receive loop, table of requests        process.c    the process table
 *     spawn.c      SPAWN GRANT START FORK                 wait.c       EXIT WAIT
 *     signal.c     KILL SIGNALS EXEC ALARM                group.c      GROUP
 *     query.c      what programs only ask                 foreground.c who gets ^C
 *     exception.c  crashes: one line, one status          supervise.c  the servers' life
 *     loader.c     ELF programs into wired memory         archive.c    the boot archive
 *     pagers.c     pagers beside the system's: PAGER_*     pager_watch.c ... that hang
 *     accounts.c   who gets how much                      task.c       kernel tasks
 *     console.c    init's own messages                    power.c, machine.c
 *
 * It must never fault, and never wait for a client, a pager or con: all of them rely on it. So it calls
 * nobody; it answers, and it notifies. */
#include "user/init/accounts.h"
#include "user/init/console.h"
#include "user/init/exception.h"
#include "user/init/foreground.h"
#include "user/init/machine.h"
#include "user/init/pagers.h"
#include "user/init/power.h"
#include "user/init/request.h"
#include "user/init/signal.h"
#include "user/init/supervise.h"
#include "user/init/task.h"
#include "user/init/wait.h"
#include <octavo/wired.h>
#include <proto/con.h>

OCTAVO_FIRST_PROGRAM;

#define STATUS_NOT_BOOTED 126

/* --- Requests -------------------------------------------------------------------------- */

/* Who may ask: SERVER is one of the system's, WIRED also a pager beside its own, which is no PROGRAM. */
enum who { ANYONE, PROGRAM, WIRED, SERVER };

static const struct operation {
    int (*handle)(struct request *request);
    unsigned long buffers;             /* MSG_IN, MSG_OUT that must come with it */
    unsigned min_handles, max_handles; /* that must, and may, come with it */
    enum who who;
} operations[] = {
    [INIT_SPAWN] = {spawn_handle, MSG_IN, 1, 4, PROGRAM},
    [INIT_GRANT] = {grant_handle, 0, 1, 4, PROGRAM},
    [INIT_START] = {start_handle, 0, 0, 0, PROGRAM},
    [INIT_EXIT] = {exit_handle, 0, 0, 0, ANYONE},
    [INIT_WAIT] = {wait_handle, 0, 0, 0, ANYONE},
    [INIT_KILL] = {kill_handle, 0, 0, 0, ANYONE},
    [INIT_PROCESS] = {process_handle, MSG_OUT, 0, 0, ANYONE},
    [INIT_SELF] = {self_handle, 0, 0, 0, ANYONE},
    [INIT_REAL_TIME] = {real_time_handle, 0, 0, 0, ANYONE},
    [INIT_POWER] = {power_handle, 0, 0, 0, PROGRAM},
    [INIT_FOREGROUND] = {foreground_handle, 0, 0, 0, PROGRAM},
    [INIT_REGISTER] = {register_handle, 0, 1, 4, WIRED},
    [INIT_ARGUMENT] = {argument_handle, MSG_IN, 0, 0, ANYONE},
    [INIT_LOG] = {log_handle, MSG_IN, 0, 0, ANYONE},
    [INIT_SYNCED] = {synced_handle, 0, 0, 0, SERVER},
    [INIT_RANDOM] = {random_handle, MSG_OUT, 0, 0, ANYONE},
    [INIT_FORK] = {fork_handle, 0, 1, 1, PROGRAM},
    [INIT_EXEC] = {exec_handle, MSG_IN, 0, 0, PROGRAM},
    [INIT_SIGNALS] = {signals_handle, 0, 0, 0, PROGRAM},
    [INIT_GROUP] = {group_handle, 0, 0, 0, PROGRAM},
    [INIT_ALARM] = {alarm_handle, 0, 0, 0, PROGRAM},
    [INIT_LOCK] = {lock_handle, 0, 0, 0, ANYONE},
    [INIT_SERVICE] = {service_handle, 0, 0, 0, PROGRAM},
    [INIT_PAGER_IMAGE] = {pager_image_handle, MSG_IN, 0, 0, PROGRAM},
    [INIT_PAGER_START] = {pager_start_handle, MSG_IN, 0, 2, PROGRAM},
    [INIT_PAGER_STOP] = {pager_stop_handle, 0, 0, 0, PROGRAM},
    [INIT_PAGER_FIND] = {pager_find_handle, MSG_OUT, 0, 0, ANYONE},
    [INIT_PAGER_ALIVE] = {pager_alive_handle, 0, 0, 0, WIRED},
};

/* What the table alone can say to a request. */
static int check(const struct operation *operation, const struct request *request,
                 unsigned long tag)
{
    if ((tag & operation->buffers) != operation->buffers ||
        request->handles < operation->min_handles || request->handles > operation->max_handles)
        return -EINVAL;
    const struct process *caller = request->caller;
    if (((operation->who == SERVER || operation->who == WIRED) && !caller->is_wired) ||
        ((operation->who == SERVER || operation->who == PROGRAM) && caller->is_pager))
        return -EPERM;
    return 0;
}

static int dispatch(struct request *request, unsigned long tag)
{
    unsigned long label = MSG_LABEL(tag);
    if (label >= sizeof operations / sizeof operations[0] || !operations[label].handle)
        return -ENOSYS;
    /* A process that is being ended may still have a call under way. */
    if (!request->caller || !process_is_alive(request->caller))
        return -ESRCH;
    int result = check(&operations[label], request, tag);
    return result < 0 ? result : operations[label].handle(request);
}

/* True: m is the answer. */
static bool handle_call(struct message *m)
{
    struct request request = {.caller = process_find(m->badge),
                              .token = m->token,
                              .handles = (unsigned)MSG_HANDLES(m->tag)};
    for (unsigned i = 0; i < 4; i++)
        request.w[i] = m->w[i];
    for (unsigned i = 0; i < request.handles; i++)
        request.handle[i] = msg_page()->handle[i];
    int result = dispatch(&request, m->tag);
    for (unsigned i = 0; i < request.handles; i++)
        if (request.handle[i] != HANDLE_NONE)
            sys_close(request.handle[i]);
    if (result == REQUEST_DONE)
        return false;
    m->tag = result < 0 ? (unsigned long)-result : 0;
    for (unsigned i = 0; i < 4; i++)
        m->w[i] = result < 0 ? 0 : request.word[i];
    if (result >= 0 && request.give != HANDLE_NONE)
        ipc_attach_handle(m, request.give);
    return true;
}

/* --- Everything else that arrives ------------------------------------------------------- */

static void handle_closed(unsigned long badge)
{
    struct process *process = process_gone(badge);
    if (!process)
        return;
    if (process->is_pager)
        pagers_gone(process);
    else if (process->is_wired)
        supervise_gone(process);
    else
        wait_deliver(process);
}

static void handle_notification(unsigned long bits)
{
    if (bits & CON_NOTIFY_INTERRUPT)
        foreground_interrupt();
    if (bits & CON_NOTIFY_DRAINED)
        power_drained();
}

/* True: m is the answer. */
static bool handle_message(struct message *m)
{
    struct process *process;

    switch (MSG_KIND(m->tag)) {
    case MSG_KIND_CALL:
        return handle_call(m);
    case MSG_KIND_FAULT: /* of a wired process: all it may touch was mapped before it started */
        m->tag = MSG_NO | VM_FAULT_MAPERR;
        return true;
    case MSG_KIND_EXCEPTION:
        process = process_find(m->badge);
        if (process)
            exception_handle(process, m);
        m->tag = 1; /* the thread stays stopped */
        return true;
    case MSG_KIND_CLOSED:
        handle_closed(m->badge);
        pagers_check();
        return false;
    case MSG_KIND_NOTIFY:
        handle_notification(m->w[0]);
        return false;
    default:
        return false;
    }
}

static _Noreturn void give_up(const char *why)
{
    console_say(why);
    machine_power_off(STATUS_NOT_BOOTED);
}

static void setup(void)
{
    machine_setup();
    process_setup();
    long port = sys_port_create();
    if (port < 0)
        give_up("init: cannot create its port");
    init_port = (handle_t)port;
    if (accounts_setup() < 0 || console_setup() < 0)
        give_up("init: cannot set itself up");
    ipc_accept(MSG_MAX_HANDLES);
    if (supervise_start() < 0)
        give_up("init: powering off");
}

static uint64_t next_deadline(void)
{
    uint64_t deadline =
        supervise_deadline() < power_deadline() ? supervise_deadline() : power_deadline();

    if (signal_deadline() < deadline)
        deadline = signal_deadline();
    return pagers_deadline < deadline ? pagers_deadline : deadline;
}

int main(void)
{
    struct message m;
    bool owes = false;

    setup();
    uint64_t deadline = next_deadline();
    for (;;) {
        long result;
        if (owes && deadline == DEADLINE_NEVER) {
            result = ipc_reply_recv(init_port, &m);
        } else {
            if (owes)
                ipc_reply(&m); /* stale: the caller is gone */
            result = ipc_recv(init_port, deadline, &m);
        }
        owes = result >= 0 && handle_message(&m);
        deadline = next_deadline();
        if (deadline == DEADLINE_NEVER)
            continue; /* the usual case: what time it is does not matter */
        supervise_expire();
        power_expire();
        signal_expire();
        pagers_expire();
        deadline = next_deadline();
    }
}
