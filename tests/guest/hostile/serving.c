/* SPDX-License-Identifier: MIT
 *
 * Servers that die with callers, or answer RESTART again and again; and clients whose message page and
 * buffers change while servers read them. */
#include "tests/guest/hostile/hostile.h"

#include <octavo/thread.h>
#include <proto/start.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define CALLERS 6u
#define RECEIVED 3u /* of them; the others are still in the queue */
#define RESTARTS 200u
#define CHANGING (400 * MS)

/* --- A server that dies: a child that calls us first, and gives a right to its port --- */

static handle_t port, service;
static long results[CALLERS];

static pid_t server_start(const char *how)
{
    char *argv[] = {SELF, (char *)how, NULL};
    posix_spawnattr_t attributes;
    struct message m = {0};
    pid_t pid = 0;

    port = (handle_t)sys_port_create();
    handle_t right = (handle_t)sys_right_create(port, 1, 0);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_sethandles_np(&attributes, &right, 1);
    int error = posix_spawn(&pid, SELF, NULL, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    sys_close(right);
    ipc_accept(1);
    long badge = error ? -error : receive(port, &m);
    check_equal("a server introduces itself", badge, 1);
    service = msg_page()->handle[0];
    m.tag = 0;
    ipc_reply(&m);
    ipc_accept(0);
    return pid;
}

static void server_end(void)
{
    sys_close(service);
    sys_close(port);
}

static int call_service(void *result)
{
    struct message m = {.tag = 1};

    *(long *)result = ipc_call(service, &m);
    return 0;
}

static void with_callers(const char *how, int status)
{
    struct thread *thread[CALLERS];
    pid_t pid = server_start(how);
    unsigned started = 0, told = 0;

    for (; started < CALLERS; started++) {
        results[started] = 1;
        if (thread_start(&thread[started], call_service, &results[started]))
            break;
    }
    check_equal("callers", started, CALLERS);
    if (status == 128 + SIGKILL) {
        pause_ns(30 * MS); /* it receives some of them and stops there */
        kill(pid, SIGKILL);
    }
    for (unsigned i = 0; i < started; i++) {
        thread_join(thread[i], NULL);
        told += results[i] == -EPIPE;
    }
    check_equal(how, told, CALLERS);
    check_equal("and it is gone", spawned_wait(pid), status);
    struct message m = {.tag = 1};
    check_equal("call it afterwards", ipc_call(service, &m), -EPIPE);
    check_equal("notify it afterwards", sys_notify(service, 1), -EPIPE);
    server_end();
}

/* The child's side: receives RECEIVED calls, answers none. */
void serving_child(const char *what)
{
    struct message m = {.tag = 1};
    handle_t own = (handle_t)sys_port_create();
    handle_t right = (handle_t)sys_right_create(own, 2, 1);

    ipc_attach_handle(&m, right);
    if (ipc_request(HANDLE_FIRST, &m) < 0)
        exit(1);
    sys_close(right);
    for (unsigned i = 0; i < RECEIVED; i++)
        if (receive(own, &m) < 0)
            exit(2);
    pause_ns(20 * MS); /* the others queue up */
    if (!strcmp(what, "serve, then be killed"))
        pause_ns(5000 * MS);
    if (!strcmp(what, "serve, then crash"))
        __builtin_trap();
    if (!strcmp(what, "serve, then close the port")) {
        sys_close(own);
        pause_ns(20 * MS);
    }
    exit(0);
}

/* --- RESTART --- */

static char buffer[2 * PAGE_SIZE] __attribute__((aligned(4096)));
static char *unmapped;

struct caller {
    char *in;
    long result;
};

static int call_with_buffer(void *argument)
{
    struct caller *caller = argument;
    struct message m = {.tag = 1};

    ipc_attach_in(&m, caller->in, PAGE_SIZE);
    caller->result = ipc_call(service, &m);
    return 0;
}

/* Answers a caller RESTART for these bytes of `in`, up to `times`; then with 0. The times it came. */
static unsigned restart(unsigned long offset, unsigned long length, unsigned times)
{
    struct message m = {0};
    unsigned n = 0;

    for (; receive(port, &m) >= 0 && n < times; n++) {
        m.tag = MSG_RESTART;
        m.w[0] = COPY_IN;
        m.w[1] = offset;
        m.w[2] = length;
        if (ipc_reply(&m) < 0)
            break;
        if (times == 1) /* it will not come again */
            return 1;
    }
    m.tag = 0;
    ipc_reply(&m);
    return n;
}

static void restart_case(const char *name, char *in, unsigned times, long result)
{
    struct caller caller = {.in = in};
    struct thread *thread;

    thread_start(&thread, call_with_buffer, &caller);
    check_equal(name, restart(0, PAGE_SIZE, times), times);
    thread_join(thread, NULL);
    check_equal("and the caller's result", caller.result, result);
}

static void restarts(void)
{
    port = (handle_t)sys_port_create();
    service = (handle_t)sys_right_create(port, 1, 0);
    unmapped =
        mmap(NULL, 4 * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(unmapped + PAGE_SIZE, PAGE_SIZE);
    restart_case("restart a caller whose pages are there", buffer, RESTARTS, 0);
    restart_case("across two pages", buffer + PAGE_SIZE / 2, RESTARTS, 0);
    restart_case("whose pages are not there yet", unmapped + 2 * PAGE_SIZE, 2, 0);
    restart_case("whose second page is nowhere", unmapped + PAGE_SIZE / 2, 1, -EFAULT);
    restart_case("whose buffer is the kernel", (char *)0xffffffff80200000ul, 1, -EFAULT);
    restart_case("whose buffer wraps", (char *)~7ul, 1, -EFAULT);
    server_end();
}

/* --- A client that changes under the server's eyes --- */

static unsigned changing;
static struct msg_page *victim;

/* Values that matter to whoever reads them twice. */
static int change(void *seed)
{
    unsigned long x = (unsigned long)seed;
    volatile uint32_t *block = (volatile uint32_t *)buffer;

    while (__atomic_load_n(&changing, __ATOMIC_RELAXED)) {
        x = x * 6364136223846793005ul + 1442695040888963407ul;
        unsigned long v = x >> 33;
        switch (v % 7) {
        case 0:
            block[v / 7 % 16] = (uint32_t)(x >> 20);
            break;
        case 1:
            victim->in.length = v & 1 ? 64 : x;
            break;
        case 2:
            victim->in.address = v & 1 ? (uintptr_t)buffer : x;
            break;
        case 3:
            victim->out.address = v & 1 ? (uintptr_t)buffer : x;
            break;
        case 4:
            victim->handle[v / 7 % 4] = (uint32_t)(v & 1 ? HANDLE_FIRST : x);
            break;
        case 5:
            victim->accept = (uint32_t)(v & 1 ? 4 : x);
            break;
        default:
            mmap(buffer, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
                 -1, 0);
        }
    }
    return 0;
}

/* A call whose handles may be anything when it arrives: closes what came back. */
static void try_call(handle_t right, struct message m, bool handle)
{
    victim->in = (struct msg_buffer){(uintptr_t)buffer, 64};
    victim->out = (struct msg_buffer){(uintptr_t)buffer, 64};
    if (handle)
        m.tag |= 1ul << MSG_HANDLES_SHIFT;
    if (ipc_call(right, &m) < 0)
        return;
    for (unsigned i = 0; i < MSG_HANDLES(m.tag); i++)
        sys_close(victim->handle[i]);
}

static void changed(void)
{
    const unsigned long both = MSG_IN | MSG_OUT;
    struct thread *thread[2];

    victim = msg_page();
    changing = 1;
    for (unsigned i = 0; i < 2; i++)
        thread_start(&thread[i], change, (void *)(i + 1ul));
    const unsigned long end = (unsigned long)sys_clock() + CHANGING;
    while ((unsigned long)sys_clock() < end) {
        try_call(HANDLE_PAGER, (struct message){.tag = PAGER_EXEC | both, .w = {64}}, true);
        try_call(HANDLE_PAGER, (struct message){.tag = PAGER_REGIONS | both, .w = {0, 0, 0, 512}},
                 false);
        try_call(HANDLE_PAGER, (struct message){.tag = PAGER_STAT | both, .w = {0, 0, 0, 64}},
                 false);
        try_call(HANDLE_PAGER, (struct message){.tag = PAGER_CREATE}, false);
        try_call(HANDLE_INIT, (struct message){.tag = INIT_PROCESS | both}, false);
        try_call(HANDLE_INIT, (struct message){.tag = INIT_ARGUMENT | both, .w = {8, 32}}, false);
        try_call(HANDLE_INIT, (struct message){.tag = INIT_SPAWN | both, .w = {0, 0, 2, 4}}, true);
    }
    __atomic_store_n(&changing, 0, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < 2; i++)
        thread_join(thread[i], NULL);
    ipc_accept(0);
}

void serving_tests(void)
{
    with_callers("serve, then exit", 0);
    with_callers("serve, then crash", 128 + SIGTRAP);
    with_callers("serve, then close the port", 0);
    with_callers("serve, then be killed", 128 + SIGKILL);
    restarts();
    check_equal("memory that changes", spawned_run(SELF, "changing", NULL), 0);
}

/* In a child: what goes wrong with its own handles ends with it. Status 0: init and the pager answer. */
void serving_changed(void)
{
    struct message init = {.tag = INIT_SELF}, pager = {.tag = PAGER_BRK};

    changed();
    exit(ipc_request(HANDLE_INIT, &init) || ipc_request(HANDLE_PAGER, &pager));
}
