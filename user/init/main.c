/* SPDX-License-Identifier: MIT
 *
 * init: the first program and the process server. It starts the servers, makes and ends processes,
 * and tells parents how their children ended.
 *
 *     main.c       the server, table of requests          process.c    the process table
 *     spawn.c      SPAWN GRANT START FORK                 wait.c       EXIT WAIT
 *     signal.c     KILL SIGNALS EXEC ALARM                group.c      GROUP
 *     query.c      what programs only ask                 foreground.c who gets ^C
 *     exception.c  crashes: one line, one status          supervise.c  the servers' life
 *     loader.c     ELF programs into wired memory         archive.c    the boot archive
 *     pagers.c     pagers beside the system's: PAGER_*     task.c       kernel tasks
 *     accounts.c   who gets how much                      console.c    init's own messages
 *     lock.c       record locks                           random.c     bytes nobody can guess
 *     power.c      power off and reboot                   machine.c    the machine and its clock
 *     text.c       texts that come in pieces
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

static const struct server_operation operations[] = {
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

static int admit(struct server_request *request, unsigned who)
{
    struct process *caller = request->client = process_find(request->badge);

    /* A process that is being ended may still have a call under way. */
    if (!caller || !process_is_alive(caller))
        return -ESRCH;
    if (((who == SERVER || who == WIRED) && !caller->is_wired) ||
        ((who == SERVER || who == PROGRAM) && caller->is_pager))
        return -EPERM;
    return 0;
}

/* --- Everything else that arrives ------------------------------------------------------- */

static void closed(void *context, unsigned long badge)
{
    struct process *process = process_gone(badge);

    (void)context;
    if (process && process->is_pager)
        pagers_gone(process);
    else if (process && process->is_wired)
        supervise_gone(process);
    else if (process)
        wait_deliver(process);
    pagers_check();
}

static void notified(void *context, unsigned long bits)
{
    (void)context;
    if (bits & CON_NOTIFY_INTERRUPT)
        foreground_interrupt();
    if (bits & CON_NOTIFY_DRAINED)
        power_drained();
}

static void exception(void *context, const struct message *m)
{
    struct process *process = process_find(m->badge);

    (void)context;
    if (process)
        exception_handle(process, m);
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

static unsigned long before_wait(void *context)
{
    (void)context;
    if (next_deadline() == DEADLINE_NEVER)
        return DEADLINE_NEVER; /* the usual case: what time it is does not matter */
    supervise_expire();
    power_expire();
    signal_expire();
    pagers_expire();
    return next_deadline();
}

static const struct server server = {.operations = operations,
                                     .count = sizeof(operations) / sizeof(operations[0]),
                                     .admit = admit,
                                     .closed = closed,
                                     .notified = notified,
                                     .exception = exception,
                                     .before_wait = before_wait};

int main(void)
{
    setup();
    server_run(&server, init_port, NULL);
}
