/* SPDX-License-Identifier: MIT
 *
 * Policies change while four times as much memory is used as there is: no byte is lost, every policy
 * has its turn at choosing, and thousands of changes take no memory. And what the pager says to
 * texts that name no policy.
 *
 * On four harts a shorter run, for there each shoot-down costs QEMU time slices of the host.
 *
 * octavo-test: SMP=1,4 FRAMES=64 TIMEOUT=240 */
#include <errno.h>
#include <octavo/query.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "tests/guest/check.h"

#define PAGES 256u
#define CHANGES 3000 /* without any access between */
#define WORDS (PAGE_SIZE / sizeof(uint64_t))
#define POLICIES_MOST 64

static char names[POLICIES_MOST][24];
static unsigned policies;
static unsigned pages = PAGES;
static unsigned turn = 400; /* accesses under one policy */
static uint64_t *memory, version[PAGES];

static struct pager_stat stat_now(void)
{
    static struct pager_stat stat;

    query_pager(PAGER_STAT, 0, 0, &stat, sizeof(stat), NULL);
    return stat;
}

static long change(const char *text, unsigned long length, unsigned long *why)
{
    struct message m = {.tag = PAGER_POLICY, .w = {length}};

    ipc_attach_in(&m, text, strlen(text));
    long result = ipc_request(HANDLE_PAGER, &m);
    *why = m.w[0];
    return result;
}

static long change_to(const char *text)
{
    unsigned long why;

    return change(text, strlen(text), &why);
}

/* Frames that the pager has taken from the kernel. */
static uint64_t pager_memory(void)
{
    struct info_task task;

    for (unsigned long id = 1; query_kernel(INFO_TASK, id, &task, sizeof(task)); id = task.id + 1ul)
        if (strcmp(task.name, "pager") == 0)
            return task.frames;
    return 0;
}

static void list(void)
{
    char line[256];
    unsigned long answer[4], in_force = 0;

    while (policies < POLICIES_MOST) {
        memset(line, 0, sizeof(line));
        if (query_pager(PAGER_POLICIES, policies, 0, line, sizeof(line) - 1, answer) < 0)
            break;
        in_force += answer[1];
        snprintf(names[policies++], sizeof(names[0]), "%.*s", (int)strcspn(line, "\t"), line);
    }
    check(policies >= 18, "policies", "%u", policies);
    check_equal("one is in force", (long)in_force, 1);
}

static void refused(const char *what, const char *text, unsigned long length, long result,
                    unsigned long why)
{
    unsigned long told;

    check_equal(what, change(text, length, &told), result);
    if (why)
        check_equal(what, (long)told, (long)why);
}

static void nonsense(void)
{
    static char large[4096];

    memset(large, 'x', sizeof(large) - 1);
    refused("no name", "", 0, -EINVAL, PAGER_POLICY_NONE);
    refused("no policy", "nosuch", 6, -EINVAL, PAGER_POLICY_NONE);
    refused("no parameter", "clock:no=1", 10, -EINVAL, PAGER_POLICY_PARAMETER);
    refused("no value", "clock:start=", 12, -EINVAL, PAGER_POLICY_VALUE);
    refused("a value too large", "clock:start=2", 13, -EINVAL, PAGER_POLICY_VALUE);
    refused("a text too long", large, sizeof(large) - 1, -ENAMETOOLONG, 0);
    refused("longer than its buffer", "clock", 100, -EINVAL, 0);
    refused("very long", "clock", ~0ul, -ENAMETOOLONG, 0);
    check(strcmp(stat_now().policy, "clock") == 0, "nothing has happened", "%s", stat_now().policy);
}

/* --- under load --- */

static uint64_t word(uint64_t page, uint64_t i)
{
    return (page << 40 | version[page] << 20 | i) * 0x9e3779b97f4a7c15;
}

static void fill(uint64_t page)
{
    version[page]++;
    for (uint64_t i = 0; i < WORDS; i++)
        memory[page * WORDS + i] = word(page, i);
}

static bool is_right(uint64_t page)
{
    for (uint64_t i = 0; i < WORDS; i++)
        if (memory[page * WORDS + i] != word(page, i))
            return false;
    return true;
}

static unsigned long wrong_pages(unsigned accesses)
{
    static uint64_t seed = 1;
    unsigned long wrong = 0;

    for (unsigned i = 0; i < accesses; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        uint64_t page = (seed >> 33) % pages;
        wrong += !is_right(page);
        if (seed >> 20 & 1)
            fill(page);
    }
    return wrong;
}

static void load(void)
{
    for (unsigned i = 0; i < policies; i++) {
        struct pager_stat before = stat_now();
        check_equal(names[i], change_to(names[i]), 0);
        check_equal(names[i], (long)wrong_pages(turn), 0);
        struct pager_stat after = stat_now();
        check(strcmp(after.policy, names[i]) == 0 && after.evictions - before.evictions > turn / 8,
              names[i], "%s, %lu evictions", after.policy,
              (unsigned long)(after.evictions - before.evictions));
        check(after.refused_nominations - before.refused_nominations <
                      (after.evictions - before.evictions) / 2 ||
                  turn < 100,
              names[i], "%lu nominations refused",
              (unsigned long)(after.refused_nominations - before.refused_nominations));
    }
}

static void many(void)
{
    uint64_t before = pager_memory();
    unsigned long failed = 0, wrong = 0;

    for (unsigned i = 0; i < CHANGES; i++) {
        failed += change_to(names[(i * 7) % policies]) != 0;
        if (i % 16 == 0)
            wrong += wrong_pages(1);
    }
    check_equal("changes that failed", (long)failed, 0);
    check_equal("pages that are wrong after them", (long)wrong, 0);
    check(before > 0, "the pager's task", "was not found");
    check_equal("frames for thousands of changes", (long)(pager_memory() - before), 0);
    unsigned long last = 0;
    for (uint64_t page = 0; page < pages; page++)
        last += !is_right(page);
    check_equal("pages that are wrong at the end", (long)last, 0);
}

int main(void)
{
    struct info_system system = {0};

    query_kernel(INFO_SYSTEM, 0, &system, sizeof(system));
    if (system.harts > 1)
        pages = 128, turn = 16;
    list();
    nonsense();
    memory =
        mmap(NULL, PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (uint64_t page = 0; page < pages; page++)
        fill(page);
    load();
    if (system.harts > 1)
        return check_done();
    load(); /* now both of the pager's windows for instances have their size */
    many();
    return check_done();
}
