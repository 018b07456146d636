/* SPDX-License-Identifier: MIT
 *
 * What every host test includes: a runner, checks, randomness, and a small machine for mm/ to
 * run on.
 *
 * To add a test: write tests/host/test_NAME.c that includes this header and has one or more
 *     TEST(name) { CHECK(1 + 1 == 2); }
 * It is found by wildcard, becomes its own program and is run twice, with and without
 * OCTAVO_DEBUG, under ASan and UBSan. It is linked with all of mm/. If it tests something else,
 *
 *     // SOURCES: user/pager/vm/region.c user/pager/other.c
 *     // CPPFLAGS: -Iuser/include
 *
 * name what to link instead of mm/ (paths from the top of the tree), and what else
 * to pass to the preprocessor for these and for the test.
 *
 * SEED=n repeats a run, OPS=n changes the number of random operations, ONLY=name runs one test.
 */
#ifndef OCTAVO_TESTS_HARNESS_H
#define OCTAVO_TESTS_HARNESS_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Define and register a test. The body returns normally, or a failed CHECK leaves it. */
#define TEST(test_name)                                                                           \
    static void test_run_##test_name(void);                                                       \
    static struct test test_case_##test_name = {.name = #test_name, .run = test_run_##test_name}; \
    __attribute__((constructor)) static void test_register_##test_name(void)                      \
    {                                                                                             \
        test_register(&test_case_##test_name);                                                    \
    }                                                                                             \
    static void test_run_##test_name(void)

/* Ends the test when cond is false. */
#define CHECK(cond) ((cond) ? (void)0 : test_fail(__FILE__, __LINE__, #cond))

/* Ends the test when the two integers differ; shows both. */
#define CHECK_EQ(a, b) test_check_eq(__FILE__, __LINE__, #a " == " #b, (long)(a), (long)(b))

/* Runs a statement that must end in mm_panic with a message that contains `text`. */
#define CHECK_PANIC(statement, text)                                \
    do {                                                            \
        if (setjmp(*test_expect_panic()) == 0) {                    \
            statement;                                              \
            test_fail(__FILE__, __LINE__, "no panic: " #statement); \
        }                                                           \
        test_check_panic(__FILE__, __LINE__, text);                 \
    } while (0)

struct test {
    const char *name;
    void (*run)(void);
    struct test *next;
};

void test_register(struct test *test);
_Noreturn void test_fail(const char *file, int line, const char *what);
void test_check_eq(const char *file, int line, const char *what, long a, long b);
jmp_buf *test_expect_panic(void);
void test_check_panic(const char *file, int line, const char *text);

/* How many random operations: OPS, or a million. */
unsigned long test_operations(void);

/* Random numbers; every test starts from the seed. */
uint64_t rnd(void);
static inline uint64_t rnd_below(uint64_t n)
{
    return rnd() % n;
}
static inline bool rnd_chance(unsigned percent)
{
    return rnd() % 100 < percent;
}

/* The machine: physical addresses 0 .. 8 GiB exist as addresses; only what machine_ram made RAM
 * (and its descriptors) can be touched without a crash. machine_reset forgets all. */
void machine_reset(void);
void machine_ram(uint64_t pa, size_t size);

/* Walk all lists and descriptors of buddy, or every slab of every cache; panic on the first
 * contradiction. */
void buddy_audit(void);
void slab_audit(void);

/* reset, one range of RAM, buddy and kmalloc set up on it; the usual start of a test. */
void machine_boot(uint64_t pa, size_t size);

/* Called by the machine's mm_fence when set. */
extern void (*machine_fence)(unsigned long harts, uint32_t asid, uintptr_t va, size_t size);

#endif
