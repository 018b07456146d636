/* SPDX-License-Identifier: MIT
 *
 * What fork and exec need of the kernel: TASK_INHERIT gives a new task the rights of another at the same
 * handle values, and an answer with MSG_START makes its caller begin anew. This program is the pager of
 * the child that both are done to.
 *
 * octavo-test: SMP=1
 * octavo-test: SMP=4 */
#include <errno.h>
#include <octavo/ipc.h>
#include <octavo/query.h>
#include <string.h>
#include "tests/guest/check.h"

#define WINDOW 0x2800000000ul /* two frames of our own: the child's code and data */
#define CODE 0x10000ul
#define DATA 0x20000ul
#define STACK (DATA + PAGE_SIZE)
#define SECOND (CODE + (unsigned long)(child_second - child_code))
#define CHILD_BADGE 1ul
#define BADGES 100ul /* of the rights that are inherited, from here on */
#define RIGHTS 600u  /* with gaps between them: three chunks of the kernel's */
enum { LABEL_HANDLE = 1, LABEL_FIRST, LABEL_SECOND }; /* the child's calls */
#define ITEMS(n) ((unsigned long)(n) << MSG_ITEMS_SHIFT)

/* child_code: calls each handle of the list at DATA, fills all registers, and calls its pager.
 * child_second: calls it again with all registers (but sp and a1) ORed, sp, a1, and the FP ones ORed. */
extern const char child_code[], child_second[], child_end[];
__asm__(".section .rodata.child, \"a\"\n"
        ".balign 4\n"
        "child_code:\n"
        ".option push\n"
        ".option norvc\n"
        "lui s0, 0x20\n"
        "1: lwu a0, 0(s0)\n"
        "beqz a0, 2f\n"
        "li a1, 1\n"
        "li a7, 0\n"
        "ecall\n"
        "bltz a0, .\n"
        "addi s0, s0, 4\n"
        "j 1b\n"
        "2: .irp r, ra,gp,tp,s0,s1,s2,s3,s4,s5,s6,s7,s8,s9,s10,s11\n"
        "li \\r, -1\n"
        ".endr\n"
        ".irp r, fa0,fa7,ft0,ft11,fs0,fs11\n"
        "fmv.d.x \\r, s0\n"
        ".endr\n"
        "fscsr s0\n"
        "li a0, 2\n"
        "li a1, 2\n"
        "li a7, 0\n"
        "ecall\n"
        "j .\n"
        "child_second:\n"
        ".irp r, "
        "ra,gp,tp,s0,s1,s2,s3,s4,s5,s6,s7,s8,s9,s10,s11,t0,t1,t2,t3,t4,t5,t6,a2,a3,a4,a5,a6,a7\n"
        "or a0, a0, \\r\n"
        ".endr\n"
        "mv a2, a0\n"
        "mv a4, a1\n"
        "frcsr a5\n"
        ".irp r, fa0,fa7,ft0,ft11,fs0,fs11\n"
        "fmv.x.d t0, \\r\n"
        "or a5, a5, t0\n"
        ".endr\n"
        "mv a3, sp\n"
        "li a0, 2\n"
        "li a1, 3\n"
        "li a7, 0\n"
        "ecall\n"
        "unimp\n"
        ".option pop\n"
        "child_end:\n"
        ".text\n");

static handle_t port;
static struct {
    handle_t handle;
    unsigned long badge;
} right[RIGHTS];
static unsigned right_count;
static unsigned long of_birth; /* handles that this program was started with */

static unsigned long soon(void)
{
    return (unsigned long)sys_clock() + 60000000000ul;
}

static struct info_task look(void)
{
    struct info_task task;

    for (unsigned long id = 1; query_kernel(INFO_TASK, id, &task, sizeof(task)); id = task.id + 1ul)
        if (!strcmp(task.name, "heir"))
            return task;
    return (struct info_task){.id = 0};
}

static handle_t child_pager; /* which must not be inherited */

/* Whose pager is this program. */
static long child_make(handle_t account)
{
    child_pager = (handle_t)sys_right_create(port, CHILD_BADGE, 0);
    return sys_task_create(account, child_pager, child_pager, PRIORITY_USER,
                           0x72696568ul /* "heir" */, 0);
}

static void child_end_all(long task)
{
    struct message m;

    sys_task_control((unsigned long)task, TASK_KILL, 0, 0);
    sys_close((unsigned long)task);
    sys_close(child_pager);
    long badge = ipc_recv(port, soon(), &m);
    check(badge == CHILD_BADGE && MSG_KIND(m.tag) == MSG_KIND_CLOSED, "its space is closed",
          "%ld, tag %#lx", badge, m.tag);
}

static long inherit(long task, unsigned long from)
{
    return sys_task_control((unsigned long)task, TASK_INHERIT, from, 0);
}

static void drop(handle_t handle)
{
    struct message m;

    sys_close(handle);
    ipc_recv(port, DEADLINE_NOW, &m); /* CLOSED */
}

/* Rights of several generations; some are gone again, some cannot be transferred. */
static void rights_make(void)
{
    handle_t handle[RIGHTS];

    for (unsigned i = 0; i < RIGHTS; i++) {
        handle[i] = (handle_t)sys_right_create(port, BADGES + i, 1);
        for (unsigned n = 0; n < i % 3; n++) {
            handle_t copy = (handle_t)sys_dup(handle[i], H_ALL);
            sys_close(handle[i]);
            handle[i] = (handle_t)sys_dup(copy, H_ALL);
            sys_close(copy);
        }
    }
    for (unsigned i = 0; i < RIGHTS; i++) {
        if (i % 7 == 0) {
            drop(handle[i]);
        } else if (i % 50 == 1) {
            sys_dup(handle[i], H_CALL);
            sys_close(handle[i]);
        } else {
            right[right_count].handle = handle[i];
            right[right_count++].badge = BADGES + i;
        }
    }
}

/* --- TASK_INHERIT refused --- */

static void refused(void)
{
    handle_t account = (handle_t)sys_account_create(HANDLE_ACCOUNT, 0, 2 * PAGE_SIZE);
    long task = child_make(account);

    if (!check(task > 0, "a child in a small account", "%ld", task))
        return;
    struct info_task before = look();
    check_equal("a table larger than its account", inherit(task, HANDLE_SELF), -ENOMEM);
    struct info_task after = look();
    check_equal("leaves it the handles of its birth", (long)after.handles, (long)before.handles);
    check_equal("and pays it back", (long)after.account_kernel, (long)before.account_kernel);
    check_equal("from a handle that is no task", inherit(task, port), -EBADF);
    check_equal("from nobody", inherit(task, 0), -EBADF);
    handle_t weak = (handle_t)sys_dup((unsigned long)task, H_TRANSFER);
    check_equal("without the right to manage it", inherit(weak, HANDLE_SELF), -EPERM);
    check_equal("or to manage the other", inherit(task, weak), -EPERM);
    sys_close(weak);
    for (unsigned long progress = HANDLE_FIRST + 1; progress < 1ul << 60; progress *= 3)
        sys_task_control((unsigned long)task, TASK_INHERIT, HANDLE_SELF, progress);
    handle_t first = (handle_t)sys_task_grant((unsigned long)task, right[0].handle, H_ALL);
    check_equal("progress that was never made", first, HANDLE_FIRST);
    check_equal("into a table that has something", inherit(task, HANDLE_SELF), -EBUSY);
    check_equal("from oneself", inherit(HANDLE_SELF, HANDLE_SELF), -EBUSY);
    sys_task_control((unsigned long)task, TASK_KILL, 0, 0);
    check_equal("into what is dead", inherit(task, HANDLE_SELF), -EPIPE);
    child_end_all(task);
    sys_close(account);
}

/* --- MSG_START --- */

static long answer_start(const struct message *m, unsigned long tag, unsigned long pc)
{
    struct message reply = {.tag = tag, .w = {pc, STACK - 64}, .token = m->token};

    return ipc_reply(&reply);
}

static void start(const struct message *m)
{
    /* All there could be: more than the kernel does in one go. */
    msg_page()->item[0] = (struct vm_op){
        .dst = USER_MIN, .count = (USER_MAX - USER_MIN) >> PAGE_SHIFT, .op = VM_UNMAP};
    check_equal("start in the kernel", answer_start(m, MSG_START, 0xffffffff80200000ul), -EINVAL);
    check_equal("start at an odd address", answer_start(m, MSG_START, SECOND + 1), -EINVAL);
    check_equal("start and map", answer_start(m, MSG_START | MSG_MAP, SECOND), -EINVAL);
    check_equal("start and restart", answer_start(m, MSG_START | MSG_RESTART, SECOND), -EINVAL);
    check_equal("start and say no", answer_start(m, MSG_START | MSG_NO, SECOND), -EINVAL);
    check_equal("start with a handle",
                answer_start(m, MSG_START | 1ul << MSG_HANDLES_SHIFT, SECOND), -EINVAL);
    check_equal("start anew", answer_start(m, MSG_START | 1ul << MSG_ITEMS_SHIFT, SECOND), 0);
}

/* What it says after that. */
static void started(const struct message *m)
{
    struct vm_op harvest = {.dst = DATA, .count = 1, .op = VM_HARVEST, .out = WINDOW + 4000};

    check_equal("all registers are 0", (long)m->w[0], 0);
    check_equal("but sp", (long)m->w[1], STACK - 64);
    check_equal("and a1, the message page", (long)m->w[2], MSG_BASE);
    check_equal("the FP registers are 0", (long)m->w[3], 0);
    sys_vm(port, CHILD_BADGE, (uintptr_t)&harvest, 1, 0);
    check_equal("the answer's items were applied", *(volatile char *)(WINDOW + 4000), 0);
}

/* A fault, or the call through a right that is no pager's, of an honest child. */
static void serve_simple(const struct message *m)
{
    struct message reply = {.tag = 0, .token = m->token};
    unsigned long at = m->w[0] & ~PAGE_MASK;

    if (MSG_KIND(m->tag) == MSG_KIND_FAULT)
        reply = (struct message){.tag = MSG_MAP,
                                 .w = {at == CODE ? WINDOW : WINDOW + PAGE_SIZE, at, 1,
                                       at == CODE ? VM_R | VM_X : VM_R | VM_W},
                                 .token = m->token};
    else if (m->badge == right[0].badge)
        check_equal("start by another right", answer_start(m, MSG_START, SECOND), -EPERM);
    ipc_reply(&reply);
}

/* The child until it has begun anew, and what it says then. */
static void serve(void)
{
    unsigned called = 0, wrong = 0;
    struct message m;

    for (;;) {
        long badge = ipc_recv(port, soon(), &m);
        unsigned label = MSG_KIND(m.tag) == MSG_KIND_CALL ? (unsigned)MSG_LABEL(m.tag) : 0;
        if (badge < 0 || MSG_KIND(m.tag) > MSG_KIND_FAULT) {
            check(false, "it goes on", "%ld, tag %#lx", badge, m.tag);
            return;
        }
        if (label == LABEL_SECOND) {
            started(&m);
            return;
        }
        if (label == LABEL_FIRST) {
            check_equal("every right, at its old value", called, right_count);
            check_equal("and each is what it was", wrong, 0);
            start(&m);
            continue;
        }
        if (label == LABEL_HANDLE)
            wrong += called >= RIGHTS || right[called++].badge != (unsigned long)badge;
        serve_simple(&m);
    }
}

static void life(void)
{
    long task = child_make(HANDLE_ACCOUNT);
    uint32_t *list = (uint32_t *)(WINDOW + PAGE_SIZE);

    check_equal("inherit", inherit(task, HANDLE_SELF), 0);
    check_equal("what may be transferred, and no more", (long)look().handles,
                (long)(of_birth + right_count));
    check_equal("twice", inherit(task, HANDLE_SELF), -EBUSY);
    handle_t more = (handle_t)sys_task_grant((unsigned long)task, right[0].handle, H_ALL);
    bool taken = more < HANDLE_FIRST;
    for (unsigned i = 0; i < right_count; i++)
        taken |= HANDLE_INDEX(right[i].handle) == HANDLE_INDEX(more);
    check(!taken, "a grant afterwards takes a free slot", "%#x", more);
    for (unsigned i = 0; i < right_count; i++)
        list[i] = right[i].handle;
    long thread = sys_thread_create((unsigned long)task, CODE, STACK, 0, PRIORITY_USER);
    check(thread > 0, "a thread", "%ld", thread);
    check_equal("a task that runs", inherit(task, HANDLE_SELF), -EBUSY);
    serve();
    sys_close((unsigned long)thread);
    child_end_all(task);
}

int main(void)
{
    struct info_task self;

    query_kernel(INFO_SELF, 0, &self, sizeof(self));
    of_birth = self.handles;
    port = (handle_t)sys_port_create();
    check_equal("frames", sys_page_alloc(WINDOW, 2), 0);
    memcpy((char *)WINDOW, child_code, (size_t)(child_end - child_code));
    rights_make();
    refused();
    life();
    return check_done();
}
