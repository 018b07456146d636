/* SPDX-License-Identifier: MIT
 *
 * The one table of system calls: X(number, name, arity, document). The kernel's dispatch table, the
 * user stubs, the trace names, the crime tests and docs/abi.md are all made from it.
 *
 * Convention: number in a7, arguments in a0-a6, result in a0 (0 or more, or a negative errno of
 * <abi/errno.h>). A call keeps ra, sp, gp, tp, s0-s11 and fs0-fs11; every other register is
 * clobbered. IPC calls return more words, in a1-a6: see <abi/msg.h>. `handle` arguments are values
 * of <abi/handle.h>. Addresses are virtual, in the caller's own space, unless they say otherwise.
 * Times are nanoseconds since boot; a deadline of 0 means "do not wait" and ~0 "wait for ever".
 *
 * Arguments are named in the document as a0.. in order: name:unit. */
#ifndef OCTAVO_ABI_SYSCALLS_H
#define OCTAVO_ABI_SYSCALLS_H

#define OCTAVO_SYSCALLS(X)                                                                        \
    X(0, call, 6, "right, tag, w0..w3: send a request and wait for its one answer")               \
    X(1, reply_recv, 7,                                                                           \
      "port, tag, w0..w3, token: answer a caller, then wait for the next message")                \
    X(2, recv, 2, "port, deadline: wait for a call, a notification or a CLOSED")                  \
    X(3, reply, 7, "-, tag, w0..w3, token: answer a caller")                                      \
    X(4, notify, 2, "right, bits: set notification bits at the port, within the right's mask")    \
    X(5, copy, 5,                                                                                 \
      "token, direction, offset, address, length: copy from or to a caller's buffer; bytes done") \
    X(6, close, 1, "handle: drop it")                                                             \
    X(7, dup, 2, "handle, rights: a copy with at most these rights; new handle")                  \
    X(8, port_create, 0, "a new port of this task; handle")                                       \
    X(9, right_create, 3,                                                                         \
      "port, badge, mask: a send right that shows badge and may notify mask; handle")             \
    X(10, task_create, 6,                                                                         \
      "account, pager, exception, ceiling, name0, name1: an empty task, killed when no other "    \
      "task has a handle on it any more; handle")                                                 \
    X(11, task_grant, 3,                                                                          \
      "task, handle, rights: copy a handle into the task's table; its value there")               \
    X(12, task_control, 4, "task, operation, a, b: see TASK_* in <abi/task.h>")                   \
    X(13, thread_create, 5, "task, pc, sp, argument, priority: start a thread; handle")           \
    X(14, thread_control, 4,                                                                      \
      "thread or 0 for self, operation, a, b: see THREAD_* in <abi/task.h>")                      \
    X(15, account_create, 3, "parent, frames, kernel bytes: split a limit off; handle")           \
    X(16, page_alloc, 2,                                                                          \
      "address, pages: zeroed frames of this task, mapped there read-write; on ENOMEM some may "  \
      "be there")                                                                                 \
    X(17, page_free, 2, "address, pages: unmap own frames; each is freed once no space maps it")  \
    X(18, vm, 5,                                                                                  \
      "port, badge, ops, count, done: change the space that badge pages; done counts finished "   \
      "ops (start with 0); ops done")                                                             \
    X(19, device_map, 3, "device, address, flags: map its registers at address; bytes mapped")    \
    X(20, irq_bind, 3, "device, right, bits: its interrupt notifies right with bits")             \
    X(21, irq_ack, 2,                                                                             \
      "device, wait: handled; let it interrupt again. wait: stop the only hart until a device "   \
      "does")                                                                                     \
    X(22, dma_address, 1, "address: the physical address of an own frame, for a device")          \
    X(23, yield, 0, "give way to threads of equal priority")                                      \
    X(24, clock, 0, "nanoseconds since boot")                                                     \
    X(25, futex_wait, 3, "address, value, deadline: sleep while the 32-bit word holds value")     \
    X(26, futex_wake, 2, "address, count: wake at most count sleepers; number woken")             \
    X(27, info, 4, "kind, index, address, length: copy out one record of <abi/info.h>; bytes")    \
    X(28, system, 4,                                                                              \
      "device, operation, a, b: power, console and dump; see SYSTEM_* in <abi/device.h>")         \
    X(29, null, 0, "do nothing: the cost of a system call")

#define OCTAVO_SYSCALL_ENUM(number, name, arity, document) SYS_##name = number,
enum { OCTAVO_SYSCALLS(OCTAVO_SYSCALL_ENUM) SYS_COUNT };
#undef OCTAVO_SYSCALL_ENUM

#endif
