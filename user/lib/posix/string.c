/* SPDX-License-Identifier: MIT
 *
 * memset, memcpy and memmove by words. Debian builds picolibc for size: there they take five
 * instructions a byte, and everything pays that, from calloc to the pager's reading of images. Never a
 * misaligned access (hardware may trap). The kernel has its own, in mm/string.c. */
#include <stdint.h>
#include <string.h>

/* gcc must not turn these loops back into calls of the functions they implement. */
#pragma GCC optimize("no-tree-loop-distribute-patterns")

#define WORD sizeof(uint64_t)
#define ROUND (8 * WORD)
#define OFFSET(pointer) ((uintptr_t)(pointer) % WORD)

typedef uint64_t __attribute__((may_alias)) word;

void *memset(void *to, int c, size_t n)
{
    unsigned char *p = to;
    uint64_t value = (unsigned char)c * 0x0101010101010101ul;

    if (n >= 2 * WORD) {
        for (; OFFSET(p); n--)
            *p++ = (unsigned char)c;
        for (; n >= ROUND; n -= ROUND, p += ROUND) {
            word *w = (word *)p;
            w[0] = value, w[1] = value, w[2] = value, w[3] = value;
            w[4] = value, w[5] = value, w[6] = value, w[7] = value;
        }
        for (; n >= WORD; n -= WORD, p += WORD)
            *(word *)p = value;
    }
    for (; n > 0; n--)
        *p++ = (unsigned char)c;
    return to;
}

/* Words to an aligned target from a source that is not: each is put together from two aligned ones.
 * Reads no word that holds no byte of the source. Returns the bytes done. */
static size_t copy_shifted(unsigned char *to, const unsigned char *from, size_t n)
{
    unsigned right = (unsigned)OFFSET(from) * 8, left = 64 - right;
    const word *f = (const word *)(from - OFFSET(from));
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
        for (; OFFSET(t); n--)
            *t++ = *f++;
        if (OFFSET(f)) {
            size_t done = copy_shifted(t, f, n);
            t += done;
            f += done;
            n -= done;
        }
        for (; n >= ROUND; n -= ROUND, t += ROUND, f += ROUND) {
            word *w = (word *)t;
            const word *v = (const word *)f;
            uint64_t a = v[0], b = v[1], c = v[2], d = v[3], e = v[4], g = v[5], h = v[6], i = v[7];
            w[0] = a, w[1] = b, w[2] = c, w[3] = d, w[4] = e, w[5] = g, w[6] = h, w[7] = i;
        }
        for (; n >= WORD; n -= WORD, t += WORD, f += WORD)
            *(word *)t = *(const word *)f;
    }
    for (; n > 0; n--)
        *t++ = *f++;
    return to;
}

/* Words only where both sides are aligned alike. */
void *memmove(void *to, const void *from, size_t n)
{
    unsigned char *t = to;
    const unsigned char *f = from;

    if ((uintptr_t)t - (uintptr_t)f >= n && (uintptr_t)f - (uintptr_t)t >= n)
        return memcpy(to, from, n);
    if (t < f) {
        if (OFFSET(t) == OFFSET(f)) {
            for (; n > 0 && OFFSET(t); n--)
                *t++ = *f++;
            for (; n >= WORD; n -= WORD, t += WORD, f += WORD)
                *(word *)t = *(const word *)f;
        }
        for (; n > 0; n--)
            *t++ = *f++;
        return to;
    }
    if (OFFSET(t) == OFFSET(f)) {
        for (; n > 0 && OFFSET(t + n); n--)
            t[n - 1] = f[n - 1];
        for (; n >= WORD; n -= WORD)
            *(word *)(t + n - WORD) = *(const word *)(f + n - WORD);
    }
    for (; n > 0; n--)
        t[n - 1] = f[n - 1];
    return to;
}
