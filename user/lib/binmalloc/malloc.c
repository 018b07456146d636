/* SPDX-License-Identifier: MIT
 *
 * malloc and its family, in place of picolibc's, which walks one list of all free blocks: with tens of
 * thousands of them a program stands still.
 *
 * The heap is a row of chunks with boundary tags (Knuth 2.5; Lea, "A Memory Allocator"): free neighbours
 * are always merged. Free chunks are in bins by size, 16 bytes apart and then eight to a power of two, and
 * a bitmap says which bins have any (Masmano et al., "TLSF"); so nothing takes longer because there
 * is much. Behind all of them is the top, which grows by sbrk and gives back when it is large. Large
 * blocks are mappings of their own. It must not be called by what holds the library's lock for long. */
#include <errno.h>
#include <malloc.h>
#include <octavo/wired.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/lock.h>
#include <sys/mman.h>
#include <sys/queue.h>
#include <unistd.h>

#define UNIT 16u /* alignment, as the psABI has it for long double */
#define PAGE 4096u
#define IN_USE 1u
#define BEFORE_IN_USE 2u
#define MAPPED 4u /* a mapping of its own */
#define FLAGS 15u

struct chunk {
    size_t before; /* size of the chunk before, if that is free; else its user's last bytes */
    size_t head;   /* size of this, and flags */
    LIST_ENTRY(chunk) link; /* of the bin, if this is free; else the user's */
};
#define HEADER offsetof(struct chunk, link)
#define OVERHEAD sizeof(size_t)
#define LEAST sizeof(struct chunk)
_Static_assert(HEADER == UNIT && LEAST == 2 * UNIT, "layout");

#define GROW (64u << 10)     /* bytes that the top grows by at least */
#define TRIM (512u << 10)    /* a top of more is made GROW */
#define MAP_LEAST (1u << 20) /* blocks from this size on are mappings */
#define SIZE_MOST ((size_t)1 << 46)

/* Bins: sizes below SMALL by units; then each power of two in eight. */
#define SMALL 512u
#define SMALL_LOG 9u
#define SMALL_BINS (SMALL / UNIT)
#define BINS (SMALL_BINS + 8 * (47 - SMALL_LOG))
#define LOOKS 8 /* at chunks of the bin that only may be large enough */

static LIST_HEAD(bin, chunk) bins[BINS];
static uint64_t filled[(BINS + 63) / 64];
static struct chunk *top; /* never in a bin; its end is where sbrk went */

static size_t size_of(const struct chunk *chunk)
{
    return chunk->head & ~(size_t)FLAGS;
}

static struct chunk *at(struct chunk *chunk, size_t offset)
{
    return (struct chunk *)((uintptr_t)chunk + offset);
}

static struct chunk *chunk_of(void *memory)
{
    return (struct chunk *)((uintptr_t)memory - HEADER);
}

static void *memory_of(struct chunk *chunk)
{
    return (void *)((uintptr_t)chunk + HEADER);
}

/* --- Bins ----------------------------------------------------------------------------------- */

static unsigned bin_of(size_t size)
{
    if (size < SMALL)
        return (unsigned)(size / UNIT);
    unsigned log = 63u - (unsigned)__builtin_clzll(size);
    return SMALL_BINS + (log - SMALL_LOG) * 8 + (unsigned)(size >> (log - 3) & 7);
}

static void bin_insert(struct chunk *chunk)
{
    unsigned bin = bin_of(size_of(chunk));
    LIST_INSERT_HEAD(&bins[bin], chunk, link);
    filled[bin / 64] |= 1ull << bin % 64;
}

static void bin_remove(struct chunk *chunk)
{
    unsigned bin = bin_of(size_of(chunk));
    LIST_REMOVE(chunk, link);
    if (LIST_EMPTY(&bins[bin]))
        filled[bin / 64] &= ~(1ull << bin % 64);
}

/* A chunk of at least `size`, out of its bin; NULL. */
static struct chunk *bin_take(size_t size)
{
    unsigned bin = bin_of(size), looks = 0;
    struct chunk *chunk;

    LIST_FOREACH (chunk, &bins[bin], link) {
        if (size_of(chunk) >= size) {
            bin_remove(chunk);
            return chunk;
        }
        if (++looks == LOOKS)
            break;
    }
    for (bin++; bin < BINS; bin = (bin | 63) + 1) { /* in all of these any will do */
        uint64_t word = filled[bin / 64] >> bin % 64;
        if (!word)
            continue;
        chunk = LIST_FIRST(&bins[bin + (unsigned)__builtin_ctzll(word)]);
        bin_remove(chunk);
        return chunk;
    }
    return NULL;
}

/* --- Chunks --------------------------------------------------------------------------------- */

/* Makes a chunk free: merges it with its neighbours. The chunk before the top is never free. */
static void chunk_free(struct chunk *chunk)
{
    size_t size = size_of(chunk);

    if (!(chunk->head & BEFORE_IN_USE)) {
        size += chunk->before;
        chunk = at(chunk, -chunk->before);
        bin_remove(chunk);
    }
    struct chunk *next = at(chunk, size);
    if (next == top) {
        top = chunk;
        top->head = (size + size_of(next)) | BEFORE_IN_USE;
        return;
    }
    if (!(next->head & IN_USE)) {
        size += size_of(next);
        bin_remove(next);
        next = at(chunk, size);
    }
    chunk->head = size | BEFORE_IN_USE;
    next->before = size;
    next->head &= ~(size_t)BEFORE_IN_USE;
    bin_insert(chunk);
}

/* Cuts what is behind `size` off a chunk in use, if that is a chunk. */
static void chunk_cut(struct chunk *chunk, size_t size)
{
    size_t rest = size_of(chunk) - size;

    if (rest < LEAST)
        return;
    struct chunk *cut = at(chunk, size);
    chunk->head = size | (chunk->head & FLAGS);
    cut->head = rest | IN_USE | BEFORE_IN_USE;
    chunk_free(cut);
}

/* Foreign sbrk: the old top ends with a chunk that nobody frees. */
static void top_fence(void)
{
    size_t size = size_of(top) - UNIT;
    struct chunk *old = top, *fence = at(top, size);

    top = NULL;
    if (size < LEAST)
        size = 0, fence = old;
    fence->head = UNIT | IN_USE | BEFORE_IN_USE | (fence == old ? old->head & FLAGS : 0);
    if (size) {
        old->head = size | BEFORE_IN_USE;
        fence->before = size;
        fence->head &= ~(size_t)BEFORE_IN_USE;
        bin_insert(old);
    }
}

/* The top has `size` bytes and a unit more. False: there is no memory. */
static bool top_grow(size_t size)
{
    size_t have = top ? size_of(top) : 0, grain = octavo_wired ? PAGE : GROW;

    if (have >= size + UNIT)
        return true;
    size_t more = (size + 2 * UNIT - have + grain - 1) & ~(grain - 1);
    uintptr_t start = (uintptr_t)sbrk((ptrdiff_t)more);
    if (start == UINTPTR_MAX)
        return false;
    if (top && start == (uintptr_t)top + have) {
        top->head += more;
        return true;
    }
    uintptr_t skip = -start & (UNIT - 1); /* so many bytes again make the end even */
    if (skip == 0 || (uintptr_t)sbrk((ptrdiff_t)skip) != start + more)
        more -= skip ? UNIT : 0;
    if (top)
        top_fence();
    top = (struct chunk *)(start + skip);
    top->head = more | BEFORE_IN_USE;
    return size_of(top) >= size + UNIT || top_grow(size);
}

static struct chunk *top_take(size_t size)
{
    if (!top_grow(size))
        return NULL;
    struct chunk *chunk = top;
    size_t rest = size_of(top) - size;
    top = at(chunk, size);
    top->head = rest | BEFORE_IN_USE;
    chunk->head = size | (chunk->head & BEFORE_IN_USE);
    return chunk;
}

static void top_trim(void)
{
    if (octavo_wired || !top || size_of(top) <= TRIM)
        return;
    size_t less = (size_of(top) - GROW) & ~(size_t)(PAGE - 1);
    if ((uintptr_t)sbrk(0) == (uintptr_t)top + size_of(top) && sbrk(-(ptrdiff_t)less) != (void *)-1)
        top->head -= less;
}

/* A chunk in use, or NULL. Under the lock, as all above. */
static struct chunk *chunk_allocate(size_t size)
{
    struct chunk *chunk = bin_take(size);
    bool from_bin = chunk;

    if (!chunk)
        chunk = top_take(size);
    if (!chunk)
        return NULL;
    chunk->head |= IN_USE;
    at(chunk, size_of(chunk))->head |= BEFORE_IN_USE;
    if (from_bin)
        chunk_cut(chunk, size);
    return chunk;
}

/* --- Large blocks ---------------------------------------------------------------------------- */

static struct chunk *mapped_allocate(size_t length)
{
    size_t size = (length + HEADER + PAGE - 1) & ~(size_t)(PAGE - 1);
    struct chunk *chunk =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (chunk == MAP_FAILED)
        return NULL;
    chunk->head = size | IN_USE | MAPPED;
    return chunk;
}

static size_t usable(const struct chunk *chunk)
{
    return size_of(chunk) - (chunk->head & MAPPED ? HEADER : OVERHEAD);
}

/* --- What programs call ----------------------------------------------------------------------- */

/* The chunk for so many bytes; 0: too many. */
static size_t size_for(size_t length)
{
    if (length > SIZE_MOST)
        return 0;
    size_t size = (length + OVERHEAD + UNIT - 1) & ~(size_t)(UNIT - 1);
    return size < LEAST ? LEAST : size;
}

/* Not by the name malloc: gcc would make calloc a call of calloc. */
static void *allocate(size_t length)
{
    size_t size = size_for(length);
    struct chunk *chunk = NULL;

    if (size >= MAP_LEAST && !octavo_wired) {
        chunk = mapped_allocate(length);
    } else if (size) {
        __LIBC_LOCK();
        chunk = chunk_allocate(size);
        __LIBC_UNLOCK();
    }
    if (!chunk) {
        errno = ENOMEM;
        return NULL;
    }
    return memory_of(chunk);
}

void *malloc(size_t length)
{
    return allocate(length);
}

/* What nobody allocated, or what was freed already, must not spoil the heap first. */
static void check(const struct chunk *chunk, const char *caller)
{
    bool bad = (uintptr_t)chunk % UNIT || !(chunk->head & IN_USE) || size_of(chunk) < LEAST ||
               (!(chunk->head & MAPPED) &&
                !(at((struct chunk *)(uintptr_t)chunk, size_of(chunk))->head & BEFORE_IN_USE));
    if (!bad)
        return;
    /* Not by stdio, whose printf would be in every program. */
    static const char text[] = ": not an allocated block\n";
    write(STDERR_FILENO, caller, strlen(caller));
    write(STDERR_FILENO, text, sizeof(text) - 1);
    abort();
}

void free(void *memory)
{
    struct chunk *chunk = chunk_of(memory);
    int error = errno;

    if (!memory)
        return;
    check(chunk, "free");
    if (chunk->head & MAPPED) {
        munmap(chunk, size_of(chunk));
    } else {
        __LIBC_LOCK();
        chunk_free(chunk);
        top_trim();
        __LIBC_UNLOCK();
    }
    errno = error;
}

void cfree(void *memory)
{
    free(memory);
}

void *calloc(size_t count, size_t length)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, length, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    void *memory = allocate(bytes);
    if (memory && !(chunk_of(memory)->head & MAPPED))
        memset(memory, 0, bytes);
    return memory;
}

/* Makes a chunk larger where it is. Under the lock. */
static bool chunk_extend(struct chunk *chunk, size_t size)
{
    size_t have = size_of(chunk);
    struct chunk *next = at(chunk, have);

    if (next == top) {
        if (!top_grow(size - have) || next != top)
            return false;
        top_take(size - have);
        chunk->head += size - have;
        return true;
    }
    if (next->head & IN_USE || have + size_of(next) < size)
        return false;
    bin_remove(next);
    chunk->head += size_of(next);
    at(chunk, size_of(chunk))->head |= BEFORE_IN_USE;
    return true;
}

void *realloc(void *memory, size_t length)
{
    struct chunk *chunk = chunk_of(memory);
    size_t size = size_for(length);

    if (!memory)
        return malloc(length);
    if (length == 0) {
        free(memory);
        return NULL;
    }
    check(chunk, "realloc");
    if (chunk->head & MAPPED) {
        if (length <= usable(chunk) && length >= usable(chunk) / 2)
            return memory;
    } else if (size && size < MAP_LEAST) {
        __LIBC_LOCK();
        bool fits = size_of(chunk) >= size || chunk_extend(chunk, size);
        if (fits)
            chunk_cut(chunk, size);
        __LIBC_UNLOCK();
        if (fits)
            return memory;
    }
    void *other = malloc(length);
    if (!other)
        return NULL;
    memcpy(other, memory, usable(chunk) < length ? usable(chunk) : length);
    free(memory);
    return other;
}

void *memalign(size_t alignment, size_t length)
{
    size_t size = size_for(length);

    if (alignment == 0 || alignment & (alignment - 1)) {
        errno = EINVAL;
        return NULL;
    }
    if (alignment <= UNIT)
        return malloc(length);
    __LIBC_LOCK();
    struct chunk *chunk = NULL;
    if (size && alignment < SIZE_MOST)
        chunk = chunk_allocate(size + alignment + LEAST);
    if (chunk) {
        uintptr_t from = (uintptr_t)memory_of(chunk), to = (from + alignment - 1) & -alignment;
        if (to != from && to - from < LEAST)
            to += alignment;
        if (to != from) {
            struct chunk *rest = at(chunk, to - from);
            rest->head = (size_of(chunk) - (to - from)) | IN_USE | BEFORE_IN_USE;
            chunk->head = (to - from) | (chunk->head & FLAGS);
            chunk_free(chunk);
            chunk = rest;
        }
        chunk_cut(chunk, size);
    }
    __LIBC_UNLOCK();
    if (!chunk)
        errno = ENOMEM;
    return chunk ? memory_of(chunk) : NULL;
}

void *aligned_alloc(size_t alignment, size_t length)
{
    return memalign(alignment, length);
}

size_t malloc_usable_size(void *memory)
{
    return memory ? usable(chunk_of(memory)) : 0;
}

int malloc_trim(size_t keep)
{
    (void)keep;
    __LIBC_LOCK();
    top_trim();
    __LIBC_UNLOCK();
    return 1;
}

int mallopt(int parameter, int value)
{
    (void)parameter, (void)value;
    return 0; /* there is nothing to set */
}

struct mallinfo mallinfo(void)
{
    struct mallinfo info = {0};
    struct chunk *chunk;

    __LIBC_LOCK();
    for (unsigned i = 0; i < BINS; i++)
        LIST_FOREACH (chunk, &bins[i], link) {
            info.ordblks++;
            info.fordblks += size_of(chunk);
        }
    info.keepcost = top ? size_of(top) : 0;
    info.fordblks += info.keepcost;
    __LIBC_UNLOCK();
    return info;
}

void malloc_stats(void)
{
    struct mallinfo info = mallinfo();
    fprintf(stderr, "free: %zu bytes in %zu blocks and a top of %zu\n", info.fordblks, info.ordblks,
            info.keepcost);
}
