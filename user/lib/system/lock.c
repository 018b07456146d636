/* SPDX-License-Identifier: MIT
 *
 * The locks that picolibc asks for around malloc, stdio, environment and atexit: recursive mutexes
 * on a futex. Uncontended, a lock is one atomic operation and no system call.
 *
 * A mutex word is FREE, HELD, or HELD_WAITED when someone may sleep on it (Drepper, "Futexes are
 * tricky", mutex2). */
#include <stdint.h>
#include <stdlib.h>
#include <sys/lock.h>
#include "user/lib/system/internal.h"

enum { LOCK_FREE, LOCK_HELD, LOCK_HELD_WAITED };

struct __lock {
    uint32_t word;
    uint32_t depth;  /* of the owner's recursion; written by the owner only */
    uintptr_t owner; /* its tp */
};
_Static_assert(sizeof(struct __lock) == OCTAVO_LOCK_SIZE, "internal.h");

struct __lock __lock___libc_recursive_mutex;
bool octavo_threaded;

static uintptr_t lock_self(void) { return (uintptr_t)__builtin_thread_pointer(); }

/* False: another thread has it, and the caller does not want to wait. */
static bool lock_take(struct __lock *lock, bool waits)
{
    uint32_t expected = LOCK_FREE;

    if (__atomic_load_n(&lock->owner, __ATOMIC_RELAXED) == lock_self()) {
        lock->depth++;
        return true;
    }
    if (!__atomic_compare_exchange_n(&lock->word, &expected, LOCK_HELD, 0, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED)) {
        if (!waits)
            return false;
        while (__atomic_exchange_n(&lock->word, LOCK_HELD_WAITED, __ATOMIC_ACQUIRE) != LOCK_FREE)
            sys_futex_wait((uintptr_t)&lock->word, LOCK_HELD_WAITED, DEADLINE_NEVER);
    }
    lock->owner = lock_self();
    lock->depth = 1;
    return true;
}

/* NULL is the lock of a FILE that was never given one: nothing to do. */
void __retarget_lock_acquire_recursive(_LOCK_T lock)
{
    if (lock)
        lock_take(lock, true);
}

int octavo_lock_try(struct __lock *lock) { return !lock || lock_take(lock, false); }

void __retarget_lock_release_recursive(_LOCK_T lock)
{
    if (!lock || --lock->depth > 0)
        return;
    __atomic_store_n(&lock->owner, 0, __ATOMIC_RELAXED);
    if (__atomic_exchange_n(&lock->word, LOCK_FREE, __ATOMIC_RELEASE) == LOCK_HELD_WAITED)
        sys_futex_wake((uintptr_t)&lock->word, 1);
}

void octavo_lock_forked(struct __lock *lock)
{
    if (lock && lock->owner != lock_self())
        *lock = (struct __lock){0};
}

void __retarget_lock_init_recursive(_LOCK_T *lock) { *lock = calloc(1, sizeof(**lock)); }
void __retarget_lock_close_recursive(_LOCK_T lock) { free(lock); }
void __retarget_lock_init(_LOCK_T *lock) { __retarget_lock_init_recursive(lock); }
void __retarget_lock_close(_LOCK_T lock) { free(lock); }
void __retarget_lock_acquire(_LOCK_T lock) { __retarget_lock_acquire_recursive(lock); }
void __retarget_lock_release(_LOCK_T lock) { __retarget_lock_release_recursive(lock); }

void octavo_lock(void) { __retarget_lock_acquire_recursive(&__lock___libc_recursive_mutex); }
void octavo_unlock(void) { __retarget_lock_release_recursive(&__lock___libc_recursive_mutex); }
