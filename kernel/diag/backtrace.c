/* SPDX-License-Identifier: MIT
 *
 * Backtraces in names of functions. See backtrace.h. It trusts no pointer that it follows. */
#include "kernel/diag/backtrace.h"

#include "kernel/base/print.h"
#include "mm/layout.h"

#include <stdbool.h>

#define BACKTRACE_DEPTH 24

/* The symbol table that the build makes (tests/tools/ksyms.py): offsets from ksym_base, ascending. */
extern const uint64_t ksym_base;
extern const uint32_t ksym_count, ksym_addrs[], ksym_name_offs[];
extern const char ksym_names[];
extern const char image_start[], text_end[]; /* kernel.ld */

static bool in_text(uintptr_t pc)
{
    return pc >= (uintptr_t)image_start && pc < (uintptr_t)text_end;
}

static void print_symbol(uintptr_t pc)
{
    uint32_t offset = (uint32_t)(pc - ksym_base);
    uint32_t low = 0, high = ksym_count;

    if (!in_text(pc) || !ksym_count) {
        print("  %#lx\n", pc);
        return;
    }
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (ksym_addrs[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    print("  %#lx %s+%#x\n", pc, ksym_names + ksym_name_offs[low], offset - ksym_addrs[low]);
}

static bool in_stack(uintptr_t fp)
{
    return fp % 8 == 0 && fp >= VMALLOC_BASE;
}

/* Frames are chained through s0: return address at s0 - 8, caller's s0 at s0 - 16 (psABI). Where pc is
 * nowhere (a call through a bad pointer), ra tells who jumped; else it may be stale, and is in a frame. */
void backtrace_print(uintptr_t pc, uintptr_t ra_now, uintptr_t fp)
{
    print("backtrace:\n");
    print_symbol(pc);
    if (!in_text(pc) && in_text(ra_now))
        print_symbol(ra_now - 1);
    for (int i = 0; i < BACKTRACE_DEPTH && in_stack(fp); i++) {
        uintptr_t ra = ((uintptr_t *)fp)[-1], next = ((uintptr_t *)fp)[-2];
        if (!in_text(ra))
            break;
        print_symbol(ra - 1);
        if (next <= fp)
            break;
        fp = next;
    }
}
