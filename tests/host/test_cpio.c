/* SPDX-License-Identifier: MIT
 *
 * The boot archive reader: random archives are read back, and no damage makes it read outside them (each
 * is in a block of exactly its size, so ASan sees it). */
// SOURCES: user/init/archive.c
// CPPFLAGS: -idirafter user/include
#include "harness.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "user/init/archive.h"

#define FILES 12
#define SIZE_MAX_FILE 9000

static struct entry {
    char name[24];
    uint32_t mode;
    size_t size;
    uint8_t data[SIZE_MAX_FILE];
} entries[FILES];

static uint8_t image[FILES * (SIZE_MAX_FILE + 8192)];
static size_t image_size;

static void put(const void *bytes, size_t n)
{
    if (n)
        memcpy(image + image_size, bytes, n);
    image_size += n;
}

static void put_zeros(size_t n)
{
    memset(image + image_size, 0, n);
    image_size += n;
}

/* As tests/tools/mkboot.py does it: with `align`, data begins on a page. */
static void put_entry(const char *name, uint32_t mode, const uint8_t *data, size_t size, bool align)
{
    char header[128];
    size_t name_size = strlen(name) + 1, pad = 0;
    if (align && size)
        pad = -(image_size + 110 + name_size) & 4095;
    snprintf(header, sizeof header, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08zx%08x",
             1, mode, 0, 0, 1, 0, (unsigned)size, 0, 0, 0, 0, name_size + pad, 0);
    put(header, 110);
    put(name, name_size);
    put_zeros(pad);
    put_zeros(-image_size & 3);
    put(data, size);
    put_zeros(-image_size & 3);
}

static unsigned make_archive(void)
{
    unsigned count = (unsigned)rnd_below(FILES + 1);
    bool align = rnd_chance(50);
    image_size = 0;
    for (unsigned i = 0; i < count; i++) {
        struct entry *e = &entries[i];
        snprintf(e->name, sizeof e->name, "%s/f%u", rnd_chance(50) ? "bin" : "sbin", i);
        e->mode = rnd_chance(20) ? 0040755 : 0100755;
        e->size = e->mode == 0040755 ? 0 : rnd_below(SIZE_MAX_FILE);
        for (size_t k = 0; k < e->size; k++)
            e->data[k] = (uint8_t)rnd();
        put_entry(e->name, e->mode, e->data, e->size, align);
    }
    put_entry("TRAILER!!!", 0, NULL, 0, false);
    if (rnd_chance(50))
        put_zeros(-image_size & 4095);
    return count;
}

/* A copy of the first `size` bytes, in a block of its own. */
static struct archive exact(size_t size)
{
    uint8_t *bytes = malloc(size ? size : 1);
    memcpy(bytes, image, size);
    return (struct archive){bytes, size};
}

static void check_all(const struct archive *archive, unsigned count)
{
    struct archive_file file;
    size_t position = 0;
    for (unsigned i = 0; i < count; i++) {
        const struct entry *e = &entries[i];
        char path[32];
        CHECK_EQ(archive_next(archive, &position, &file), 1);
        CHECK(!strcmp(file.name, e->name));
        CHECK_EQ(file.mode, e->mode);
        CHECK_EQ(file.size, e->size);
        CHECK(!memcmp(file.data, e->data, e->size));
        snprintf(path, sizeof path, "%s%s", rnd_chance(50) ? "/" : "", e->name);
        CHECK_EQ(archive_find(archive, path, &file), e->mode == 0100755 ? 0 : -ENOENT);
    }
    CHECK_EQ(archive_next(archive, &position, &file), 0);
    CHECK_EQ(archive_find(archive, "bin", &file), -ENOENT);
    CHECK_EQ(archive_find(archive, "", &file), -ENOENT);
}

TEST(reads_back)
{
    for (unsigned long n = test_operations() / 2000; n; n--) {
        unsigned count = make_archive();
        struct archive archive = exact(image_size);
        check_all(&archive, count);
        free((void *)(uintptr_t)archive.bytes);
    }
}

/* Reads everything that is offered; ends, whatever the bytes are. */
static void walk(const struct archive *archive)
{
    struct archive_file file;
    size_t position = 0;
    unsigned sum = 0, steps = 0;
    int result;
    while ((result = archive_next(archive, &position, &file)) > 0) {
        CHECK(position <= archive->size + 3);
        sum += (unsigned)strlen(file.name);
        for (size_t i = 0; i < file.size; i++)
            sum += file.data[i];
        CHECK(++steps <= archive->size / 110);
    }
    CHECK(result == 0 || result == -EINVAL);
    CHECK(sum < ~0u);
    result = archive_find(archive, "bin/f0", &file);
    CHECK(result == 0 || result == -EINVAL || result == -ENOENT);
}

TEST(damaged)
{
    for (unsigned long n = test_operations() / 1000; n; n--) {
        make_archive();
        struct archive archive = exact(rnd_chance(50) ? image_size : rnd_below(image_size + 1));
        uint8_t *bytes = (uint8_t *)(uintptr_t)archive.bytes;
        for (unsigned k = (unsigned)rnd_below(6); k && archive.size; k--) {
            /* Mostly in headers, where it hurts, and mostly digits. */
            size_t at = rnd_chance(70) ? rnd_below(110) : rnd_below(archive.size);
            if (at < archive.size)
                bytes[at] =
                    rnd_chance(70) ? (uint8_t) "0123456789abcdefFG"[rnd_below(18)] : (uint8_t)rnd();
        }
        walk(&archive);
        free(bytes);
    }
}

TEST(empty)
{
    struct archive_file file;
    size_t position = 0;
    struct archive archive = {image, 0};
    CHECK_EQ(archive_next(&archive, &position, &file), -EINVAL);
    CHECK_EQ(archive_find(&archive, "x", &file), -EINVAL);
}
