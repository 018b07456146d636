/* SPDX-License-Identifier: MIT
 *
 * ELF headers of program images. See image.h. */
#include "user/pager/calls/image.h"
#include <abi/layout.h>
#include <abi/msg.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include "user/pager/base/frame.h"

/* --- ELF (System V ABI, chapters 4 and 5; RISC-V psABI): as much of it as is looked at --- */

struct elf_header {
    uint8_t ident[16]; /* 0x7f E L F, class, data, version */
    uint16_t type, machine;
    uint32_t version;
    uint64_t entry, phoff, shoff;
    uint32_t flags;
    uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf_segment {
    uint32_t type, flags;
    uint64_t offset, vaddr, paddr, filesz, memsz, align;
};

#define ELFCLASS64 2
#define ELFDATA2LSB 1
#define ET_EXEC 2
#define EM_RISCV 243
#define PT_LOAD 1
#define PT_INTERP 3
#define PF_X 1
#define PF_W 2
#define PF_R 4

#define IMAGE_MAX 0x1000000000ul /* images lie below: the heap has room above */

/* Takes one PT_LOAD over, if it is sound. */
static bool segment_take(struct image *image, const struct elf_segment *load)
{
    uint64_t floor = image->count ? image->end : USER_MIN;

    if (load->memsz == 0)
        return true;
    if (image->count == IMAGE_SEGMENTS || load->filesz > load->memsz ||
        load->offset > image->size || load->filesz > image->size - load->offset ||
        load->vaddr > IMAGE_MAX || load->memsz > IMAGE_MAX - load->vaddr ||
        ((load->vaddr ^ load->offset) & PAGE_MASK) != 0 ||
        (load->vaddr & ~PAGE_MASK) < ((floor + PAGE_MASK) & ~PAGE_MASK))
        return false;
    uint8_t prot =
        (uint8_t)((load->flags & PF_R ? VM_R : 0) | (load->flags & PF_W ? VM_R | VM_W : 0) |
                  (load->flags & PF_X ? VM_X : 0));
    image->end = load->vaddr + load->memsz;
    image->segment[image->count++] = (struct segment){.start = load->vaddr,
                                                      .file_end = load->vaddr + load->filesz,
                                                      .end = image->end,
                                                      .offset = load->offset,
                                                      .prot = prot};
    return true;
}

/* `page`: the first of the file, zeros behind its end; the program headers must lie in it. */
static bool image_parse(struct image *image, const uint8_t *page)
{
    struct elf_header header;
    bool entry_in_text = false;

    if (image->size < sizeof(header))
        return false;
    memcpy(&header, page, sizeof(header));
    if (memcmp(header.ident, "\177ELF", 4) != 0 || header.ident[4] != ELFCLASS64 ||
        header.ident[5] != ELFDATA2LSB || header.type != ET_EXEC || header.machine != EM_RISCV ||
        header.entry & 1 || header.phentsize != sizeof(struct elf_segment) ||
        header.phoff > PAGE_SIZE ||
        header.phnum > (PAGE_SIZE - header.phoff) / sizeof(struct elf_segment))
        return false;
    image->entry = header.entry;
    image->header_count = header.phnum;
    for (unsigned i = 0; i < header.phnum; i++) {
        struct elf_segment load;
        memcpy(&load, page + header.phoff + i * sizeof(load), sizeof(load));
        if (load.type == PT_INTERP) /* dynamically linked: there is nobody to link it */
            return false;
        if (load.type != PT_LOAD)
            continue;
        if (!segment_take(image, &load))
            return false;
        if (header.phoff >= load.offset && header.phoff - load.offset < load.filesz)
            image->headers = load.vaddr + (header.phoff - load.offset);
        if (load.flags & PF_X && header.entry >= load.vaddr &&
            header.entry - load.vaddr < load.filesz)
            entry_in_text = true;
    }
    return entry_in_text;
}

int image_read(struct request *r, struct object *object, uint64_t size, struct image *image)
{
    enum pager_action how;
    struct frame *frame;

    if (size < sizeof(struct elf_header))
        return -ENOEXEC;
    int error = object->ops->get(r, object, 0, &frame, &how);
    if (error)
        return error;
    *image = (struct image){.object = object, .size = size};
    return image_parse(image, frame_memory(frame)) ? 0 : -ENOEXEC;
}
