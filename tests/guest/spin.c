/* SPDX-License-Identifier: MIT
 *
 * Four programs that only spin share the harts evenly: with four harts, each gets over 20 % of the time
 * of four harts; with one, over 15 % of it (a quarter, less what a busy host takes from one of them).
 * And the shell's own priority class still works meanwhile: the parent wakes up in time. */
#include <octavo/query.h>
#include <signal.h>
#include <stdint.h>
#include <time.h>
#include "tests/guest/check.h"
#include "tests/guest/spawned.h"

#define SELF "/test/spin"
#define SPINNERS 4
#define NS 1500000000ul

static unsigned long run_time(pid_t pid)
{
    struct init_process process;
    struct info_task task;

    if (query_process((unsigned long)pid, &process) < 0 || !query_task(&process, &task))
        return 0;
    return task.run_time;
}

int main(int argc, char **argv)
{
    char *spinner[] = {SELF, "spin", NULL}, name[40];
    struct info_system system;
    unsigned long start[SPINNERS], ran[SPINNERS], sum = 0;
    pid_t pid[SPINNERS];

    (void)argv;
    if (argc > 1)
        for (;;)
            __asm__ volatile("");
    query_kernel(INFO_SYSTEM, 0, &system, sizeof(system));
    for (int i = 0; i < SPINNERS; i++)
        pid[i] = spawned_start(spinner, NULL, NULL);
    nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    unsigned long began = (unsigned long)sys_clock();
    for (int i = 0; i < SPINNERS; i++)
        start[i] = run_time(pid[i]);
    nanosleep(&(struct timespec){.tv_sec = NS / 1000000000, .tv_nsec = NS % 1000000000}, NULL);
    unsigned long time = (unsigned long)sys_clock() - began;
    for (int i = 0; i < SPINNERS; i++)
        ran[i] = run_time(pid[i]) - start[i];
    unsigned long most =
        ((unsigned long)sys_clock() - began) * system.harts; /* all looks lie within */
    for (int i = 0; i < SPINNERS; i++) {
        unsigned long percent = ran[i] * 100 / (time * system.harts);
        snprintf(name, sizeof(name), "share of spinner %d", i);
        check(percent >= (system.harts == 4 ? 20 : 15), name, "%lu %% of %u harts", percent,
              system.harts);
        sum += ran[i];
    }
    check(sum <= most, "not more than there is", "%lu of %lu ns", sum, most);
    check(time < 3 * NS, "the parent wakes up in time", "after %lu ns", time);
    for (int i = 0; i < SPINNERS; i++) {
        kill(pid[i], SIGKILL);
        snprintf(name, sizeof(name), "end of spinner %d", i);
        check_equal(name, spawned_wait(pid[i]), 128 + SIGKILL);
    }
    return check_done();
}
