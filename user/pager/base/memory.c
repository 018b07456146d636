/* SPDX-License-Identifier: MIT
 *
 * The pager's windows and what the kernel gives into them. See memory.h. */
#include "user/pager/base/memory.h"
#include <abi/info.h>
#include <abi/layout.h>
#include <octavo/ipc.h>
#include <proto/init.h>
#include <proto/start.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "user/pager/base/frame.h"
#include "user/pager/base/zero.h"

#define FRAMES_LEAST 16u /* fewer are not enough for one program, see docs/pager.md */
#define CHUNK 512u       /* frames taken at once: 2 MiB, so the kernel can map a megapage */

#define METADATA_PART 12u /* tables are a 24th; as much again for regions, slots and mappings */
#define ONCE 330u /* threads' stacks, buffers and tables that are made at the start, at most */
#define SHRINK_MORE 16u /* frames beside those asked for: page tables */
#define RECOVER_PART \
    16u /* of the machine's frames must be free before the pager takes more again, */
#define RECOVER_STEP 64u /* so many at a time */

static uint64_t metadata_used, metadata_limit; /* bytes */
static uint32_t limit_most;                    /* frames */
static const unsigned long *auxv;

uint64_t memory_auxv(uint64_t type)
{
    const unsigned long *pair;

    for (pair = auxv; pair[0] != 0; pair += 2)
        if (pair[0] == type)
            return pair[1];
    return 0;
}

/* Boot arguments that a pager beside the first is given by auxv. */
static const struct {
    const char *name;
    uint64_t type;
} arguments[] = {{"frames", AT_OCTAVO_FRAMES}, {"seed", AT_OCTAVO_SEED}};

void memory_argument(const char *name, char *value, uint64_t room)
{
    struct message m = {.tag = INIT_ARGUMENT, .w = {strlen(name), room - 1}};
    const char *policy = (const char *)(uintptr_t)memory_auxv(AT_OCTAVO_POLICY);

    if (policy && strcmp(name, "pager") == 0) {
        snprintf(value, room, "%s", policy);
        return;
    }
    ipc_attach_in(&m, name, strlen(name));
    ipc_attach_out(&m, value, room - 1);
    bool given = ipc_request(HANDLE_INIT, &m) >= 0 && m.w[0] < room;
    value[given ? m.w[0] : 0] = '\0';
}

uint64_t memory_argument_number(const char *name)
{
    char value[32];

    for (unsigned i = 0; i < sizeof(arguments) / sizeof(arguments[0]); i++)
        if (strcmp(arguments[i].name, name) == 0 && memory_auxv(arguments[i].type))
            return memory_auxv(arguments[i].type);
    memory_argument(name, value, sizeof(value));
    return strtoul(value, NULL, 0);
}

uint32_t memory_setup(char **envp, uint32_t part)
{
    while (*envp)
        envp++;
    auxv = (const unsigned long *)(envp + 1);

    struct info_system info = {0};
    uint64_t limit = memory_argument_number("frames");

    sys_info(INFO_SYSTEM, 0, (unsigned long)(uintptr_t)&info, sizeof(info));
    metadata_limit = info.frames_total / 4 * PAGE_SIZE;
    /* The kernel keeps an eighth: page tables, message pages, stacks of wired servers. */
    uint64_t share = info.frames_free - info.frames_free / 8;
    /* What the account gives, less what the pager needs to know about that many frames and their pages. */
    struct info_task self = {0};
    sys_info(INFO_SELF, 0, (unsigned long)(uintptr_t)&self, sizeof(self));
    uint64_t own = self.account_frames_limit - self.account_frames;
    own -= own / 2 < ONCE ? own / 2 : ONCE;
    if (share > own - own / METADATA_PART)
        share = own - own / METADATA_PART;
    if (limit == 0 || limit > share)
        limit = share;
    uint32_t for_store = part ? (uint32_t)limit / part : 0;
    limit -= for_store;
    if (limit < FRAMES_LEAST)
        limit = FRAMES_LEAST;
    frame_setup((struct frame *)FRAME_TABLE_BASE, FRAME_WINDOW_BASE, (uint32_t)limit);
    limit_most = frames.limit;
    frames.fresh_size = 2 * ((uint32_t)limit + FRAME_SPARE);
    frames.fresh = memory_metadata(frames.fresh_size * sizeof(*frames.fresh));
    PAGER_CHECK(frames.fresh != NULL);
    return for_store;
}

void *memory_metadata(size_t bytes)
{
    char *at = (char *)METADATA_BASE + metadata_used;

    bytes = (bytes + PAGE_MASK) & ~PAGE_MASK;
    if (metadata_used + bytes > metadata_limit)
        return NULL;
    while (sys_page_alloc((unsigned long)(uintptr_t)at, bytes / PAGE_SIZE) < 0) {
        sys_page_free((unsigned long)(uintptr_t)at, bytes / PAGE_SIZE); /* what came of it */
        if (memory_shrink((uint32_t)(bytes / PAGE_SIZE) + SHRINK_MORE) == 0)
            return NULL;
    }
    metadata_used += bytes;
    return at;
}

bool memory_back(uint64_t base, uint64_t *backed, uint64_t need)
{
    for (; *backed < need; *backed += PAGE_SIZE)
        while (sys_page_alloc(base + *backed, 1) < 0)
            if (memory_shrink(1 + SHRINK_MORE) == 0)
                return false;
    return true;
}

/* Tables with an entry for each frame. */
static struct {
    uint64_t base, size; /* of an entry */
    uint64_t backed;     /* bytes that have memory */
} tables[] = {{.base = FRAME_TABLE_BASE, .size = sizeof(struct frame)}, {.size = 0}};

void memory_table(uint64_t base, uint64_t size)
{
    tables[1].base = base;
    tables[1].size = size;
}

/* Their memory is allocated a page at a time, as frame numbers reach it. */
static bool descriptors_for(uint32_t count)
{
    for (unsigned i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        if (!memory_back(tables[i].base, &tables[i].backed, count * tables[i].size))
            return false;
    return true;
}

/* The kernel gives no more: as many as there are is the limit, until memory_recover. */
static void had_enough(void)
{
    uint32_t there = frames.count - (uint32_t)frames.taken_count - FRAME_SPARE;

    if (there < frames.limit)
        frame_limit(there > frames.used ? there : frames.used);
}

/* A frame that had been given back. */
static bool take_again(void)
{
    struct frame *frame = frame_pop(&frames.taken);

    if (sys_page_alloc((unsigned long)(uintptr_t)frame_memory(frame), 1) < 0) {
        frame_push(&frames.taken, frame);
        had_enough();
        return false;
    }
    frames.taken_count--;
    frame_push(&frames.zeroed, frame);
    frames.zeroed_count++;
    return true;
}

uint32_t memory_shrink(uint32_t n)
{
    uint32_t given = 0;

    while (given < n && frames.used + given < frames.limit && frames.limit - given > FRAMES_LEAST) {
        struct frame *frame = zero_take_free();
        if (!frame || sys_page_free((unsigned long)(uintptr_t)frame_memory(frame), 1) < 0) {
            if (frame)
                frame_push(&frames.limbo, frame);
            break;
        }
        frame_push(&frames.taken, frame);
        frames.taken_count++;
        given++;
    }
    frame_limit(frames.limit - given);
    return given;
}

void memory_recover(void)
{
    struct info_system info = {0};

    if (frames.limit >= limit_most)
        return;
    sys_info(INFO_SYSTEM, 0, (unsigned long)(uintptr_t)&info, sizeof(info));
    if (info.frames_free < info.frames_total / RECOVER_PART + RECOVER_STEP)
        return;
    uint32_t more = limit_most - frames.limit;
    frame_limit(frames.limit + (more < RECOVER_STEP ? more : RECOVER_STEP));
}

bool memory_grow(void)
{
    if (frames.taken)
        return take_again();
    uint32_t most = frames.limit + FRAME_SPARE, n = CHUNK - frames.count % CHUNK;

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
    had_enough();
    return false;
}
