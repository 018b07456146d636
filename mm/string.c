/* SPDX-License-Identifier: MIT
 *
 * The memory functions of C that the kernel needs, tuned for few instructions on an in-order RV64: 32 words a
 * round, never a misaligned access. Compiled for the target only.
 */
#include <stdint.h>
#include <string.h>

/* gcc must not turn these loops back into calls of the functions they implement. */
#pragma GCC optimize("no-tree-loop-distribute-patterns")

#define WORD sizeof(uint64_t)
#define ROUND (16 * WORD)

typedef uint64_t __attribute__((may_alias)) word;

static inline void copy_eight(word *to, const word *from)
{
    uint64_t w[8];

#pragma GCC unroll 8
    for (unsigned i = 0; i < 8; i++)
        w[i] = from[i];
#pragma GCC unroll 8
    for (unsigned i = 0; i < 8; i++)
        to[i] = w[i];
    __asm__ volatile("" ::: "memory"); /* so many words as there are registers, and no more */
}

void *memset(void *to, int c, size_t n)
{
    unsigned char *p = to;
    uint64_t value = (unsigned char)c * 0x0101010101010101ul;

    if (n >= 2 * WORD) {
        while ((uintptr_t)p % WORD) {
            *p++ = (unsigned char)c;
            n--;
        }
        for (; n >= ROUND; n -= ROUND, p += ROUND) {
#pragma GCC unroll 16
            for (unsigned i = 0; i < 16; i++)
                ((word *)p)[i] = value;
        }
        for (; n >= WORD; n -= WORD, p += WORD)
            *(word *)p = value;
    }
    while (n-- > 0)
        *p++ = (unsigned char)c;
    return to;
}

/* Words to an aligned target from a source that is `shift` bytes (1..7) off: each target word is
 * put together from two aligned source words. Reads no word that holds no source byte. Returns
 * the bytes done. */
static size_t copy_shifted(unsigned char *to, const unsigned char *from, size_t n)
{
    unsigned right = (uintptr_t)from % WORD * 8, left = 64 - right;
    const word *f = (const word *)((uintptr_t)from & ~(WORD - 1));
    uint64_t low = *f++;
    size_t done = 0;

    for (; n - done >= WORD; done += WORD) {
        uint64_t high = *f++;

        *(word *)(to + done) = low >> right | high << left;
        low = high;
    }
    return done;
}

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    unsigned char *t = to;
    const unsigned char *f = from;

    if (n >= 2 * WORD) {
        for (; (uintptr_t)t % WORD; n--)
            *t++ = *f++;
        if ((uintptr_t)f % WORD) {
            size_t done = copy_shifted(t, f, n);

            t += done;
            f += done;
            n -= done;
        } else {
            for (; n >= 2 * ROUND; n -= 2 * ROUND, t += 2 * ROUND, f += 2 * ROUND)
#pragma GCC unroll 4
                for (unsigned i = 0; i < 2 * ROUND / WORD; i += 8)
                    copy_eight((word *)t + i, (const word *)f + i);
            for (; n >= ROUND / 2; n -= ROUND / 2, t += ROUND / 2, f += ROUND / 2)
                copy_eight((word *)t, (const word *)f);
            for (; n >= WORD; n -= WORD, t += WORD, f += WORD)
                *(word *)t = *(const word *)f;
        }
    }
    while (n-- > 0)
        *t++ = *f++;
    return to;
}

/* Overlapping moves are rare in the kernel: byte by byte, in the direction that is safe. */
void *memmove(void *to, const void *from, size_t n)
{
    unsigned char *t = to;
    const unsigned char *f = from;

    if ((uintptr_t)t - (uintptr_t)f >= n && (uintptr_t)f - (uintptr_t)t >= n)
        return memcpy(to, from, n);
    if (t < f) {
        while (n-- > 0)
            *t++ = *f++;
    } else {
        while (n-- > 0)
            t[n] = f[n];
    }
    return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const unsigned char *p = a, *q = b;

    for (; n > 0; n--, p++, q++)
        if (*p != *q)
            return *p - *q;
    return 0;
}

size_t strlen(const char *s)
{
    const char *end = s;

    while (*end)
        end++;
    return (size_t)(end - s);
}
