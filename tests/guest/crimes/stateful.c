/* SPDX-License-Identifier: MIT
 *
 * Crimes that take more than one call: answers given twice, to others' callers, or with more than the
 * answerer may; rights that are gone; forged kinds; what a pager does to a space of its own. */
#include "tests/guest/crimes/crimes.h"

#include <abi/info.h>
#include <octavo/query.h>
#include <string.h>
#include "tests/guest/check.h"
#include "tests/guest/spawned.h"

#define HANDLES(n) ((unsigned long)(n) << MSG_HANDLES_SHIFT)
#define ITEMS(n) ((unsigned long)(n) << MSG_ITEMS_SHIFT)
#define FORGED(kind) ((unsigned long)(kind) << MSG_KIND_SHIFT)

static long reply(unsigned long tag, unsigned long w0, unsigned long w1, unsigned long w2)
{
    return sys_reply(0, tag, w0, w1, w2, 0, world.token);
}

/* In a child: the token is no secret, but belongs to the task that received the call. */
long stateful_steal(unsigned long token)
{
    char byte;
    long result = sys_copy(token, COPY_IN, 0, (uintptr_t)&byte, 1);

    return result == -ESTALE ? sys_reply(0, 0, 0, 0, 0, 0, token) : result;
}

/* --- Answers --- */

static void twice(void)
{
    char text[24];

    world_up(WITH_TOKEN);
    snprintf(text, sizeof(text), "%#lx", world.token);
    check_equal("steal another task's caller", spawned_run(SELF, "steal", text), 's');
    check_equal("answer", reply(0, 0, 0, 0), 0);
    check_equal("answer again", reply(0, 0, 0, 0), -ESTALE);
    check_equal("copy after the answer", sys_copy(world.token, COPY_IN, 0, (uintptr_t)page, 1),
                -ESTALE);
    world_down();
}

/* What fails leaves the token good. */
static void with_too_much(void)
{
    static const struct {
        const char *name;
        unsigned long tag, w0, w1, w2;
        long result;
    } answers[] = {
        {"answer with a MAP, no pager", MSG_MAP, WINDOW, FREE_PAGE, 1, -EPERM},
        {"answer with an item, no pager", ITEMS(1), 0, 0, 0, -EPERM},
        {"answer with handles that it does not take", HANDLES(1), 0, 0, 0, -E2BIG},
        {"answer with 5 handles", HANDLES(5), 0, 0, 0, -EINVAL},
        {"restart in no direction", MSG_RESTART, 2, 0, 1, -EINVAL},
        {"restart nothing", MSG_RESTART, COPY_IN, 0, 0, -EINVAL},
        {"restart beyond the buffer", MSG_RESTART, COPY_IN, BUFFER, 1, -EINVAL},
        {"restart across its end", MSG_RESTART, COPY_IN, BUFFER - 1, 2, -EINVAL},
        {"restart with an offset that wraps", MSG_RESTART, COPY_OUT, ~0ul, 2, -EINVAL},
        {"restart more than a page", MSG_RESTART, COPY_IN, 0, PAGE_SIZE + 1, -EINVAL},
        {"and then as it should be", 0, 0, 0, 0, 0},
    };

    world_up(WITH_TOKEN);
    msg_page()->handle[0] = world.right;
    for (unsigned i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
        check_equal(answers[i].name,
                    reply(answers[i].tag, answers[i].w0, answers[i].w1, answers[i].w2),
                    answers[i].result);
    world_down();
    world_up(WITH_TOKEN);
    msg_page()->handle[0] = world.weak;
    check_equal("answer with a handle not to be transferred", reply(HANDLES(1), 0, 0, 0), -EPERM);
    check_equal("reply_recv on a port not its own keeps the token",
                octavo_syscall(SYS_reply_recv, world.right, 0, 0, 0, 0, 0, world.token), -EBADF);
    check_equal("reply_recv with an item, no pager",
                octavo_syscall(SYS_reply_recv, world.port, ITEMS(1), 0, 0, 0, 0, world.token),
                -EPERM);
    check_equal("so it can still be answered", reply(0, 0, 0, 0), 0);
    world_down();
}

/* --- Rights and handles --- */

static void handles(void)
{
    struct message m;

    world_up(0);
    long one = sys_right_create(world.port, 5, 1);
    check_equal("a badge twice", sys_right_create(world.port, 5, 1), -EEXIST);
    long slot = sys_dup((unsigned long)one, H_ALL);
    sys_close((unsigned long)slot);
    long again = sys_dup((unsigned long)one, H_ALL);
    check(HANDLE_INDEX((unsigned long)again) == HANDLE_INDEX((unsigned long)slot), "a slot twice",
          "%lx, then %lx", slot, again);
    check_equal("its old name", sys_close((unsigned long)slot), -EBADF);
    long calls = sys_dup((unsigned long)one, H_CALL),
         notifies = sys_dup((unsigned long)one, H_NOTIFY);
    check_equal("notify by a right to call", sys_notify((unsigned long)calls, 1), -EPERM);
    m = (struct message){.tag = 1};
    check_equal("call by a right to notify", ipc_call((handle_t)notifies, &m), -EPERM);
    check_equal("a copy never has more", sys_dup((unsigned long)calls, H_ALL), -EPERM);
    m = (struct message){.tag = 1};
    ipc_attach_handle(&m, world.weak);
    check_equal("send what may not be transferred", ipc_call(world.right, &m), -EPERM);
    const long mine[] = {one, again, calls, notifies};
    for (unsigned i = 0; i < 4; i++)
        sys_close((unsigned long)mine[i]);
    check_equal("a badge before its CLOSED", sys_right_create(world.port, 5, 1), -EEXIST);
    check_equal("CLOSED", ipc_recv(world.port, DEADLINE_NOW, &m), 5);
    check(MSG_KIND(m.tag) == MSG_KIND_CLOSED, "is what it says", "%lx", m.tag);
    one = sys_right_create(world.port, 5, 1);
    check(one > 0, "a badge after its CLOSED", "%ld", one);
    sys_close(world.port);
    check_equal("notify a port that is gone", sys_notify((unsigned long)one, 1), -EPIPE);
    m = (struct message){.tag = 1};
    check_equal("call a port that is gone", ipc_call((handle_t)one, &m), -EPIPE);
    check_equal("a task whose pager is gone",
                sys_task_create(HANDLE_ACCOUNT, (unsigned long)one, world.right, 8, 0, 0), -EPIPE);
    sys_close((unsigned long)one);
    world_down();
}

static void tasks(void)
{
    world_up(0);
    check_equal("two tasks in one space",
                sys_task_create(HANDLE_ACCOUNT, world.space, world.right, 8, 0, 0), -EBUSY);
    sys_task_control(world.task, TASK_KILL, 0, 0);
    check_equal("grant to a dead task", sys_task_grant(world.task, world.right, H_ALL), -EPIPE);
    check_equal("thread in a dead task", sys_thread_create(world.task, 0x10000, 0, 0, 8), -EPIPE);
    check_equal("kill a dead task", sys_task_control(world.task, TASK_KILL, 0, 0), 0);
    world_down();
}

/* --- Kinds that only the kernel may set --- */

static void forge(void)
{
    static struct pager_stat before, after;
    struct message m = {.tag = FORGED(MSG_KIND_FAULT) | ACCESS_READ, .w = {FREE_PAGE}};

    query_pager(PAGER_STAT, 0, 0, &before, sizeof(before), NULL);
    check_equal("a forged fault is a call", ipc_request(HANDLE_PAGER, &m), -EINVAL);
    query_pager(PAGER_STAT, 0, 0, &after, sizeof(after), NULL);
    check_equal("and no fault", (long)(after.refused - before.refused), 0);
    m = (struct message){.tag = FORGED(MSG_KIND_CLOSED)};
    check_equal("a forged CLOSED to the pager", ipc_request(HANDLE_PAGER, &m), -ENOSYS);
    m = (struct message){.tag = FORGED(MSG_KIND_CLOSED)};
    check_equal("a forged CLOSED to init", ipc_request(HANDLE_INIT, &m), -ENOSYS);
    m = (struct message){.tag = FORGED(MSG_KIND_EXCEPTION) | 2};
    check_equal("a forged exception to init", ipc_request(HANDLE_INIT, &m), -EINVAL);
    m = (struct message){.tag = FORGED(MSG_KIND_NOTIFY), .w = {~0ul}};
    check_equal("a forged notification to init", ipc_request(HANDLE_INIT, &m), -ENOSYS);
    check_equal("notify init", sys_notify(HANDLE_INIT, 1), -EPERM);
    check_equal("notify the pager", sys_notify(HANDLE_PAGER, 1), -EPERM);
    world_up(0);
    for (handle_t fixed = HANDLE_SELF; fixed <= HANDLE_ACCOUNT; fixed++) {
        m = (struct message){.tag = 1};
        ipc_attach_handle(&m, fixed);
        check_equal("give away a fixed handle", ipc_call(world.right, &m), -EPERM);
    }
    world_down();
}

/* --- A pager's own crimes: one operation of vm --- */

#define PAGES_MAX ((USER_MAX - USER_MIN) >> PAGE_SHIFT)

static const struct {
    const char *name;
    struct vm_op op;
    long result;
} operations[] = {
    {"vm map", {WINDOW, 0x10000, 1, VM_MAP, VM_R, 0, 0}, 1},
    {"vm map again", {WINDOW, 0x10000, 1, VM_MAP, VM_R | VM_W, 0, 0}, 1},
    {"vm map no pages", {WINDOW, 0x11000, 0, VM_MAP, VM_R, 0, 0}, 1},
    {"vm map from a misaligned page", {WINDOW + 8, 0x11000, 1, VM_MAP, VM_R, 0, 0}, -EINVAL},
    {"vm map to a misaligned page", {WINDOW, 0x11008, 1, VM_MAP, VM_R, 0, 0}, -EINVAL},
    {"vm map page 0", {WINDOW, 0, 1, VM_MAP, VM_R, 0, 0}, -EINVAL},
    {"vm map a message page", {WINDOW, MSG_BASE, 1, VM_MAP, VM_R, 0, 0}, -EINVAL},
    {"vm map into the kernel", {WINDOW, 0xffffffff80200000ul, 1, VM_MAP, VM_R, 0, 0}, -EINVAL},
    {"vm map across the top", {WINDOW, USER_MAX - PAGE_SIZE, 2, VM_MAP, VM_R, 0, 0}, -EINVAL},
    {"vm map nothing", {FREE_PAGE, 0x11000, 1, VM_MAP, VM_R, 0, 0}, -EFAULT},
    {"vm map more than there is", {WINDOW, 0x11000, 2, VM_MAP, VM_R, 0, 0}, -EFAULT},
    {"vm map a page of its pager", {0, 0x11000, 1, VM_MAP, VM_R, 0, 0}, -EFAULT},
    {"vm map its message page", {MSG_BASE, 0x11000, 1, VM_MAP, VM_R, 0, 0}, -EFAULT},
    {"vm map the kernel", {0xffffffff80200000ul, 0x11000, 1, VM_MAP, VM_R, 0, 0}, -EFAULT},
    {"vm map for nothing", {WINDOW, 0x13000, 1, VM_MAP, 0, 0, 0}, -EINVAL},
    {"vm map for what there is not", {WINDOW, 0x11000, 1, VM_MAP, 8 | VM_R, 0, 0}, -EINVAL},
    {"vm operation 0", {WINDOW, 0x10000, 1, 0, VM_R, 0, 0}, -EINVAL},
    {"vm operation COPY", {WINDOW, 0x10000, 1, VM_COPY, VM_R, 0, 0}, -EINVAL},
    {"vm operation 255", {WINDOW, 0x10000, 1, 255, VM_R, 0, 0}, -EINVAL},
    {"vm protect", {0, 0x10000, 1, VM_PROTECT, VM_R, 0, 0}, 1},
    {"vm protect to nothing", {0, 0x10000, 1, VM_PROTECT, 0, 0, 0}, -EINVAL},
    {"vm protect page 0", {0, 0, 1, VM_PROTECT, VM_R, 0, 0}, -EINVAL},
    {"vm harvest", {0, 0x10000, 1, VM_HARVEST, 0, 0, 0}, 1},
    {"vm harvest to nowhere", {0, 0x10000, 1, VM_HARVEST, 0, 0, FREE_PAGE}, -EFAULT},
    {"vm harvest to the kernel", {0, 0x10000, 1, VM_HARVEST, 0, 0, 0xffffffff80200000ul}, -EFAULT},
    {"vm harvest all there could be", {0, USER_MIN, PAGES_MAX, VM_HARVEST, 0, 0, 0}, 1},
    {"vm harvest more than that", {0, USER_MIN, PAGES_MAX + 1, VM_HARVEST, 0, 0, 0}, -EINVAL},
    {"vm unmap a message page", {0, MSG_BASE, 1, VM_UNMAP, 0, 0, 0}, -EINVAL},
    {"vm unmap to nowhere", {0, 0x10000, 1, VM_UNMAP, 0, 0, FREE_PAGE}, -EFAULT},
    {"vm unmap all there could be", {0, USER_MIN, PAGES_MAX, VM_UNMAP, 0, 0, 0}, 1},
};

static void pager_crimes(void)
{
    struct vm_op *op = (struct vm_op *)page;

    world_up(0);
    for (unsigned i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
        *op = operations[i].op;
        if (op->op == VM_MAP && op->src == 0)
            op->src = (uintptr_t)page;
        check_equal(operations[i].name, sys_vm(server_port, world.space_badge, (uintptr_t)op, 1, 0),
                    operations[i].result);
    }
    check_equal("vm of a space of others", sys_vm(server_port, 1, (uintptr_t)op, 1, 0), -ENOENT);
    sys_task_control(world.task, TASK_KILL, 0, 0);
    check_equal("vm of a dead space", sys_vm(server_port, world.space_badge, (uintptr_t)op, 1, 0),
                -ENOENT);
    world_down();
}

void stateful_crimes(void)
{
    twice();
    with_too_much();
    handles();
    tasks();
    forge();
    pager_crimes();
}
