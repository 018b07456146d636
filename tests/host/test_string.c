/* SPDX-License-Identifier: MIT
 *
 * mm/string.c and page_zero against the C library: every alignment, many lengths, nothing touched outside.
 */
// SOURCES: mm/page.c
#include "harness.h"

#include <string.h>

#include "mm/page.h"

uintptr_t mm_host_direct_base, mm_host_vmemmap_base;

#undef OCTAVO_HOST
#define memset octavo_memset
#define memcpy octavo_memcpy
#define memmove octavo_memmove
#define memcmp octavo_memcmp
#define strlen octavo_strlen
void *memset(void *to, int c, size_t n);
void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);
#include "../../mm/string.c"
#undef memset
#undef memcpy
#undef memmove
#undef memcmp
#undef strlen

#define LENGTH 1024

static uint8_t a[LENGTH] __attribute__((aligned(8))), b[LENGTH] __attribute__((aligned(8)));
static uint8_t want[LENGTH];
static uint8_t pages[2][4096] __attribute__((aligned(4096)));

static void randomise(uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)rnd();
}

static void one_case(size_t to, size_t from, size_t n)
{
    int sign;

    memcpy(want, a, LENGTH);
    switch (rnd_below(4)) {
    case 0:
        memset(want + to, (int)from, n);
        CHECK(octavo_memset(a + to, (int)from, n) == a + to);
        break;
    case 1:
        memcpy(want + to, b + from, n);
        CHECK(octavo_memcpy(a + to, b + from, n) == a + to);
        break;
    case 2:
        memmove(want + to, want + from, n);
        CHECK(octavo_memmove(a + to, a + from, n) == a + to);
        break;
    default:
        if (rnd_chance(80))
            memcpy(a + to, b + from, n);
        if (n && rnd_chance(50))
            a[to + rnd_below(n)] ^= (uint8_t)rnd();
        memcpy(want, a, LENGTH);
        sign = memcmp(a + to, b + from, n);
        CHECK((octavo_memcmp(a + to, b + from, n) > 0) == (sign > 0));
        CHECK((octavo_memcmp(a + to, b + from, n) < 0) == (sign < 0));
    }
    CHECK(memcmp(want, a, LENGTH) == 0);
}

TEST(string_random)
{
    unsigned long operations = test_operations();

    randomise(a, LENGTH);
    randomise(b, LENGTH);
    for (unsigned long i = 0; i < operations; i++) {
        size_t n = rnd_below(rnd_chance(50) ? 40 : LENGTH);

        one_case(rnd_below(LENGTH - n + 1), rnd_below(LENGTH - n + 1), n);
    }
}

TEST(string_pages)
{
    randomise(pages[0], sizeof(pages));
    page_zero(pages[0]);
    for (size_t i = 0; i < 4096; i++)
        CHECK(pages[0][i] == 0);
    CHECK_EQ(octavo_strlen("octavo"), 6);
    CHECK_EQ(octavo_strlen(""), 0);
}
