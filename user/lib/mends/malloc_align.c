/* SPDX-License-Identifier: MIT
 *
 * malloc and its kin align for every type (C17 7.22.3), which is 16 bytes. In picolibc 1.8 and 1.8.6 a block
 * follows the one before it after its size, rounded up to 8, and a word of 8 bytes. So when all sizes are
 * 8 more than a multiple of 16, blocks lie multiples of 16 apart; and when what malloc takes from sbrk begins 8
 * behind such a multiple, they are all aligned. Both is done here, around picolibc's functions, which are called
 * octavo_libc_NAME where a mend needs them (tests/tools/libc-malloc). */
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#define UNIT 16u
#define WORD 8u

void *octavo_libc_malloc(size_t size);
void *octavo_libc_realloc(void *memory, size_t size);
void *octavo_libc_memalign(size_t alignment, size_t size);
void *octavo_libc_aligned_alloc(size_t alignment, size_t size);
void *octavo_libc_sbrk(ptrdiff_t increment);

/* At least size, and 8 more than a multiple of 16; what is too large stays so. */
static size_t rounded(size_t size)
{
    return size > SIZE_MAX - UNIT ? size : ((size + WORD - 1) & ~(size_t)(UNIT - 1)) + WORD;
}

void *malloc(size_t size)
{
    return octavo_libc_malloc(rounded(size));
}

void *realloc(void *memory, size_t size)
{
    return octavo_libc_realloc(memory, size ? rounded(size) : 0);
}

void *memalign(size_t alignment, size_t size)
{
    return octavo_libc_memalign(alignment, rounded(size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return octavo_libc_aligned_alloc(alignment, rounded(size));
}

/* What picolibc's malloc calls for sbrk, under the library's lock. */
void *octavo_libc_sbrk(ptrdiff_t increment)
{
    ptrdiff_t skip = (ptrdiff_t)((WORD - (uintptr_t)sbrk(0)) & (UNIT - 1));

    return skip && sbrk(skip) == (void *)-1 ? (void *)-1 : sbrk(increment);
}
