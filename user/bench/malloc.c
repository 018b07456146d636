/* SPDX-License-Identifier: MIT
 *
 * malloc [ROW...]: what memory from malloc costs, in instructions, everything counted; part of `make bench`
 * (measure.h). It is linked twice: with picolibc's malloc, and as malloc-bin with ours, whose rows have
 * other names. docs/malloc.md shows more of the two.
 * octavo-bench: TWO_MALLOCS= */
#include "measure.h"

#define WARM_UP 3
#define SAMPLES 21
#define MEBIBYTE (1ul << 20)

extern const bool octavo_binmalloc __attribute__((weak)); /* user/lib/binmalloc */

static unsigned long sample[SAMPLES];

/* malloc, a byte written in each page, free. */
static void bench(const char *name, unsigned long bytes)
{
    for (int i = -WARM_UP; i < SAMPLES; i++) {
        unsigned long start = instructions();
        volatile char *memory = malloc(bytes);
        if (!memory)
            fail("malloc", 0);
        for (volatile char *at = memory; at < memory + bytes; at += PAGE_SIZE)
            *at = 1;
        free((void *)(uintptr_t)memory);
        if (i >= 0)
            sample[i] = instructions() - start - READ_COST;
    }
    report(name, sample, SAMPLES);
}

static void bench_small(const char *name)
{
    bench(name, 64);
}

static void bench_large(const char *name)
{
    bench(name, MEBIBYTE);
}

static const struct row rows[2][2] = {
    {
        {"malloc_64", bench_small},   /* malloc and free of 64 bytes */
        {"malloc_1MiB", bench_large}, /* malloc of 1 MiB, a byte written in each page, free */
    },
    {
        {"binmalloc_64", bench_small},
        {"binmalloc_1MiB", bench_large},
    },
};

int main(int argc, char **argv)
{
    MEASURE_ROWS(argc, argv, rows[&octavo_binmalloc ? 1 : 0]);
    return 0;
}
