/* SPDX-License-Identifier: MIT
 *
 * Starting and watching the servers: see supervise.h.
 *
 * What is lost with a server: with con the terminal (messages go to the kernel's console from then
 * on), with the pager every program that it paged, with pipe all pipes, with login the way to
 * start a shell. Until login runs, and when login is gone, there is nothing left to do but to say so and stop. fs and blk may be
 * missing from the start, or go: what is in the boot archive can be run without files and swap.
 *
 * con, fs, blk and pipe start at once. The pager starts when each of these is registered or gone, since it
 * is given rights to them; login when the pager is. */
#include "user/init/supervise.h"
#include "user/init/accounts.h"
#include "user/init/console.h"
#include "user/init/layout.h"
#include "user/init/loader.h"
#include "user/init/machine.h"
#include "user/init/power.h"
#include "user/init/request.h"
#include "user/init/task.h"
#include <proto/con.h>
#include <proto/pager.h>
#include <proto/pipe.h>
#include <proto/start.h>
#include <string.h>

#define REGISTER_NS 20000000000ul /* a server has so long to start */
#define STATUS_NOT_BOOTED 126     /* of the machine: octavo-run's "did not boot" */

/* virtio 1.1, 5: device ids */
#define VIRTIO_BLOCK 2u
#define VIRTIO_9P 9u

/* In the order of their start: the pager takes what memory the others leave. */
enum { SERVER_CON, SERVER_FS, SERVER_BLK, SERVER_PIPE, SERVER_PAGER, SERVER_LOGIN, SERVERS };

static struct service {
    const char *name, *path;
    enum init_service service; /* what it registers; 0: nothing */
    unsigned rights;           /* with so many rights */
    unsigned priority;
    enum account_kind account;
    struct process *process;         /* NULL: not running */
    handle_t right[MSG_MAX_HANDLES]; /* as registered; HANDLE_NONE before */
} servers[SERVERS] = {
    [SERVER_CON] = {"con", "sbin/con", SERVICE_CON, 4, PRIORITY_DRIVER, ACCOUNT_SERVER, NULL, {0}},
    [SERVER_FS] = {"fs", "sbin/fs", SERVICE_FS, 1, PRIORITY_DRIVER, ACCOUNT_SERVER, NULL, {0}},
    [SERVER_BLK] = {"blk", "sbin/blk", SERVICE_BLK, 1, PRIORITY_DRIVER, ACCOUNT_SERVER, NULL, {0}},
    [SERVER_PIPE] =
        {"pipe", "sbin/pipe", SERVICE_PIPE, 1, PRIORITY_DRIVER, ACCOUNT_PIPE, NULL, {0}},
    [SERVER_PAGER] =
        {"pager", "sbin/pager", SERVICE_PAGER, 2, PRIORITY_PAGER, ACCOUNT_PAGER, NULL, {0}},
    [SERVER_LOGIN] = {"login", "sbin/login", 0, 0, PRIORITY_USER + 1, ACCOUNT_SERVER, NULL, {0}},
};

static uint64_t register_deadline = ~0ul;

static bool is_registered(const struct service *server)
{
    return server->process && server->right[0] != HANDLE_NONE;
}

static void say(const struct service *server, const char *what)
{
    struct text text = {0};
    text_add(&text, "init: ");
    text_add(&text, server->name);
    text_add(&text, what);
    console_line(&text);
}

static void say_error(const struct service *server, int error)
{
    struct text text = {0};
    text_add(&text, "init: cannot start ");
    text_add(&text, server->path);
    text_add(&text, ": error ");
    text_add_decimal(&text, (uint64_t)-error);
    console_line(&text);
}

/* --- Starting -------------------------------------------------------------------------- */

/* The parts of a server's start that differ. */
static int prepare_con(struct process *process)
{
    handle_t uart = machine_device(DEVICE_UART), system = machine_device(DEVICE_SYSTEM);
    if (uart == HANDLE_NONE)
        return -ENODEV;
    long notify = sys_right_create(init_port, 0, CON_NOTIFY_INTERRUPT | CON_NOTIFY_DRAINED);
    if (notify < 0)
        return (int)notify;
    handle_t handle[] = {uart, (handle_t)notify, system};
    long result = task_give(process, handle, 3);
    sys_close((handle_t)notify);
    if (result < 0)
        return (int)result;
    return loader_map(process, CON_LOG_BASE, CON_LOG_BASE, sizeof(struct con_log) / PAGE_SIZE,
                      VM_R | VM_W);
}

/* The pager's auxv: where the archive ends, and which of its first handles are fs and blk. */
#define PAGER_PAIRS 3u

static unsigned pager_pairs(uint64_t auxv[2 * PAGER_PAIRS])
{
    unsigned n = 0;
    handle_t handle = HANDLE_FIRST;

    auxv[n++] = AT_OCTAVO_ARCHIVE;
    auxv[n++] = machine_archive()->size;
    if (is_registered(&servers[SERVER_FS])) {
        auxv[n++] = AT_OCTAVO_FS;
        auxv[n++] = handle++;
    }
    if (is_registered(&servers[SERVER_BLK])) {
        auxv[n++] = AT_OCTAVO_BLK;
        auxv[n++] = handle++;
    }
    return n / 2;
}

static int prepare_pager(struct process *process)
{
    uint64_t pages = (machine_archive()->size + PAGE_MASK) / PAGE_SIZE;
    long result = loader_map(process, BOOT_ARCHIVE_BASE, BOOT_ARCHIVE_BASE, pages, VM_R);

    for (unsigned which = SERVER_FS; which <= SERVER_BLK && result >= 0; which++)
        if (is_registered(&servers[which])) /* in the order of pager_pairs() */
            result = task_give(process, servers[which].right, 1);
    return result < 0 ? (int)result : 0;
}

static int prepare_virtio(struct process *process, uint32_t id)
{
    handle_t device = machine_virtio(id);
    if (device == HANDLE_NONE)
        return -ENODEV;
    long result = task_give(process, &device, 1);
    return result < 0 ? (int)result : 0;
}

static int prepare_login(struct process *process)
{
    const struct service *con = &servers[SERVER_CON];
    process->may_power = true;
    long result = task_give(process, servers[SERVER_PAGER].right, 1);
    if (result >= 0)
        result = task_give(process, con->right, con->rights);
    if (result >= 0 && is_registered(&servers[SERVER_FS]))
        result = task_give(process, servers[SERVER_FS].right, 1);
    return result < 0 ? (int)result : 0;
}

static int prepare(unsigned which, struct process *process)
{
    switch (which) {
    case SERVER_CON:
        return prepare_con(process);
    case SERVER_PAGER:
        return prepare_pager(process);
    case SERVER_FS:
        return prepare_virtio(process, VIRTIO_9P);
    case SERVER_BLK:
        return prepare_virtio(process, VIRTIO_BLOCK);
    case SERVER_PIPE:
        return 0;
    default:
        return prepare_login(process);
    }
}

static int start(unsigned which)
{
    struct service *server = &servers[which];
    uint64_t auxv[2 * PAGER_PAIRS];
    struct loader_start stack = {auxv, which == SERVER_PAGER ? pager_pairs(auxv) : 0, 0, NULL};
    struct archive_file file;
    char name[PROCESS_NAME] = "";

    int result = archive_find(machine_archive(), server->path, &file);
    if (result < 0)
        return result;
    strcpy(name, server->name);
    struct process *process = process_create(process_find(PROCESS_INIT), name);
    if (!process)
        return -EAGAIN;
    process->is_wired = true;
    process->window = which;
    result = task_make(process, HANDLE_NONE, account_open(server->account), server->priority);
    if (result == 0)
        result = loader_load(process, &file, &stack);
    if (result == 0)
        result = prepare(which, process);
    if (result == 0)
        result = task_start(process, server->priority);
    if (result < 0) {
        loader_unload(process);
        process_discard(process);
        return result;
    }
    server->process = process;
    return 0;
}

/* fs and blk may be missing; without a disk there is no swap, which is nothing to tell. */
static int start_or_say(unsigned which)
{
    bool needed = which != SERVER_FS && which != SERVER_BLK;
    int result = start(which);
    if (result == 0)
        return 0;
    if (needed || (result != -ENODEV && result != -ENOENT))
        say_error(&servers[which], result);
    else if (which == SERVER_FS)
        console_say("init: no folder of the host is shared: programs come from the boot archive");
    return needed ? result : 0;
}

static bool is_settled(unsigned which)
{
    return is_registered(&servers[which]) || !servers[which].process;
}

int supervise_start(void)
{
    for (unsigned which = SERVER_CON; which < SERVER_PAGER; which++) {
        int result = start_or_say(which);
        if (result < 0)
            return result;
    }
    register_deadline = (uint64_t)sys_clock() + REGISTER_NS;
    return 0;
}

static void start_login(void)
{
    register_deadline = ~0ul;
    int result = start(SERVER_LOGIN);
    if (result == 0)
        return;
    say_error(&servers[SERVER_LOGIN], result);
    power_off_soon(STATUS_NOT_BOOTED);
}

/* The next server starts when all are there that it is given something of; fs and blk may be gone. */
static void start_when_ready(void)
{
    if (!is_registered(&servers[SERVER_CON]) || !is_settled(SERVER_FS) || !is_settled(SERVER_BLK) ||
        !is_settled(SERVER_PIPE) || servers[SERVER_LOGIN].process)
        return;
    if (is_registered(&servers[SERVER_PAGER]))
        start_login();
    else if (!servers[SERVER_PAGER].process && start_or_say(SERVER_PAGER) < 0)
        power_off_soon(STATUS_NOT_BOOTED);
}

/* w: enum init_service. Handles: the rights. */
int register_handle(struct server_request *request)
{
    struct service *server = servers;
    if (caller_of(request)->is_pager)
        return pager_register_handle(request);
    while (server < servers + SERVERS && server->process != caller_of(request))
        server++;
    if (server == servers + SERVERS || !server->service)
        return -EPERM;
    if (request->w[0] != (unsigned long)server->service || request->handles != server->rights)
        return -EINVAL;
    if (is_registered(server))
        return -EEXIST;
    for (unsigned i = 0; i < request->handles; i++) {
        server->right[i] = request->handle[i];
        request->handle[i] = HANDLE_NONE;
    }
    if (server == &servers[SERVER_CON])
        console_attach(server->right[CON_BADGE_CONTROL - 1]);
    start_when_ready();
    return 0;
}

/* w: SERVICE_PIPE. The right shows whose share of pipes it is: the job's, so that a bomb is one client. */
int service_handle(struct server_request *request)
{
    static uint64_t serial;
    struct process *caller = caller_of(request);
    const struct service *pipe = &servers[SERVER_PIPE];

    request->word[0] = caller->pipe;
    if (caller->pipe != HANDLE_NONE)
        return 0;
    if (request->w[0] != SERVICE_PIPE || !is_registered(pipe))
        return request->w[0] == SERVICE_PIPE ? -ENODEV : -EINVAL;
    uint64_t whose = caller->job ? caller->job : caller->pid;
    long right =
        sys_right_create(pipe->right[0], PIPE_FACTORY | (serial++ & 0x3fffffff) << 32 | whose, 0);
    if (right < 0)
        return (int)right;
    long value = sys_task_grant(caller->task, (handle_t)right, H_CALL);
    sys_close((handle_t)right);
    if (value < 0)
        return (int)value;
    request->word[0] = caller->pipe = (handle_t)value;
    return 0;
}

struct process *supervise_pager(void)
{
    return servers[SERVER_PAGER].process;
}

handle_t supervise_pager_right(void)
{
    return is_registered(&servers[SERVER_PAGER]) ? servers[SERVER_PAGER].right[0] : HANDLE_NONE;
}

bool supervise_ask_sync(void)
{
    const struct service *pager = &servers[SERVER_PAGER];

    return is_registered(pager) && sys_notify(pager->right[1], PAGER_NOTIFY_SYNC) == 0;
}

/* --- Watching -------------------------------------------------------------------------- */

static void forget_rights(struct service *server)
{
    if (server == &servers[SERVER_CON])
        console_attach(HANDLE_NONE);
    for (unsigned i = 0; i < server->rights; i++) {
        if (server->right[i] != HANDLE_NONE)
            sys_close(server->right[i]);
        server->right[i] = HANDLE_NONE;
    }
}

void supervise_crashed(struct process *process)
{
    if (process == servers[SERVER_FS].process)
        machine_virtio_reset(VIRTIO_9P);
    else if (process == servers[SERVER_BLK].process)
        machine_virtio_reset(VIRTIO_BLOCK);
}

void supervise_gone(struct process *process)
{
    struct service *server = servers;
    while (server < servers + SERVERS && server->process != process)
        server++;
    loader_unload(process);
    process_free(process);
    if (server == servers + SERVERS)
        return;
    server->process = NULL;
    forget_rights(server);
    say(server, " has died");
    if (server == &servers[SERVER_PAGER]) {
        account_forget_pager();
        power_synced();
    }
    if (server == &servers[SERVER_FS] || server == &servers[SERVER_BLK] ||
        server == &servers[SERVER_PIPE])
        start_when_ready();
    else if (!servers[SERVER_LOGIN].process) {
        console_say("init: nothing can be started any more, powering off");
        power_off_soon(STATUS_NOT_BOOTED);
    }
}

uint64_t supervise_deadline(void)
{
    return register_deadline;
}

void supervise_expire(void)
{
    if (register_deadline == ~0ul || (uint64_t)sys_clock() < register_deadline)
        return;
    register_deadline = ~0ul;
    for (unsigned which = SERVER_CON; which <= SERVER_PAGER; which++)
        if (servers[which].process && !is_registered(&servers[which]))
            say(&servers[which], " does not answer, powering off");
    power_off_soon(STATUS_NOT_BOOTED);
}
