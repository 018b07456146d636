/* SPDX-License-Identifier: MIT
 *
 * For tests/guest/debugger.py: one system call that nothing else makes; with an argument, until all
 * harts have run something. */
#include <abi/info.h>
#include <octavo/syscall.h>
#include <octavo/thread.h>
#include <stdint.h>
#include "tests/guest/check.h"

#define SPINNERS 8
#define NS_MOST 20000000000ul

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

int main(int argc, char **argv)
{
    struct thread *thread[SPINNERS];
    unsigned long start = (unsigned long)sys_clock();
    struct info_system system;

    (void)argv;
    check_equal("the call that does nothing", sys_null(), 0);
    if (argc == 1)
        return check_done();
    sys_info(INFO_SYSTEM, 0, (uintptr_t)&system, sizeof(system));
    for (int i = 0; i < SPINNERS; i++)
        thread_start(&thread[i], spin, NULL);
    while (harts_busy() < system.harts && (unsigned long)sys_clock() - start < NS_MOST)
        sys_yield();
    enough = true;
    for (int i = 0; i < SPINNERS; i++)
        thread_join(thread[i], NULL);
    printf("%u harts run\n", harts_busy());
    return check_done();
}
