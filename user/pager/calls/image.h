/* SPDX-License-Identifier: MIT
 *
 * Program images: what the ELF headers at the start of any object say. They are read here alone, at each
 * exec; exec.c makes regions of what came out. */
#ifndef PAGER_IMAGE_H
#define PAGER_IMAGE_H

#include <stdint.h>
#include "user/pager/vm/object.h"
#include "user/pager/wait/request.h"

#define IMAGE_SEGMENTS 8

/* A PT_LOAD: file bytes at [start, file_end), zeros at [file_end, end). */
struct segment {
    uint64_t start, file_end, end; /* addresses */
    uint64_t offset;               /* of start in the file; the same within a page as start */
    uint8_t prot;
};

struct image {
    struct object *object;
    uint64_t size; /* of the file, bytes */
    uint64_t entry;
    uint64_t headers, header_count; /* program headers: address in the program (0 = not loaded) */
    uint64_t end;                   /* of the last segment */
    unsigned count;
    struct segment segment[IMAGE_SEGMENTS]; /* ascending, no two in one page */
};

/* Fills *image in: 0, -ENOEXEC, another errno of the object, or REQUEST_WAITS. */
int image_read(struct request *r, struct object *object, uint64_t size, struct image *image);

#endif
