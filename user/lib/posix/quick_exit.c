/* SPDX-License-Identifier: MIT
 *
 * quick_exit (C17 7.22.4.7): only its own handlers, no flushing. */
#include <stdlib.h>
#include <sys/lock.h>

#define QUICK_MAX 32 /* C17 7.22.4.3 */

static void (*quick_handlers[QUICK_MAX])(void);
static int quick_count;

int at_quick_exit(void (*handler)(void))
{
    int result = -1;

    __LIBC_LOCK();
    if (quick_count < QUICK_MAX) {
        quick_handlers[quick_count++] = handler;
        result = 0;
    }
    __LIBC_UNLOCK();
    return result;
}

void quick_exit(int status)
{
    while (quick_count > 0)
        quick_handlers[--quick_count]();
    _Exit(status);
}
