/* SPDX-License-Identifier: MIT
 *
 * The fast path: a call, an answer, a fault or a notification that finds everything as it usually is - a
 * receiver waits and outranks the sender, no handles come along, the answer maps at most one page whose
 * table exists, no floating-point state is live - is done here in as few instructions as C allows. Whatever
 * is unusual goes to ipc.c, fault.c and vm.c before anything was changed: they know all cases and
 * define what happens. Nothing here may do what they would not.
 *
 * Compiled without frame pointers: these functions call next to nobody on their way. */
#include "kernel/entry/trap.h"
#include "kernel/run/fault.h"
#include "kernel/run/handler.h"
#include "kernel/run/ipc.h"
#include "kernel/run/sched.h"
#include "kernel/run/vm.h"

#include <abi/layout.h>
#include <abi/msg.h>

#define FAST __attribute__((optimize("omit-frame-pointer")))
#define unlikely(x) __builtin_expect(!!(x), 0)

/* Whether the handle names an object of this type and has this right; then *object is it. */
static inline bool lookup(const struct task *task, word value, long type, long right, void *object)
{
    uint32_t index = HANDLE_INDEX(value);

    if (unlikely(index >= task->handles.size))
        return false;
    const struct handle *handle = &task->handles.slots[index];
    long found = (long)handle->rights & ~((long)H_ALL & ~right);
    *(struct object **)object = handle->object;
    return handle->generation == value >> HANDLE_INDEX_BITS &&
           found == (type << HANDLE_TYPE_SHIFT | right);
}

/* The message, whose words are written, goes to `to`, and so does this hart. */
static inline void hand_over(struct hart *hart, struct thread *from, struct right *right,
                             struct port *port, struct thread *to, enum msg_kind kind)
{
    port->receiver = NULL;
    right->object.refs++;
    from->via = right;
    from->message = (uint8_t)kind;
    ipc_hand_over(from, right, to);
    sched_switch_simple(hart, from, to);
}

FAST long sys_call(word handle, word tag, word w0, word w1, word w2, word w3)
{
    struct hart *hart = hart_this();
    struct thread *from = hart->current;
    struct right *right;

    if (unlikely(!lookup(from->task, handle, OBJECT_RIGHT, H_CALL, &right)))
        return ipc_call(handle, tag);
    struct port *port = right->port;
    struct thread *to = port ? port->receiver : NULL;
    if (unlikely(!to || to->priority < from->priority || hart->slow))
        return ipc_call(handle, tag);
    if (tag & (MSG_HANDLES_MASK << MSG_HANDLES_SHIFT | MSG_IN | MSG_OUT)) {
        if (tag & MSG_HANDLES_MASK << MSG_HANDLES_SHIFT)
            return ipc_call(handle, tag);
        if (tag & MSG_IN)
            from->in = from->msg->in;
        if (tag & MSG_OUT)
            from->out = from->msg->out;
    }
    ipc_call_words(to, tag, w0, w1, w2, w3);
    hand_over(hart, from, right, port, to, MSG_KIND_CALL);
    return SYS_KEEP;
}

static inline void fast_fault(struct hart *hart, struct thread *from, uintptr_t va, uint32_t access)
{
    struct right *right = from->task->pager;
    struct port *port = right ? right->port : NULL;

    if (unlikely(va < USER_MIN || va >= USER_MAX || !port)) {
        fault_user(from, va, access);
        return;
    }
    pte_t *slot = from->fault_slot;
    if (slot && (va ^ from->fault_va) < MEGAPAGE_SIZE) /* in the table of the last fault */
        slot = (pte_t *)((uintptr_t)slot & ~PAGE_MASK) + sv39_index(va, 0);
    else
        slot = sv39_slot(from->task->aspace.root, va);
    struct thread *to = port->receiver;
    if (unlikely(!slot || aspace_permits(pte_read(slot), access) || !to ||
                 to->priority < from->priority || hart->slow)) {
        fault_user(from, va, access);
        return;
    }
    fault_note(from, va, access, slot);
    ipc_fault_words(from, to);
    hand_over(hart, from, right, port, to, MSG_KIND_FAULT);
}

FAST void trap_user(uint64_t cause, uint64_t value)
{
    struct hart *hart = hart_this();
    struct thread *thread = hart->current;

    if (cause != CAUSE_STORE_PAGE && cause != CAUSE_LOAD_PAGE && cause != CAUSE_FETCH_PAGE) {
        trap_user_any(cause, value);
        return;
    }
    fast_fault(hart, thread, value,
               cause == CAUSE_STORE_PAGE  ? ACCESS_WRITE
               : cause == CAUSE_LOAD_PAGE ? ACCESS_READ
                                          : ACCESS_EXECUTE);
}

/* Whether the token names a thread that waits for this server's answer and can go on here, while the
 * server would find the port empty; then they are *caller and *port. */
static inline bool may_answer(struct hart *hart, word handle, word token, struct port **port,
                              struct thread **caller)
{
    const struct task *server = hart->current->task;
    uint32_t slot = token % MSG_TOKEN_SLOTS;

    if (unlikely(slot >= thread_table_size || !(*caller = thread_table[slot].thread)))
        return false;
    return (*caller)->token == token && (*caller)->server == server &&
           lookup(server, handle, OBJECT_PORT, H_RECV, port) && !(*port)->queued &&
           !(*port)->receiver && sched_may_run(hart, *caller) && !hart->slow &&
           (*caller)->via->object.refs != 1;
}

/* The caller has its answer, the server waits at the port. */
static inline void hand_back(struct hart *hart, struct port *port, struct thread *caller)
{
    struct thread *server = hart->current;

    caller->via->object.refs--;
    caller->via = NULL;
    caller->server = NULL;
    server->state = THREAD_RECEIVING;
    server->port = port;
    port->receiver = server;
    sched_switch_simple(hart, server, caller);
}

/* The answer to a fault that was sent the short way: one page, where the PTE is known to belong. Returns
 * the new PTE and *page; 0: it is not as simple as that. */
static inline pte_t map_page(struct thread *server, struct thread *caller, word src, word dst,
                             word count, word prot, struct page **page)
{
    if (unlikely(count != 1 || prot == 0 || prot & ~(word)(VM_R | VM_W) || src & PAGE_MASK ||
                 caller->message != MSG_KIND_FAULT || caller->in_syscall ||
                 dst != (caller->fault_va & ~PAGE_MASK) || caller->via != caller->task->pager ||
                 !caller->fault_slot))
        return 0;
    pte_t source = vm_source(server->task, src, page);
    if (unlikely(!source))
        return 0;
    return (source & PTE_PPN_MASK) | vm_leaf((unsigned)prot) | aspace_touched(caller->fault_access);
}

/* There is a page already, which this one replaces. */
FAST static __attribute__((noinline)) long map_over(struct port *port, struct thread *caller,
                                                    word dst, pte_t leaf, struct page *page)
{
    vm_replace(caller->task, caller->fault_slot, dst, leaf, page);
    fence_page(dst);
    hand_back(hart_this(), port, caller);
    return SYS_KEEP;
}

/* reply_recv with MSG_MAP: a function of its own, to which sys_reply_recv need not move its arguments. */
FAST static __attribute__((noipa)) long map_recv(word handle, word tag, word src, word dst,
                                                 word count, word prot, word token)
{
    struct hart *hart = hart_this();
    struct thread *caller;
    struct port *port;
    struct page *page;
    pte_t leaf;

    if (unlikely(!may_answer(hart, handle, token, &port, &caller) ||
                 !(leaf = map_page(hart->current, caller, src, dst, count, prot, &page))))
        return ipc_reply_recv(handle, tag);
    if (unlikely(!aspace_map_at(&caller->task->aspace, caller->fault_slot, leaf)))
        return map_over(port, caller, dst, leaf, page);
    page->count++;
    fence_page(dst);
    hand_back(hart, port, caller);
    return SYS_KEEP;
}

/* reply_recv with more than words: items of a pager, or a refused fault; the rest is ipc.c's. */
FAST static __attribute__((noipa)) long apply_recv(word handle, word tag, word token)
{
    struct hart *hart = hart_this();
    struct thread *server = hart->current, *caller;
    struct port *port;

    if (unlikely(tag & ~(MSG_LABEL_MASK | TAG_ITEMS | MSG_NO) ||
                 !may_answer(hart, handle, token, &port, &caller) ||
                 caller->via != caller->task->pager || caller->in_syscall ||
                 caller->message > MSG_KIND_FAULT))
        return ipc_reply_recv(handle, tag);
    long error = tag & TAG_ITEMS ? vm_answer(server, caller, tag) : 0;
    if (unlikely(error))
        return error == VM_AGAIN ? handler_again(server) : error;
    if (caller->message == MSG_KIND_FAULT)
        fault_answered(caller, fault_code(tag));
    else
        ipc_answer_words(server, caller, tag);
    hand_back(hart, port, caller);
    return SYS_KEEP;
}

FAST long sys_reply_recv(word handle, word tag, word w0, word w1, word w2, word w3, word token)
{
    struct hart *hart = hart_this();
    struct thread *server = hart->current, *caller;
    struct port *port;

    if (tag == MSG_MAP)
        return map_recv(handle, tag, w0, w1, w2, w3, token);
    if (unlikely(tag & ~MSG_LABEL_MASK))
        return apply_recv(handle, tag, token);
    if (unlikely(!may_answer(hart, handle, token, &port, &caller) ||
                 caller->message != MSG_KIND_CALL))
        return ipc_reply_recv(handle, tag);
    ipc_answer_words(server, caller, tag);
    hand_back(hart, port, caller);
    return SYS_KEEP;
}

FAST long sys_notify(word handle, word bits)
{
    struct hart *hart = hart_this();
    struct thread *from = hart->current;
    struct right *right;

    if (unlikely(!lookup(from->task, handle, OBJECT_RIGHT, H_NOTIFY, &right)))
        return ipc_notify(handle, bits);
    struct port *port = right->port;
    struct thread *to = port ? port->receiver : NULL;
    if (unlikely(!to || !bits || bits & ~right->mask || port->queued ||
                 !sched_may_preempt(from, to) || hart->slow))
        return ipc_notify(handle, bits);
    port->receiver = NULL;
    ipc_notice_words(to, MSG_KIND_NOTIFY, 0, bits);
    thread_x(from, X_A0) = 0;
    sched_queue(from);
    sched_switch_simple(hart, from, to);
    return SYS_KEEP;
}
