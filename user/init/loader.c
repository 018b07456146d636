/* SPDX-License-Identifier: MIT
 *
 * Static ELF programs for wired processes: see loader.h. Init fills fresh frames in its own window and
 * maps the same frames into the process. The format is the ELF-64 object file format's and the
 * RISC-V psABI's; of it: ET_EXEC with PT_LOAD segments that share no page. */
#include "user/init/loader.h"
#include "user/init/layout.h"
#include "user/init/task.h"
#include <abi/elf.h>
#include <errno.h>
#include <octavo/ipc.h>
#include <string.h>

#define IMAGE_BYTES_MAX (INIT_WINDOW_BYTES - (1ul << 20)) /* the stack comes behind it */

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
    return INIT_WINDOW(process->window);
}

static unsigned prot_of(Elf64_Word flags)
{
    return (flags & PF_R ? VM_R : 0) | (flags & PF_W ? VM_W : 0) | (flags & PF_X ? VM_X : 0);
}

/* Appends one PT_LOAD to the image. */
static int take_segment(struct loader_image *image, const Elf64_Phdr *header)
{
    uint64_t bottom = image->count ? image->segment[image->count - 1].bottom : USER_MIN;
    uint64_t base = image->count ? image->segment[0].start : page_floor(header->p_vaddr);

    if (header->p_memsz == 0)
        return 0;
    if (image->count == LOADER_SEGMENTS || header->p_filesz > header->p_memsz ||
        header->p_offset > image->size || header->p_filesz > image->size - header->p_offset ||
        page_floor(header->p_vaddr) < bottom || header->p_vaddr - base > IMAGE_BYTES_MAX ||
        header->p_memsz > IMAGE_BYTES_MAX - (header->p_vaddr - base) ||
        header->p_vaddr > WIRED_HEAP_END - IMAGE_BYTES_MAX)
        return -ENOEXEC;
    image->segment[image->count++] = (struct loader_segment){
        .start = page_floor(header->p_vaddr),
        .end = page_ceiling(header->p_vaddr + header->p_filesz),
        .bottom = page_ceiling(header->p_vaddr + header->p_memsz),
        .address = header->p_vaddr,
        .offset = header->p_offset,
        .size = header->p_filesz,
        .prot = prot_of(header->p_flags),
    };
    return 0;
}

static int read_image(struct loader_image *image, const void *head, size_t length, uint64_t size)
{
    Elf64_Ehdr elf;
    Elf64_Phdr header;

    if (length < sizeof elf)
        return -ENOEXEC;
    memcpy(&elf, head, sizeof elf);
    if (memcmp(elf.e_ident, ELFMAG, SELFMAG) || elf.e_ident[EI_CLASS] != ELFCLASS64 ||
        elf.e_ident[EI_DATA] != ELFDATA2LSB || elf.e_type != ET_EXEC || elf.e_machine != EM_RISCV ||
        elf.e_phentsize != sizeof header || elf.e_phoff > length ||
        elf.e_phnum > (length - elf.e_phoff) / sizeof header)
        return -ENOEXEC;
    *image = (struct loader_image){.entry = elf.e_entry, .size = size};
    for (unsigned i = 0; i < elf.e_phnum; i++) {
        memcpy(&header, (const char *)head + elf.e_phoff + i * sizeof header, sizeof header);
        int result = header.p_type == PT_LOAD ? take_segment(image, &header) : 0;
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

static bool is_shared(const struct loader_image *image, const struct loader_segment *segment)
{
    return image->same && !(segment->prot & VM_W);
}

/* Where init has a segment's first page. */
static uint64_t own_address(const struct process *process, const struct loader_image *image,
                            const struct loader_segment *segment)
{
    return window_of(is_shared(image, segment) ? image->same : process) +
           (segment->start - image->segment[0].start);
}

static uint64_t pages_of(const struct loader_segment *segment)
{
    return (segment->end - segment->start) / PAGE_SIZE;
}

int loader_open(const struct process *process, struct loader_image *image,
                const struct process *same, const void *head, size_t length, uint64_t size)
{
    int result = read_image(image, head, length, size);

    image->same = same;
    for (unsigned i = 0; result == 0 && i < image->count; i++)
        if (pages_of(&image->segment[i]) > 0 && !is_shared(image, &image->segment[i]))
            result = (int)sys_page_alloc(own_address(process, image, &image->segment[i]),
                                         pages_of(&image->segment[i]));
    return result < 0 ? result : 0;
}

uint64_t loader_frames(const struct loader_image *image)
{
    uint64_t frames = 1;

    for (unsigned i = 0; i < image->count; i++)
        frames += is_shared(image, &image->segment[i]) ? 0 : pages_of(&image->segment[i]);
    return frames;
}

void loader_fill(const struct process *process, const struct loader_image *image, uint64_t offset,
                 const void *bytes, size_t length)
{
    for (unsigned i = 0; i < image->count; i++) {
        const struct loader_segment *segment = &image->segment[i];
        uint64_t from = segment->offset > offset ? segment->offset : offset;
        uint64_t end = segment->offset + segment->size;
        if (end > offset + length)
            end = offset + length;
        if (from >= end || is_shared(image, segment))
            continue;
        uint64_t at = segment->address - segment->start + (from - segment->offset);
        memcpy((char *)own_address(process, image, segment) + at,
               (const char *)bytes + (from - offset), end - from);
    }
}

/* The stack's page with the start block on it (psABI: argc, argv, envp, auxv). */
static int load_stack(struct process *process, const struct loader_start *start)
{
    uint64_t own = window_of(process) + INIT_WINDOW_BYTES - PAGE_SIZE;
    uint64_t pairs = start->pairs + (start->text_type != 0);
    uint64_t words = 4 + 2 * pairs + 2;
    uint64_t size = (words * 8 + PROCESS_NAME + LOADER_TEXT + 15) & ~15ul;
    uint64_t sp = WIRED_STACK_TOP - size, name = sp + words * 8;
    long result = sys_page_alloc(own, 1);
    if (result < 0)
        return (int)result;
    uint64_t *word = (uint64_t *)(own + PAGE_SIZE - size);
    word[0] = 1; /* argc */
    word[1] = name;
    if (start->pairs)
        memcpy(word + 4, start->auxv,
               2ul * start->pairs * 8); /* argv and envp end in zeros, as auxv does */
    if (start->text_type) {
        word[4 + 2 * start->pairs] = start->text_type;
        word[5 + 2 * start->pairs] = name + PROCESS_NAME;
        strlcpy((char *)(word + words) + PROCESS_NAME, start->text, LOADER_TEXT);
    }
    memcpy(word + words, process->name, PROCESS_NAME);
    process->sp = sp;
    return loader_map(process, own, WIRED_STACK_TOP - PAGE_SIZE, 1, VM_R | VM_W);
}

int loader_finish(struct process *process, const struct loader_image *image,
                  const struct loader_start *start)
{
    int result = 0;

    for (unsigned i = 0; result == 0 && i < image->count; i++) {
        const struct loader_segment *segment = &image->segment[i];
        if (pages_of(segment) > 0)
            result = loader_map(process, own_address(process, image, segment), segment->start,
                                pages_of(segment), segment->prot);
    }
    process->entry = image->entry;
    return result < 0 ? result : load_stack(process, start);
}

int loader_load(struct process *process, const struct archive_file *file,
                const struct loader_start *start)
{
    struct loader_image image;
    int result = loader_open(process, &image, NULL, file->data, file->size, file->size);

    if (result < 0)
        return result;
    loader_fill(process, &image, 0, file->data, file->size);
    return loader_finish(process, &image, start);
}

void loader_unload(const struct process *process)
{
    sys_page_free(window_of(process), INIT_WINDOW_BYTES / PAGE_SIZE);
}
