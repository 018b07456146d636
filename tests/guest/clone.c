/* SPDX-License-Identifier: MIT
 *
 * Spaces copied on write (PAGER_CLONE): who sees whose writes, in every kind of memory and across
 * generations; how often a page is really copied; what becomes of pages, spaces and metadata when the
 * copy, the parent or the right between them dies first; and the limits.
 *
 * octavo-test: SMP=1,4 TIMEOUT=120 */
#include <octavo/query.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "tests/guest/check.h"
#include "tests/guest/rawfork.h"
#include "tests/guest/spawned.h"

#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
#define PAGES 40ul

static struct pager_stat stat(void)
{
    static struct pager_stat record;

    query_pager(PAGER_STAT, 0, 0, &record, sizeof(record), NULL);
    return record;
}

/* Rights that were closed are heard of after what is being answered: waits for so many spaces. */
static struct pager_stat settled(unsigned long spaces)
{
    for (int i = 0; i < 6000 && stat().spaces > spaces; i++)
        usleep(10000);
    return stat();
}

static long tune(unsigned long what, unsigned long value)
{
    struct message m = {.tag = PAGER_TUNE, .w = {what, value}};
    long error = ipc_request(HANDLE_PAGER, &m);

    return error < 0 ? error : (long)m.w[0];
}

static char *map(unsigned long pages)
{
    return mmap(NULL, pages * PAGE_SIZE, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);
}

/* The end of a child: as exit, but nothing of libc's is run. */
static _Noreturn void child_exit(int status)
{
    _exit(status);
}

static int data_word = 1;
static int bss_word;

/* Every kind of private memory: parent writes 1, child sees it and writes 2, nobody sees the other's. */
static void test_kinds(void)
{
    char *mapped = map(4), *untouched = map(4), *read_only = map(1), *read = map(1);
    volatile int on_stack = 1;
    int *heap = malloc(sizeof(int));

    *mapped = 1;
    *read_only = 1;
    mprotect(read_only, PAGE_SIZE, PROT_READ);
    *heap = 1;
    data_word = bss_word = 1;
    if (*(volatile char *)read != 0)
        return;
    pid_t pid = rawfork();
    if (pid == 0) {
        int right = *mapped == 1 && *untouched == 0 && *read_only == 1 && *read == 0 &&
                    on_stack == 1 && *heap == 1 && data_word == 1 && bss_word == 1;
        *mapped = *untouched = *read = 2;
        on_stack = *heap = data_word = bss_word = 2;
        mprotect(read_only, PAGE_SIZE, PROT_READ | PROT_WRITE);
        *read_only = 2;
        munmap(untouched, PAGE_SIZE);
        right = right && *mapped == 2 && *read_only == 2 && on_stack == 2 && *heap == 2 &&
                data_word == 2 && bss_word == 2;
        child_exit(right ? 7 : 8);
    }
    mapped[PAGE_SIZE] = 1; /* here the parent is first, often */
    check_equal("the child sees the parent's memory, and changes its own", spawned_wait(pid), 7);
    check(*mapped == 1 && *untouched == 0 && *read == 0 && on_stack == 1 && *heap == 1 &&
              data_word == 1 && bss_word == 1,
          "the parent's memory is as it was", "%d %d %d %d", *mapped, on_stack, *heap, data_word);
    read_only[0] += 0 * mprotect(read_only, PAGE_SIZE, PROT_READ | PROT_WRITE);
    check_equal("also what was read-only", *read_only, 1);
    free(heap);
    munmap(mapped, 4 * PAGE_SIZE);
    munmap(untouched, 4 * PAGE_SIZE);
    munmap(read_only, PAGE_SIZE);
    munmap(read, PAGE_SIZE);
}

/* What the parent writes while the child lives is not the child's; a pipe of statuses would be more
 * than there is: the child sleeps until the parent has written. */
static void test_parent_first(void)
{
    char *at = map(PAGES);

    memset(at, 1, PAGES * PAGE_SIZE);
    pid_t pid = rawfork();
    if (pid == 0) {
        int wrong = 0;
        usleep(50000);
        for (unsigned long i = 0; i < PAGES; i++)
            wrong += at[i * PAGE_SIZE] != 1 || at[i * PAGE_SIZE + 4095] != 1;
        child_exit(wrong);
    }
    memset(at, 2, PAGES * PAGE_SIZE);
    check_equal("the child keeps what the parent writes over", spawned_wait(pid), 0);
    munmap(at, PAGES * PAGE_SIZE);
}

/* Generation n has n pages of its own and sees n - 1 others; each ends with the sum of what is wrong. */
static int generation(char *at, int n)
{
    int wrong = 0;

    for (int i = 0; i < 6; i++)
        wrong += at[(unsigned)i * PAGE_SIZE] != (i < n ? i + 1 : 0);
    if (n == 6)
        return wrong;
    at[(unsigned)n * PAGE_SIZE] = (char)(n + 1);
    pid_t pid = rawfork();
    if (pid == 0)
        child_exit(generation(at, n + 1));
    at[0] = 99; /* after the fork: no descendant sees it */
    int status = spawned_wait(pid);
    return wrong + (status < 0 ? 100 : status);
}

static void test_generations(void)
{
    char *at = map(6);

    check_equal("six generations", generation(at, 0), 0);
    munmap(at, 6 * PAGE_SIZE);
}

/* Copies are made once a page, and not at all for who is left alone with it. */
static void test_copies(void)
{
    char *at = map(PAGES);

    memset(at, 1, PAGES * PAGE_SIZE);
    long space = rawfork_clone();
    unsigned long before = stat().cow_breaks;
    for (unsigned long i = 0; i < PAGES / 2; i++)
        at[i * PAGE_SIZE] = 2;
    /* the stack, data and bss are written, too: a handful */
    unsigned long copied = stat().cow_breaks - before;
    check(copied >= PAGES / 2 && copied < PAGES / 2 + 8, "one copy for each page written", "%lu",
          copied);
    sys_close((unsigned long)space);
    before = stat().cow_breaks;
    for (unsigned long i = 0; i < PAGES; i++)
        at[i * PAGE_SIZE] = 3;
    copied = stat().cow_breaks - before;
    check(copied == 0, "none when the other space is gone", "%lu", copied);
    munmap(at, PAGES * PAGE_SIZE);
}

/* The parent dies first; the grandchild is then alone with its pages. Its status comes by a file of
 * the oldest kind: the process table. */
static void test_orphan(void)
{
    struct pager_stat before = stat(), after;
    pid_t pid = rawfork();

    if (pid == 0) {
        char *at = map(PAGES);
        memset(at, 5, PAGES * PAGE_SIZE);
        pid = rawfork();
        if (pid == 0) {
            usleep(50000);
            for (unsigned long i = 0; i < PAGES * PAGE_SIZE; i += 64)
                if (at[i]++ != 5)
                    *(volatile char *)0 = 0;
            child_exit(0);
        }
        child_exit(pid < 0);
    }
    check_equal("a parent that dies first", spawned_wait(pid), 0);
    after = settled(before.spaces);
    check(after.spaces == before.spaces && after.frames_anon <= before.frames_anon + 4,
          "nothing is left of the orphan", "%lu spaces, %ld frames", after.spaces,
          (long)(after.frames_anon - before.frames_anon));
}

static void test_limits(void)
{
    static handle_t space[2000];
    struct pager_stat before = stat(), after;
    unsigned n = 0;
    long error;

    while ((error = rawfork_clone()) >= 0 && n < 2000)
        space[n++] = (handle_t)error;
    check(error == -EAGAIN || error == -ENOMEM, "copies without end", "%ld after %u", error, n);
    while (n > 0)
        sys_close(space[--n]);
    after = settled(before.spaces);
    check_equal("they go with their rights", (long)(after.spaces - before.spaces), 0);
    check_equal("and so does their metadata", (long)(after.metadata - before.metadata) / 4096, 0);

    struct message m = {.tag = PAGER_CLONE};
    ipc_accept(0);
    error = ipc_request(HANDLE_PAGER, &m);
    check(error < 0, "no room for the right", "%ld", error);
    check_equal("no space stays of that", (long)(settled(before.spaces).spaces - before.spaces), 0);
    data_word++; /* and memory is still writable */
}

/* Metadata: a space with many regions and pages costs its copy as much. */
static void test_many_regions(void)
{
    const unsigned long n = 20000;
    char *at = mmap(NULL, 2 * n * PAGE_SIZE, PROT_NONE, ANONYMOUS, -1, 0);

    for (unsigned long i = 0; i < n; i++)
        mprotect(at + 2 * i * PAGE_SIZE, PAGE_SIZE, PROT_READ | PROT_WRITE);
    for (unsigned long i = 0; i < n; i += 100)
        at[2 * i * PAGE_SIZE] = 1;
    pid_t pid = rawfork();
    if (pid == 0) {
        int wrong = 0;
        for (unsigned long i = 0; i < n; i += 100)
            wrong += at[2 * i * PAGE_SIZE]++ != 1;
        wrong += mprotect(at, 2 * n * PAGE_SIZE, PROT_READ) != 0;
        child_exit(wrong != 0);
    }
    check_equal("20,000 regions", spawned_wait(pid), 0);
    munmap(at, 2 * n * PAGE_SIZE);
}

static void test_nothing_stays(void)
{
    struct pager_stat before = stat(), after;

    for (int run = 0; run < 10; run++) {
        pid_t pid = rawfork();
        if (pid == 0) {
            char *at = map(PAGES);
            memset(at, 1, PAGES * PAGE_SIZE);
            if (run % 2)
                *(volatile char *)0 = 0;
            child_exit(0);
        }
        spawned_wait(pid);
        after = settled(before.spaces);
        if (run == 1)
            before = after;
    }
    check_equal("anonymous frames stay", (long)(after.frames_anon - before.frames_anon), 0);
    check_equal("spaces stay", (long)(after.spaces - before.spaces), 0);
    check_equal("regions stay", (long)(after.regions - before.regions), 0);
    check_equal("metadata stays", (long)(after.metadata - before.metadata), 0);
}

static long usage(unsigned long whose, unsigned long last, unsigned long word[3])
{
    struct message m = {.tag = PAGER_USAGE, .w = {whose, last}};
    long error = ipc_request(HANDLE_PAGER, &m);

    if (error == 0)
        memcpy(word, m.w, 3 * sizeof(word[0]));
    return error;
}

static void test_usage(void)
{
    unsigned long before[3], word[3], all[3];
    char *at;

    usage(PAGER_USAGE_CHILDREN, 0, before);
    pid_t pid = rawfork();
    if (pid == 0) {
        tune(PAGER_TUNE_AROUND, 1);
        at = map(PAGES);
        memset(at, 1, PAGES * PAGE_SIZE);
        munmap(at, PAGES * PAGE_SIZE);
        child_exit(0);
    }
    spawned_wait(pid);
    check_equal("usage of an ended child", usage(rawfork_badge, 0, word), 0);
    check(word[0] > PAGES && word[0] < PAGES + 40 && word[1] == 0 && word[2] >= PAGES &&
              word[2] < PAGES + 100,
          "its faults and its peak", "%lu %lu %lu", word[0], word[1], word[2]);
    check_equal("once more, for the last time", usage(rawfork_badge, 1, word), 0);
    check_equal("then it is gone", usage(rawfork_badge, 0, word), -ESRCH);
    usage(PAGER_USAGE_CHILDREN, 0, all);
    check(all[0] - before[0] == word[0] && all[2] >= word[2], "and counts as a child", "%lu %lu",
          all[0] - before[0], word[0]);
    struct pager_space space;
    query_pager(PAGER_SPACE, 0, 0, &space, sizeof(space), NULL);
    check_equal("usage of a space that is no child", usage(space.badge, 0, word), -ESRCH);
    for (int i = 0; i < 50; i++) { /* more than the pager keeps */
        pid = rawfork();
        if (pid == 0)
            child_exit(0);
        spawned_wait(pid);
    }
    before[0] = all[0];
    usage(PAGER_USAGE_CHILDREN, 0, all);
    check(all[0] > before[0], "children without end are counted all the same", "%lu after %lu",
          all[0], before[0]);
    usage(PAGER_USAGE_SELF, 0, word);
    at = map(PAGES);
    memset(at, 1, PAGES * PAGE_SIZE);
    usage(PAGER_USAGE_SELF, 0, all);
    check(all[0] > word[0] && all[2] >= word[2], "usage of this program", "%lu %lu", all[0],
          word[0]);
    munmap(at, PAGES * PAGE_SIZE);
}

int main(void)
{
    for (unsigned wait = 0; wait < 4; wait += 3) {
        tune(PAGER_TUNE_WAIT, wait);
        test_kinds();
        test_parent_first();
        test_generations();
        test_orphan();
    }
    tune(PAGER_TUNE_WAIT, 0);
    test_copies();
    struct info_system system;
    query_kernel(INFO_SYSTEM, 0, &system, sizeof(system));
    if (system.harts == 1) /* the pager has one thread: more harts only take longer */
        test_limits();
    test_many_regions();
    test_usage();
    test_nothing_stays();
    return check_done();
}
