/* SPDX-License-Identifier: MIT
 *
 * Two programs that want the processor share it in halves, whatever they do with it: one computes, the
 * other asks its pager for something all the time, whose work for it counts as its own. And who ends a
 * large program is not held up until all of it is torn down.
 *
 * octavo-test: SMP=1 ICOUNT=1 */
#include <octavo/ipc.h>
#include <octavo/query.h>
#include <proto/pager.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include "tests/guest/check.h"
#include "tests/guest/spawned.h"

#define SELF "/test/fairness"
#define ALONE_NS 40000000ul
#define BOTH_NS 400000000ul /* 20 slices each */
#define PERCENT_OFF 4
#define LARGE_BYTES (48ul << 20)
#define KILL_NS 500000ul
#define BEGUN_NS 5000000ul /* of processor time: has been loaded */

/* How long its first page takes to come is the host's affair. */
static void wait_until_begun(pid_t pid)
{
    while (spawned_run_time(pid) < BEGUN_NS)
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
}

static unsigned long computed(unsigned long ns)
{
    unsigned long end = (unsigned long)sys_clock() + ns, loops = 0;

    for (; (unsigned long)sys_clock() < end; loops++)
        for (volatile int i = 0; i < 100;)
            i = i + 1;
    return loops;
}

static _Noreturn void ask(void)
{
    for (;;) {
        struct message m = {.tag = PAGER_BRK};
        ipc_call(HANDLE_PAGER, &m);
    }
}

static char large[LARGE_BYTES];

static _Noreturn void be_large(void)
{
    static unsigned nothing;

    memset(large, 1, sizeof(large));
    for (;;)
        sys_futex_wait((uintptr_t)&nothing, 0, DEADLINE_NEVER);
}

/* Its pages are given back meanwhile, by the kernel and then by its pager. */
static void end_of_the_large(void)
{
    char *other[] = {SELF, "large", NULL};
    pid_t pid = spawned_start(other, NULL, NULL);

    wait_until_begun(pid);
    nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
    unsigned long start = (unsigned long)sys_clock();
    kill(pid, SIGKILL);
    unsigned long took = (unsigned long)sys_clock() - start;
    check(took < KILL_NS, "to end a large program takes no time", "%lu ns", took);
    check_equal("and it ends", spawned_wait(pid), 128 + SIGKILL);
}

int main(int argc, char **argv)
{
    char *other[] = {SELF, "ask", NULL};

    if (argc > 1 && !strcmp(argv[1], "large"))
        be_large();
    if (argc > 1)
        ask();
    end_of_the_large();
    unsigned long alone = computed(ALONE_NS);
    pid_t pid = spawned_start(other, NULL, NULL);
    check(pid > 0, "another that asks its pager", "%d", pid);
    wait_until_begun(pid);
    unsigned long both = computed(BOTH_NS);
    unsigned long percent = both * 100 / (alone * (BOTH_NS / ALONE_NS));
    check(percent >= 50 - PERCENT_OFF && percent <= 50 + PERCENT_OFF,
          "has half of the processor, and this one the other", "%lu percent are left", percent);
    kill(pid, SIGKILL);
    check_equal("and ends", spawned_wait(pid), 128 + SIGKILL);
    return check_done();
}
