/* SPDX-License-Identifier: MIT
 *
 * Makes init: its space from the ELF file in the image, a stack, the boot archive and boot_info (both
 * read-only), the root account and all devices. See <abi/device.h>. */
#include "kernel/boot/first_task.h"

#include "kernel/base/machine.h"
#include "kernel/base/panic.h"
#include "kernel/device/device.h"
#include "kernel/run/sched.h"
#include "kernel/run/vm.h"
#include "mm/buddy.h"

#include <abi/elf.h>
#include <abi/layout.h>
#include <string.h>

#define INIT_STACK_SIZE 65536ul
#define INIT_STACK_TOP BOOT_INFO_BASE /* the stack ends where boot_info begins */
#define START_BYTES 64ul /* zeros above sp: argc 0, no argv, no envp, no auxv (psABI) */

extern const char init_elf_start[], init_elf_end[];

static void map(struct task *task, uintptr_t va, struct page *page, pte_t flags)
{
    struct sv39_pool pool;
    int error = vm_tables_prepare(task, va, 1, &pool);

    if (!error)
        error = aspace_map(&task->aspace, va, page_to_pa(page), 0, PTE_V | PTE_U | PTE_A | flags,
                           &pool);
    if (error)
        panic("init: cannot map %#lx: error %d", va, error);
    page->owner = task;
    page->count++;
}

static struct page *frame(struct task *task)
{
    struct page *page = buddy_alloc(0, MM_MOVABLE | MM_ZERO);

    if (!page || !account_charge_frames(task->account, 1))
        panic("no memory for init");
    task->frames++;
    return page;
}

static void load_segment(struct task *task, const Elf64_Phdr *segment)
{
    pte_t flags = (segment->p_flags & PF_R ? PTE_R : 0) | (segment->p_flags & PF_X ? PTE_X : 0) |
                  (segment->p_flags & PF_W ? PTE_W | PTE_D : 0);
    const char *data = init_elf_start + segment->p_offset;
    uintptr_t start = segment->p_vaddr, file_end = start + segment->p_filesz;

    for (uintptr_t va = start & ~PAGE_MASK; va < start + segment->p_memsz; va += PAGE_SIZE) {
        struct page *page = frame(task);
        uintptr_t from = va > start ? va : start;
        uintptr_t to = va + PAGE_SIZE < file_end ? va + PAGE_SIZE : file_end;
        if (from < to)
            memcpy((char *)page_to_virt(page) + (from - va), data + (from - start), to - from);
        map(task, va, page, flags);
    }
}

static uintptr_t load(struct task *task)
{
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)init_elf_start;
    const Elf64_Phdr *segment = (const Elf64_Phdr *)(init_elf_start + header->e_phoff);

    if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
        panic("init is no ELF file");
    for (int i = 0; i < header->e_phnum; i++)
        if (segment[i].p_type == PT_LOAD)
            load_segment(task, &segment[i]);
    return header->e_entry;
}

/* The archive stays where the firmware put it: its frames are init's, though not from buddy. */
static void map_archive(struct task *task)
{
    uint64_t start = machine.initrd_start & ~PAGE_MASK;

    if (machine.initrd_start & PAGE_MASK)
        panic("the boot archive is not page-aligned");
    for (uint64_t pa = start; pa < machine.initrd_end; pa += PAGE_SIZE)
        map(task, BOOT_ARCHIVE_BASE + (pa - start), pa_to_page(pa), PTE_R);
}

static void add_device(struct task *task, struct boot_info *info, struct device *device,
                       uint32_t clock)
{
    info->device[info->ndevices++] = (struct device_info){
        .kind = device->kind,
        .handle = handle_add(&task->handles, &device->object, H_MANAGE | H_TRANSFER | H_DUP),
        .base = device->base,
        .size = device->size,
        .irq = device->irq,
        .clock = clock,
    };
}

static void fill_info(struct task *task, struct boot_info *info)
{
    size_t n = strlen(machine.arguments);

    info->archive_bytes = machine.initrd_end - machine.initrd_start;
    info->harts = hart_count;
    if (n > sizeof(info->arguments) - 1)
        panic("the boot arguments are longer than %zu bytes", sizeof(info->arguments) - 1);
    memcpy(info->arguments, machine.arguments, n);
    memcpy(info->random, machine.random, sizeof(info->random));
    for (uint32_t i = 0; i < machine.ndevices; i++) {
        const struct machine_device *found = &machine.device[i];
        add_device(task, info, device_add(found->kind, found->irq, found->base, found->size),
                   found->clock);
    }
    add_device(task, info, device_add(DEVICE_SYSTEM, 0, 0, 0), 0);
}

void first_task_create(void)
{
    uint64_t frames = buddy_managed_frames();
    struct account *root = account_create_root(frames, frames * PAGE_SIZE);
    int error = 0;

    if (!root)
        panic("no memory for the root account");
    struct task *task =
        task_create(root, NULL, NULL, PRIORITY_COUNT - 1, "init\0\0\0\0\0\0\0\0\0\0\0", &error);
    if (!task)
        panic("cannot make init: error %d", error);
    uintptr_t entry = load(task);
    for (uintptr_t va = INIT_STACK_TOP - INIT_STACK_SIZE; va < INIT_STACK_TOP; va += PAGE_SIZE)
        map(task, va, frame(task), PTE_R | PTE_W | PTE_D);
    if (machine.initrd_end <= machine.initrd_start)
        panic("no boot archive: start QEMU with -initrd build/boot.cpio");
    map_archive(task);
    _Static_assert(sizeof(struct boot_info) <= PAGE_SIZE,
                   "struct boot_info has outgrown its page: map as many as it needs");
    struct page *info = frame(task);
    map(task, BOOT_INFO_BASE, info, PTE_R);
    fill_info(task, page_to_virt(info));
    struct thread *thread =
        thread_create(task, entry, INIT_STACK_TOP - START_BYTES, 0, PRIORITY_INIT, &error);
    if (!thread)
        panic("cannot start init: error %d", error);
    sched_ready(thread);
}
