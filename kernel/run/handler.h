/* SPDX-License-Identifier: MIT
 *
 * The handlers of the system calls, sys_NAME for each line of <abi/syscalls.h>. They get a0-a6 as
 * arguments, run under the kernel lock, and return a result for a0, or SYS_KEEP (kernel/run/offsets.h). */
#ifndef OCTAVO_KERNEL_HANDLER_H
#define OCTAVO_KERNEL_HANDLER_H

#include "kernel/run/offsets.h"
#include "kernel/run/hart.h"
#include "kernel/run/task.h"

#include <abi/syscalls.h>

typedef uint64_t word;

/* For the handler to return: this entry ends with the work half done, and the call is executed again,
 * with the progress that the handler has left in the thread's argument registers. */
static inline long handler_again(struct thread *thread)
{
    thread->pc -= 4;
    return SYS_KEEP;
}

/* The object that a handle of the current task names: of this type, with these rights; else NULL, and *error for
 * the handler to return. */
static inline void *handler_object(word handle, enum object_type type, unsigned rights, long *error)
{
    return handle_object(&current_task()->handles, handle, type, rights, error);
}

#define HANDLER_WORDS_0 void
#define HANDLER_WORDS_1 word
#define HANDLER_WORDS_2 word, word
#define HANDLER_WORDS_3 word, word, word
#define HANDLER_WORDS_4 word, word, word, word
#define HANDLER_WORDS_5 word, word, word, word, word
#define HANDLER_WORDS_6 word, word, word, word, word, word
#define HANDLER_WORDS_7 word, word, word, word, word, word, word
#define HANDLER(number, name, arity, document) long sys_##name(HANDLER_WORDS_##arity);
OCTAVO_SYSCALLS(HANDLER)

#endif
