/* SPDX-License-Identifier: MIT
 *
 * malloc and its family for programs that link them by name (-lbinmalloc), in place of picolibc's, which
 * walks one list of all free blocks. docs/malloc.md compares the two.
 *
 * The heap is a row of chunks with boundary tags (Knuth 2.5; Lea, "A Memory Allocator"): free neighbours
 * are always merged. Free chunks are in bins by size, 16 bytes apart and then eight to a power of two, and
 * a bitmap says which bins have any (Masmano et al., "TLSF"); so nothing takes longer because there
 * is much. Behind all of them is the top, which grows by sbrk and gives back when it is large. Where
 * something lies in the break's way, the top goes on in a segment, a mapping in the break's place. A
 * segment is given back when all of it is free.
 *
 * Large blocks are mappings of their own, which costs a page fault a page each time. A program that frees
 * one is likely to want its like again: from then on blocks of that size come from the heap, and the top
 * keeps as much (the dynamic threshold of glibc's malloc). What is kept is bounded by MAP_MOST + TRIM.
 *
 * What this must not do: be called by what holds the library's lock for long. */
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
#define FIRST 8u  /* of a segment */
#define FLAGS 15u

struct chunk {
    /* size of the chunk before, if that is free; else its user's last bytes. Of a MAPPED one:
     * how far behind the start of the mapping it lies */
    size_t before;
    size_t head;            /* size of this, and flags */
    LIST_ENTRY(chunk) link; /* of the bin, if this is free; else the user's */
};
#define HEADER offsetof(struct chunk, link)
#define OVERHEAD sizeof(size_t)
#define LEAST sizeof(struct chunk)
_Static_assert(
    HEADER == UNIT && LEAST == 2 * UNIT,
    "struct chunk has two words and the links: another size needs another HEADER and other bins");

#define GROW (64u << 10)     /* bytes that the top grows by at least */
#define TRIM (512u << 10)    /* the top keeps so much, and what a block of the heap may have */
#define MAP_LEAST (1u << 20) /* at first, chunks from this size on are mappings */
#define MAP_MOST (32u << 20) /* larger ones are always */
#define SEGMENT (1u << 20)
#define SIZE_MOST ((size_t)1 << 46)

/* Bins: sizes below SMALL by units; then each power of two in eight. */
#define SMALL 512u
#define SMALL_LOG 9u
#define SMALL_BINS (SMALL / UNIT)
#define BINS (SMALL_BINS + 8 * (47 - SMALL_LOG))
#define WORDS (BINS / 64 + 1) /* so that there is a bit behind the last bin's */
#define LOOKS 8               /* at chunks of the bin that only may be large enough */

static LIST_HEAD(bin, chunk) bins[BINS];
static uint64_t filled[WORDS];
static struct chunk *top; /* never in a bin; its end is where sbrk went, or that of a segment */
static bool top_mapped;   /* it is in a segment */
static size_t heap_most = MAP_LEAST - UNIT; /* the largest chunk that is in the heap */
static size_t top_most = TRIM;              /* a top of more is made GROW */
static size_t heap_bytes;                   /* from the break, and in segments */
static size_t mapped_count, mapped_bytes;
const bool octavo_binmalloc = true;

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

static size_t page_up(size_t size)
{
    return (size + PAGE - 1) & ~(size_t)(PAGE - 1);
}

static void *map(size_t length)
{
    return mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
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
    /* In the bins behind it any will do. */
    unsigned word = ++bin / 64;
    uint64_t any = filled[word] & ~0ull << bin % 64;
    while (!any) {
        if (++word == WORDS)
            return NULL;
        any = filled[word];
    }
    chunk = LIST_FIRST(&bins[word * 64 + (unsigned)__builtin_ctzll(any)]);
    bin_remove(chunk);
    return chunk;
}

/* --- Chunks --------------------------------------------------------------------------------- */

/* A free chunk before one in use goes into its bin, or if it is all of a segment, back. */
static void chunk_settle(struct chunk *chunk, size_t size)
{
    struct chunk *next = at(chunk, size);

    if (chunk->head & FIRST && size_of(next) == UNIT) {
        heap_bytes -= page_up(size + UNIT);
        munmap(chunk, page_up(size + UNIT));
        return;
    }
    chunk->head = size | BEFORE_IN_USE | (chunk->head & FIRST);
    next->before = size;
    next->head &= ~(size_t)BEFORE_IN_USE;
    bin_insert(chunk);
}

/* Makes a chunk free: merges it with its neighbours. The chunk before the top is never free. */
static void chunk_free(struct chunk *chunk)
{
    size_t size = size_of(chunk);

    chunk->head &= ~(size_t)IN_USE; /* who frees it again finds this, wherever it is then */
    if (!(chunk->head & BEFORE_IN_USE)) {
        size += chunk->before;
        chunk = at(chunk, -chunk->before);
        bin_remove(chunk);
    }
    struct chunk *next = at(chunk, size);
    if (next == top) {
        top = chunk;
        top->head = (size + size_of(next)) | BEFORE_IN_USE | (chunk->head & FIRST);
        return;
    }
    if (!(next->head & IN_USE)) {
        size += size_of(next);
        bin_remove(next);
    }
    chunk_settle(chunk, size);
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

/* The top is elsewhere from now on. The old one ends with a chunk of UNIT bytes that nobody frees. */
static void top_begin(uintptr_t start, size_t size, bool mapped)
{
    struct chunk *old = top;
    size_t rest = old ? size_of(old) - UNIT : 0;

    top = (struct chunk *)start;
    top->head = size | BEFORE_IN_USE | (mapped ? FIRST : 0);
    top_mapped = mapped;
    if (!old)
        return;
    if (rest < LEAST) {
        old->head = UNIT | IN_USE | (old->head & FLAGS);
        return;
    }
    at(old, rest)->head = UNIT | IN_USE | BEFORE_IN_USE;
    chunk_settle(old, rest);
}

/* sbrk, with what is not there yet of `size` bytes and a unit, a multiple of `grain`. False: it failed. */
static bool top_from_break(size_t size, size_t grain)
{
    size_t have = top && !top_mapped ? size_of(top) : 0;
    size_t more = (size + 2 * UNIT - have + grain - 1) & ~(grain - 1);
    uintptr_t start = (uintptr_t)sbrk((ptrdiff_t)more);

    if (start == UINTPTR_MAX)
        return false;
    heap_bytes += more;
    if (have && start == (uintptr_t)top + have) {
        top->head += more;
        return true;
    }
    /* The program has moved the break, too. */
    uintptr_t skip = -start & (UNIT - 1); /* so many bytes again make the end even */
    if (skip == 0 || (uintptr_t)sbrk((ptrdiff_t)skip) != start + more)
        more -= skip ? UNIT : 0;
    top_begin(start + skip, more, false);
    return true;
}

/* A new segment. False: there is no memory, or the chunk is too large for one. */
static bool top_from_segment(size_t size)
{
    size_t length = size + 2 * UNIT > SEGMENT / 2 ? 0 : SEGMENT;
    void *start = MAP_FAILED;

    if (length && !octavo_wired)
        start = map(length);
    if (start == MAP_FAILED)
        return false;
    heap_bytes += length;
    top_begin((uintptr_t)start, length, true);
    return true;
}

/* The top has `size` bytes and a unit more. False: there is no memory. */
static bool top_grow(size_t size)
{
    while (!top || size_of(top) < size + UNIT)
        if (!top_from_break(size, octavo_wired ? PAGE : GROW) && !top_from_break(size, PAGE) &&
            !top_from_segment(size))
            return false;
    return true;
}

static struct chunk *top_take(size_t size)
{
    if ((!top || size_of(top) < size + UNIT) && !top_grow(size))
        return NULL;
    struct chunk *chunk = top;
    size_t rest = size_of(top) - size;
    top = at(chunk, size);
    top->head = rest | BEFORE_IN_USE;
    chunk->head = size | (chunk->head & (BEFORE_IN_USE | FIRST));
    return chunk;
}

/* Gives back what the top has more than `keep` bytes; false: nothing. A segment goes as a whole. */
static bool top_trim(size_t keep)
{
    size_t size = top ? size_of(top) : 0, less = (size - keep - UNIT) & ~(size_t)(PAGE - 1);

    if (octavo_wired || top_mapped || size < keep + UNIT + PAGE)
        return false;
    if ((uintptr_t)sbrk(0) != (uintptr_t)top + size || sbrk(-(ptrdiff_t)less) == (void *)-1)
        return false;
    top->head -= less;
    heap_bytes -= less;
    return true;
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

/* A mapping for so many bytes at a multiple of `alignment`, a power of two; NULL. */
static struct chunk *mapped_allocate(size_t length, size_t alignment)
{
    size_t slack = alignment > UNIT ? alignment : 0, size = page_up(length + HEADER + slack);
    uintptr_t start = octavo_wired ? (uintptr_t)MAP_FAILED : (uintptr_t)map(size);

    if (start == (uintptr_t)MAP_FAILED)
        return NULL;
    struct chunk *chunk = chunk_of((void *)((start + HEADER + slack) & -alignment));
    size_t before = (uintptr_t)chunk - start, front = before & ~(size_t)(PAGE - 1);
    size_t used = page_up(before + HEADER + length);
    if (front)
        munmap((void *)start, front);
    if (used < size)
        munmap((void *)(start + used), size - used);
    chunk->before = before - front;
    chunk->head = (used - before) | IN_USE | MAPPED;
    __LIBC_LOCK();
    mapped_count++;
    mapped_bytes += used - before;
    __LIBC_UNLOCK();
    return chunk;
}

/* Its like comes from the heap from now on. */
static void mapped_free(struct chunk *chunk)
{
    size_t size = size_of(chunk);

    __LIBC_LOCK();
    if (size > heap_most && size <= MAP_MOST) {
        __atomic_store_n(&heap_most, size, __ATOMIC_RELAXED);
        top_most = size + TRIM;
    }
    mapped_count--;
    mapped_bytes -= size;
    __LIBC_UNLOCK();
    munmap(at(chunk, -chunk->before), size + chunk->before);
}

/* Makes the mapping fit so many bytes, wherever it goes; NULL: it stays as it is. */
static struct chunk *mapped_resize(struct chunk *chunk, size_t length)
{
    size_t before = chunk->before, have = size_of(chunk) + before;
    size_t size = page_up(before + HEADER + length);
    struct chunk *start = at(chunk, -before);

    if (size != have)
        start = mremap(start, have, size, MREMAP_MAYMOVE);
    if (start == MAP_FAILED)
        return NULL;
    chunk = at(start, before);
    chunk->head = (size - before) | IN_USE | MAPPED;
    __LIBC_LOCK();
    mapped_bytes += size - have;
    __LIBC_UNLOCK();
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

static bool in_heap(size_t size)
{
    return size <= __atomic_load_n(&heap_most, __ATOMIC_RELAXED) || octavo_wired;
}

/* Not by the name malloc: gcc would make calloc a call of calloc. */
static void *allocate(size_t length)
{
    size_t size = size_for(length);
    struct chunk *chunk = NULL;

    if (size && in_heap(size)) {
        __LIBC_LOCK();
        chunk = chunk_allocate(size);
        __LIBC_UNLOCK();
    }
    if (!chunk && size >= SEGMENT / 4) /* for the heap, or for a segment, it is too large */
        chunk = mapped_allocate(length, UNIT);
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

/* Ends the program, not by stdio, whose printf would be in every program. */
_Noreturn static void wrong(const char *caller, const char *what)
{
    write(STDERR_FILENO, caller, strlen(caller));
    write(STDERR_FILENO, what, strlen(what));
    abort();
}

/* What nobody allocated, what was freed already, or what is written too far must not spoil the heap first. */
static inline void check(struct chunk *chunk, const char *caller)
{
    if ((uintptr_t)chunk % UNIT || !(chunk->head & IN_USE) || size_of(chunk) < LEAST)
        wrong(caller, ": not an allocated block\n");
    if (chunk->head & MAPPED)
        return;
    struct chunk *next = at(chunk, size_of(chunk));
    if (!(next->head & BEFORE_IN_USE) || next->head & MAPPED || size_of(next) < UNIT)
        wrong(caller, ": not an allocated block, or one that was written beyond its end\n");
}

void free(void *memory)
{
    struct chunk *chunk = chunk_of(memory);
    int error = errno;

    if (!memory)
        return;
    check(chunk, "free");
    if (chunk->head & MAPPED) {
        mapped_free(chunk);
    } else {
        __LIBC_LOCK();
        chunk_free(chunk);
        if (top && size_of(top) > top_most)
            top_trim(GROW);
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
        struct chunk *resized = size ? mapped_resize(chunk, length) : NULL;
        if (resized)
            return memory_of(resized);
    } else if (size && in_heap(size)) {
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
    if (size && alignment < SIZE_MOST && in_heap(size + alignment + LEAST))
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
    if (!chunk && size && alignment < SIZE_MOST)
        chunk = mapped_allocate(length, alignment);
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
    __LIBC_LOCK();
    bool less = keep <= SIZE_MOST && top_trim(keep);
    __LIBC_UNLOCK();
    return less;
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
    info.arena = heap_bytes;
    info.hblks = mapped_count;
    info.hblkhd = mapped_bytes;
    info.uordblks = heap_bytes - info.fordblks;
    __LIBC_UNLOCK();
    return info;
}

void malloc_stats(void)
{
    struct mallinfo info = mallinfo();
    fprintf(stderr,
            "heap: %zu bytes, %zu in use, %zu free in %zu blocks and a top of %zu; mapped: %zu "
            "bytes in "
            "%zu blocks\n",
            info.arena, info.uordblks, info.fordblks, info.ordblks, info.keepcost, info.hblkhd,
            info.hblks);
}
