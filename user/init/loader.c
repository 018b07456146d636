/* SPDX-License-Identifier: MIT
 *
 * Static ELF programs for wired processes: see loader.h. Init fills fresh frames in its own window and
 * maps the same frames into the process. The format is the ELF-64 object file format's and the
 * RISC-V psABI's; of it: ET_EXEC with PT_LOAD segments that share no page. */
#include "user/init/loader.h"
#include "user/init/layout.h"
#include "user/init/task.h"
#include <elf.h>
#include <errno.h>
#include <octavo/ipc.h>
#include <string.h>

#define SEGMENTS_MAX 8u
#define IMAGE_BYTES_MAX (INIT_WINDOW_BYTES - (1ul << 20)) /* the stack comes behind it */

struct segment {
    uint64_t start, end; /* pages, in the process's space */
    uint64_t address;    /* of the first byte from the file */
    const uint8_t *data;
    uint64_t size; /* bytes from the file; zeros behind them */
    unsigned prot;
};

struct image {
    uint64_t entry;
    unsigned count;
    struct segment segment[SEGMENTS_MAX]; /* ascending */
};

static uint64_t page_floor(uint64_t address)
{
    return address & ~PAGE_MASK;
}

static uint64_t page_ceiling(uint64_t address)
{
    return (address + PAGE_MASK) & ~PAGE_MASK;
}

static uint64_t window_of(const struct process *process)
{
    return INIT_WINDOW(process->pid % PROCESS_MAX);
}

static unsigned prot_of(Elf64_Word flags)
{
    return (flags & PF_R ? VM_R : 0) | (flags & PF_W ? VM_W : 0) | (flags & PF_X ? VM_X : 0);
}

/* Appends one PT_LOAD to the image. */
static int take_segment(struct image *image, const struct archive_file *file,
                        const Elf64_Phdr *header)
{
    uint64_t bottom = image->count ? image->segment[image->count - 1].end : USER_MIN;
    uint64_t base = image->count ? image->segment[0].start : page_floor(header->p_vaddr);

    if (header->p_memsz == 0)
        return 0;
    if (image->count == SEGMENTS_MAX || header->p_filesz > header->p_memsz ||
        header->p_offset > file->size || header->p_filesz > file->size - header->p_offset ||
        page_floor(header->p_vaddr) < bottom || header->p_vaddr - base > IMAGE_BYTES_MAX ||
        header->p_memsz > IMAGE_BYTES_MAX - (header->p_vaddr - base) ||
        header->p_vaddr > WIRED_HEAP_END - IMAGE_BYTES_MAX)
        return -ENOEXEC;
    image->segment[image->count++] = (struct segment){
        .start = page_floor(header->p_vaddr),
        .end = page_ceiling(header->p_vaddr + header->p_memsz),
        .address = header->p_vaddr,
        .data = file->data + header->p_offset,
        .size = header->p_filesz,
        .prot = prot_of(header->p_flags),
    };
    return 0;
}

static int read_image(struct image *image, const struct archive_file *file)
{
    Elf64_Ehdr elf;
    Elf64_Phdr header;

    if (file->size < sizeof elf)
        return -ENOEXEC;
    memcpy(&elf, file->data, sizeof elf);
    if (memcmp(elf.e_ident, ELFMAG, SELFMAG) || elf.e_ident[EI_CLASS] != ELFCLASS64 ||
        elf.e_ident[EI_DATA] != ELFDATA2LSB || elf.e_type != ET_EXEC || elf.e_machine != EM_RISCV ||
        elf.e_phentsize != sizeof header || elf.e_phoff > file->size ||
        elf.e_phnum > (file->size - elf.e_phoff) / sizeof header)
        return -ENOEXEC;
    *image = (struct image){.entry = elf.e_entry};
    for (unsigned i = 0; i < elf.e_phnum; i++) {
        memcpy(&header, file->data + elf.e_phoff + i * sizeof header, sizeof header);
        int result = header.p_type == PT_LOAD ? take_segment(image, file, &header) : 0;
        if (result < 0)
            return result;
    }
    return image->count ? 0 : -ENOEXEC;
}

int loader_map(const struct process *process, uint64_t src, uint64_t dst, uint64_t pages,
               unsigned prot)
{
    struct vm_op op = {.src = src,
                       .dst = dst,
                       .count = (uint32_t)pages,
                       .op = VM_MAP,
                       .prot = (uint8_t)prot,
                       .flags = VM_TOUCHED};
    long done = sys_vm(init_port, process->pid, (unsigned long)&op, 1, 0);
    return done == 1 ? 0 : done < 0 ? (int)done : -EFAULT;
}

static int load_segment(const struct process *process, const struct segment *segment, uint64_t own)
{
    uint64_t pages = (segment->end - segment->start) / PAGE_SIZE;
    long result = sys_page_alloc(own, pages);
    if (result < 0)
        return (int)result;
    memcpy((char *)own + (segment->address - segment->start), segment->data, segment->size);
    return loader_map(process, own, segment->start, pages, segment->prot);
}

/* The stack with the start block on it (psABI: argc, argv, envp, auxv). */
static int load_stack(struct process *process, const uint64_t *auxv, unsigned pairs)
{
    uint64_t own = window_of(process) + INIT_WINDOW_BYTES - WIRED_STACK_BYTES;
    uint64_t words = 4 + 2 * (uint64_t)pairs + 2;
    uint64_t size = (words * 8 + PROCESS_NAME + 15) & ~15ul;
    uint64_t sp = WIRED_STACK_TOP - size;
    long result = sys_page_alloc(own, WIRED_STACK_BYTES / PAGE_SIZE);
    if (result < 0)
        return (int)result;
    uint64_t *word = (uint64_t *)(own + WIRED_STACK_BYTES - size);
    word[0] = 1; /* argc */
    word[1] = sp + words * 8;
    memcpy(word + 4, auxv, 2 * pairs * 8); /* argv and envp end in zeros, as auxv does */
    memcpy(word + words, process->name, PROCESS_NAME);
    process->sp = sp;
    return loader_map(process, own, WIRED_STACK_TOP - WIRED_STACK_BYTES,
                      WIRED_STACK_BYTES / PAGE_SIZE, VM_R | VM_W);
}

int loader_load(struct process *process, const struct archive_file *file, const uint64_t *auxv,
                unsigned pairs)
{
    struct image image;
    int result = read_image(&image, file);

    for (unsigned i = 0; result == 0 && i < image.count; i++) {
        const struct segment *segment = &image.segment[i];
        result = load_segment(process, segment,
                              window_of(process) + (segment->start - image.segment[0].start));
    }
    if (result == 0) {
        process->entry = image.entry;
        result = load_stack(process, auxv, pairs);
    }
    return result;
}

void loader_unload(const struct process *process)
{
    sys_page_free(window_of(process), INIT_WINDOW_BYTES / PAGE_SIZE);
}
