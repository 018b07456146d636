/* SPDX-License-Identifier: MIT
 *
 * How a guest test reports (tests/tools/run-tests reads it): one line for each check, and at the end
 * their number. It must not allocate and has no state but the count, so that it can be called anywhere. */
#ifndef OCTAVO_TESTS_CHECK_H
#define OCTAVO_TESTS_CHECK_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

unsigned check_count __attribute__((weak)); /* one, in whichever of a program's files */

/* name: no colon. The rest says what was found, and is shown only when it was wrong. */
__attribute__((format(printf, 3, 4))) static inline bool check(bool right, const char *name,
                                                               const char *found, ...)
{
    va_list arguments;

    check_count++;
    if (right) {
        printf("ok %s\n", name);
        return true;
    }
    printf("not ok %s: ", name);
    va_start(arguments, found);
    vprintf(found, arguments);
    va_end(arguments);
    printf("\n");
    return false;
}

/* name: got must be wanted. */
static inline bool check_equal(const char *name, long got, long wanted)
{
    return check(got == wanted, name, "%ld (%#lx), not %ld (%#lx)", got, got, wanted, wanted);
}

/* main's last words. */
static inline int check_done(void)
{
    printf("done %u\n", check_count);
    return 0;
}

#endif
