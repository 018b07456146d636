/* SPDX-License-Identifier: MIT
 *
 * Signals as POSIX has them, in one process. An ordinary C program: the host runs it too, and must say
 * the same (tests/guest/posix.py). */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include "tests/guest/check.h"

#define PAGE 4096ul

static volatile sig_atomic_t count, last;
static siginfo_t seen;
static sigset_t mask_inside;

static void counting(int number)
{
    count++;
    last = number;
}

static void with_info(int number, siginfo_t *info, void *context)
{
    (void)context;
    counting(number);
    seen = *info;
    sigprocmask(SIG_BLOCK, NULL, &mask_inside);
}

static void install(int number, void (*handler)(int), int flags)
{
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

static void install_info(int number, void (*handler)(int, siginfo_t *, void *), int flags)
{
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_sigaction = handler;
    action.sa_flags = flags | SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

/* --- Sets and dispositions ---------------------------------------------------------------- */

static void sets(void)
{
    sigset_t set;

    sigemptyset(&set);
    check_equal("an empty set has none", sigismember(&set, SIGUSR1), 0);
    sigaddset(&set, SIGUSR2);
    check(sigismember(&set, SIGUSR2) == 1 && sigismember(&set, SIGUSR1) == 0, "one is added", "no");
    sigfillset(&set);
    sigdelset(&set, SIGUSR2);
    check(sigismember(&set, SIGUSR2) == 0 && sigismember(&set, SIGUSR1) == 1, "one is taken", "no");
    check(sigaddset(&set, 0) < 0 && errno == EINVAL, "signal 0 is none", "%d", errno);
    check(sigaddset(&set, 1000) < 0 && errno == EINVAL, "nor is 1000", "%d", errno);
}

static void errors(void)
{
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_handler = counting;
    check(sigaction(SIGKILL, &action, NULL) < 0 && errno == EINVAL, "KILL is not caught", "%d",
          errno);
    check(sigaction(SIGSTOP, &action, NULL) < 0 && errno == EINVAL, "nor STOP", "%d", errno);
    check(sigaction(SIGKILL, NULL, &action) == 0, "but KILL may be asked for", "%d", errno);
    check(sigaction(0, NULL, NULL) < 0 && errno == EINVAL, "no action of 0", "%d", errno);
    check(sigprocmask(99, &action.sa_mask, NULL) < 0 && errno == EINVAL, "how 99", "%d", errno);
    check(raise(1000) < 0, "raising 1000", "it went");
    check(kill(getpid(), 1000) < 0 && errno == EINVAL, "killing with 1000", "%d", errno);
    check(kill(0x7fffffff, 0) < 0 && errno == ESRCH, "killing nobody", "%d", errno);
    check(kill(getpid(), 0) == 0, "oneself is there", "%d", errno);
}

static void handlers(void)
{
    struct sigaction old;

    install(SIGUSR1, counting, 0);
    check_equal("raise", raise(SIGUSR1), 0);
    check(count == 1 && last == SIGUSR1, "runs the handler before it returns", "%d", count);
    kill(getpid(), SIGUSR1);
    check_equal("so does kill", count, 2);
    sigaction(SIGUSR1, NULL, &old);
    check(old.sa_handler == counting, "sigaction tells the handler", "no");
    install(SIGUSR1, SIG_IGN, 0);
    raise(SIGUSR1);
    kill(getpid(), SIGUSR1);
    check_equal("ignored", count, 2);
    install(SIGUSR1, counting, (int)SA_RESETHAND);
    raise(SIGUSR1);
    sigaction(SIGUSR1, NULL, &old);
    check(old.sa_handler == SIG_DFL && count == 3, "once only", "%d", count);
    check(signal(SIGUSR2, counting) == SIG_DFL, "signal tells what was before", "no");
    check(signal(SIGUSR2, SIG_DFL) == counting, "and takes it back", "no");
    check(signal(SIGKILL, counting) == SIG_ERR && errno == EINVAL, "but KILL", "%d", errno);
    raise(SIGCHLD); /* ignored by default */
    raise(SIGURG);
    check(true, "what is ignored by default does nothing", " ");
}

static void masks(void)
{
    sigset_t set, old, pending;

    count = 0;
    install(SIGUSR1, counting, 0);
    install(SIGUSR2, counting, 0);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, &old);
    raise(SIGUSR1);
    raise(SIGUSR1);
    check_equal("blocked", count, 0);
    sigpending(&pending);
    check(sigismember(&pending, SIGUSR1) == 1 && sigismember(&pending, SIGUSR2) == 0, "is pending",
          "no");
    raise(SIGUSR2);
    check(count == 1 && last == SIGUSR2, "another is not", "%d", count);
    sigprocmask(SIG_SETMASK, &old, &set);
    check(count == 2 && last == SIGUSR1, "unblocked, it comes once", "%d", count);
    check(sigismember(&set, SIGUSR1) == 1, "the mask that was", "no");
    sigpending(&pending);
    check_equal("and is not pending", sigismember(&pending, SIGUSR1), 0);
    install_info(SIGUSR1, with_info, 0);
    raise(SIGUSR1);
    check(seen.si_signo == SIGUSR1, "siginfo has the number", "%d", seen.si_signo);
    check_equal("inside, it is blocked", sigismember(&mask_inside, SIGUSR1), 1);
    check_equal("and the other is not", sigismember(&mask_inside, SIGUSR2), 0);
    install_info(SIGUSR1, with_info, SA_NODEFER);
    raise(SIGUSR1);
    check_equal("but with NODEFER", sigismember(&mask_inside, SIGUSR1), 0);
    sigprocmask(SIG_BLOCK, NULL, &mask_inside);
    check_equal("outside, it is not", sigismember(&mask_inside, SIGUSR1), 0);
}

/* --- Faults --------------------------------------------------------------------------------- */

static volatile char *area;
static volatile char sink;
static volatile uintptr_t zero; /* the compiler shall not see what is done with it */

static void mend(int number, siginfo_t *info, void *context)
{
    (void)context;
    counting(number);
    seen = *info;
    mprotect((char *)((uintptr_t)info->si_addr & ~(PAGE - 1)), PAGE, PROT_READ | PROT_WRITE);
}

static sigjmp_buf away;

static void jump(int number, siginfo_t *info, void *context)
{
    (void)context;
    counting(number);
    seen = *info;
    siglongjmp(away, 1);
}

/* A handler that leaves other values in all floating-point registers than it found. */
static void mend_and_spoil(int number, siginfo_t *info, void *context)
{
    mend(number, info, context);
#ifdef __riscv
    __asm__ volatile(
        ".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,"
        "27,28,29,30,31\n fmv.d.x f\\n, zero\n .endr");
#endif
}

static __attribute__((noipa)) double keeps_floats(double a, double b)
{
    double c = a * b;
    *(volatile char *)(area + 3 * PAGE) = 2; /* faults between the product and its use */
    return c + a;
}

static void faults(void)
{
    area = mmap(NULL, 8 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    install_info(SIGSEGV, mend, 0);
    count = 0;
    area[5] = 1;
    check(count == 1 && area[5] == 1, "a handler mends, and the store is tried again", "%d", count);
    check(seen.si_addr == area + 5, "si_addr", "%p, not %p", seen.si_addr, (void *)(area + 5));
    check_equal("SEGV_ACCERR", seen.si_code, SEGV_ACCERR);
    for (int i = 1; i < 3; i++)
        area[i * PAGE] = 1;
    check_equal("each page once", count, 3);
    install_info(SIGSEGV, mend_and_spoil, 0);
    check(keeps_floats(1.5, 4.0) == 7.5, "floating-point registers are kept", "no");
    install_info(SIGSEGV, jump, 0);
    munmap((char *)area + 4 * PAGE, PAGE);
    if (sigsetjmp(away, 1) == 0)
        sink = area[4 * PAGE + 7];
    check(seen.si_addr == area + 4 * PAGE + 7 && seen.si_code == SEGV_MAPERR,
          "SEGV_MAPERR, and a jump out", "%p %d", seen.si_addr, seen.si_code);
    if (sigsetjmp(away, 1) == 0)
        sink = *(volatile char *)(zero + 8);
    check(seen.si_addr == (void *)8, "again, so the mask is back", "%p", seen.si_addr);
    sigprocmask(SIG_BLOCK, NULL, &mask_inside);
    check_equal("it is", sigismember(&mask_inside, SIGSEGV), 0);
    install(SIGSEGV, SIG_DFL, 0);
}

static uintptr_t stack_inside;
static int stack_flags;

static void where(int number)
{
    stack_t stack;
    char here;

    counting(number);
    stack_inside = (uintptr_t)&here;
    sigaltstack(NULL, &stack);
    stack_flags = stack.ss_flags;
    stack.ss_flags = 0;
    check(sigaltstack(&stack, NULL) < 0 && errno == EPERM, "not changed while it is used", "%d",
          errno);
}

static volatile int deep = 1;

__attribute__((noinline)) static int overflow(volatile char *caller)
{
    volatile char frame[4096];

    frame[0] = *caller;
    return deep ? overflow(frame) + frame[1] : 0;
}

static void stacks(void)
{
    static char memory[65536] __attribute__((aligned(16)));
    stack_t stack, old;
    char start = 0;

    memset(&stack, 0, sizeof(stack));
    check(sigaltstack(NULL, &old) == 0 && old.ss_flags & SS_DISABLE, "no other stack at first",
          "%d", old.ss_flags);
    stack.ss_sp = memory;
    stack.ss_size = 100;
    check(sigaltstack(&stack, NULL) < 0 && errno == ENOMEM, "too small", "%d", errno);
    stack.ss_size = sizeof(memory);
    check_equal("another stack", sigaltstack(&stack, NULL), 0);
    install(SIGUSR1, where, SA_ONSTACK);
    raise(SIGUSR1);
    check(stack_inside - (uintptr_t)memory < sizeof(memory), "the handler is on it", "%#lx",
          (unsigned long)stack_inside);
    check_equal("and is told so", stack_flags, SS_ONSTACK);
    install_info(SIGSEGV, jump, SA_ONSTACK);
    count = 0;
    if (sigsetjmp(away, 1) == 0)
        overflow(&start);
    check_equal("a stack that overflowed is jumped out of", count, 1);
    install(SIGSEGV, SIG_DFL, 0);
}

/* --- Waiting -------------------------------------------------------------------------------- */

static void waits(void)
{
    struct itimerval timer, old;
    sigset_t set, none;
    siginfo_t info;
    struct timespec soon = {0, 20000000};
    struct timespec long_time = {100, 0};
    int number = 0;

    sigemptyset(&none);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGALRM);
    install(SIGUSR1, counting, 0);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR1);
    count = 0;
    check(sigsuspend(&none) < 0 && errno == EINTR && count == 1, "sigsuspend lets it come", "%d %d",
          errno, count);
    sigprocmask(SIG_BLOCK, NULL, &mask_inside);
    check_equal("and blocks it again", sigismember(&mask_inside, SIGUSR1), 1);
    raise(SIGUSR1);
    check(sigwait(&set, &number) == 0 && number == SIGUSR1 && count == 1, "sigwait takes it", "%d",
          number);
    check(sigtimedwait(&set, &info, &soon) < 0 && errno == EAGAIN, "sigtimedwait finds none", "%d",
          errno);
    memset(&timer, 0, sizeof(timer));
    timer.it_value.tv_usec = 20000;
    setitimer(ITIMER_REAL, &timer, NULL);
    check_equal("but the alarm", sigtimedwait(&set, &info, &long_time), SIGALRM);
    sigprocmask(SIG_SETMASK, &none, NULL);
    install(SIGALRM, counting, 0);
    count = 0;
    timer.it_interval = timer.it_value; /* the first may come before the call waits */
    setitimer(ITIMER_REAL, &timer, NULL);
    check(nanosleep(&long_time, &soon) < 0 && errno == EINTR && count > 0, "a sleep is interrupted",
          "%d %d", errno, count);
    check(soon.tv_sec >= 50, "and tells what is left", "%ld", (long)soon.tv_sec);
    int before = count;
    check(pause() < 0 && errno == EINTR && count > before, "so does pause", "%d", count);
    while (count < before + 5)
        pause();
    memset(&timer, 0, sizeof(timer));
    check(setitimer(ITIMER_REAL, &timer, &old) == 0 && old.it_interval.tv_usec >= 20000,
          "again and again, until it is stopped", "%ld", (long)old.it_interval.tv_usec);
    alarm(100);
    check(alarm(0) >= 50, "alarm tells what was left", "no");
}

static void pipes(void)
{
    int end[2];
    char byte;
    struct itimerval timer;
    ssize_t n;

    memset(&timer, 0, sizeof(timer));
    timer.it_value.tv_usec = 30000;
    pipe(end);
    install(SIGALRM, counting, 0);
    count = 0;
    setitimer(ITIMER_REAL, &timer, NULL);
    n = read(end[0], &byte, 1);
    check(n < 0 && errno == EINTR && count == 1, "a read is interrupted", "%d %d", errno, count);
    close(end[0]);
    install(SIGPIPE, counting, 0);
    n = write(end[1], "x", 1);
    check(n < 0 && errno == EPIPE && last == SIGPIPE, "nobody reads", "%d %d", errno, last);
    install(SIGPIPE, SIG_IGN, 0);
    n = write(end[1], "x", 1);
    check(n < 0 && errno == EPIPE, "ignored, too", "%d", errno);
    close(end[1]);
}

int main(void)
{
    sets();
    errors();
    handlers();
    masks();
    faults();
    stacks();
    waits();
    pipes();
    return check_done();
}
