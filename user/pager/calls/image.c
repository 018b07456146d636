/* SPDX-License-Identifier: MIT
 *
 * ELF headers of program images. See image.h. */
#include "user/pager/calls/image.h"
#include <abi/elf.h>
#include <abi/layout.h>
#include <abi/msg.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include "user/pager/base/frame.h"

#define IMAGE_MAX 0x1000000000ul /* images lie below: the heap has room above */

/* Takes one PT_LOAD over, if it is sound. */
static bool segment_take(struct image *image, const Elf64_Phdr *load)
{
    uint64_t floor = image->count ? image->end : USER_MIN;

    if (load->p_memsz == 0)
        return true;
    if (image->count == IMAGE_SEGMENTS || load->p_filesz > load->p_memsz ||
        load->p_offset > image->size || load->p_filesz > image->size - load->p_offset ||
        load->p_vaddr > IMAGE_MAX || load->p_memsz > IMAGE_MAX - load->p_vaddr ||
        ((load->p_vaddr ^ load->p_offset) & PAGE_MASK) != 0 ||
        (load->p_vaddr & ~PAGE_MASK) < ((floor + PAGE_MASK) & ~PAGE_MASK))
        return false;
    uint8_t prot =
        (uint8_t)((load->p_flags & PF_R ? VM_R : 0) | (load->p_flags & PF_W ? VM_R | VM_W : 0) |
                  (load->p_flags & PF_X ? VM_X : 0));
    image->end = load->p_vaddr + load->p_memsz;
    image->segment[image->count++] = (struct segment){.start = load->p_vaddr,
                                                      .file_end = load->p_vaddr + load->p_filesz,
                                                      .end = image->end,
                                                      .offset = load->p_offset,
                                                      .prot = prot};
    return true;
}

/* `page`: the first of the file, zeros behind its end; the program headers must lie in it. */
static bool image_parse(struct image *image, const uint8_t *page)
{
    Elf64_Ehdr header;
    bool entry_in_text = false;

    if (image->size < sizeof(header))
        return false;
    memcpy(&header, page, sizeof(header));
    if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
        header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_type != ET_EXEC ||
        header.e_machine != EM_RISCV || header.e_entry & 1 ||
        header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phoff > PAGE_SIZE ||
        header.e_phnum > (PAGE_SIZE - header.e_phoff) / sizeof(Elf64_Phdr))
        return false;
    image->entry = header.e_entry;
    image->header_count = header.e_phnum;
    for (unsigned i = 0; i < header.e_phnum; i++) {
        Elf64_Phdr load;
        memcpy(&load, page + header.e_phoff + i * sizeof(load), sizeof(load));
        if (load.p_type == PT_INTERP) /* dynamically linked: there is nobody to link it */
            return false;
        if (load.p_type != PT_LOAD)
            continue;
        if (!segment_take(image, &load))
            return false;
        if (header.e_phoff >= load.p_offset && header.e_phoff - load.p_offset < load.p_filesz)
            image->headers = load.p_vaddr + (header.e_phoff - load.p_offset);
        if (load.p_flags & PF_X && header.e_entry >= load.p_vaddr &&
            header.e_entry - load.p_vaddr < load.p_filesz)
            entry_in_text = true;
    }
    return entry_in_text;
}

int image_read(struct request *r, struct object *object, uint64_t size, struct image *image)
{
    enum pager_action how;
    struct frame *frame;

    if (size < sizeof(Elf64_Ehdr))
        return -ENOEXEC;
    int error = object->ops->get(r, object, 0, &frame, &how);
    if (error)
        return error;
    *image = (struct image){.object = object, .size = size};
    return image_parse(image, frame_memory(frame)) ? 0 : -ENOEXEC;
}
