/* SPDX-License-Identifier: MIT
 *
 * Programs in the boot archive, as backing objects. Their pages are copied into cache frames when
 * they are first touched, and shared by all who run the program. ELF headers are looked at here
 * alone, once for each image; exec.c makes regions of what came out. */
#ifndef PAGER_IMAGE_H
#define PAGER_IMAGE_H

#include <stdint.h>
#include "user/pager/object.h"

#define IMAGE_SEGMENTS 8

/* A PT_LOAD: file bytes at [start, file_end), zeros at [file_end, end). */
struct segment {
    uint64_t start, file_end, end; /* addresses */
    uint64_t offset;               /* of start in the file; the same within a page as start */
    uint8_t prot;
};

struct image {
    struct object object; /* name: the path, with a leading slash */
    const uint8_t *data;  /* the file */
    uint64_t size;
    int checked; /* 0 = not yet, 1 = good, or a negative errno */
    /* when good: */
    uint64_t entry;
    uint64_t headers, header_count; /* program headers: address in the program (0 = not loaded) */
    uint64_t end;                   /* of the last segment */
    unsigned count;
    struct segment segment[IMAGE_SEGMENTS]; /* ascending, no two in one page */
};

/* Reads the archive's directory (cpio newc); `bytes` at BOOT_ARCHIVE_BASE. */
void image_setup(uint64_t bytes);

struct image *image_find(const char *path);

/* The n-th, or NULL. */
struct image *image_number(uint64_t n);

/* 0, or -ENOEXEC. */
int image_check(struct image *image);

#endif
