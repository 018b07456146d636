/* SPDX-License-Identifier: MIT
 *
 * Everything that mm/ needs from the rest of the kernel: a table of three functions.
 *
 * mm/ includes no header of kernel/ or sbi/; boot/boot.c fills the table in, and on the host (compiled
 * with -DOCTAVO_HOST) tests/host/harness.c does.
 *
 * Locking, for all of mm/: there is none. The kernel runs under one lock, every function of mm/ is
 * called with that lock held (or at boot, by the only hart), and none of them sleeps or faults.
 * The only things that other agents change under our feet are the A and D bits of PTEs, which the
 * harts' page-table walkers set; that is why every read-modify-write of a PTE is atomic.
 */
#ifndef OCTAVO_MM_MM_H
#define OCTAVO_MM_MM_H

#include <stddef.h>
#include <stdint.h>

/* Harts have indexes 0 .. MM_MAX_HARTS - 1 here (not the hart ids of the device tree). */
#define MM_MAX_HARTS 8

/* The calling hart's index. On the target, tp points in S-mode to the hart's own record, whose
 * first 32-bit word is the index; the kernel sets tp before its first call into mm/ other than
 * memblock. */
#ifdef OCTAVO_HOST
extern unsigned mm_host_hart;
static inline unsigned mm_hart(void)
{
    return mm_host_hart;
}
#else
static inline unsigned mm_hart(void)
{
    uint32_t index;

    __asm__("lw %0, 0(tp)" : "=r"(index));
    return index;
}
#endif

#define MM_FENCE_ALL SIZE_MAX
#define MM_ASID_ANY UINT32_MAX
#define MM_ALL_HARTS ((1ul << MM_MAX_HARTS) - 1)

struct mm_hooks {
    /* A bug was found: says so and stops. Never returns (the tests' version longjmps). */
    void (*panic)(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
    /* Makes every hart of the mask forget its cached translations of [va, va + size) in address space
     * `asid`, and returns when all have. size == MM_FENCE_ALL means all addresses; asid == MM_ASID_ANY
     * means all spaces, global mappings included. Harts that are not up are ignored. The kernel uses
     * SFENCE.VMA for the calling hart and the SBI's RFENCE extension (remote_sfence_vma[_asid]) for
     * others. */
    void (*fence)(unsigned long harts, uint32_t asid, uintptr_t va, size_t size);
    /* Memory runs low: called once when the free frames of all zones together fall below the sum of their
     * `low` watermarks, and again only after they have been above the sum of `high`. It runs inside
     * buddy_alloc: it may take a note, but must not call mm/. NULL: nobody wants to know. */
    void (*pressure)(void);
};
extern struct mm_hooks mm_hooks;

#define mm_panic mm_hooks.panic
#define mm_fence mm_hooks.fence

/* What only a bug in mm/ or its caller can cause; checked in debug builds. */
#ifdef OCTAVO_DEBUG
#define MM_ASSERT(cond) \
    ((cond) ? (void)0 : mm_panic("%s:%d: assertion failed: %s", __FILE__, __LINE__, #cond))
#else
#define MM_ASSERT(cond) ((void)sizeof(!(cond)))
#endif

#endif
