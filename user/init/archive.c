/* SPDX-License-Identifier: MIT
 *
 * Boot archive reader: see archive.h. */
#include "user/init/archive.h"
#include <errno.h>
#include <string.h>

#define HEADER_BYTES 110u /* magic and 13 numbers of 8 hexadecimal digits */
#define MAGIC "070701"
#define TRAILER "TRAILER!!!"
#define FORMAT_MASK 0170000u /* S_IFMT */
#define FORMAT_REGULAR 0100000u

/* Which of the 13 numbers. */
enum { FIELD_MODE = 1, FIELD_FILESIZE = 6, FIELD_NAMESIZE = 11 };

/* False: not 8 hexadecimal digits. */
static int header_number(const uint8_t *header, unsigned field, uint32_t *value)
{
    const uint8_t *digit = header + sizeof MAGIC - 1 + field * 8;
    *value = 0;
    for (unsigned i = 0; i < 8; i++) {
        unsigned c = digit[i], d;
        if (c >= '0' && c <= '9')
            d = c - '0';
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            d = (c | 0x20) - 'a' + 10;
        else
            return 0;
        *value = *value << 4 | d;
    }
    return 1;
}

static size_t round_up_4(size_t n)
{
    return (n + 3) & ~(size_t)3;
}

int archive_next(const struct archive *archive, size_t *position, struct archive_file *file)
{
    size_t at = *position;
    uint32_t mode, size, name_size;

    if (at > archive->size || archive->size - at < HEADER_BYTES)
        return -EINVAL;
    const uint8_t *header = archive->bytes + at;
    if (memcmp(header, MAGIC, sizeof MAGIC - 1) || !header_number(header, FIELD_MODE, &mode) ||
        !header_number(header, FIELD_FILESIZE, &size) ||
        !header_number(header, FIELD_NAMESIZE, &name_size))
        return -EINVAL;
    /* 32-bit numbers in size_t: the sums below cannot wrap. */
    size_t left = archive->size - at - HEADER_BYTES;
    if (name_size == 0 || name_size > left || header[HEADER_BYTES + name_size - 1])
        return -EINVAL;
    size_t data = round_up_4(at + HEADER_BYTES + name_size);
    if (data > archive->size || size > archive->size - data)
        return -EINVAL;
    file->name = (const char *)header + HEADER_BYTES;
    file->mode = mode;
    file->data = archive->bytes + data;
    file->size = size;
    *position = round_up_4(data + size);
    return strcmp(file->name, TRAILER) != 0;
}

int archive_find(const struct archive *archive, const char *path, struct archive_file *file)
{
    size_t position = 0;
    int result;

    if (*path == '/')
        path++;
    while ((result = archive_next(archive, &position, file)) > 0)
        if (!strcmp(file->name, path) && (file->mode & FORMAT_MASK) == FORMAT_REGULAR)
            return 0;
    return result < 0 ? result : -ENOENT;
}
