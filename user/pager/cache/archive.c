/* SPDX-License-Identifier: MIT
 *
 * Files of the boot archive. See archive.h. */
#include "user/pager/cache/archive.h"
#include <abi/device.h>
#include <abi/layout.h>
#include <abi/msg.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "user/pager/base/memory.h"
#include "user/pager/base/panic.h"
#include "user/pager/cache/file.h"

static struct entry {
    const char *path;
    const uint8_t *data;
    uint64_t size;
} * entries;
static uint64_t entry_count;

/* --- as files; the inode is the number of the entry --- */

static int make(const struct file *file, uint64_t index, void *to)
{
    const struct entry *entry = &entries[file->host.inode];
    uint64_t at = index << PAGE_SHIFT;
    uint64_t n = entry->size - at < PAGE_SIZE ? entry->size - at : PAGE_SIZE;

    memcpy(to, entry->data + at, n);
    return 0;
}

static const struct backing archive_backing = {.make = make};

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

/* The next regular file from *at on, which moves behind it; false at the end. */
static bool cpio_next(const uint8_t *archive, uint64_t bytes, uint64_t *at, struct entry *file)
{
    while (bytes - *at >= CPIO_HEADER && memcmp(archive + *at, "070701", 6) == 0) {
        const uint8_t *header = archive + *at;
        uint64_t size = cpio_field(header, CPIO_FILESIZE);
        uint64_t name_size = cpio_field(header, CPIO_NAMESIZE);
        uint64_t data = CPIO_ALIGN(*at + CPIO_HEADER + name_size);
        file->path = (const char *)header + CPIO_HEADER;
        file->data = archive + data;
        file->size = size;
        if (name_size == 0 || data > bytes || size > bytes - data ||
            strcmp(file->path, "TRAILER!!!") == 0)
            return false;
        *at = CPIO_ALIGN(data + size);
        if (*at > bytes)
            *at = bytes;
        if ((cpio_field(header, CPIO_MODE) & CPIO_TYPE) == CPIO_REGULAR)
            return true;
    }
    return false;
}

void archive_setup(uint64_t bytes)
{
    const uint8_t *archive = (const uint8_t *)BOOT_ARCHIVE_BASE;
    struct entry from;
    uint64_t at = 0, count = 0, names = 0;

    while (cpio_next(archive, bytes, &at, &from)) {
        count++;
        names += strlen(from.path) + 2;
    }
    if (count == 0)
        return;
    uint64_t need = count * sizeof(*entries) + names;
    entries = memory_metadata(need);
    PAGER_CHECK(entries != NULL);
    char *name = (char *)(entries + count);
    for (at = 0; cpio_next(archive, bytes, &at, &from); entry_count++) {
        entries[entry_count] = (struct entry){name, from.data, from.size};
        name += sprintf(name, "/%s", from.path) + 1;
    }
}

int archive_open(const char *path, struct file **file)
{
    struct fs_stat stat = {.links = 1, .mode = S_IFREG | 0555, .block_size = PAGE_SIZE};

    while (path[0] == '/' && path[1] == '/')
        path++;
    for (uint64_t i = 0; i < entry_count; i++)
        if (strcmp(entries[i].path + (path[0] != '/'), path) == 0) {
            stat.inode = i;
            stat.size = entries[i].size;
            *file = file_get(&archive_backing, &stat, entries[i].path, strlen(entries[i].path));
            return *file ? 0 : -ENOMEM;
        }
    return -ENOENT;
}

const char *archive_path(uint64_t n)
{
    return n < entry_count ? entries[n].path : NULL;
}
