/* SPDX-License-Identifier: MIT
 *
 * The runner of the host tests. See harness.h.
 *
 * Prints `run name`, then `ok name` or `FAIL name: where: what` for each test, and last `# P F`, the
 * numbers that tests/host/run adds up.
 */
#include "harness.h"

#include "mm/mm.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct test *tests;
static jmp_buf test_jump, panic_jump;
static bool in_test, panic_expected;
static char failure[600], panic_text[400];
static uint64_t seed, state;

void test_register(struct test *test)
{
    struct test **end = &tests;

    while (*end)
        end = &(*end)->next;
    *end = test;
}

void test_fail(const char *file, int line, const char *what)
{
    snprintf(failure, sizeof(failure), "%s:%d: %s", file, line, what);
    if (!in_test)
        abort();
    longjmp(test_jump, 1);
}

void test_check_eq(const char *file, int line, const char *what, long a, long b)
{
    char text[300];

    if (a == b)
        return;
    snprintf(text, sizeof(text), "%s: %ld (%#lx) and %ld (%#lx)", what, a, (unsigned long)a, b,
             (unsigned long)b);
    test_fail(file, line, text);
}

jmp_buf *test_expect_panic(void)
{
    panic_expected = true;
    panic_text[0] = 0;
    return &panic_jump;
}

void test_check_panic(const char *file, int line, const char *text)
{
    char message[600];

    panic_expected = false;
    if (strstr(panic_text, text))
        return;
    snprintf(message, sizeof(message), "panic says \"%s\", not \"%s\"", panic_text, text);
    test_fail(file, line, message);
}

static _Noreturn void host_panic(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void host_panic(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(panic_text, sizeof(panic_text), format, args);
    va_end(args);
    if (panic_expected)
        longjmp(panic_jump, 1);
    test_fail("panic", 0, panic_text);
}

struct mm_hooks mm_hooks = {.panic = host_panic}; /* fence is the machine's */

uint64_t rnd(void)
{
    /* splitmix64 (Steele, Lea, Flood 2014) */
    uint64_t z = state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

unsigned long test_operations(void)
{
    const char *ops = getenv("OPS");

    return ops ? strtoul(ops, NULL, 0) : 1000000;
}

static bool run(const struct test *test)
{
    struct timespec start, end;

    state = seed;
    panic_expected = false;
    printf("run %s\n", test->name);
    clock_gettime(CLOCK_MONOTONIC, &start);
    in_test = true;
    if (setjmp(test_jump)) {
        in_test = false;
        printf("FAIL %s: %s (SEED=%llu)\n", test->name, failure, (unsigned long long)seed);
        return false;
    }
    test->run();
    in_test = false;
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("ok %s (%ld ms)\n", test->name,
           (long)((end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1000000));
    return true;
}

int main(void)
{
    const char *only = getenv("ONLY"), *text = getenv("SEED");
    unsigned passed = 0, failed = 0;

    seed = text ? strtoull(text, NULL, 0) : (uint64_t)time(NULL);
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("SEED=%llu\n", (unsigned long long)seed);
    for (const struct test *test = tests; test; test = test->next) {
        if (only && strcmp(only, test->name) != 0)
            continue;
        if (run(test))
            passed++;
        else
            failed++;
    }
    printf("# %u %u\n", passed, failed);
    return failed != 0;
}
