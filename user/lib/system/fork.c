/* SPDX-License-Identifier: MIT
 *
 * fork and vfork (POSIX). The pager copies the space, init makes a process of the copy:
 *
 *     registers into memory;  PAGER_CLONE -> right;  INIT_FORK right, pc, sp -> pid
 *
 * The child begins in fork_entry.S with nothing but its stack pointer, and goes on from the saved
 * registers. It has one thread, the caller's. The library's lock is held over the copy, so that the heap
 * is whole in the child; a FILE that another thread was busy with is unlocked there, as it is. vfork is
 * fork: the copy is cheap, and the parent need not wait. */
#include <errno.h>
#include <proto/init.h>
#include <proto/pager.h>
#include <stdbool.h>
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

    handle_t space;
    long result = octavo_ask_handle(HANDLE_PAGER, &m, &space);

    if (result < 0)
        return result;
    m = (struct message){.tag = INIT_FORK, .w = {(uintptr_t)fork_entry, (uintptr_t)state, m.w[0]}};
    ipc_attach_handle(&m, space);
    result = octavo_ask(HANDLE_INIT, &m);
    sys_close(space);
    return result;
}

pid_t fork(void)
{
    struct fork_state state;
    long result;

    octavo_lock();
    state.tp = __builtin_thread_pointer();
    __asm__ volatile("mv %0, sp" : "=r"(state.sp));
    state.floating = msg_page()->fp_used != 0;
    result = fork_save(state.registers, state.floating) ? 0 : fork_parent(&state);
    octavo_unlock();
    return (pid_t)octavo_result(result);
}

pid_t vfork(void) { return fork(); }
