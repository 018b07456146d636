/* SPDX-License-Identifier: MIT
 *
 * malloc [SEED [COUNT]]: a million random malloc, realloc and free, each block filled with a
 * pattern of its own that is checked when it goes. The same seed does the same. */
#include "user/lib/tool/tool.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USAGE "malloc [seed [count]]"
#define SLOTS 512

static struct {
    unsigned char *memory;
    size_t size;
    unsigned char pattern;
} slot[SLOTS];

static uint64_t state;

/* xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators") */
static uint32_t random_number(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)(state * 0x2545f4914f6cdd1dull >> 32);
}

/* Mostly small, sometimes up to 16 KiB. */
static size_t random_size(void)
{
    return random_number() % (random_number() % 32 == 0 ? 16384 : 256) + 1;
}

static void check(unsigned i, size_t size)
{
    for (size_t at = 0; at < size; at++)
        if (slot[i].memory[at] != slot[i].pattern)
            tool_fail("malloc", "a block has changed", 0);
}

static void fill(unsigned i, unsigned char *memory, size_t size)
{
    if (!memory)
        tool_fail("malloc", "no memory", 0);
    slot[i].memory = memory;
    slot[i].size = size;
    slot[i].pattern = (unsigned char)random_number();
    memset(memory, slot[i].pattern, size);
}

static void step(void)
{
    unsigned i = random_number() % SLOTS;
    size_t size = random_size();

    if (!slot[i].memory) {
        fill(i, malloc(size), size);
    } else if (random_number() % 4 == 0) {
        unsigned char *memory = realloc(slot[i].memory, size);
        if (!memory)
            tool_fail("malloc", "no memory", 0);
        slot[i].memory = memory;
        check(i, size < slot[i].size ? size : slot[i].size);
        fill(i, memory, size);
    } else {
        check(i, slot[i].size);
        free(slot[i].memory);
        slot[i].memory = NULL;
    }
}

int main(int argc, char **argv)
{
    long seed = 1, count = 1000000;

    tool_arguments(argc, argv, 0, 2, USAGE);
    if (argc > 1)
        seed = tool_number(argv[1], 0x7fffffff);
    if (argc > 2)
        count = tool_number(argv[2], 0x7fffffff);
    if (seed < 0 || count < 0)
        tool_usage(USAGE);
    state = (uint64_t)seed * 2 + 1;
    char *start = sbrk(0);
    for (long n = 0; n < count; n++)
        step();
    for (unsigned i = 0; i < SLOTS; i++)
        if (slot[i].memory) {
            check(i, slot[i].size);
            free(slot[i].memory);
        }
    printf("%ld operations with seed %ld, all contents right, heap grew to %ld KiB\n", count, seed,
           (long)((char *)sbrk(0) - start) / 1024);
    return 0;
}
