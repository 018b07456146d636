/* SPDX-License-Identifier: MIT
 *
 * compress: a pager that keeps evicted private pages in memory, compressed by LZ4. Of the frames that it
 * is given, half hold pages and half what compression leaves of others, so a program whose pages shrink to
 * a third has twice the memory. No disk is needed.
 *
 *     make port-lz4
 *     make run CMD='with-pager --prog /lib/pager/compress clock 64 ./a.out'
 *
 * LZ4 is Yann Collet's library as Debian has it, unchanged (ports/lz4.port). What a page compresses to is
 * laid into chunks of 256 bytes, each naming the next, so that no memory is lost in gaps between pages: at
 * most a part of each page's last chunk is. A page that does not get smaller is kept as it is. */
#include <errno.h>
#include <lz4.h>
#include <string.h>
#include "user/pager/pager.h"

#define CHUNK_BYTES 252u
#define CHUNKS_PER_PAGE 16u
/* A page's length goes before its bytes. */
#define CHUNKS_MOST ((PAGER_PAGE + sizeof(uint16_t) + CHUNK_BYTES - 1) / CHUNK_BYTES)
/* Slots for so many pages a page of memory: more than this is seldom gained. */
#define GAIN_EXPECTED 3u

struct chunk {
    uint32_t next; /* number of the next one, 0: the last */
    uint8_t data[CHUNK_BYTES];
};
_Static_assert(sizeof(struct chunk) * CHUNKS_PER_PAGE == PAGER_PAGE,
               "change CHUNKS_PER_PAGE, or the size of struct chunk: a page is full of them");

static struct chunk **memory; /* by number / CHUNKS_PER_PAGE */
static uint32_t pages, pages_most;
static uint32_t free_first, free_count, used_count; /* chunks */
static uint64_t compressor[LZ4_STREAM_MINSIZE / sizeof(uint64_t) + 1];

static struct chunk *chunk_at(uint32_t number)
{
    return &memory[number / CHUNKS_PER_PAGE][number % CHUNKS_PER_PAGE];
}

static void chunk_free(uint32_t number)
{
    chunk_at(number)->next = free_first;
    free_first = number;
    free_count++;
}

static uint32_t chunk_take(void)
{
    uint32_t number = free_first;

    free_first = chunk_at(number)->next;
    free_count--;
    used_count++;
    return number;
}

/* One page more to be cut into chunks. Number 0 means none, so it is left out. */
static bool grow(void)
{
    struct chunk *page = pages < pages_most ? pager_memory(PAGER_PAGE) : NULL;

    if (!page)
        return false;
    memory[pages] = page;
    for (uint32_t i = 0; i < CHUNKS_PER_PAGE; i++)
        if (pages > 0 || i > 0)
            chunk_free(pages * CHUNKS_PER_PAGE + i);
    pages++;
    return true;
}

/* --- what pager.h asks for --- */

static uint32_t compress_start(uint32_t frames)
{
    pages_most = frames;
    memory = pager_memory(frames * sizeof(*memory));
    return memory && grow() ? frames * GAIN_EXPECTED : 0;
}

static bool compress_room(void)
{
    while (free_count < CHUNKS_MOST)
        if (!grow())
            return false;
    return true;
}

static uint32_t compress_out(const void *page)
{
    uint8_t bytes[sizeof(uint16_t) + PAGER_PAGE];
    int length = LZ4_compress_fast_extState(compressor, page, (char *)bytes + sizeof(uint16_t),
                                            PAGER_PAGE, PAGER_PAGE - 1, 1);
    if (length <= 0) {
        length = PAGER_PAGE;
        memcpy(bytes + sizeof(uint16_t), page, PAGER_PAGE);
    }
    memcpy(bytes, &(uint16_t){(uint16_t)length}, sizeof(uint16_t));

    uint32_t left = (uint32_t)length + sizeof(uint16_t), first = 0, *link = &first;
    for (const uint8_t *from = bytes; left > 0; from += CHUNK_BYTES) {
        uint32_t n = left < CHUNK_BYTES ? left : CHUNK_BYTES;
        *link = chunk_take();
        struct chunk *chunk = chunk_at(*link);
        memcpy(chunk->data, from, n);
        chunk->next = 0;
        link = &chunk->next;
        left -= n;
    }
    return first;
}

static int compress_in(uint32_t slot, void *page)
{
    uint8_t bytes[CHUNKS_MOST * CHUNK_BYTES], *to = bytes;
    uint16_t length;

    for (; slot; slot = chunk_at(slot)->next, to += CHUNK_BYTES)
        memcpy(to, chunk_at(slot)->data, CHUNK_BYTES);
    memcpy(&length, bytes, sizeof(length));
    if (length == PAGER_PAGE)
        memcpy(page, bytes + sizeof(length), PAGER_PAGE);
    else if (LZ4_decompress_safe((char *)bytes + sizeof(length), page, length, PAGER_PAGE) !=
             (int)PAGER_PAGE)
        return -EIO;
    return 0;
}

static void compress_free(uint32_t slot)
{
    while (slot) {
        uint32_t next = chunk_at(slot)->next;
        chunk_free(slot);
        used_count--;
        slot = next;
    }
}

static uint64_t compress_bytes(void)
{
    return (uint64_t)used_count * sizeof(struct chunk);
}

int main(int argc, char **argv, char **envp)
{
    static const struct pager_store store = {.part = 2,
                                             .start = compress_start,
                                             .room = compress_room,
                                             .out = compress_out,
                                             .in = compress_in,
                                             .free = compress_free,
                                             .bytes = compress_bytes};
    static const struct pager_config config = {.store = &store};

    (void)argc, (void)argv;
    pager_main(envp, &config);
}
