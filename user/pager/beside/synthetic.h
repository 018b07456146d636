/* SPDX-License-Identifier: MIT
 *
 * Files that are on no disk: their pages are made when they are touched, by what the pager's configuration
 * says (user/pager/pager.h), and made again when they were evicted meanwhile. Descriptions, reads and mappings
 * treat such a file as any other. It is read-only. */
#ifndef PAGER_SYNTHETIC_H
#define PAGER_SYNTHETIC_H

#include <stdint.h>

#define PAGER_CONTENT_NAME 127u /* bytes at most */

/* Files whose contents the pager makes, a page when it is touched. Programs open them by name (their path is
 * not looked up anywhere else), read them and map them; they cannot write them. When frames are short, such
 * pages go first of all without any trouble: they are made again. */
struct pager_content {
    const char *prefix; /* of all such names, as programs write them: "/made/" */
    /* What the rest of a name means: 0, *size in bytes, and *number, which `make` is given: equal numbers (and
     * sizes) are equal contents. -ENOENT, or another negative errno: that is open()'s error. */
    int (*open)(const char *name, uint64_t *size, uint64_t *number);
    /* Page `index` of it, all zero before. 0 or a negative errno: read() fails, an access ends in SIGBUS.
     * Bytes beyond the size are set to zero afterwards. */
    int (*make)(uint64_t number, uint64_t index, void *page);
};

/* From now on names that begin with the content's prefix lead to such files (name_made). */
void synthetic_setup(const struct pager_content *content);

#endif
