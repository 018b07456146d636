/* SPDX-License-Identifier: MIT
 *
 * alloc.c - see alloc.h.
 */
#define _GNU_SOURCE
#include "alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void *must(void *memory)
{
    if (!memory) {
        fprintf(stderr, "pagesim: out of memory\n");
        exit(1);
    }
    return memory;
}

void *alloc_array(size_t count, size_t size)
{
    return must(calloc(count ? count : 1, size));
}

void *alloc_resize(void *old, size_t count, size_t size)
{
    return must(count > SIZE_MAX / size ? NULL : realloc(old, count * size));
}

void alloc_free(void *memory)
{
    free(memory);
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

int alloc_temporary_file(void)
{
    const char *dir = getenv("TMPDIR");
    char path[4096];
    int fd;

    snprintf(path, sizeof(path), "%s/pagesim-XXXXXX", dir && *dir ? dir : "/tmp");
    fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0)
        fail(path);
    unlink(path);
    return fd;
}

void *alloc_map(int fd, size_t bytes)
{
    void *memory;

    /* Reserve the blocks: a full disk must be an error here, not a SIGBUS later. */
    errno = posix_fallocate(fd, 0, bytes);
    if (errno != 0)
        fail("pagesim: temporary file");
    memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED)
        fail("pagesim: temporary file");
    close(fd);
    return memory;
}

void alloc_unmap(const void *memory, size_t bytes)
{
    munmap((void *)memory, bytes);
}
