/* SPDX-License-Identifier: MIT
 *
 * brk and sbrk (under picolibc's malloc), as requests to the pager. The pager
 * hears of the break only when it crosses a page: what a program sees is exact to the byte. Wired
 * programs have no pager; their break moves with page_alloc.
 *
 * The order of linking makes this sbrk win over libc.a's, which lives on a fixed heap. */
#include <errno.h>
#include <octavo/wired.h>
#include <proto/pager.h>
#include <stdint.h>
#include <sys/lock.h>
#include <unistd.h>
#include "user/lib/system/internal.h"

extern char _end[];

static uintptr_t memory_start; /* the lowest possible break; 0 = not asked yet */
static uintptr_t memory_break; /* as the program sees it */

static uintptr_t page_up(uintptr_t address)
{
    return (address + PAGE_MASK) & ~PAGE_MASK;
}

/* Moves the end of the heap between page boundaries. 0, or -ENOMEM. */
static long memory_move_wired(uintptr_t from, uintptr_t to)
{
    if (to < from)
        return sys_page_free(to, (from - to) >> PAGE_SHIFT);
    if (to > WIRED_HEAP_END)
        return -ENOMEM;
    long result = sys_page_alloc(from, (to - from) >> PAGE_SHIFT);
    if (result < 0) /* some pages may be there */
        sys_page_free(from, (to - from) >> PAGE_SHIFT);
    return result;
}

static long memory_move(uintptr_t from, uintptr_t to)
{
    if (from == to)
        return 0;
    if (octavo_wired)
        return memory_move_wired(from, to);
    struct message m = {.tag = PAGER_BRK, .w = {to}};
    long result = ipc_request(HANDLE_PAGER, &m);
    if (result == 0 && m.w[1] && octavo_populate) /* mlockall(MCL_FUTURE) */
        octavo_populate(from, to - from);
    return result;
}

/* Finds out where the heap starts. */
static long memory_init(void)
{
    if (octavo_wired) {
        memory_start = memory_break = page_up((uintptr_t)_end);
        return 0;
    }
    struct message m = {.tag = PAGER_BRK, .w = {0}};
    long result = ipc_request(HANDLE_PAGER, &m);
    if (result == 0)
        memory_start = memory_break = m.w[0];
    return result;
}

/* Callers hold the library's lock. */
static int memory_set_break(uintptr_t target)
{
    if (target < memory_start || memory_move(page_up(memory_break), page_up(target)) < 0) {
        errno = ENOMEM;
        return -1;
    }
    memory_break = target;
    return 0;
}

void *sbrk(ptrdiff_t increment)
{
    void *result = (void *)-1;

    __LIBC_LOCK();
    if (memory_start == 0 && memory_init() < 0) {
        errno = ENOMEM;
    } else {
        uintptr_t old = memory_break, target = old + (uintptr_t)increment;
        if (increment > 0 ? target < old : target > old)
            errno = ENOMEM;
        else if (increment == 0 || memory_set_break(target) == 0)
            result = (void *)old;
    }
    __LIBC_UNLOCK();
    return result;
}

int brk(void *address)
{
    int result = -1;

    __LIBC_LOCK();
    if (memory_start == 0 && memory_init() < 0)
        errno = ENOMEM;
    else
        result = memory_set_break((uintptr_t)address);
    __LIBC_UNLOCK();
    return result;
}
