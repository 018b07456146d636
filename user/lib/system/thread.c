/* SPDX-License-Identifier: MIT
 *
 * Threads of control (octavo/thread.h). A thread's stack is mapped in full and costs frames only
 * where it is used; the page below it is a guard. Above the stack lies its TLS block:
 *
 *     memory  guard page | stack ... | TLS block, tp points at its start
 *
 * Wired programs have no pager that could map lazily: theirs is smaller, from malloc, and
 * unguarded. */
#include <errno.h>
#include <octavo/thread.h>
#include <octavo/wired.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "user/lib/system/internal.h"

#define THREAD_STACK (256ul << 10) /* bytes, guard and TLS included */
#define THREAD_STACK_WIRED (32ul << 10)
#define THREAD_STACKS_KEPT 32 /* for the next threads: unmapping interrupts other harts */
#define STACK_ALIGN 16ul      /* psABI */

/* In malloc's memory, so that it is there until join, whatever becomes of the stack. */
struct thread {
    void *tp; /* first: thread_entry.S takes it */
    int (*function)(void *);
    void *argument;
    char *memory;
    int result;
    uint32_t ended; /* futex: 0, then 1 */
    handle_t handle;
};

extern char octavo_tls_image[], octavo_tls_image_size[], octavo_tls_size[], octavo_tls_align[];
extern char thread_entry[]; /* thread_entry.S */

static _Thread_local struct thread *thread_self;

/* Where a new thread's C begins. */
_Noreturn void thread_begin(struct thread *t, struct msg_page *page);
_Noreturn void thread_begin(struct thread *t, struct msg_page *page)
{
    octavo_msg_page = page;
    thread_self = t;
    thread_exit(t->function(t->argument));
}

/* Stacks that no thread uses, under the library's lock. */
static char *thread_kept[THREAD_STACKS_KEPT];
static unsigned thread_kept_count;

static char *thread_memory_map(void)
{
    char *memory =
        mmap(NULL, THREAD_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    if (mprotect(memory, PAGE_SIZE, PROT_NONE) < 0) {
        munmap(memory, THREAD_STACK);
        return NULL;
    }
    return memory;
}

static char *thread_memory_get(void)
{
    char *memory = NULL;

    if (octavo_wired)
        return memalign(PAGE_SIZE, THREAD_STACK_WIRED);
    octavo_lock();
    if (thread_kept_count > 0)
        memory = thread_kept[--thread_kept_count];
    octavo_unlock();
    return memory ? memory : thread_memory_map();
}

static void thread_memory_put(char *memory)
{
    if (octavo_wired) {
        free(memory);
        return;
    }
    octavo_lock();
    if (thread_kept_count < THREAD_STACKS_KEPT) {
        thread_kept[thread_kept_count++] = memory;
        memory = NULL;
    }
    octavo_unlock();
    if (memory)
        munmap(memory, THREAD_STACK);
}

/* Builds the TLS block at the top; returns its start, where the stack ends. */
static uintptr_t thread_tls(char *memory)
{
    uintptr_t top = (uintptr_t)memory + (octavo_wired ? THREAD_STACK_WIRED : THREAD_STACK);
    uintptr_t align =
        (uintptr_t)octavo_tls_align > STACK_ALIGN ? (uintptr_t)octavo_tls_align : STACK_ALIGN;
    uintptr_t tls = (top - (uintptr_t)octavo_tls_size) & ~(align - 1);

    memcpy((void *)tls, octavo_tls_image, (size_t)octavo_tls_image_size);
    memset((char *)tls + (size_t)octavo_tls_image_size, 0,
           (size_t)octavo_tls_size - (size_t)octavo_tls_image_size);
    return tls;
}

int thread_start_priority(struct thread **out, int (*function)(void *), void *argument,
                          unsigned priority)
{
    struct thread *t = calloc(1, sizeof(*t));
    char *memory = t ? thread_memory_get() : NULL;

    octavo_threaded = true;
    if (!memory) {
        free(t);
        return ENOMEM;
    }
    uintptr_t tls = thread_tls(memory);
    *t = (struct thread){
        .tp = (void *)tls, .function = function, .argument = argument, .memory = memory};
    long handle =
        sys_thread_create(HANDLE_SELF, (uintptr_t)thread_entry, tls, (uintptr_t)t, priority);
    if (handle < 0) {
        thread_memory_put(memory);
        free(t);
        return (int)-handle;
    }
    t->handle = (handle_t)handle;
    *out = t;
    return 0;
}

int thread_start(struct thread **out, int (*function)(void *), void *argument)
{
    return thread_start_priority(out, function, argument, PRIORITY_USER);
}

int thread_join(struct thread *t, int *result)
{
    if (t == thread_self)
        return EDEADLK;
    while (__atomic_load_n(&t->ended, __ATOMIC_ACQUIRE) == 0)
        sys_futex_wait((uintptr_t)&t->ended, 0, DEADLINE_NEVER);
    if (result)
        *result = t->result;
    sys_close(t->handle);
    thread_memory_put(t->memory);
    free(t);
    return 0;
}

/* From the store on, join may free the stack: registers only. The wake may then name memory that is
 * free already, which the kernel allows: it only compares addresses. */
_Noreturn void thread_exit(int result)
{
    thread_self->result = result;
    register unsigned long a0 __asm__("a0") = (uintptr_t)&thread_self->ended;
    __asm__ volatile("fence rw, w\n\t"
                     "li t0, 1\n\t"
                     "sw t0, 0(a0)\n\t"
                     "li a1, -1\n\t"
                     "li a7, %1\n\t"
                     "ecall\n\t"
                     "li a0, 0\n\t"
                     "li a1, %2\n\t"
                     "li a7, %3\n\t"
                     "ecall\n\t"
                     "unimp"
                     : "+r"(a0)
                     : "i"(SYS_futex_wake), "i"(THREAD_EXIT), "i"(SYS_thread_control)
                     : "a1", "a7", "t0", "memory");
    __builtin_unreachable();
}
