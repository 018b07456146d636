/* SPDX-License-Identifier: MIT
 *
 * One system call that nothing else makes, for tests/guest/debugger.py; and then more spinning threads than
 * harts: every hart must come to run some, none may stay idle beside a full queue. */
#include <abi/info.h>
#include <octavo/syscall.h>
#include <octavo/thread.h>
#include <stdint.h>
#include "tests/guest/check.h"

#define SPINNERS 8
#define NS_MOST 60000000000ul

static volatile bool enough;

static int spin(void *unused)
{
    (void)unused;
    while (!enough)
        ;
    return 0;
}

static unsigned harts_busy(void)
{
    struct info_hart hart;
    unsigned busy = 0;

    for (unsigned i = 0; sys_info(INFO_HART, i, (uintptr_t)&hart, sizeof(hart)) >= 0; i++)
        busy += hart.switches > 2;
    return busy;
}

int main(void)
{
    struct thread *thread[SPINNERS];
    unsigned long start = (unsigned long)sys_clock();
    struct info_system system;

    check_equal("the call that does nothing", sys_null(), 0);
    sys_info(INFO_SYSTEM, 0, (uintptr_t)&system, sizeof(system));
    for (int i = 0; i < SPINNERS; i++)
        thread_start(&thread[i], spin, NULL);
    while (harts_busy() < system.harts && (unsigned long)sys_clock() - start < NS_MOST)
        sys_yield();
    enough = true;
    for (int i = 0; i < SPINNERS; i++)
        thread_join(thread[i], NULL);
    check_equal("harts that run", harts_busy(), (long)system.harts);
    return check_done();
}
