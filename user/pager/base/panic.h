/* SPDX-License-Identifier: MIT
 *
 * What only a bug of the pager can cause. Clients' mistakes are never asserted: they get an errno. */
#ifndef PAGER_PANIC_H
#define PAGER_PANIC_H

/* Says what and where on the console, and dies. Every program of this pager dies with it. */
_Noreturn void panic_at(const char *what, const char *file, int line);

#define PAGER_CHECK(condition) ((condition) ? (void)0 : panic_at(#condition, __FILE__, __LINE__))

#ifdef OCTAVO_DEBUG
#define PAGER_ASSERT(condition) PAGER_CHECK(condition)
#else
#define PAGER_ASSERT(condition) ((void)sizeof(condition))
#endif

/* For what a hot path does rarely: kept out of line, so that the hot path saves few registers. */
#define SLOW __attribute__((noinline))

#define unlikely(condition) __builtin_expect(!!(condition), 0)

#endif
