/* SPDX-License-Identifier: MIT
 *
 * malloc [SEED [COUNT]]: a million random malloc, realloc and free, each block filled with a
 * pattern of its own that is checked when it goes. The same seed does the same.
 * malloc compare: two tables, what picolibc's malloc and ours cost (docs/malloc.md). This program is linked
 * twice, `malloc` with picolibc's and `malloc-bin` with ours, and each figure is from a run of its own:
 * malloc many BLOCKS: that many blocks, every second one freed; then one is freed and another one allocated,
 * again and again.
 * malloc one BYTES [PAGES]: one block, allocated, written in each page (or in so many) and freed, again and
 * again.
 * These two print instructions for malloc and free, how far the break has moved in KiB, and the resident
 * pages of the heap. Instructions are right with ICOUNT=1 only. */
#include "user/lib/tool/tool.h"
#include <octavo/query.h>
#include <octavo/syscall.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USAGE "malloc [seed [count]] | compare | many blocks | one bytes [pages]"
#define SLOTS 512
#define BLOCKS_MOST 1000000
#define BYTES_MOST (1l << 30)
#define ROUNDS_MANY 1000
#define ROUNDS_ONE 10

static struct {
    unsigned char *memory;
    size_t size;
    unsigned char pattern;
} slot[SLOTS];

static uint64_t state = 1;

/* xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators") */
static uint32_t random_number(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)(state * 0x2545f4914f6cdd1dull >> 32);
}

static void *memory_or_fail(void *memory)
{
    if (!memory)
        tool_fail("malloc", "no memory", 0);
    return memory;
}

/* --- Random operations ------------------------------------------------------------------------ */

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
    slot[i].memory = memory_or_fail(memory);
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
        unsigned char *memory = memory_or_fail(realloc(slot[i].memory, size));
        slot[i].memory = memory;
        check(i, size < slot[i].size ? size : slot[i].size);
        fill(i, memory, size);
    } else {
        check(i, slot[i].size);
        free(slot[i].memory);
        slot[i].memory = NULL;
    }
}

static void random_operations(long seed, long count)
{
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
}

/* --- What it costs ---------------------------------------------------------------------------- */

static unsigned long instructions(void)
{
    unsigned long n;

    __asm__ volatile("rdinstret %0" : "=r"(n)::"memory");
    return n;
}

/* Pages that the heap and mappings without a file have. */
static unsigned long resident(void)
{
    struct pager_region region[8];
    unsigned long answer[4], sum = 0;

    for (unsigned long first = 0;; first += answer[0]) {
        long result = query_pager(PAGER_REGIONS, 0, first, region, sizeof(region), answer);
        if (result < 0)
            tool_fail("malloc", "regions", (int)-result);
        if (answer[0] == 0)
            return sum;
        for (unsigned long i = 0; i < answer[0]; i++)
            if (strcmp(region[i].name, "[heap]") == 0 || strcmp(region[i].name, "[anonymous]") == 0)
                sum += region[i].resident;
    }
}

/* The figures at the start, and then a line of what has changed. */
static char *first_break;
static unsigned long first_resident;

static void figures_begin(void)
{
    setvbuf(stdout, NULL, _IONBF, 0); /* stdio shall not use the heap */
    first_break = sbrk(0);
    first_resident = resident();
}

static void figures_end(unsigned long cost)
{
    unsigned long pages = resident() - first_resident;

    printf("%lu %lu %lu\n", cost, (unsigned long)((char *)sbrk(0) - first_break + 1023) / 1024,
           pages);
}

static void many(long blocks)
{
    static void *block[BLOCKS_MOST];
    long used = (blocks + 1) / 2;
    unsigned long sum = 0;

    memset(block, 0, (size_t)blocks * sizeof(block[0]));
    figures_begin();
    for (long i = 0; i < blocks; i++)
        memset(block[i] = memory_or_fail(malloc(16 + random_number() % 240)), 1, 16);
    for (long i = blocks - 1; i > 0; i--) /* from the last, which is the first in picolibc's list */
        if (i % 2)
            free(block[i]);
    for (int n = 0; n < ROUNDS_MANY; n++) {
        long i = random_number() % (unsigned long)used * 2;
        size_t size = 16 + random_number() % 240;
        unsigned long start = instructions();
        free(block[i]);
        block[i] = malloc(size);
        sum += instructions() - start;
        memory_or_fail(block[i]);
    }
    figures_end(sum / ROUNDS_MANY);
}

static void one(long bytes, long pages)
{
    unsigned long sum = 0;

    figures_begin();
    for (int n = -2; n < ROUNDS_ONE; n++) {
        unsigned long start = instructions();
        volatile char *memory = memory_or_fail(malloc((size_t)bytes));
        for (long page = 0; page < pages && page * (long)PAGE_SIZE < bytes; page++)
            memory[page * (long)PAGE_SIZE] = 1;
        free((void *)(uintptr_t)memory);
        if (n >= 0)
            sum += instructions() - start;
    }
    figures_end(sum / ROUNDS_ONE);
}

/* --- The tables ------------------------------------------------------------------------------- */

static void row(const char *what, const char *arguments)
{
    static const char *const program[2] = {"malloc", "malloc-bin"};
    unsigned long figure[2][3];
    char line[64];

    for (int i = 0; i < 2; i++) {
        snprintf(line, sizeof(line), "%s %s", program[i], arguments);
        FILE *child = popen(line, "r");
        int got =
            child ? fscanf(child, "%lu %lu %lu", &figure[i][0], &figure[i][1], &figure[i][2]) : 0;
        if (got != 3 || pclose(child) != 0)
            tool_fail("malloc", line, 0);
    }
    printf("%-20s %12lu %12lu %9lu %9lu %9lu %9lu\n", what, figure[0][0], figure[1][0],
           figure[0][1], figure[1][1], figure[0][2], figure[1][2]);
    fflush(stdout);
}

static void title(const char *what)
{
    static const char *const names[] = {"picolibc", "binmalloc"};

    printf("%-20s %25s %19s %19s\n%20s", what, "instructions", "break, KiB", "resident pages", "");
    for (int i = 0; i < 6; i++)
        printf(i < 2 ? " %12s" : " %9s", names[i % 2]);
    putchar('\n');
}

static void compare(void)
{
    static const char *const block_rows[] = {"10", "100", "1000", "10000", "100000"};
    static const char *const size_rows[][2] = {
        {"64 bytes", "one 64"},
        {"4 KiB", "one 4096"},
        {"64 KiB", "one 65536"},
        {"1 MiB", "one 1048576"},
        {"16 MiB", "one 16777216"},
        {"40 MiB", "one 41943040"},
        {"16 MiB, 1 page", "one 16777216 1"},
    };
    char arguments[32];

    title("blocks, half free");
    for (unsigned i = 0; i < sizeof(block_rows) / sizeof(block_rows[0]); i++) {
        snprintf(arguments, sizeof(arguments), "many %s", block_rows[i]);
        row(block_rows[i], arguments);
    }
    putchar('\n');
    title("one block, freed");
    for (unsigned i = 0; i < sizeof(size_rows) / sizeof(size_rows[0]); i++)
        row(size_rows[i][0], size_rows[i][1]);
}

static long number(const char *text, long most)
{
    long value = tool_number(text, most);

    if (value < 0)
        tool_usage(USAGE);
    return value;
}

int main(int argc, char **argv)
{
    tool_arguments(argc, argv, 0, 3, USAGE);
    if (argc == 2 && strcmp(argv[1], "compare") == 0)
        compare();
    else if (argc == 3 && strcmp(argv[1], "many") == 0)
        many(number(argv[2], BLOCKS_MOST) ?: 1);
    else if (argc >= 3 && strcmp(argv[1], "one") == 0)
        one(number(argv[2], BYTES_MOST), argc > 3 ? number(argv[3], BYTES_MOST) : BYTES_MOST);
    else if (argc > 3)
        tool_usage(USAGE);
    else
        random_operations(argc > 1 ? number(argv[1], 0x7fffffff) : 1,
                          argc > 2 ? number(argv[2], 0x7fffffff) : 1000000);
    return 0;
}
