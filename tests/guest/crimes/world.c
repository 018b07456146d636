/* SPDX-License-Identifier: MIT
 *
 * The world of one crime: made anew before each and taken down after it, so that none depends on what
 * another broke. Helpers: a server that answers everything, a client whose call waits, a rescuer. */
#include "tests/guest/crimes/crimes.h"

#include <octavo/thread.h>
#include <string.h>
#include <sys/mman.h>

struct world world;
handle_t server_port;
char page[2 * PAGE_SIZE] __attribute__((aligned(4096)));
unsigned word = FUTEX_VALUE;

unsigned idle_word; /* idle_thread sleeps on it */
static handle_t idle_thread;
static unsigned client_go, client_done; /* numbers of calls asked for and done */
static handle_t client_right;
static unsigned rescue_on, rescue_fired;

/* --- The answering server: refuses faults, stops what has an exception --- */

static int serve(void *unused)
{
    struct message m;
    bool owes = false;

    (void)unused;
    ipc_accept(MSG_MAX_HANDLES);
    for (;;) {
        if (owes)
            ipc_reply(&m);
        long badge = ipc_recv(server_port, DEADLINE_NEVER, &m);
        owes = badge >= 0 && MSG_KIND(m.tag) <= MSG_KIND_EXCEPTION;
        if (!owes)
            continue;
        if (MSG_KIND(m.tag) == MSG_KIND_CALL)
            for (unsigned i = 0; i < MSG_HANDLES(m.tag); i++)
                sys_close(msg_page()->handle[i]);
        m.tag = MSG_KIND(m.tag) == MSG_KIND_CALL    ? 0
                : MSG_KIND(m.tag) == MSG_KIND_FAULT ? MSG_NO | VM_FAULT_MAPERR
                                                    : 1;
    }
    return 0;
}

/* --- The client: calls world.port once each time it is told to --- */

static int call_when_told(void *unused)
{
    static char in[BUFFER], out[BUFFER];

    (void)unused;
    in[0] = out[0] = 1; /* their pages are there */
    for (unsigned n = 0;; n++) {
        while (__atomic_load_n(&client_go, __ATOMIC_ACQUIRE) == n)
            sys_futex_wait((uintptr_t)&client_go, n, DEADLINE_NEVER);
        struct message m = {.tag = 1};
        ipc_attach_in(&m, in, sizeof(in));
        ipc_attach_out(&m, out, sizeof(out));
        ipc_accept(0);
        ipc_call(client_right, &m);
        __atomic_store_n(&client_done, n + 1, __ATOMIC_RELEASE);
        sys_futex_wake((uintptr_t)&client_done, 1);
    }
    return 0;
}

static void client_wait(void)
{
    unsigned n;

    while ((n = __atomic_load_n(&client_done, __ATOMIC_ACQUIRE)) != client_go)
        sys_futex_wait((uintptr_t)&client_done, n, DEADLINE_NEVER);
}

/* The client calls, and its call is received. */
static unsigned long client_call(void)
{
    struct message m;

    __atomic_fetch_add(&client_go, 1, __ATOMIC_RELEASE);
    sys_futex_wake((uintptr_t)&client_go, 1);
    return ipc_recv(world.port, DEADLINE_NEVER, &m) >= 0 ? m.token : 0;
}

/* A thread of one's own making, whose handle is known: sleeps on the word at a0, without a stack. */
__attribute__((naked)) void idle_entry(void)
{
    __asm__ volatile("mv s0, a0\n"
                     "1: mv a0, s0\n"
                     "li a1, 0\n"
                     "li a2, -1\n"
                     "li a7, %0\n"
                     "ecall\n"
                     "j 1b\n" ::"i"(SYS_futex_wait));
}

/* --- The rescuer --- */

static int rescue(void *unused)
{
    (void)unused;
    for (;;) {
        while (!__atomic_load_n(&rescue_on, __ATOMIC_ACQUIRE))
            sys_futex_wait((uintptr_t)&rescue_on, 0, DEADLINE_NEVER);
        sys_futex_wait((uintptr_t)&rescue_on, 1, (unsigned long)sys_clock() + RESCUE_MS * 1000000);
        while (__atomic_load_n(&rescue_on, __ATOMIC_ACQUIRE)) {
            rescue_fired = 1;
            sys_notify(client_right, 1);
            sys_futex_wake((uintptr_t)&word, 1);
            sys_futex_wait((uintptr_t)&rescue_on, 1, (unsigned long)sys_clock() + 1000000);
        }
    }
    return 0;
}

void rescue_arm(void)
{
    rescue_fired = 0;
    __atomic_store_n(&rescue_on, 1, __ATOMIC_RELEASE);
    sys_futex_wake((uintptr_t)&rescue_on, 1);
}

bool rescue_disarm(void)
{
    __atomic_store_n(&rescue_on, 0, __ATOMIC_RELEASE);
    sys_futex_wake((uintptr_t)&rescue_on, 1);
    return rescue_fired;
}

/* --- Up and down --- */

long world_setup(void)
{
    static int (*const helper[])(void *) = {serve, call_when_told, rescue};
    struct thread *t;
    long port = sys_port_create();

    if (port < 0)
        return port;
    server_port = (handle_t)port;
    for (unsigned i = 0; i < sizeof(helper) / sizeof(helper[0]); i++)
        if (thread_start(&t, helper[i], NULL))
            return -ENOMEM;
    long thread = sys_thread_create(HANDLE_SELF, (uintptr_t)idle_entry, 0, (uintptr_t)&idle_word,
                                    PRIORITY_USER);
    if (thread < 0)
        return thread;
    idle_thread = (handle_t)thread;
    if (mmap((void *)FORBIDDEN_PAGE, PAGE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
             -1, 0) == MAP_FAILED)
        return -ENOMEM;
    page[0] = page[PAGE_SIZE] = 1;
    long result = sys_page_alloc(WINDOW, 1);
    if (result < 0)
        return result;
    world_up(WITH_TOKEN);
    world.stale_token = world.token;
    world_down();
    return 0;
}

static handle_t made(long handle)
{
    return handle < 0 ? HANDLE_NONE : (handle_t)handle;
}

void world_up(unsigned with)
{
    static unsigned long badges = 1ul << 20; /* used badges come back only with CLOSED */
    unsigned long stale_token = world.stale_token;

    world = (struct world){.with = with, .stale_token = stale_token};
    world.port = made(sys_port_create());
    world.stale = made(sys_port_create());
    sys_close(world.stale);
    world.right = made(sys_right_create(server_port, badges++, NOTIFY_MASK));
    world.weak = made(sys_dup(world.right, 0));
    world.thread = made(sys_dup(idle_thread, H_ALL));
    world.account = made(sys_account_create(HANDLE_ACCOUNT, 0, 4 * PAGE_SIZE));
    world.space_badge = badges++;
    world.space = made(sys_right_create(server_port, world.space_badge, 0));
    world.task = made(sys_task_create(HANDLE_ACCOUNT, world.space, world.space, PRIORITY_USER,
                                      0x6d69746376ul, 0));
    client_right = made(sys_right_create(world.port, 1ul << 40, NOTIFY_MASK));
    if (with & WITH_TOKEN)
        world.token = client_call();
    if (with & WITH_NOTICE)
        sys_notify(client_right, 1);
    for (unsigned i = 0; i < MSG_MAX_HANDLES; i++)
        msg_page()->handle[i] = world.stale;
    msg_page()->in = msg_page()->out = (struct msg_buffer){0, 0};
    msg_page()->accept = 0;
    memset(msg_page()->item, 0, sizeof(msg_page()->item));
}

void world_down(void)
{
    const handle_t rest[] = {world.right,   world.weak,  world.thread, world.task,
                             world.account, world.space, client_right};
    struct message m = {.token = world.token};

    if (world.with & WITH_TOKEN)
        ipc_reply(&m);
    sys_close(world.port);
    if (world.with & WITH_TOKEN)
        client_wait();
    sys_task_control(world.task, TASK_KILL, 0, 0);
    for (unsigned i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
        sys_close(rest[i]);
    sys_yield(); /* the server takes its CLOSED */
}
