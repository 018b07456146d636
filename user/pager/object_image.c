/* SPDX-License-Identifier: MIT
 *
 * The boot archive and the programs in it. See image.h. */
#include <abi/device.h>
#include <abi/layout.h>
#include <abi/msg.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "user/pager/image.h"
#include "user/pager/memory.h"
#include "user/pager/panic.h"
#include "user/pager/pool.h"

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

static struct image *images;
static uint64_t image_count;

/* --- the object --- */

static int image_read(struct object *object, uint64_t index, void *to)
{
    struct image *image = (struct image *)object; /* the object is its first member */
    uint64_t at = index << PAGE_SHIFT;

    if (at >= image->size)
        return -ENXIO;
    uint64_t n = image->size - at < PAGE_SIZE ? image->size - at : PAGE_SIZE;
    memcpy(to, image->data + at, n);
    memset((char *)to + n, 0, PAGE_SIZE - n);
    return 0;
}

static void image_destroy(struct object *object)
{
    (void)object;
    PAGER_ASSERT(!"the table of images holds a reference on each");
}

static const struct object_ops image_ops = {.read = image_read, .destroy = image_destroy};

/* --- the archive: cpio(5), "New ASCII Format" --- */

#define CPIO_HEADER 110
#define CPIO_MODE 14 /* offsets of the fields used, 8 hexadecimal digits each */
#define CPIO_FILESIZE 54
#define CPIO_NAMESIZE 94
#define CPIO_ALIGN(n) (((n) + 3ul) & ~3ul)
#define CPIO_TYPE 0170000u
#define CPIO_REGULAR 0100000u

static uint64_t cpio_field(const uint8_t *header, unsigned offset)
{
    char digits[9];

    memcpy(digits, header + offset, 8);
    digits[8] = '\0';
    return strtoul(digits, NULL, 16);
}

struct cpio_file {
    const char *name;
    const uint8_t *data;
    uint64_t size;
};

/* The next regular file from *at on, which moves behind it; false at the end. */
static bool cpio_next(const uint8_t *archive, uint64_t bytes, uint64_t *at, struct cpio_file *file)
{
    while (bytes - *at >= CPIO_HEADER && memcmp(archive + *at, "070701", 6) == 0) {
        const uint8_t *header = archive + *at;
        uint64_t size = cpio_field(header, CPIO_FILESIZE);
        uint64_t name_size = cpio_field(header, CPIO_NAMESIZE);
        uint64_t data = CPIO_ALIGN(*at + CPIO_HEADER + name_size);
        file->name = (const char *)header + CPIO_HEADER;
        file->data = archive + data;
        file->size = size;
        if (name_size == 0 || data > bytes || size > bytes - data ||
            strcmp(file->name, "TRAILER!!!") == 0)
            return false;
        *at = CPIO_ALIGN(data + size);
        if (*at > bytes)
            *at = bytes;
        if ((cpio_field(header, CPIO_MODE) & CPIO_TYPE) == CPIO_REGULAR)
            return true;
    }
    return false;
}

void image_setup(uint64_t bytes)
{
    const uint8_t *archive = (const uint8_t *)BOOT_ARCHIVE_BASE;
    struct cpio_file file;
    uint64_t at = 0, count = 0, names = 0;

    while (cpio_next(archive, bytes, &at, &file)) {
        count++;
        names += strlen(file.name) + 2;
    }
    if (count == 0)
        return;
    uint64_t need = count * sizeof(struct image) + names;
    images = memory_metadata((need + PAGE_MASK) & ~PAGE_MASK);
    PAGER_CHECK(images != NULL);
    char *name = (char *)(images + count);
    for (at = 0; cpio_next(archive, bytes, &at, &file); image_count++) {
        struct image *image = &images[image_count];
        image->object =
            (struct object){.ops = &image_ops, .name = name, .id = image_count + 1, .refs = 1};
        image->data = file.data;
        image->size = file.size;
        name += sprintf(name, "/%s", file.name) + 1;
    }
}

struct image *image_find(const char *path)
{
    while (path[0] == '/' && path[1] == '/')
        path++;
    for (uint64_t i = 0; i < image_count; i++)
        if (strcmp(images[i].object.name + (path[0] != '/'), path) == 0)
            return &images[i];
    return NULL;
}

struct image *image_number(uint64_t n)
{
    return n < image_count ? &images[n] : NULL;
}

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

static bool image_parse(struct image *image)
{
    struct elf_header header;
    bool entry_in_text = false;

    if (image->size < sizeof(header))
        return false;
    memcpy(&header, image->data, sizeof(header));
    if (memcmp(header.ident, "\177ELF", 4) != 0 || header.ident[4] != ELFCLASS64 ||
        header.ident[5] != ELFDATA2LSB || header.type != ET_EXEC || header.machine != EM_RISCV ||
        header.phentsize != sizeof(struct elf_segment) || header.phoff > image->size ||
        header.phnum > (image->size - header.phoff) / sizeof(struct elf_segment))
        return false;
    image->entry = header.entry;
    image->header_count = header.phnum;
    for (unsigned i = 0; i < header.phnum; i++) {
        struct elf_segment load;
        memcpy(&load, image->data + header.phoff + i * sizeof(load), sizeof(load));
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

int image_check(struct image *image)
{
    if (image->checked == 0)
        image->checked = image_parse(image) ? 1 : -ENOEXEC;
    return image->checked < 0 ? image->checked : 0;
}
