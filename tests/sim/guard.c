/* SPDX-License-Identifier: MIT
 *
 * guard.c - see guard.h.
 */
#define _GNU_SOURCE
#include "guard.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "services.h"

enum { STILL_SECONDS = 5, STATUS = 3 };

static const char *guarded;
static const uint64_t *watched;
static uint64_t seen;
static char alternate_stack[1 << 16];

/* The program is broken here: stdio may fail, but then there is nothing to lose. */
static void die(const char *how)
{
    fprintf(stderr, "pagesim: policy %s %s at reference %llu\n", guarded, how,
            (unsigned long long)*watched);
    services_print_log();
    _exit(STATUS);
}

static void on_crash(int signal)
{
    char how[80];

    snprintf(how, sizeof(how), "died (%s)", strsignal(signal));
    die(how);
}

static void on_timer(int signal)
{
    (void)signal;
    if (*watched == seen)
        die("does not come back");
    seen = *watched;
}

static void set_timer(int seconds)
{
    struct itimerval timer = {.it_interval.tv_sec = seconds, .it_value.tv_sec = seconds};

    setitimer(ITIMER_VIRTUAL, &timer, NULL);
}

void guard_begin(const char *policy, const uint64_t *references)
{
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK | SA_RESETHAND};
    stack_t stack = {.ss_sp = alternate_stack, .ss_size = sizeof(alternate_stack)};

    guarded = policy;
    watched = references;
    seen = UINT64_MAX;
    sigaltstack(&stack, NULL);
    for (size_t i = 0; i < sizeof(crashes) / sizeof(*crashes); i++)
        sigaction(crashes[i], &action, NULL);
    action.sa_handler = on_timer;
    action.sa_flags = SA_RESTART;
    sigaction(SIGVTALRM, &action, NULL);
    set_timer(STILL_SECONDS);
}

void guard_end(void)
{
    set_timer(0);
}
