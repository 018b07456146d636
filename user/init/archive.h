/* SPDX-License-Identifier: MIT
 *
 * Reader of the boot archive: cpio, "newc" format (cpio(5): New ASCII Format; kernel.org
 * early-userspace/buffer-format). Pure logic over bytes in memory, which it does not trust: it must
 * not read outside them. Tested on the host (tests/host/test_cpio.c). */
#ifndef OCTAVO_INIT_ARCHIVE_H
#define OCTAVO_INIT_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

struct archive {
    const uint8_t *bytes;
    size_t size;
};

struct archive_file {
    const char *name; /* NUL-terminated, inside the archive; no leading slash */
    uint32_t mode;    /* S_IFMT and permissions */
    const uint8_t *data;
    size_t size;
};

/* Fills *file with the entry at *position (0: the first) and moves *position behind it. 1; 0 at the
 * end (the trailer); -EINVAL: not newc, or cut off. */
int archive_next(const struct archive *archive, size_t *position, struct archive_file *file);

/* Finds a regular file; a leading slash of path is ignored. 0, -ENOENT or -EINVAL. */
int archive_find(const struct archive *archive, const char *path, struct archive_file *file);

#endif
