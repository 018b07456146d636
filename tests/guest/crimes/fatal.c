/* SPDX-License-Identifier: MIT
 *
 * What ends a program: each in a child of its own, with the signal that its parent sees, and the line
 * that init writes (tests/guest/crimes_messages.py compares those). */
#include "tests/guest/crimes/crimes.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "tests/guest/check.h"
#include "tests/guest/spawned.h"

#define KERNEL_TEXT 0xffffffff80200000ul
#define DIRECT_MAP 0xffffffc080200000ul
#define PLACE 0x2b00000000ul /* where the cases map */

static void read_at(unsigned long address)
{
    __asm__ volatile("ld t0, 0(%0)" ::"r"(address) : "t0", "memory");
}

static void write_at(unsigned long address)
{
    __asm__ volatile("sd zero, 0(%0)" ::"r"(address) : "memory");
}

static void jump_to(unsigned long address)
{
    ((void (*)(void))address)();
}

/* LR must be aligned everywhere; other atomics need not be with Zama16b. */
static void reserve_at(unsigned long address)
{
    unsigned long value;

    __asm__ volatile("lr.w %0, (%1)" : "=r"(value) : "r"(address) : "memory");
}

/* One instruction that U-mode does not have. */
#define INSTRUCTION(name, text)                    \
    static void name(unsigned long unused)         \
    {                                              \
        (void)unused;                              \
        __asm__ volatile(text ::: "t0", "memory"); \
    }
INSTRUCTION(do_unimp, "unimp")
INSTRUCTION(do_csr, "csrr t0, sstatus")
INSTRUCTION(do_satp, "csrw satp, zero")
INSTRUCTION(do_sret, "sret")
INSTRUCTION(do_fence, "sfence.vma")
INSTRUCTION(do_break, "ebreak")

/* Pages at PLACE with this protection, once written. */
static void map_place(int prot)
{
    char *memory = mmap((void *)PLACE, PAGE_SIZE, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

    if (memory == MAP_FAILED)
        exit(1);
    memset(memory, 0, PAGE_SIZE);
    if (mprotect(memory, PAGE_SIZE, prot))
        exit(1);
}

static void execute_heap(unsigned long address)
{
    map_place(PROT_READ | PROT_WRITE);
    jump_to(address);
}

static void read_none(unsigned long address)
{
    map_place(PROT_NONE);
    read_at(address);
}

static void write_read_only(unsigned long address)
{
    map_place(PROT_READ);
    write_at(address);
}

static void read_unmapped(unsigned long address)
{
    map_place(PROT_READ);
    munmap((void *)address, PAGE_SIZE);
    read_at(address);
}

/* Pushes down the stack; no frame is as big as the guard. */
static void overflow(unsigned long depth)
{
    volatile char frame[1024];

    frame[0] = (char)depth;
    if (depth < 1ul << 40)
        overflow(depth + 1);
    frame[1] = frame[0];
}

static void no_stack(unsigned long sp)
{
    __asm__ volatile("mv sp, %0\n\tsd zero, -8(sp)" ::"r"(sp) : "memory");
}

static void upcall_at(unsigned long address)
{
    sys_task_control(HANDLE_SELF, TASK_SET_UPCALL, address, 0);
    write_at(0);
}

/* A frame that continues in the kernel. */
static void return_to(unsigned long pc)
{
    static struct upcall_frame frame;

    frame.pc = pc;
    sys_thread_control(0, THREAD_RETURN, (uintptr_t)&frame, 0);
}

static const struct fatal {
    const char *name;
    void (*commit)(unsigned long argument);
    unsigned long argument;
    int signal;
    const char *what; /* init's line after "(pid N): ", up to " at pc" */
} fatal[] = {
#define SEGV(how, address) SIGSEGV, "segmentation fault: " how " " address
    {"read null", read_at, 0, SEGV("read of", "0x0")},
    {"write null", write_at, 0, SEGV("write to", "0x0")},
    {"jump to null", jump_to, 0, SEGV("fetch from", "0x0")},
    {"read end of page 0", read_at, 0xff8, SEGV("read of", "0xff8")},
    {"read unmapped", read_at, 0x2c00000000, SEGV("read of", "0x2c00000000")},
    {"write text", write_at, 0x10000, SEGV("write to", "0x10000")},
    {"execute heap", execute_heap, PLACE, SEGV("fetch from", "0x2b00000000")},
    {"read no access", read_none, PLACE, SEGV("read of", "0x2b00000000")},
    {"write read-only", write_read_only, PLACE, SEGV("write to", "0x2b00000000")},
    {"read after munmap", read_unmapped, PLACE, SEGV("read of", "0x2b00000000")},
    {"read kernel", read_at, KERNEL_TEXT, SEGV("read of", "0xffffffff80200000")},
    {"write kernel", write_at, KERNEL_TEXT, SEGV("write to", "0xffffffff80200000")},
    {"jump into kernel", jump_to, KERNEL_TEXT, SEGV("fetch from", "0xffffffff80200000")},
    {"read direct map", read_at, DIRECT_MAP, SEGV("read of", "0xffffffc080200000")},
    {"write direct map", write_at, DIRECT_MAP, SEGV("write to", "0xffffffc080200000")},
    {"read no thread's page", read_at, 0x3ffff00000, SEGV("read of", "0x3ffff00000")},
    {"execute message page", jump_to, MSG_BASE, SEGV("fetch from", "0x3fff000000")},
    {"read top of user space", read_at, USER_TOP, SEGV("read of", "0x4000000000")},
    {"not canonical", read_at, 1ul << 50, SEGV("read of", "0x4000000000000")},
    {"stack overflow", overflow, 0, SEGV("write to", "0x3ffe7f*")},
    {"no stack", no_stack, 0, SEGV("write to", "0xfffffffffffffff8")},
    {"upcall unmapped", upcall_at, 0x2c00000000, SEGV("fetch from", "0x2c00000000")},
    {"upcall in page 0", upcall_at, 0x100, SEGV("fetch from", "0x100")},
    {"return to kernel", return_to, KERNEL_TEXT, SEGV("fetch from", "0xffffffff80200000")},
    {"return to null", return_to, 0, SEGV("fetch from", "0x0")},
    {"illegal instruction", do_unimp, 0, SIGILL, "illegal instruction"},
    {"read sstatus", do_csr, 0, SIGILL, "illegal instruction"},
    {"write satp", do_satp, 0, SIGILL, "illegal instruction"},
    {"sret", do_sret, 0, SIGILL, "illegal instruction"},
    {"sfence.vma", do_fence, 0, SIGILL, "illegal instruction"},
    {"breakpoint", do_break, 0, SIGTRAP, "breakpoint"},
    {"misaligned atomic", reserve_at, (unsigned long)page + 1, SIGBUS, "misaligned access: *"},
};
#define FATAL (sizeof(fatal) / sizeof(fatal[0]))

void fatal_commit(const char *name)
{
    for (unsigned i = 0; i < FATAL; i++)
        if (!strcmp(fatal[i].name, name))
            fatal[i].commit(fatal[i].argument);
    exit(0);
}

void fatal_crimes(void)
{
    volatile int zero = 0, seven = 7;

    /* OpenSBI sees an illegal instruction first. From 1.6 on it writes to the console about some of them, without
     * a line's end: what comes next begins on a line of its own. */
    for (unsigned i = 0; i < FATAL; i++) {
        int status = spawned_run(SELF, "fatal", fatal[i].name);
        printf("\n");
        check_equal(fatal[i].name, status, 128 + fatal[i].signal);
    }
    check_equal("division by zero is no trap", seven / zero, -1);
    check_equal("nor is its remainder", seven % zero, 7);
}

void fatal_messages(void)
{
    for (unsigned i = 0; i < FATAL; i++) {
        int status = spawned_run(SELF, "fatal", fatal[i].name);
        printf("\n%d %s\n", status, fatal[i].what); /* as above */
    }
}
