/* SPDX-License-Identifier: MIT
 *
 * malloc and its family, the same tests for picolibc's and, as heap-bin, for ours: random operations against a
 * model, alignment, errors, threads, fork, a blocked break (no memory is heap_full.c's). What only one of them promises is
 * tested for that one: ours looks at what it frees, keeps what is asked for again and again, gets on beside a
 * blocked break, and takes no longer because there is much.
 *
 * octavo-test: SMP=1,4
 * octavo-test: SMP=1,4 PROGRAM=heap-bin */
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <octavo/query.h>
#include <octavo/thread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include "tests/guest/check.h"
#include "tests/guest/spawned.h"

#define KIBIBYTE 1024ul
#define MEBIBYTE (1024 * KIBIBYTE)
#define HEAP_KEPT (32 * MEBIBYTE + 600 * KIBIBYTE) /* at most, by ours */

extern const bool octavo_binmalloc __attribute__((weak)); /* user/lib/binmalloc */

static bool ours(void)
{
    return &octavo_binmalloc;
}

/* The same pointer, of which the compiler knows nothing. */
static void *hidden(void *memory)
{
    __asm__("" : "+r"(memory));
    return memory;
}

/* Pages of the heap and of mappings without a file that this program has. */
static unsigned long resident(void)
{
    struct pager_region region[16];
    unsigned long answer[4] = {1}, sum = 0;

    for (unsigned long first = 0; answer[0] > 0; first += answer[0]) {
        if (query_pager(PAGER_REGIONS, 0, first, region, sizeof(region), answer) < 0)
            return ~0ul;
        for (unsigned long i = 0; i < answer[0]; i++)
            if (strcmp(region[i].name, "[heap]") == 0 || strcmp(region[i].name, "[anonymous]") == 0)
                sum += region[i].resident;
    }
    return sum;
}

static long faults(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt + usage.ru_majflt;
}

/* --- Random operations against a model --------------------------------------------------------- */

#define SLOTS 256
#define OPERATIONS 150000

/* What one thread knows of its blocks: each is full of a byte of its own. */
struct model {
    uint64_t state;
    unsigned long wrong, failed, misaligned;
    struct {
        unsigned char *memory;
        size_t size;
        unsigned char pattern;
    } slot[SLOTS];
};

static uint32_t random_number(struct model *m) /* xorshift64* */
{
    m->state ^= m->state >> 12;
    m->state ^= m->state << 25;
    m->state ^= m->state >> 27;
    return (uint32_t)(m->state * 0x2545f4914f6cdd1dul >> 32);
}

static unsigned long changed(const unsigned char *memory, unsigned char pattern, size_t size)
{
    unsigned long wrong = 0;

    for (size_t at = 0; at < size; at++)
        wrong += memory[at] != pattern;
    return wrong;
}

static void fill(struct model *m, unsigned i, void *memory, size_t size, size_t alignment)
{
    m->slot[i].memory = memory;
    m->slot[i].size = size;
    m->slot[i].pattern = (unsigned char)(1 + random_number(m) % 255);
    m->failed += !memory;
    m->misaligned += (uintptr_t)memory % alignment != 0;
    if (memory)
        memset(memory, m->slot[i].pattern, size);
}

static void allocate(struct model *m, unsigned i, size_t size)
{
    size_t alignment = 16ul << random_number(m) % 9; /* to 4096 */
    void *memory = NULL;

    switch (random_number(m) % 8) {
    case 0:
        fill(m, i, memalign(alignment, size), size, alignment);
        break;
    case 1:
        m->failed += posix_memalign(&memory, alignment, size) != 0;
        fill(m, i, memory, size, alignment);
        break;
    case 2:
        memory = calloc(size, 1);
        m->wrong += memory ? changed(memory, 0, size) : 0;
        fill(m, i, memory, size, _Alignof(max_align_t));
        break;
    default:
        fill(m, i, malloc(size), size, _Alignof(max_align_t));
    }
}

static void operate(struct model *m)
{
    unsigned i = random_number(m) % SLOTS, kind = random_number(m) % 256;
    size_t most = kind == 0 ? 300 * KIBIBYTE : kind < 8 ? 20000 : 200;
    size_t size = 1 + random_number(m) % most;
    unsigned char *memory = m->slot[i].memory;

    if (!memory) {
        allocate(m, i, size);
    } else if (random_number(m) % 3 == 0) {
        size_t kept = size < m->slot[i].size ? size : m->slot[i].size;
        unsigned char pattern = m->slot[i].pattern;
        memory = realloc(memory, size);
        m->wrong += memory ? changed(memory, pattern, kept) : 0;
        fill(m, i, memory, size, _Alignof(max_align_t));
    } else {
        m->wrong += malloc_usable_size(memory) < m->slot[i].size;
        m->wrong += changed(memory, m->slot[i].pattern, m->slot[i].size);
        free(memory);
        m->slot[i].memory = NULL;
    }
}

static void model_free(struct model *m)
{
    for (unsigned i = 0; i < SLOTS; i++) {
        if (m->slot[i].memory)
            m->wrong += changed(m->slot[i].memory, m->slot[i].pattern, m->slot[i].size);
        free(m->slot[i].memory);
        m->slot[i].memory = NULL;
    }
}

static void test_random(void)
{
    static struct model m = {.state = 88172645463325252ul};

    for (long n = 0; n < OPERATIONS; n++) {
        operate(&m);
        if (n == OPERATIONS / 2)
            sbrk(24); /* the program moves the break, too */
    }
    model_free(&m);
    check_equal("random, contents", (long)m.wrong, 0);
    check_equal("random, no failure", (long)m.failed, 0);
    check_equal("random, alignment", (long)m.misaligned, 0);
    struct mallinfo info = mallinfo();
    check(info.ordblks < 8, "what was freed is in few pieces", "%lu", (unsigned long)info.ordblks);
    check(info.uordblks < 64 * KIBIBYTE && info.arena >= info.fordblks, "mallinfo",
          "%lu in use of %lu", (unsigned long)info.uordblks, (unsigned long)info.arena);
}

/* --- Single functions --------------------------------------------------------------------------- */

static bool fails(const char *name, void *result, int error)
{
    int found = errno;

    errno = 0;
    return check(result == NULL && found == error, name, "%p, errno %d, not %d", result, found,
                 error);
}

static void test_errors(void)
{
    volatile size_t huge = PTRDIFF_MAX - 4096, most = SIZE_MAX, bad = 24; /* not for the compiler */
    char *memory = malloc(100);
    void *other = memory;

    memset(memory, 7, 100);
    errno = 0;
    fails("malloc of too much", malloc(huge), ENOMEM);
    fails("malloc of what would wrap", malloc(most), ENOMEM);
    fails("malloc of a little less", malloc(most - 40), ENOMEM);
    fails("calloc of too much", calloc(huge, 1), ENOMEM);
    fails("calloc that overflows", calloc(huge, 16), ENOMEM);
    fails("calloc that overflows to little", calloc(most / 16 + 2, 16), ENOMEM);
    fails("realloc to too much", realloc(hidden(memory), huge), ENOMEM);
    fails("realloc to what would wrap", realloc(hidden(memory), most), ENOMEM);
    fails("reallocarray that overflows", reallocarray(hidden(memory), most / 2, 4), ENOMEM);
    check_equal("leaves the block", (long)changed((unsigned char *)memory, 7, 100), 0);
    fails("memalign of too much", memalign(64, huge), ENOMEM);
    fails("memalign to too much", memalign((size_t)1 << 62, 1), ENOMEM);
    fails("memalign to no power of two", memalign(bad, 1), EINVAL);
    fails("aligned_alloc to no power of two", aligned_alloc(bad, 48), EINVAL);
    check_equal("posix_memalign to no power of two", posix_memalign(&other, bad, 8), EINVAL);
    check_equal("posix_memalign to less than a pointer", posix_memalign(&other, 4, 8), EINVAL);
    check_equal("posix_memalign to 0", posix_memalign(&other, 0, 8), EINVAL);
    check_equal("posix_memalign of too much", posix_memalign(&other, 64, huge), ENOMEM);
    check(other == memory, "leaves the pointer", "%p", other);
    fails("reallocf of too much", reallocf(malloc(10), huge), ENOMEM);
    errno = 4711;
    free(memory);
    free(NULL);
    check_equal("free leaves errno", errno, 4711);
}

static void test_functions(void)
{
    void *nothing = malloc(0), *other = malloc(0), *block = calloc(1000, 7);
    void *volatile null = NULL;
    unsigned char *memory = block;

    check(nothing && other && nothing != other, "malloc of nothing", "%p %p", nothing, other);
    free(nothing);
    check(realloc(other, 0) == NULL, "realloc to nothing", "is not NULL");
    memset(memory, 0xff, 7000);
    free(memory);
    memory = calloc(7, 1000);
    check_equal("calloc is zero", (long)changed(memory, 0, 7000), 0);
    memory = realloc(memory, 9000);
    check(malloc_usable_size(memory) >= 9000, "usable size", "%zu", malloc_usable_size(memory));
    check_equal("of NULL", (long)malloc_usable_size(null), 0);
    memset(memory, 1, malloc_usable_size(memory)); /* all of it */
    cfree(memory);
    memory = realloc(NULL, 10);
    memory = reallocarray(memory, 100, 10);
    check(memory != NULL, "reallocarray", "errno %d", errno);
    free(memory);
    memory = valloc(10);
    check((uintptr_t)memory % PAGE_SIZE == 0 && memory, "valloc", "%p", (void *)memory);
    free(memory);
    memory = pvalloc(10);
    check((uintptr_t)memory % PAGE_SIZE == 0 && malloc_usable_size(memory) >= PAGE_SIZE, "pvalloc",
          "%p", (void *)memory);
    free(memory);
    memory = memalign(2 * MEBIBYTE, 3 * MEBIBYTE);
    check((uintptr_t)memory % (2 * MEBIBYTE) == 0 && memory, "memalign to 2 MiB", "%p",
          (void *)memory);
    memset(memory, 1, 3 * MEBIBYTE);
    memory = realloc(memory, 4 * MEBIBYTE);
    check_equal("realloc of that", (long)changed(memory, 1, 3 * MEBIBYTE), 0);
    free(memory);
    check_equal("mallopt", mallopt(M_MMAP_THRESHOLD, 1), 0);
}

/* A block that grows and shrinks, with another one in its way, and alone. */
static void test_realloc(void)
{
    static const size_t sizes[] = {1,       40,      1000,    70000,  900000,
                                   3000000, 5000000, 2000000, 100000, 17};
    unsigned long wrong = 0, failed = 0;

    for (int way = 0; way < 2; way++) {
        unsigned char *memory = NULL;
        void *between[sizeof(sizes) / sizeof(sizes[0])] = {NULL};
        size_t had = 0;
        for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
            memory = realloc(memory, sizes[i]);
            failed += !memory;
            if (!memory)
                break;
            wrong += changed(memory, 0x5a, had < sizes[i] ? had : sizes[i]);
            memset(memory, 0x5a, sizes[i]);
            had = sizes[i];
            between[i] = way ? malloc(20) : NULL;
        }
        free(memory);
        for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
            free(between[i]);
    }
    check_equal("realloc, contents", (long)wrong, 0);
    check_equal("realloc, no failure", (long)failed, 0);
}

/* --- Threads and fork ---------------------------------------------------------------------------- */

#define THREADS 4
#define THREAD_OPERATIONS 12000
#define FORKS 12

static struct model thread_model[THREADS];
static void *handed[64]; /* from one thread to whichever takes it */
static volatile bool stop;

static int heap_thread(void *argument)
{
    struct model *m = argument;

    for (long n = 0; n < THREAD_OPERATIONS && !stop; n++) {
        operate(m);
        unsigned char *block = malloc(100);
        if (block)
            memset(block, 0x77, 100);
        block = __atomic_exchange_n(&handed[random_number(m) % 64], block, __ATOMIC_ACQ_REL);
        if (block)
            m->wrong += changed(block, 0x77, 100);
        free(block);
    }
    model_free(m);
    return 0;
}

static void threads_start(struct thread **thread)
{
    for (unsigned i = 0; i < THREADS; i++) {
        thread_model[i] = (struct model){.state = 1000 + i};
        check_equal("thread", thread_start(&thread[i], heap_thread, &thread_model[i]), 0);
    }
}

static void threads_join(const char *name, struct thread **thread)
{
    unsigned long wrong = 0;

    for (unsigned i = 0; i < THREADS; i++) {
        thread_join(thread[i], NULL);
        wrong += thread_model[i].wrong + thread_model[i].failed + thread_model[i].misaligned;
    }
    for (unsigned i = 0; i < 64; i++) {
        free(handed[i]);
        handed[i] = NULL;
    }
    check_equal(name, (long)wrong, 0);
}

/* The child of a threaded program: the heap is whole there, and nobody holds its lock. */
static void child_of_threads(void)
{
    static struct model m = {.state = 5};

    for (long n = 0; n < 2000; n++)
        operate(&m);
    model_free(&m);
    _exit(m.wrong + m.failed + m.misaligned ? 1 : 0);
}

static void test_threads(void)
{
    struct thread *thread[THREADS];
    long bad = 0;

    threads_start(thread);
    threads_join("threads", thread);
    threads_start(thread);
    for (int i = 0; i < FORKS; i++) {
        pid_t pid = fork();
        if (pid == 0)
            child_of_threads();
        bad += spawned_wait(pid) != 0;
    }
    stop = true;
    threads_join("threads beside fork", thread);
    check_equal("children of a threaded program", bad, 0);
}

/* --- A break that cannot go on ------------------------------------------------------------------- */

#define BLOCKS 2000
#define BLOCK 10000

static unsigned char *block[BLOCKS];

/* In a child. A mapping `pages` above the break; then more than fits below it. 0: all is as promised. */
static int blocked(unsigned long pages)
{
    unsigned long before = resident(), wrong = 0;
    uintptr_t at = ((uintptr_t)sbrk(0) + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE + pages * PAGE_SIZE;
    int count = 0;

    if (mmap((void *)at, PAGE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
             -1, 0) == MAP_FAILED)
        return 1;
    errno = 0;
    while (count < BLOCKS && (block[count] = malloc(BLOCK)))
        memset(block[count], count % 255 + 1, BLOCK), count++;
    if (ours() ? count != BLOCKS : count >= BLOCKS || errno != ENOMEM)
        return 2;
    for (int i = 0; i < count; i++)
        wrong += changed(block[i], (unsigned char)(i % 255 + 1), BLOCK);
    if (wrong)
        return 3;
    void *large = malloc(2 * MEBIBYTE), *aligned = memalign(4096, MEBIBYTE / 2);
    if (ours() ? !large || !aligned : large || aligned)
        return 4;
    free(large);
    free(aligned);
    for (int i = 0; i < count; i++)
        free(block[i]);
    if (ours() && resident() > before + 2 * MEBIBYTE / PAGE_SIZE)
        return 5;
    for (int i = 0; i < count; i++)
        if (!(block[i] = malloc(BLOCK)))
            return 6;
    return 0;
}

static int forked(int (*function)(unsigned long), unsigned long argument)
{
    fflush(stdout);
    pid_t pid = fork();

    if (pid == 0)
        _exit(function(argument));
    return spawned_wait(pid);
}

static void test_blocked(void)
{
    check_equal("a mapping at the break", forked(blocked, 0), 0);
    check_equal("a mapping a page above", forked(blocked, 1), 0);
    check_equal("a mapping 8 pages above", forked(blocked, 8), 0);
    check_equal("a mapping a MiB above", forked(blocked, 256), 0);
}

/* --- What ours promises -------------------------------------------------------------------------- */

/* Many small blocks of many sizes, every second of them freed: then as many again. ns. */
static unsigned long many_blocks(unsigned count)
{
    void **many = calloc(2 * count, sizeof(*many));
    unsigned long began = (unsigned long)sys_clock();

    for (unsigned i = 0; i < count; i++)
        many[i] = malloc(17 + i * 7919 % 500);
    for (unsigned i = 0; i < count; i += 2) {
        free(many[i]);
        many[i] = NULL;
    }
    for (unsigned i = count; i < 2 * count; i++)
        many[i] = malloc(17 + i * 104729 % 900);
    unsigned long took = (unsigned long)sys_clock() - began;
    for (unsigned i = 0; i < 2 * count; i++)
        free(many[i]);
    free(many);
    return took;
}

static void test_many(void)
{
    unsigned long few = 0, many = 1;

    for (int tries = 0; tries < 5 && many >= 40 * few; tries++) { /* the host has other work too */
        few = many_blocks(4000);
        many = many_blocks(40000);
    }
    check(many < 40 * few, "ten times the blocks take about ten times as long", "%lu us, %lu us",
          few / 1000, many / 1000);
    struct mallinfo info = mallinfo();
    check(info.ordblks < 8, "what was freed is in one piece", "%lu pieces",
          (unsigned long)info.ordblks);
    check(info.keepcost < MEBIBYTE, "and given back", "%lu bytes", (unsigned long)info.keepcost);
    void *big = malloc(3 * MEBIBYTE), *bigger = realloc(big, 5 * MEBIBYTE);
    check(bigger && malloc_usable_size(bigger) >= 5 * MEBIBYTE, "a large block grows", "%p",
          bigger);
    free(bigger);
}

static void touch_and_free(size_t size)
{
    volatile char *memory = malloc(size);

    for (size_t at = 0; memory && at < size; at += PAGE_SIZE)
        memory[at] = 1;
    free((void *)(uintptr_t)memory);
}

static int threshold(unsigned long unused)
{
    unsigned long before = resident();
    char *start = sbrk(0);
    void *small = malloc(600 * KIBIBYTE); /* below the threshold */

    (void)unused;
    free(small);
    touch_and_free(MEBIBYTE);
    check(resident() < before + 16, "a large block is given back at first", "%lu pages",
          resident() - before);
    touch_and_free(MEBIBYTE);
    long faulted = faults();
    for (int i = 0; i < 100; i++)
        touch_and_free(MEBIBYTE);
    check_equal("and kept when its like is wanted again", faults() - faulted, 0);
    check(resident() >= before + 256, "in the heap", "%lu pages", resident() - before);
    for (int i = 0; i < 3; i++)
        touch_and_free(33 * MEBIBYTE);
    check(resident() < before + HEAP_KEPT / PAGE_SIZE / 8, "but not one of 33 MiB", "%lu pages",
          resident() - before);
    for (int i = 0; i < 3; i++) {
        touch_and_free(31 * MEBIBYTE);
        touch_and_free(20 * MEBIBYTE);
    }
    unsigned long kept = (unsigned long)((char *)sbrk(0) - start);
    check(kept >= 31 * MEBIBYTE && kept <= HEAP_KEPT, "31 MiB are kept", "%lu bytes", kept);
    void *one = malloc(31 * MEBIBYTE), *two = malloc(31 * MEBIBYTE);
    free(one);
    free(two);
    kept = (unsigned long)((char *)sbrk(0) - start);
    check(one && two && kept <= HEAP_KEPT, "two of them are not", "%lu bytes", kept);
    check_equal("malloc_trim", malloc_trim(0), 1);
    check((unsigned long)((char *)sbrk(0) - start) < 256 * KIBIBYTE, "gives back what was kept",
          "%td bytes", (char *)sbrk(0) - start);
    check_equal("and once", malloc_trim(0), 0);
    fflush(stdout);
    return (int)check_count;
}

/* In a child with a heap that nothing is in. */
static void test_threshold(void)
{
    unsigned had = check_count;

    check_count = (unsigned)forked(threshold, 0);
    check(check_count >= had + 9, "of the threshold nine checks", "%u", check_count - had);
}

/* Programs that spoil the heap: each must end with a message before anything else is spoilt. */
static int spoil(const char *mode)
{
    char *volatile first = malloc(100), *volatile second = malloc(100),
                   *volatile third = malloc(100);

    if (strcmp(mode, "twice") == 0) {
        free(second);
        free(second);
    } else if (strcmp(mode, "merged") == 0) {
        free(first);
        free(second);
        free(second);
    } else if (strcmp(mode, "top") == 0) {
        free(second);
        free(third);
        free(first);
        free(second);
    } else if (strcmp(mode, "stack") == 0) {
        _Alignas(16) uintptr_t words[8] = {0, 48};
        free(hidden(&words[2]));
    } else if (strcmp(mode, "inside") == 0) {
        memset(hidden(first), 0, 100);
        free(hidden(first + 32));
    } else if (strcmp(mode, "beyond") == 0) {
        memset(hidden(second), 'A', 120);
        free(second);
    } else if (strcmp(mode, "beyond-zero") == 0) {
        memset(hidden(second), 0, 120);
        free(second);
    } else if (strcmp(mode, "realloc") == 0) {
        free(second);
        second = realloc(second, 200);
    } else if (strcmp(mode, "nothing-wrong") == 0) {
        return 33;
    }
    return 1;
}

static void test_spoilt(const char *self)
{
    static const char *const modes[] = {"twice",  "merged", "top",         "stack",
                                        "inside", "beyond", "beyond-zero", "realloc"};
    char name[64];

    fflush(stdout);
    check_equal("a child that does nothing wrong", spawned_run(self, "nothing-wrong", NULL), 33);
    for (unsigned i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        snprintf(name, sizeof(name), "spoilt, %s", modes[i]);
        check_equal(name, spawned_run(self, modes[i], NULL), 128 + SIGABRT);
    }
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return spoil(argv[1]);
    setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
    if (ours())
        test_threshold();
    test_blocked();
    test_random();
    test_errors();
    test_functions();
    test_realloc();
    test_threads();
    if (ours()) {
        test_many();
        test_spoilt(argv[0]);
    }
    return check_done();
}
