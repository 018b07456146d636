/* SPDX-License-Identifier: MIT
 *
 * Pagers beside the system's: see pagers.h.
 *
 *     MAKING  --START--> STARTING  --REGISTER--> SERVING  --process_end--> ENDING --CLOSED--> free
 *     (its program is being sent)   (START's answer is owed)
 *
 * Which pager a program has is what the kernel says of its task's pager right, not what anybody claims.
 *
 * One that takes CPU time without taking a message is ended: it is notified, and has to say so by
 * PAGER_ALIVE before its task has run for another PAGER_HANG_NS. So is one whose main thread waits for
 * something else than a message: it has not said so, and no thread of it has run at all, in PAGER_WAITS looks
 * one after the other. It is looks that are counted, not time: while the machine stands still nobody looks.
 * One that takes messages and does not answer them is left alone, since it cannot be told from one whose
 * disk or file server is slow; whoever waits for it can be killed. */
#include "user/init/pagers.h"
#include "user/init/accounts.h"
#include "user/init/console.h"
#include "user/init/layout.h"
#include "user/init/loader.h"
#include "user/init/machine.h"
#include "user/init/request.h"
#include "user/init/supervise.h"
#include "user/init/task.h"
#include "user/init/wait.h"
#include <abi/info.h>
#include <proto/pager.h>
#include <proto/start.h>
#include <signal.h>
#include <string.h>

#define PAGERS_MAX 16u
#define PAGERS_PER_JOB 8u
#define PAGER_FRAMES_LEAST 16u /* as for FRAMES= */
#define PAGER_PROGRAM "sbin/pager"

#define PAGER_LOOK_NS 500000000ul  /* between two looks at those that serve */
#define PAGER_HANG_NS 4000000000ul /* of CPU time; its own guard is to be faster */
#define PAGER_WAITS 120u           /* looks: a minute */

static struct pager {
    struct process *process; /* NULL: the slot is free */
    struct process *owner;   /* NULL: it has ended */
    uint32_t job;            /* the owner's, or the owner */
    uint32_t task_id;        /* the kernel's; 0: MAKING */
    uint64_t next;           /* MAKING: the offset that the next piece has */
    unsigned long token;     /* STARTING: where the answer goes */
    bool answer_owed;
    bool unneeded;            /* ended by init, since nobody needs it */
    handle_t factory, notify; /* SERVING */
    uint64_t frames, image_frames;
    bool pinged;
    uint64_t run_time; /* when it was */
    uint64_t seen;     /* its run time, when it was looked at last */
    unsigned same;     /* so many looks ago it was that already */
    struct loader_image image;
    char policy[INIT_PAGER_TEXT + 1];
} pagers[PAGERS_MAX];

static unsigned pager_count;
uint64_t pagers_deadline = ~0ul;

/* The one after p in the table (NULL: the first); NULL: no more. */
static struct pager *next_of(struct pager *p)
{
    for (p = p ? p + 1 : pagers; p < pagers + PAGERS_MAX; p++)
        if (p->process)
            return p;
    return NULL;
}

static struct pager *pager_of(const struct process *process)
{
    for (struct pager *p = NULL; (p = next_of(p));)
        if (p->process == process)
            return p;
    return NULL;
}

static struct pager *making(const struct process *owner)
{
    for (struct pager *p = NULL; (p = next_of(p));)
        if (p->owner == owner && !p->task_id && process_is_alive(p->process))
            return p;
    return NULL;
}

static unsigned clients_of(const struct pager *pager, bool alive)
{
    unsigned count = 0;

    for (struct process *p = NULL; (p = process_each(p));)
        count += p->pager == pager->process->pid &&
                 (process_is_alive(p) || (!alive && p->state == PROCESS_ENDING));
    return count;
}

/* --- Making ------------------------------------------------------------------------------ */

static uint32_t job_of(const struct process *process)
{
    return process->job ? process->job : process->pid;
}

/* A new one, MAKING; NULL: there are too many. */
static struct pager *create(struct process *owner)
{
    struct pager *slot = NULL;
    unsigned of_job = 0;

    for (struct pager *p = pagers; p < pagers + PAGERS_MAX; p++)
        if (p->process)
            of_job += p->job == job_of(owner);
        else if (!slot)
            slot = p;
    if (!slot || of_job >= PAGERS_PER_JOB)
        return NULL;
    struct process *process =
        process_create(process_find(PROCESS_INIT), "pager\0\0\0\0\0\0\0\0\0\0");
    if (!process)
        return NULL;
    process->is_wired = process->is_pager = true;
    process->was_named = false; /* until it has a task */
    process->window = INIT_WINDOWS_SERVERS + (unsigned)(slot - pagers);
    *slot = (struct pager){.process = process, .owner = owner, .job = job_of(owner)};
    pager_count++;
    return slot;
}

/* It could not be made. */
static void discard(struct pager *pager)
{
    struct process *process = pager->process;

    loader_unload(process);
    process_discard(process);
    pager->process = NULL;
    pager_count--;
}

/* Whether init has the frames for the image. */
static int check_image(const struct pager *pager)
{
    unsigned processes = 0;

    for (struct process *p = NULL; (p = process_each(p));)
        processes += !p->is_wired;
    return loader_frames(&pager->image) > account_image_room(processes) ? -ENOMEM : 0;
}

static int open_image(struct pager *pager, const struct process *same, const void *head,
                      size_t length, uint64_t size)
{
    int result = loader_open(pager->process, &pager->image, same, head, length, size);

    return result < 0 ? result : check_image(pager);
}

/* w: offset, bytes, bytes of the file. */
int pager_image_handle(struct server_request *request)
{
    static uint8_t piece[INIT_PAGER_PIECE];
    uint64_t offset = request->w[0], length = request->w[1], size = request->w[2];

    if (!length || length > sizeof piece || offset > size || length > size - offset)
        return -EINVAL;
    int result = server_copy_in(request, 0, piece, length);
    if (result)
        return result;
    struct pager *pager = making(caller_of(request));
    if (pager && offset == 0) {
        discard(pager);
        pager = NULL;
    }
    if (offset == 0) {
        if (!(pager = create(caller_of(request))))
            return -EAGAIN;
        if ((result = open_image(pager, NULL, piece, length, size)) < 0) {
            discard(pager);
            return result;
        }
    }
    if (!pager || offset != pager->next || size != pager->image.size)
        return -EINVAL;
    loader_fill(pager->process, &pager->image, offset, piece, length);
    pager->next = offset + length;
    return 0;
}

/* --- Starting ---------------------------------------------------------------------------- */

/* What the system's pager has not taken and need not keep for itself: at most half of it all for others. */
static uint64_t frames_left(void)
{
    const struct process *system = supervise_pager();
    struct info_task task;
    uint64_t taken = 0;

    if (!system || sys_info(INFO_OF, system->task, (unsigned long)&task, sizeof task) < 0)
        return 0;
    for (struct pager *p = NULL; (p = next_of(p));)
        taken += p->task_id ? account_pager_frames(p->frames) : 0;
    uint64_t free = task.account_frames_limit - task.account_frames;
    uint64_t half = task.account_frames_limit / 2;
    uint64_t left = half < taken ? 0 : half - taken < free ? half - taken : free;
    uint64_t more = account_pager_frames(0);
    return left > more ? (left - more) * 8 / 9 : 0;
}

/* The name that it has as a process: the policy's, else its program's. */
static void name_it(struct process *process, const char *policy, const char *program)
{
    const char *what = *policy ? policy : program;
    size_t length = strcspn(what, ":");

    if (length > PROCESS_NAME - sizeof "pager:")
        length = PROCESS_NAME - sizeof "pager:";
    memset(process->name, 0, PROCESS_NAME);
    strcpy(process->name, "pager:");
    memcpy(process->name + sizeof "pager:" - 1, what, length);
}

/* Appends a pair with a handle's value in the pager's table; HANDLE_NONE: nothing. */
static long give(struct process *process, handle_t handle, uint64_t type, uint64_t *auxv,
                 unsigned *pairs)
{
    if (handle == HANDLE_NONE)
        return 0;
    long value = task_give(process, &handle, 1);
    if (value < 0)
        return value;
    auxv[2 * *pairs] = type;
    auxv[2 * *pairs + 1] = (uint64_t)value;
    ++*pairs;
    return 0;
}

static int run(struct pager *pager, const handle_t handle[2])
{
    struct process *process = pager->process;
    const struct archive *archive = machine_archive();
    uint64_t auxv[8] = {AT_OCTAVO_ARCHIVE, archive->size, AT_OCTAVO_FRAMES, pager->frames};
    struct loader_start start = {auxv, 2, pager->policy[0] ? AT_OCTAVO_POLICY : 0, pager->policy};
    struct info_task task;

    process->was_named = true;
    long result = task_make(process, HANDLE_NONE, account_open_pager(pager->frames), PRIORITY_USER);
    if (result == 0)
        result = give(process, handle[0], AT_OCTAVO_UPPER, auxv, &start.pairs);
    if (result == 0)
        result = give(process, handle[1], AT_OCTAVO_BLK, auxv, &start.pairs);
    if (result == 0)
        result = loader_finish(process, &pager->image, &start);
    if (result == 0)
        result = loader_map(process, BOOT_ARCHIVE_BASE, BOOT_ARCHIVE_BASE,
                            (archive->size + PAGE_MASK) / PAGE_SIZE, VM_R);
    if (result == 0)
        result = sys_info(INFO_OF, process->task, (unsigned long)&task, sizeof task);
    if (result >= 0)
        result = task_start(process, PRIORITY_USER);
    if (result < 0)
        return (int)result;
    process->task_id = pager->task_id = task.id;
    return 0;
}

/* The one that was sent, or a new one with the system pager's program. */
static int take_program(struct process *owner, bool sent, struct pager **pager)
{
    struct archive_file file;

    *pager = making(owner);
    if (sent)
        return *pager && (*pager)->next == (*pager)->image.size ? 0 : -EINVAL;
    int result = archive_find(machine_archive(), PAGER_PROGRAM, &file);
    if (result < 0)
        return result;
    if (*pager)
        discard(*pager);
    if (!(*pager = create(owner)))
        return -EAGAIN;
    result = open_image(*pager, supervise_pager(), file.data, file.size, file.size);
    if (result < 0)
        discard(*pager);
    else
        loader_fill((*pager)->process, &(*pager)->image, 0, file.data, file.size);
    return result;
}

/* w: frames, bytes of the policy's text | of the name << 16, sent. Handles: a space above, a disk. */
int pager_start_handle(struct server_request *request)
{
    char text[INIT_PAGER_TEXT + 1 + PROCESS_NAME] = "";
    uint64_t frames = request->w[0], policy = request->w[1] & 0xffff, name = request->w[1] >> 16;
    struct pager *pager;

    request->word[0] = PAGER_FRAMES_LEAST;
    request->word[1] = frames_left();
    if (frames == 0)
        return 0;
    if (policy > INIT_PAGER_TEXT || !name || name > PROCESS_NAME || frames < PAGER_FRAMES_LEAST ||
        request->w[2] & ~(unsigned long)INIT_PAGER_UPLOADED)
        return -EINVAL;
    if (frames > request->word[1])
        return -ENOMEM;
    int result = server_copy_in(request, 0, text, policy + name);
    if (result || (result = take_program(caller_of(request), request->w[2] != 0, &pager)) < 0)
        return result;
    memcpy(pager->policy, text, policy);
    pager->frames = frames;
    pager->image_frames = loader_frames(&pager->image);
    name_it(pager->process, pager->policy, text + policy);
    result = run(pager, request->handle);
    if (result < 0) {
        discard(pager);
        return result;
    }
    pager->token = request->token;
    pager->answer_owed = pager->pinged = true;
    pagers_deadline = (uint64_t)sys_clock() + PAGER_LOOK_NS;
    return SERVER_ANSWERED;
}

static void answer_start(struct pager *pager, int error)
{
    struct message m = {
        .tag = (unsigned long)-error,
        .w = {pager->process->pid, account_pager_frames(pager->frames), pager->image_frames},
        .token = pager->token};

    if (!pager->answer_owed)
        return;
    pager->answer_owed = false;
    if (!error)
        ipc_attach_handle(&m, pager->factory);
    long result = ipc_reply(&m);
    if (result == 0 || result == -ESTALE)
        return;
    m = (struct message){.tag = (unsigned long)-result, .token = pager->token};
    ipc_reply(&m);
}

/* w: SERVICE_PAGER. Handles: the factory, and one to notify it by. */
int pager_register_handle(struct server_request *request)
{
    struct pager *pager = pager_of(caller_of(request));

    if (!pager || request->w[0] != SERVICE_PAGER || request->handles != 2)
        return -EINVAL;
    if (pager->factory != HANDLE_NONE)
        return -EEXIST;
    pager->factory = request->handle[0];
    pager->notify = request->handle[1];
    request->handle[0] = request->handle[1] = HANDLE_NONE;
    pager->pinged = false;
    answer_start(pager, 0);
    return 0;
}

/* --- Ending ------------------------------------------------------------------------------ */

static void add_process(struct text *text, const struct process *process)
{
    text_add(text, process->name);
    text_add(text, " (pid ");
    text_add_decimal(text, process->pid);
    text_add(text, ")");
}

void pagers_ending(struct process *process)
{
    const struct pager *pager = pager_of(process);
    struct text text = {0};
    unsigned count = 0;

    if (!pager)
        return;
    text_add(&text, "init: ");
    add_process(&text, process);
    if (pager->policy[0]) {
        text_add(&text, ", policy ");
        text_add(&text, pager->policy);
    }
    text_add(&text, ", has ended");
    for (struct process *p = NULL; (p = process_each(p));) {
        if (p->pager != process->pid || !process_is_alive(p))
            continue;
        text_add(&text, count++ ? ", " : "; so do its programs: ");
        add_process(&text, p);
    }
    if (!pager->unneeded)
        console_line(&text);
    for (struct process *p = NULL; (p = process_each(p));)
        if (p->pager == process->pid)
            process_end(p, WAIT_STATUS_SIGNAL(SIGKILL));
}

void pagers_gone(struct process *process)
{
    struct pager *pager = pager_of(process);

    loader_unload(process);
    if (pager) {
        answer_start(pager, -EPIPE);
        if (pager->factory != HANDLE_NONE) {
            sys_close(pager->factory);
            sys_close(pager->notify);
        }
        pager->process = NULL;
        pager_count--;
    }
    process_free(process);
}

static void end_unneeded(struct pager *pager)
{
    pager->unneeded = true;
    if (pager->task_id)
        process_end(pager->process, WAIT_STATUS_EXIT(0));
    else
        discard(pager);
}

void pagers_check(void)
{
    if (!pager_count)
        return;
    for (struct pager *p = NULL; (p = next_of(p));)
        if (!p->owner && process_is_alive(p->process) && !clients_of(p, false))
            end_unneeded(p);
}

void pagers_orphan(const struct process *owner)
{
    for (struct pager *p = NULL; (p = next_of(p));)
        if (p->owner == owner)
            p->owner = NULL;
}

/* w: pid. */
int pager_stop_handle(struct server_request *request)
{
    struct process *process = process_find(request->w[0]);
    struct pager *pager = process ? pager_of(process) : NULL;

    if (!pager || !process_is_alive(process))
        return process && process->is_wired ? -EPERM : -ESRCH;
    if (pager->task_id)
        process_end(process, WAIT_STATUS_SIGNAL(SIGKILL));
    else
        discard(pager);
    return process_is_alive(caller_of(request)) ? 0 : SERVER_ANSWERED;
}

/* --- Finding ----------------------------------------------------------------------------- */

int pagers_adopt(struct process *process)
{
    struct info_task task;

    if (!pager_count || sys_info(INFO_OF, process->task, (unsigned long)&task, sizeof task) < 0 ||
        !task.pager)
        return 0;
    for (struct pager *p = NULL; (p = next_of(p));) {
        if (p->task_id != task.pager)
            continue;
        process->pager = p->process->pid;
        return process_is_alive(p->process) ? 0 : -EPIPE;
    }
    return 0;
}

static bool is_a_pager(const struct process *process)
{
    return process == supervise_pager() || (process->is_pager && process_is_alive(process));
}

/* Whom a FIND means; NULL with an errno. */
static struct process *find(const struct server_request *request, int *error)
{
    struct process *process = request->w[0] ? process_find(request->w[0]) : caller_of(request);

    if (request->w[1] == INIT_PAGER_NEXT) {
        *error = -ENOENT;
        for (process = process_next(request->w[0]); process && !is_a_pager(process);)
            process = process_next(process->pid + 1ul);
        return process;
    }
    *error = -ESRCH;
    if (process && !is_a_pager(process))
        process = process->is_wired ? NULL
                  : process->pager  ? process_find(process->pager)
                                    : supervise_pager();
    return process && process_is_alive(process) ? process : NULL;
}

/* w: pid, which. */
int pager_find_handle(struct server_request *request)
{
    int error;
    struct process *process = find(request, &error);
    struct init_pager record = {0};

    struct info_task task;

    if (request->w[1] > INIT_PAGER_NEXT)
        return -EINVAL;
    if (!process)
        return error;
    const struct pager *pager = pager_of(process);
    if (sys_info(INFO_OF, process->task, (unsigned long)&task, sizeof task) >= 0) {
        record.account_frames = task.account_frames_limit;
        record.account_used = task.account_frames;
    }
    record.pid = process->pid;
    memcpy(record.name, process->name, sizeof record.name);
    if (pager) {
        record.owner = pager->owner ? pager->owner->pid : 0;
        record.clients = clients_of(pager, true);
        record.is_registered = pager->factory != HANDLE_NONE;
        record.frames = pager->frames;
        record.image_frames = pager->image_frames;
        memcpy(record.policy, pager->policy, sizeof record.policy);
        request_give(request, pager->factory);
    } else if (caller_of(request)->pager) { /* others ask through the space that they have there */
        request_give(request, supervise_pager_right());
    }
    request->word[0] = sizeof record;
    request->word[1] = record.pid;
    return server_copy_out(request, 0, &record, sizeof record);
}

/* --- Watching ---------------------------------------------------------------------------- */

int pager_alive_handle(struct server_request *request)
{
    struct pager *pager = pager_of(caller_of(request));

    if (!pager)
        return -EPERM;
    pager->pinged = false;
    return 0;
}

static void look(struct pager *pager)
{
    struct process *process = pager->process;
    struct info_task task;
    struct text text = {0};

    if (sys_info(INFO_OF, process->task, (unsigned long)&task, sizeof task) < 0)
        return;
    if (!pager->pinged) { /* STARTING: as if it had been */
        pager->run_time = task.run_time;
        pager->same = 0;
        pager->pinged = sys_notify(pager->notify, PAGER_NOTIFY_PING) == 0;
        return;
    }
    bool spins = task.run_time - pager->run_time >= PAGER_HANG_NS;
    pager->same = task.run_time == pager->seen ? pager->same + 1 : 0;
    pager->seen = task.run_time;
    if (!spins && pager->same < PAGER_WAITS)
        return;
    text_add(&text, "init: ");
    add_process(&text, process);
    text_add(&text, spins ? " hangs: it has run for " : " hangs: it has waited for ");
    text_add_decimal(&text, (spins ? PAGER_HANG_NS : PAGER_WAITS * PAGER_LOOK_NS) / 1000000000ul);
    text_add(&text, " s without taking a message");
    console_line(&text);
    process_end(process, WAIT_STATUS_SIGNAL(SIGKILL));
}

void pagers_expire(void)
{
    if (pagers_deadline == ~0ul || (uint64_t)sys_clock() < pagers_deadline)
        return;
    for (struct pager *p = NULL; (p = next_of(p));)
        if (p->task_id && process_is_alive(p->process))
            look(p);
    pagers_deadline = pager_count ? (uint64_t)sys_clock() + PAGER_LOOK_NS : ~0ul;
}
