/* SPDX-License-Identifier: MIT
 *
 * user/lib/posix/string.c against loops over bytes: every alignment of both sides, lengths 0 to 300, moves
 * that overlap by every distance; nothing outside is touched. */
// SOURCES: mm/page.c
#include "harness.h"

#include <string.h>

#include "mm/page.h"

uintptr_t mm_host_direct_base, mm_host_vmemmap_base;

#define memset user_memset
#define memcpy user_memcpy
#define memmove user_memmove
void *memset(void *to, int c, size_t n);
void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
#include "../../user/lib/posix/string.c"
#undef memset
#undef memcpy
#undef memmove

#define SIZE 512
#define LENGTHS 300
static uint8_t a[SIZE] __attribute__((aligned(8))), b[SIZE] __attribute__((aligned(8)));
static uint8_t want[SIZE];

static void fill(void)
{
    for (unsigned i = 0; i < SIZE; i++) {
        a[i] = want[i] = (uint8_t)rnd();
        b[i] = (uint8_t)rnd();
    }
}

static void check(void)
{
    for (unsigned i = 0; i < SIZE; i++)
        CHECK_EQ(a[i], want[i]);
}

TEST(memset_every_alignment_and_length)
{
    for (unsigned at = 0; at < 8; at++)
        for (unsigned n = 0; n < LENGTHS; n++) {
            fill();
            for (unsigned i = 0; i < n; i++)
                want[8 + at + i] = 0xa5;
            CHECK(user_memset(a + 8 + at, 0x7a5, n) == a + 8 + at);
            check();
        }
}

TEST(memcpy_every_alignment_and_length)
{
    for (unsigned at = 0; at < 8; at++)
        for (unsigned from = 0; from < 8; from++)
            for (unsigned n = 0; n < LENGTHS; n++) {
                fill();
                for (unsigned i = 0; i < n; i++)
                    want[8 + at + i] = b[from + i];
                CHECK(user_memcpy(a + 8 + at, b + from, n) == a + 8 + at);
                check();
            }
}

TEST(memmove_every_overlap)
{
    for (unsigned at = 0; at < 48; at++)
        for (unsigned from = 0; from < 48; from++)
            for (unsigned n = 0; n < LENGTHS; n += n < 40 ? 1 : 37) {
                fill();
                for (unsigned i = 0; i < n; i++)
                    want[at + i] = 0;
                for (unsigned i = 0; i < n; i++)
                    want[at + i] = a[from + i];
                CHECK(user_memmove(a + at, a + from, n) == a + at);
                check();
            }
}
