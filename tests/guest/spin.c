/* SPDX-License-Identifier: MIT
 *
 * Four programs that only spin share the harts evenly: with four harts, each gets over 20 % of the time
 * of four harts; with one, over 15 % of it. And the shell's own priority class still works meanwhile: the
 * parent wakes up in time. What a busy host takes from one of them in a while is made good in another:
 * one good look of several is enough, for a scheduler that is unfair is so in each. */
#include <octavo/query.h>
#include <signal.h>
#include <stdint.h>
#include <time.h>
#include "tests/guest/check.h"
#include "tests/guest/spawned.h"

#define SELF "/test/spin"
#define SPINNERS 4
#define NS 1000000000ul
#define LOOKS 10
#define BEGUN_NS 20000000ul /* has been loaded, and spins */

static pid_t pid[SPINNERS];
static struct look {
    unsigned long percent[SPINNERS], sum, most, time;
} look;

/* One look; true: everything in it is as it should be. */
static bool is_even(unsigned harts, unsigned long least)
{
    unsigned long start[SPINNERS], ran[SPINNERS], began = (unsigned long)sys_clock();
    bool good = true;

    look = (struct look){.sum = 0};
    for (int i = 0; i < SPINNERS; i++)
        start[i] = spawned_run_time(pid[i]);
    nanosleep(&(struct timespec){.tv_sec = NS / 1000000000, .tv_nsec = NS % 1000000000}, NULL);
    look.time = (unsigned long)sys_clock() - began;
    for (int i = 0; i < SPINNERS; i++) {
        ran[i] = spawned_run_time(pid[i]) - start[i];
        look.sum += ran[i];
        look.percent[i] = ran[i] * 100 / (look.time * harts);
        good &= look.percent[i] >= least;
    }
    look.most = ((unsigned long)sys_clock() - began) * harts; /* all that was asked lies within */
    return good && look.time < 3 * NS;
}

int main(int argc, char **argv)
{
    char *spinner[] = {SELF, "spin", NULL}, name[40];
    struct info_system system;

    (void)argv;
    if (argc > 1)
        for (;;)
            __asm__ volatile("");
    query_kernel(INFO_SYSTEM, 0, &system, sizeof(system));
    for (int i = 0; i < SPINNERS; i++)
        pid[i] = spawned_start(spinner, NULL, NULL);
    for (int i = 0; i < SPINNERS; i++)
        while (spawned_run_time(pid[i]) < BEGUN_NS)
            nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    unsigned long least = system.harts == 4 ? 20 : 15;
    for (int i = 0; i < LOOKS && !is_even(system.harts, least) && look.sum <= look.most; i++)
        ;
    for (int i = 0; i < SPINNERS; i++) {
        snprintf(name, sizeof(name), "share of spinner %d", i);
        check(look.percent[i] >= least, name, "%lu %% of %u harts", look.percent[i], system.harts);
    }
    check(look.sum <= look.most, "not more than there is", "%lu of %lu ns", look.sum, look.most);
    check(look.time < 3 * NS, "the parent wakes up in time", "after %lu ns", look.time);
    for (int i = 0; i < SPINNERS; i++) {
        kill(pid[i], SIGKILL);
        snprintf(name, sizeof(name), "end of spinner %d", i);
        check_equal(name, spawned_wait(pid[i]), 128 + SIGKILL);
    }
    return check_done();
}
