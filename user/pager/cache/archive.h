/* SPDX-License-Identifier: MIT
 *
 * Files of the boot archive: programs for a system without a share, or that the share does not have. Their pages
 * are copied into cache frames when they are first touched. */
#ifndef PAGER_ARCHIVE_H
#define PAGER_ARCHIVE_H

#include <stdint.h>

struct file;

/* Reads the archive's directory (cpio newc); `bytes` at BOOT_ARCHIVE_BASE. */
void archive_setup(uint64_t bytes);

/* The file of this path, referenced: 0 and *file; -ENOENT or -ENOMEM. */
int archive_open(const char *path, struct file **file);

/* The path of the n-th, with a leading slash, or NULL. */
const char *archive_path(uint64_t n);

#endif
