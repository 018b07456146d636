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
#include <unistd.h>
#include "user/lib/system/internal.h"

extern char _end[];

static uintptr_t memory_start; /* the lowest possible break; 0 = not asked yet */
static uintptr_t memory_break; /* as the program sees it */

static uintptr_t page_up(uintptr_t address) { return (address + PAGE_MASK) & ~PAGE_MASK; }

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

/* Finds out where the heap starts, if that is not known. */
static long memory_init(void)
{
    if (memory_start != 0)
        return 0;
    long start = octavo_wired ? (long)page_up((uintptr_t)_end)
                              : octavo_ask(HANDLE_PAGER, &(struct message){.tag = PAGER_BRK});
    if (start >= 0)
        memory_start = memory_break = (uintptr_t)start;
    return start < 0 ? start : 0;
}

/* To `to`, or by `increment`: the break before, or -1 with ENOMEM. */
static uintptr_t memory_set(uintptr_t to, ptrdiff_t increment)
{
    uintptr_t result = ~0ul;

    octavo_lock();
    bool known = memory_init() == 0;
    uintptr_t before = memory_break, target = to ? to : before + (uintptr_t)increment;
    bool wraps = !to && (increment > 0 ? target < before : target > before);
    if (known && !wraps && target >= memory_start &&
        memory_move(page_up(before), page_up(target)) == 0) {
        memory_break = target;
        result = before;
    }
    octavo_unlock();
    if (result == ~0ul)
        errno = ENOMEM;
    return result;
}

void *sbrk(ptrdiff_t increment) { return (void *)memory_set(0, increment); }

/* An address below the heap, NULL too, is ENOMEM. */
int brk(void *address) { return memory_set(address ? (uintptr_t)address : 1, 0) == ~0ul ? -1 : 0; }
