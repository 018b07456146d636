/* SPDX-License-Identifier: MIT
 *
 * The pager's windows and what the kernel gives into them. See memory.h. */
#include "user/pager/memory.h"
#include <abi/info.h>
#include <abi/layout.h>
#include <octavo/ipc.h>
#include <proto/init.h>
#include <stdlib.h>
#include <string.h>
#include "user/pager/frame.h"

#define CHUNK 512u /* frames taken at once: 2 MiB, so the kernel can map a megapage */

static uint64_t metadata_used, metadata_limit; /* bytes */

/* The value of a boot argument that is a number; 0: not given, or none. */
static uint64_t boot_argument(const char *name)
{
    char value[32];
    struct message m = {.tag = INIT_ARGUMENT, .w = {strlen(name), sizeof(value) - 1}};

    ipc_attach_in(&m, name, strlen(name));
    ipc_attach_out(&m, value, sizeof(value) - 1);
    if (ipc_request(HANDLE_INIT, &m) < 0 || m.w[0] >= sizeof(value))
        return 0;
    value[m.w[0]] = '\0';
    return strtoul(value, NULL, 0);
}

void memory_setup(void)
{
    struct info_system info = {0};
    uint64_t limit = boot_argument("frames");

    sys_info(INFO_SYSTEM, 0, (unsigned long)(uintptr_t)&info, sizeof(info));
    metadata_limit = info.frames_total / 4 * PAGE_SIZE;
    /* The kernel keeps an eighth: page tables, message pages, stacks of wired servers. */
    uint64_t share = info.frames_free - info.frames_free / 8;
    if (limit == 0 || limit > share)
        limit = share;
    frame_setup((struct frame *)FRAME_TABLE_BASE, FRAME_WINDOW_BASE, (uint32_t)limit);
    PAGER_CHECK(memory_grow());
}

void *memory_metadata(size_t bytes)
{
    char *at = (char *)METADATA_BASE + metadata_used;

    if (metadata_used + bytes > metadata_limit)
        return NULL;
    if (sys_page_alloc((unsigned long)(uintptr_t)at, bytes / PAGE_SIZE) < 0) {
        sys_page_free((unsigned long)(uintptr_t)at, bytes / PAGE_SIZE); /* what came of it */
        return NULL;
    }
    metadata_used += bytes;
    return at;
}

/* Descriptors are allocated a page at a time, as frame numbers reach them. */
static bool descriptors_for(uint32_t count)
{
    static uint64_t backed; /* bytes of the table that have memory */
    uint64_t need = (count * sizeof(struct frame) + PAGE_MASK) & ~PAGE_MASK;

    for (; backed < need; backed += PAGE_SIZE)
        if (sys_page_alloc(FRAME_TABLE_BASE + backed, 1) < 0)
            return false;
    return true;
}

bool memory_grow(void)
{
    /* With the zero frame, and the one that the zeroing thread may have in hand. */
    uint32_t most = frames.limit + 2, n = CHUNK - frames.count % CHUNK;

    if (frames.count >= most)
        return false;
    if (n > most - frames.count)
        n = most - frames.count;
    for (; n > 0; n /= 8) { /* when memory is short, smaller pieces may still be there */
        uint64_t at = FRAME_WINDOW_BASE + (uint64_t)frames.count * PAGE_SIZE;
        if (!descriptors_for(frames.count + n))
            continue;
        if (sys_page_alloc(at, n) >= 0) {
            frame_add(n);
            return true;
        }
        sys_page_free(at, n);
    }
    return false;
}
