/* SPDX-License-Identifier: MIT
 *
 * fork and vfork (POSIX). The pager copies the space, init makes a process of the copy:
 *
 *     registers into memory;  PAGER_CLONE -> right;  INIT_FORK right, pc, sp -> pid
 *
 * The child begins in fork_entry.S with nothing but its stack pointer, and goes on from the saved
 * registers. It has one thread, the caller's. The library's lock is held over the copy, so that the heap
 * is whole in the child; a FILE that another thread was busy with is unlocked there, as it is. vfork is fork: the copy is cheap, and the parent need
 * not wait. */
#include <errno.h>
#include <proto/init.h>
#include <proto/pager.h>
#include <stdbool.h>
#include <sys/lock.h>
#include <unistd.h>
#include "user/lib/system/internal.h"

/* What the child finds at its first sp; fork_entry.S knows the first three. */
struct fork_state {
    void *tp;
    void *sp;
    unsigned long pid; /* the child's, which it writes itself */
    uint64_t registers[26];
    bool floating; /* the floating-point ones are among them */
};

/* fork_entry.S */
extern char fork_entry[];
int fork_save(uint64_t *registers, bool floating) __attribute__((returns_twice));
_Noreturn void fork_restore(const uint64_t *registers, bool floating);
_Noreturn void fork_child(struct fork_state *state, struct msg_page *page);

_Noreturn void fork_child(struct fork_state *state, struct msg_page *page)
{
    octavo_msg_page = page;
    if (&octavo_self)
        octavo_self = (pid_t)state->pid;
    if (octavo_signal_forked)
        octavo_signal_forked();
    if (octavo_pipe_forked)
        octavo_pipe_forked();
    if (octavo_usage_forked)
        octavo_usage_forked();
    if (octavo_stdio_forked)
        octavo_stdio_forked();
    fork_restore(state->registers, state->floating);
}

/* The child's pid, or a negative errno. */
static long fork_parent(struct fork_state *state)
{
    struct message m = {.tag = PAGER_CLONE};

    ipc_accept(1);
    long result = ipc_request(HANDLE_PAGER, &m);
    ipc_accept(0);
    if (result < 0)
        return result;
    handle_t space = msg_page()->handle[0];
    unsigned long badge = m.w[0];
    m = (struct message){.tag = INIT_FORK, .w = {(uintptr_t)fork_entry, (uintptr_t)state, badge}};
    ipc_attach_handle(&m, space);
    result = ipc_request(HANDLE_INIT, &m);
    sys_close(space);
    return result < 0 ? result : (long)m.w[0];
}

pid_t fork(void)
{
    struct fork_state state;
    long result;

    __LIBC_LOCK();
    state.tp = __builtin_thread_pointer();
    __asm__ volatile("mv %0, sp" : "=r"(state.sp));
    state.floating = msg_page()->fp_used != 0;
    result = fork_save(state.registers, state.floating) ? 0 : fork_parent(&state);
    __LIBC_UNLOCK();
    return (pid_t)octavo_result(result);
}

pid_t vfork(void)
{
    return fork();
}
