/* SPDX-License-Identifier: MIT
 *
 * Memory of one parsed piece: see arena.h. */
#include "user/bin/sh/arena.h"

#include "user/lib/tool/tool.h"
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define CHUNK 2000 /* bytes; with the head, less than half a page */

struct chunk {
    SLIST_ENTRY(chunk) link;
    size_t used, size;
    max_align_t memory[];
};

struct arena {
    SLIST_HEAD(, chunk) chunks;
    unsigned holders;
};

struct arena *arena_new(void)
{
    struct arena *arena = tool_memory(NULL, sizeof(*arena));

    SLIST_INIT(&arena->chunks);
    arena->holders = 1;
    return arena;
}

struct arena *arena_hold(struct arena *arena)
{
    arena->holders++;
    return arena;
}

void arena_drop(struct arena *arena)
{
    struct chunk *chunk;

    if (--arena->holders > 0)
        return;
    while ((chunk = SLIST_FIRST(&arena->chunks))) {
        SLIST_REMOVE_HEAD(&arena->chunks, link);
        free(chunk);
    }
    free(arena);
}

void *arena_take(struct arena *arena, size_t size)
{
    struct chunk *chunk = SLIST_FIRST(&arena->chunks);

    size = (size + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);
    if (!chunk || chunk->size - chunk->used < size) {
        size_t room = size > CHUNK ? size : CHUNK;
        chunk = tool_memory(NULL, sizeof(*chunk) + room);
        chunk->used = 0;
        chunk->size = room;
        SLIST_INSERT_HEAD(&arena->chunks, chunk, link);
    }
    void *memory = (char *)chunk->memory + chunk->used;
    chunk->used += size;
    return memset(memory, 0, size);
}

char *arena_text(struct arena *arena, const char *text, size_t length)
{
    return memcpy(arena_take(arena, length + 1), text, length);
}
