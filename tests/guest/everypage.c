/* SPDX-License-Identifier: MIT
 *
 * Every page by IPC: with fault-around off each first touch of a page, by read, write or execute, is
 * one FAULT message: the kernel's count of them, the pager's and the program's own (getrusage) are the
 * same, here and in all the system. And a page that the pager refuses is refused to this one access.
 *
 *     everypage          the test
 *     everypage again    its second instance: the image's pages are in the cache by now
 *     everypage MODE     a child that touches the refused page in that way, see refused_child() */
#include <errno.h>
#include <octavo/query.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include "tests/guest/check.h"
#include "tests/guest/spawned.h"

#define SELF "/test/everypage"
#define PAGES 40ul
#define BYTES (PAGES * PAGE_SIZE)
#define REFUSED 17ul /* which of `victim` */

/* In the image: a page of constants each, a page of code each. */
static const char constants[BYTES] __attribute__((aligned(4096))) = {1};
extern char code[]; /* PAGES functions, one a page, that return */
__asm__(".section .text.everypage, \"ax\"\n"
        ".balign 4096\n"
        "code:\n"
        ".rept 40\n"
        "ret\n"
        ".balign 4096\n"
        ".endr\n"
        ".text\n");

static char victim[BYTES] __attribute__((aligned(4096)));

/* --- Counting ---------------------------------------------------------------------------- */

struct counts {
    unsigned long kernel, pager, program; /* of this program */
    unsigned long major;                  /* of them, with reading */
    unsigned long all_kernel, all_pager;  /* of everybody */
    unsigned long mapped, refused;
};

static struct counts count(void)
{
    static struct info_task task;
    static struct info_system system;
    static struct pager_space space;
    static struct pager_stat stat;
    static struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    query_pager(PAGER_SPACE, 0, 0, &space, sizeof(space), NULL);
    query_pager(PAGER_STAT, 0, 0, &stat, sizeof(stat), NULL);
    query_kernel(INFO_SELF, 0, &task, sizeof(task));
    query_kernel(INFO_SYSTEM, 0, &system, sizeof(system));
    return (struct counts){.kernel = task.faults,
                           .pager = space.faults,
                           .program = (unsigned long)(usage.ru_minflt + usage.ru_majflt),
                           .major = (unsigned long)usage.ru_majflt,
                           .all_kernel = system.faults,
                           .all_pager = stat.faults,
                           .mapped = stat.mapped,
                           .refused = stat.refused};
}

static struct counts before;

/* Since `before`: exactly so many faults, whoever counts. */
static void expect(const char *what, unsigned long faults, unsigned long major)
{
    struct counts now = count();
    unsigned long kernel = now.kernel - before.kernel, pager = now.pager - before.pager;
    unsigned long program = now.program - before.program, majors = now.major - before.major;
    unsigned long all_kernel = now.all_kernel - before.all_kernel;
    unsigned long all_pager = now.all_pager - before.all_pager;

    check(
        kernel == faults && pager == faults && program == faults && majors == major &&
            all_kernel == faults && all_pager == faults,
        what,
        "wanted %lu (%lu major); kernel %lu, pager %lu, program %lu (%lu major), all: kernel %lu, "
        "pager %lu",
        faults, major, kernel, pager, program, majors, all_kernel, all_pager);
    before = count();
}

static long tune(handle_t space, unsigned long what, unsigned long value)
{
    struct message m = {.tag = PAGER_TUNE, .w = {what, value}};

    if (space != HANDLE_NONE)
        ipc_attach_handle(&m, space);
    return ipc_request(HANDLE_PAGER, &m);
}

/* --- Touching ---------------------------------------------------------------------------- */

/* Not in order: what follows from one page to the next must not matter. 7 and 40 have no divisor. */
static unsigned long page_number(unsigned long i)
{
    return i * 7 % PAGES;
}

static void touch_read(const char *memory)
{
    for (unsigned long i = 0; i < PAGES; i++)
        (void)*(const volatile char *)(memory + page_number(i) * PAGE_SIZE);
}

static void touch_write(char *memory)
{
    for (unsigned long i = 0; i < PAGES; i++)
        *(volatile char *)(memory + page_number(i) * PAGE_SIZE + 5) = (char)i;
}

static void touch_execute(char *memory)
{
    for (unsigned long i = 0; i < PAGES; i++)
        ((void (*)(void))(uintptr_t)(memory + page_number(i) * PAGE_SIZE))();
}

static char *map(unsigned long bytes)
{
    char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED) {
        printf("not ok mmap: %s\n", strerror(errno));
        exit(1);
    }
    return memory;
}

/* --- The tests --------------------------------------------------------------------------- */

static void test_anonymous(void)
{
    munmap(map(BYTES), BYTES); /* the code of both is there */
    before = count();
    char *memory = map(BYTES);

    expect("mmap alone", 0, 0);
    touch_write(memory);
    expect("write", PAGES, 0);
    touch_write(memory);
    touch_read(memory);
    expect("write again", 0, 0);
    for (unsigned long i = 0; i < PAGES; i++)
        *(uint16_t *)(memory + i * PAGE_SIZE) = 0x8082; /* ret (c.jr ra) */
    mprotect(memory, BYTES, PROT_NONE);
    mprotect(memory, BYTES, PROT_READ | PROT_EXEC);
    expect("mprotect", 0, 0);
    touch_execute(memory);
    expect("execute", PAGES, 0);
    touch_execute(memory);
    expect("execute again", 0, 0);
    munmap(memory, BYTES);
    memory = map(BYTES);
    touch_read(memory);
    expect("read", PAGES, 0);
    touch_write(memory);
    expect("write after read", PAGES, 0);
    for (unsigned long i = 0, wrong = 0; i < PAGES; i++) {
        for (unsigned long at = 0; at < PAGE_SIZE; at++)
            wrong += memory[page_number(i) * PAGE_SIZE + at] != (at == 5 ? (char)i : 0);
        if (i == PAGES - 1)
            check_equal("contents after read and write", (long)wrong, 0);
    }
    before = count();
    munmap(memory, BYTES);
}

static void test_image(unsigned long major)
{
    before = count();
    touch_read(constants);
    expect(major ? "read of the image" : "read of the image, cached", PAGES, major);
    touch_execute(code);
    expect(major ? "execute of the image" : "execute of the image, cached", PAGES, major);
}

/* The kernel misses a page of the program's during a system call: one message as well. */
static void test_system_calls(void)
{
    char *memory = map(4 * PAGE_SIZE);
    struct message m = {.tag = PAGER_STAT, .w = {0, 0, 0, 64}};

    before = count();
    sys_info(INFO_SYSTEM, 0, (uintptr_t)memory + 8, 64);
    expect("info into an absent page", 1, 0);
    ipc_attach_out(&m, memory + 2 * PAGE_SIZE - 32, 64);
    check_equal("a buffer across two absent pages", ipc_request(HANDLE_PAGER, &m), 0);
    expect("faults of a buffer across two absent pages", 2, 0);
    *(volatile uint64_t *)(memory + 3 * PAGE_SIZE - 4) = 1;
    expect("a misaligned store into an absent page", 1, 0);
    munmap(memory, 4 * PAGE_SIZE);
}

/* With fault-around fewer messages bring as many pages. */
static void test_around(void)
{
    char *memory = map(BYTES);

    tune(HANDLE_NONE, PAGER_TUNE_AROUND, 16);
    before = count();
    for (unsigned long i = 0; i < PAGES; i++)
        *(volatile char *)(memory + i * PAGE_SIZE) = 1;
    struct counts now = count();
    unsigned long faults = now.kernel - before.kernel;
    check(faults < PAGES / 3 && faults == now.pager - before.pager &&
              faults == now.all_kernel - before.all_kernel,
          "fault-around saves messages", "%lu faults", faults);
    check(now.mapped - before.mapped >= PAGES && now.mapped - before.mapped <= PAGES + 16,
          "fault-around maps all pages", "%lu pages", now.mapped - before.mapped);
    tune(HANDLE_NONE, PAGER_TUNE_AROUND, 1);
    munmap(memory, BYTES);
}

/* --- Refusal ----------------------------------------------------------------------------- */

/* Both before the child's first fault. */
static long prepare(handle_t space, unsigned long badge, void *refuse)
{
    (void)badge;
    long result = tune(space, PAGER_TUNE_AROUND, 1);
    return result < 0 ? result : tune(space, PAGER_TUNE_REFUSE, (uintptr_t)refuse);
}

/* In a child whose page REFUSED of `victim` the pager refuses. */
static int refused_child(const char *mode)
{
    char *page = victim + REFUSED * PAGE_SIZE;

    for (unsigned long i = 0; i < PAGES; i++)
        if (i != REFUSED)
            *(volatile char *)(victim + i * PAGE_SIZE) = 1;
    printf("# %s %#lx\n", mode, (unsigned long)(uintptr_t)page); /* for the script */
    fflush(stdout);
    if (strcmp(mode, "write") == 0)
        *(volatile char *)(page + 8) = 1;
    else if (strcmp(mode, "read") == 0)
        (void)*(volatile char *)(page + 8);
    else if (strcmp(mode, "execute") == 0)
        ((void (*)(void))(uintptr_t)(page + 8))();
    else if (strcmp(mode, "system-call") == 0)
        return sys_info(INFO_SYSTEM, 0, (uintptr_t)page + 8, 64) == -EFAULT ? 33 : 1;
    else if (strcmp(mode, "buffer") == 0)
        return write(STDOUT_FILENO, page + 8, 8) == -1 && errno == EFAULT ? 33 : 1;
    return 33; /* "not" comes here: nobody touched it */
}

static void test_refusal(void)
{
    static const struct {
        const char *mode;
        int status;
        unsigned long refused;
    } row[] = {
        {"not", 33, 0},         {"read", 128 + SIGSEGV, 1}, {"write", 128 + SIGSEGV, 1},
        {"system-call", 33, 1}, {"buffer", 33, 1},          {"execute", 128 + SIGSEGV, 1},
    };
    char name[64];

    for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        char *argv[] = {SELF, (char *)row[i].mode, NULL};
        before = count();
        fflush(stdout);
        int status = spawned_wait(spawned_start(argv, prepare, victim + REFUSED * PAGE_SIZE));
        snprintf(name, sizeof(name), "refused page, %s", row[i].mode);
        check_equal(name, status, row[i].status);
        snprintf(name, sizeof(name), "refusals counted, %s", row[i].mode);
        check_equal(name, (long)(count().refused - before.refused), (long)row[i].refused);
    }
}

static int test_all(void)
{
    /* The counters' own pages first, and those of the code that the calls to be counted are in. */
    munmap(map(BYTES), BYTES);
    check(tune(HANDLE_NONE, PAGER_TUNE_AROUND, 1) == 0, "fault-around off", "refused");
    before = count();
    before = count();
    expect("counting", 0, 0);
    check_equal("all faults since boot, kernel and pager",
                (long)(before.all_kernel - before.all_pager), 0);
    check_equal("own faults since start, kernel and pager", (long)(before.kernel - before.pager),
                0);
    check_equal("own faults since start, kernel and program",
                (long)(before.kernel - before.program), 0);
    test_anonymous();
    test_image(PAGES);
    test_system_calls();
    test_around();
    fflush(stdout);
    char *argv[] = {SELF, "again", NULL};
    check_equal("second instance", spawned_wait(spawned_start(argv, prepare, NULL)), 0);
    test_refusal();
    return check_done();
}

/* Prints nothing on success: its lines would be counted with the parent's. */
static int test_again(void)
{
    before = count();
    before = count();
    touch_read(constants);
    touch_execute(code);
    struct counts now = count();
    unsigned long faults = now.kernel - before.kernel;
    if (faults == 2 * PAGES && now.program - before.program == faults && now.major == before.major)
        return 0;
    printf("# second instance: %lu faults, %lu major\n", faults, now.major - before.major);
    return 1;
}

int main(int argc, char **argv)
{
    if (argc == 1)
        return test_all();
    return strcmp(argv[1], "again") == 0 ? test_again() : refused_child(argv[1]);
}
