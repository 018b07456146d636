/* SPDX-License-Identifier: MIT
 *
 * Files of the boot archive, as backing objects: programs for a system without a share, or that the share
 * does not have. Their pages are copied into cache frames when they are first touched. */
#ifndef PAGER_ARCHIVE_H
#define PAGER_ARCHIVE_H

#include <stdint.h>
#include "user/pager/vm/object.h"

struct archive_file {
    struct object object; /* name: the path, with a leading slash */
    const uint8_t *data;
    uint64_t size;
};

/* Reads the archive's directory (cpio newc); `bytes` at BOOT_ARCHIVE_BASE. */
void archive_setup(uint64_t bytes);

struct archive_file *archive_find(const char *path);

/* The n-th, or NULL. */
struct archive_file *archive_number(uint64_t n);

#endif
