/* SPDX-License-Identifier: MIT
 *
 * This program as the pager of a child, a few instructions long: as it should be, and as badly as a
 * pager can be. The child's own fate must be what the answer says; nobody else's is touched. */
#include "tests/guest/hostile/hostile.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW 0x2800000000ul /* two frames of our own: code and data */
#define CODE 0x10000ul
#define DATA 0x20000ul
#define EXIT_STATUS 7
#define ITEMS(n) ((unsigned long)(n) << MSG_ITEMS_SHIFT)
#define HANDLES(n) ((unsigned long)(n) << MSG_HANDLES_SHIFT)

/* Writes and reads DATA, then INIT_EXIT with EXIT_STATUS. */
extern const char victim_code[], victim_end[];
__asm__(".section .rodata.victim, \"a\"\n"
        ".balign 4\n"
        "victim_code:\n"
        ".option push\n"
        ".option norvc\n"
        "lui t0, 0x20\n"
        "sd zero, 0(t0)\n"
        "ld t1, 0(t0)\n"
        "li a0, 3\n"
        "li a1, 4\n"
        "li a2, 7\n"
        "li a7, 0\n"
        "ecall\n"
        "j .\n"
        ".option pop\n"
        "victim_end:\n"
        ".text\n");

static handle_t port;

/* A child that we page, with this badge; its pid, or a negative errno. */
static long victim_start(unsigned long badge)
{
    long right = sys_right_create(port, badge, 0);
    struct message m = {.tag = INIT_SPAWN, .w = {CODE, DATA + PAGE_SIZE, 0, 6}};

    if (right < 0)
        return right;
    ipc_attach_handle(&m, (handle_t)right);
    ipc_attach_in(&m, "victim", 6);
    long result = ipc_request(HANDLE_INIT, &m);
    sys_close((unsigned long)right);
    return result < 0 ? result : (long)m.w[0];
}

/* Its next message; 0, or a negative errno. */
static long next_fault(struct message *m)
{
    long badge = receive(port, m);

    return badge < 0 ? badge : MSG_KIND(m->tag) == MSG_KIND_FAULT ? 0 : -EINVAL;
}

static long answer(struct message *m, unsigned long tag, unsigned long src, unsigned long dst,
                   unsigned long count, unsigned long prot)
{
    struct message reply = {.tag = tag, .w = {src, dst, count, prot}, .token = m->token};

    return ipc_reply(&reply);
}

static long serve_well(struct message *m)
{
    unsigned long page = m->w[0] & ~PAGE_MASK;

    return page == CODE ? answer(m, MSG_MAP, WINDOW, CODE, 1, VM_R | VM_X)
                        : answer(m, MSG_MAP, WINDOW + PAGE_SIZE, DATA, 1, VM_R | VM_W);
}

/* The space of a child that is gone tells so. */
static void expect_closed(unsigned long badge)
{
    struct message m;
    long got = receive(port, &m);

    check(got == (long)badge && MSG_KIND(m.tag) == MSG_KIND_CLOSED, "and its space is closed",
          "%ld, tag %#lx", got, m.tag);
}

static void well(void)
{
    struct message m;
    long pid = victim_start(1);
    unsigned faults = 0;

    check(pid > 0, "a child that this program pages", "%ld", pid);
    for (; faults < 2 && next_fault(&m) == 0; faults++)
        check_equal("its fault is answered", serve_well(&m), 0);
    check_equal("as many faults as it has pages", faults, 2);
    check_equal("and it ends as it should", spawned_wait((pid_t)pid), EXIT_STATUS);
    expect_closed(1);
}

static void never(void)
{
    struct message m;
    long pid = victim_start(2);

    check_equal("a fault that is never answered", next_fault(&m), 0);
    check_equal("kill what waits for it", kill((pid_t)pid, SIGKILL), 0);
    check_equal("it dies", spawned_wait((pid_t)pid), 128 + SIGKILL);
    check_equal("answer after its death", serve_well(&m), -ESTALE);
    expect_closed(2);
}

/* Codes of NO, those that are none among them. */
static void refusals(void)
{
    static const struct {
        unsigned long label;
        int signal;
    } codes[] = {{VM_FAULT_MAPERR, SIGSEGV},
                 {VM_FAULT_ACCERR, SIGSEGV},
                 {VM_FAULT_ADRERR, SIGBUS},
                 {VM_FAULT_OBJERR, SIGBUS},
                 {VM_FAULT_NOMEM, SIGKILL},
                 {0, SIGBUS},
                 {6, SIGBUS},
                 {MSG_LABEL_MASK, SIGBUS}};
    struct message m;

    for (unsigned i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        long pid = victim_start(3);
        check_equal("a fault", next_fault(&m), 0);
        check_equal("refused", answer(&m, MSG_NO | codes[i].label, 0, 0, 0, 0), 0);
        check_equal("ends it by the code's signal", spawned_wait((pid_t)pid),
                    128 + codes[i].signal);
        expect_closed(3);
    }
}

/* Each answer is refused and leaves the fault waiting. */
static const struct {
    const char *name;
    unsigned long tag, w[4];
    struct vm_op item;
    long result;
} garbage[] = {
    {"map nothing of mine", MSG_MAP, {0x2900000000, CODE, 1, 5}, {0}, -EFAULT},
    {"map from the kernel", MSG_MAP, {0xffffffff80200000, CODE, 1, 5}, {0}, -EFAULT},
    {"map my message page", MSG_MAP, {MSG_BASE, CODE, 1, 5}, {0}, -EFAULT},
    {"map my pager's page", MSG_MAP, {0x10000, CODE, 1, 5}, {0}, -EFAULT},
    {"map from between two pages", MSG_MAP, {WINDOW + 8, CODE, 1, 1}, {0}, -EINVAL},
    {"map to between two pages", MSG_MAP, {WINDOW, CODE + 8, 1, 5}, {0}, -EINVAL},
    {"map page 0", MSG_MAP, {WINDOW, 0, 1, 5}, {0}, -EINVAL},
    {"map a message page", MSG_MAP, {WINDOW, MSG_BASE, 1, 5}, {0}, -EINVAL},
    {"map into the kernel", MSG_MAP, {WINDOW, 0xffffffff80200000, 1, 5}, {0}, -EINVAL},
    {"map no pages", MSG_MAP, {WINDOW, CODE, 0, 5}, {0}, -EINVAL},
    {"map 65 pages", MSG_MAP, {WINDOW, CODE, 65, 5}, {0}, -EINVAL},
    {"map for nothing", MSG_MAP, {WINDOW, CODE, 1, 0}, {0}, -EINVAL},
    {"map for more than there is", MSG_MAP, {WINDOW, CODE, 1, 0xff}, {0}, -EINVAL},
    {"map more than I have", MSG_MAP, {WINDOW, CODE, 3, 5}, {0}, -EFAULT},
    {"an item that is none", ITEMS(1), {0}, {WINDOW, CODE, 1, 0, 5, 0, 0}, -EINVAL},
    {"an item to harvest", ITEMS(1), {0}, {WINDOW, CODE, 1, VM_HARVEST, 5, 0, 0}, -EINVAL},
    {"an item that copies", ITEMS(1), {0}, {WINDOW, 0, 1, VM_COPY, 0, 0, 0}, -EINVAL},
    {"an item with results", ITEMS(1), {0}, {0, CODE, 1, VM_UNMAP, 0, 0, WINDOW}, -EINVAL},
    {"an item that unmaps message pages",
     ITEMS(1),
     {0},
     {0, MSG_BASE, 1, VM_UNMAP, 0, 0, 0},
     -EINVAL},
    {"65 items", ITEMS(65), {0}, {WINDOW, CODE, 1, VM_MAP, 5, 0, 0}, -EINVAL},
    {"a restart of what is no call", MSG_RESTART, {0, 0, 1}, {0}, -EINVAL},
    {"a handle to what takes none", HANDLES(1), {0}, {0}, -EINVAL},
};

static void garbage_answers(void)
{
    struct message m;
    long pid = victim_start(4);

    check_equal("a fault to be answered badly", next_fault(&m), 0);
    for (unsigned i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
        msg_page()->item[0] = garbage[i].item;
        check_equal(garbage[i].name,
                    answer(&m, garbage[i].tag, garbage[i].w[0], garbage[i].w[1], garbage[i].w[2],
                           garbage[i].w[3]),
                    garbage[i].result);
    }
    /* Answers that are taken, but do not help: it faults again. */
    check_equal("answer with nothing", answer(&m, 0, 0, 0, 0, 0), 0);
    check_equal("faults again", next_fault(&m), 0);
    check_equal("map elsewhere", answer(&m, MSG_MAP, WINDOW, 0x30000, 1, VM_R), 0);
    check_equal("faults again", next_fault(&m), 0);
    check_equal("map, not to be executed", answer(&m, MSG_MAP, WINDOW, CODE, 1, VM_R), 0);
    check_equal("faults again", next_fault(&m), 0);
    check_equal("of the same page", (long)(m.w[0] & ~PAGE_MASK), CODE);
    check_equal("map to be executed", serve_well(&m), 0);
    check_equal("goes on to the next page", next_fault(&m), 0);
    check_equal("unmap what it executes",
                sys_vm(port, 4,
                       (uintptr_t) & (struct vm_op){.dst = CODE, .count = 1, .op = VM_UNMAP}, 1, 0),
                1);
    check_equal("map the other", serve_well(&m), 0);
    check_equal("fetches anew", next_fault(&m), 0);
    check_equal("which is mapped", serve_well(&m), 0);
    check_equal("and it ends well after all", spawned_wait((pid_t)pid), EXIT_STATUS);
    expect_closed(4);
}

/* Frames that the pager gives up stay where they are mapped, and go with the last mapping. */
static void frames_given_up(void)
{
    struct info_task before, after;
    struct message m;

    query_kernel(INFO_SELF, 0, &before, sizeof(before));
    long pid = victim_start(5);
    check_equal("fault of the code", next_fault(&m), 0);
    check_equal("mapped", serve_well(&m), 0);
    check_equal("fault of the data", next_fault(&m), 0);
    check_equal("free the code's frame here", sys_page_free(WINDOW, 1), 0);
    query_kernel(INFO_SELF, 0, &after, sizeof(after));
    check_equal("it is still there", (long)after.frames, (long)before.frames);
    check_equal("mapped, too", serve_well(&m), 0);
    check_equal("runs on to its end", spawned_wait((pid_t)pid), EXIT_STATUS);
    expect_closed(5);
    query_kernel(INFO_SELF, 0, &after, sizeof(after));
    check_equal("then it is gone", (long)after.frames, (long)before.frames - 1);
}

/* The port goes while a fault waits in its queue: the page cannot be had. */
static void port_gone(void)
{
    long pid = victim_start(6);

    pause_ns(20 * MS); /* the fault is in the queue */
    sys_close(port);
    check_equal("its pager's port goes", spawned_wait((pid_t)pid), 128 + SIGBUS);
}

static bool is_there(const char *name)
{
    struct init_process process = {.pid = 0};

    while (query_process(process.pid + 1ul, &process) == 0)
        if (!strcmp(process.name, name))
            return true;
    return false;
}

/* A pager that dies with a fault received: whoever it paged dies, too, without anybody's help. */
static void pager_gone(const char *how, int status)
{
    check_equal("a pager dies", spawned_run(SELF, how, NULL), status);
    for (unsigned i = 0; i < 200 && is_there("victim"); i++)
        pause_ns(10 * MS);
    check(!is_there("victim"), "and with it who it paged", "it is there");
}

static long set_up(void)
{
    port = (handle_t)sys_port_create();
    long result = sys_page_alloc(WINDOW, 2);

    if (result == 0)
        memcpy((char *)WINDOW, victim_code, (size_t)(victim_end - victim_code));
    return result;
}

/* page-exit, page-crash: has received its child's fault, and goes. */
void paging_child(const char *what)
{
    struct message m;

    if (set_up() < 0 || victim_start(1) < 0 || next_fault(&m) < 0)
        exit(1);
    if (!strcmp(what, "page-crash"))
        __builtin_trap();
    exit(0);
}

void paging_tests(void)
{
    check_equal("frames", set_up(), 0);
    well();
    never();
    refusals();
    garbage_answers();
    frames_given_up();
    port_gone();
    sys_page_free(WINDOW, 2);
    pager_gone("page-exit", 0);
    pager_gone("page-crash", 128 + SIGTRAP);
}
