/* SPDX-License-Identifier: MIT
 *
 * Crashes and calls without end. See guard.h, and guard_entry.S for how a call is left. What is here runs
 * either in the upcall of a thread that has just crashed, on a stack of its own, or in the watching
 * thread; it uses no memory but its own, and asks nobody but init, which never waits. */
#include "user/pager/evict/guard.h"
#include <abi/info.h>
#include <abi/layout.h>
#include <abi/task.h>
#include <octavo/ipc.h>
#include <octavo/thread.h>
#include <proto/init.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include "user/pager/base/panic.h"
#include "user/pager/base/say.h"
#include "user/pager/evict/backtrace.h"
#include "user/pager/evict/policy_log.h"

#define LOOK_NS 100000000ul /* between two looks of the watching thread */
#define HANGS 20u           /* so many times the same call was under way: it does not end */
#define QUIET 10u           /* so many times none was: there is nothing to watch for now */
#define SHOWN 16u           /* frames of a backtrace */
#define STACK (64ul << 10)  /* the main thread's, and how it is aligned (init's loader) */

#define SAME(name, offset) _Static_assert((offset) == (name), "change " #name " to " #offset)
SAME(GUARD_CALLS, offsetof(struct guard, calls));
SAME(GUARD_WHAT, offsetof(struct guard, what));
SAME(GUARD_ASLEEP, offsetof(struct guard, asleep));
SAME(GUARD_BUSY, offsetof(struct guard, busy));
SAME(GUARD_PAGE_UPCALL, offsetof(struct msg_page, upcall));
enum { RA = 0, SP = 1, TP = 3, A0 = 9 }; /* in upcall_frame.x */

struct guard guard;
static const struct msg_page *main_page;
static uint64_t main_tp, stack_high;
static handle_t main_handle;

extern char guard_upcall[], guard_escaped[], guard_returned[]; /* guard_entry.S */
void guard_upcalled(struct msg_page *page);
void guard_wake(void);

/* --- messages --- */

static void say_backtrace(const struct msg_page *page)
{
    const struct upcall_frame *f = &page->upcall;
    struct backtrace b = {.pc = f->pc,
                          .sp = f->x[SP],
                          .ra = f->x[RA],
                          .low = page == main_page ? stack_high - STACK : f->x[SP],
                          .high = page == main_page ? stack_high : f->x[SP] + STACK / 2};

    for (unsigned n = 0, times = 1; n < SHOWN; n++, times = 1) {
        char name[160];
        uint64_t pc = b.pc;
        bool more;
        if (pc + 1 == (uintptr_t)guard_returned)
            return; /* that is how a policy is called: no news */
        while ((more = backtrace_up(&b)) && b.pc == pc)
            times++; /* recursion */
        backtrace_name(pc, name, sizeof(name));
        if (times > 1)
            say("  from %s, %u times", name, times);
        else
            say("  %s %s", n == 0 ? "at" : "from", name);
        if (!more)
            return;
    }
    say("  and so on");
}

static void say_log(void)
{
    const char *line;

    for (unsigned n = 0; (line = policy_log_line(n)) != NULL; n++)
        say("  %s%s", n == 0 ? "its log ends with: " : "", line);
}

/* What has happened, as text. */
static const char *describe(const struct upcall_frame *f, char *text, size_t room)
{
    static const char *const causes[] = {
        [0] = "jumped to an odd address",  [2] = "executed an illegal instruction",
        [3] = "stopped at a breakpoint",   [4] = "read a misaligned address",
        [5] = "read what is no memory",    [6] = "wrote to a misaligned address",
        [7] = "wrote to what is no memory"};

    if (guard.blame)
        return guard.blame;
    if (f->cause == UPCALL_SIGNAL)
        return "it does not come back";
    if (f->cause == UPCALL_EXCEPTION && f->code < sizeof(causes) / sizeof(causes[0]) &&
        causes[f->code])
        return causes[f->code];
    if (f->address < stack_high - STACK && f->address >= stack_high - STACK - PAGE_SIZE)
        return "it ran out of stack";
    snprintf(text, room, "it touched %#llx, where nothing is", (unsigned long long)f->address);
    return text;
}

/* --- the upcall --- */

static void escape(struct msg_page *page)
{
    struct upcall_frame *f = &page->upcall;

    f->pc = (uintptr_t)guard_escaped;
    f->x[SP] = guard.sp;
    f->x[TP] = main_tp;
    guard.serving = 0;
    guard.overdue = false;
    guard.blame = NULL;
}

/* Returns into what the frame says. guard_entry.S */
void guard_upcalled(struct msg_page *page)
{
    struct upcall_frame *f = &page->upcall;
    bool called = guard.sp != 0 && page == main_page;
    char text[64];

    if (f->cause == UPCALL_SIGNAL) {
        if (!called || guard.calls != guard.hangs)
            return; /* it has ended meanwhile */
        guard.overdue = guard.serving > 0;
        if (guard.overdue)
            return;
    }
    if (called && guard.serving == 0) {
        say("policy %s failed in %s: %s", guard.policy, guard.what,
            describe(f, text, sizeof(text)));
        say_backtrace(page);
        say_log();
        escape(page);
        return;
    }
    say("the pager failed: %s; its policy is %s", describe(f, text, sizeof(text)),
        guard.policy ? guard.policy : "not chosen yet");
    say_backtrace(page);
    say_log();
    sys_task_control(HANDLE_SELF, TASK_SET_UPCALL, 0, 0); /* once more, and init ends it */
}

void guard_blame(const char *why)
{
    guard.blame = why;
    __builtin_trap();
}

void guard_complain(const char *what)
{
    say("policy %s failed: %s", guard.policy, what);
    say_log();
}

void guard_end(const char *why)
{
    say("the pager ends: %s", why);
    sys_task_control(HANDLE_SELF, TASK_SET_UPCALL, 0, 0);
    __builtin_trap();
}

/* --- watching --- */

void guard_wake(void)
{
    __atomic_store_n(&guard.asleep, 0, __ATOMIC_RELEASE);
    sys_futex_wake((uintptr_t)&guard.asleep, 1);
}

static uint64_t calls_now(void)
{
    return __atomic_load_n(&guard.calls, __ATOMIC_ACQUIRE);
}

static bool is_called(void)
{
    return __atomic_load_n(&guard.sp, __ATOMIC_ACQUIRE) != 0;
}

/* guard_call counts, then looks whether this thread is asleep; here it is the other way round. A look that
 * nobody woke for only makes a hang be found with the next call's. */
static void doze(uint64_t calls)
{
    __atomic_store_n(&guard.asleep, 1, __ATOMIC_SEQ_CST);
    if (calls_now() == calls && !is_called())
        sys_futex_wait((uintptr_t)&guard.asleep, 1, DEADLINE_NEVER);
    __atomic_store_n(&guard.asleep, 0, __ATOMIC_SEQ_CST);
}

static int watch(void *unused)
{
    uint64_t seen = 0;
    unsigned same = 0;

    (void)unused;
    for (;;) {
        uint64_t calls = calls_now();
        same = calls == seen ? same + 1 : 0;
        seen = calls;
        if (same >= QUIET && !is_called()) {
            doze(calls);
            same = 0;
        } else if (same >= HANGS && is_called()) {
            guard.hangs = calls;
            sys_thread_control(main_handle, THREAD_INTERRUPT, 1, 0);
            same = 0;
        }
        uint32_t never = 0;
        sys_futex_wait((uintptr_t)&never, 0, (unsigned long)sys_clock() + LOOK_NS);
    }
    return 0;
}

/* --- start --- */

void guard_setup(void)
{
    uint64_t sp = (uintptr_t)__builtin_frame_address(0);
    struct message m = {.tag = INIT_SELF, .w = {INIT_SELF_THREAD}};
    struct info_task self = {.ceiling = PRIORITY_USER};
    struct thread *started;

    sys_info(INFO_SELF, 0, (uintptr_t)&self, sizeof(self));
    stack_high = (sp + STACK - 1) & ~(STACK - 1);
    main_page = msg_page();
    __asm__("mv %0, tp" : "=r"(main_tp));
    sys_task_control(HANDLE_SELF, TASK_SET_UPCALL, (uintptr_t)guard_upcall, 0);
    if (ipc_request(HANDLE_INIT, &m) < 0)
        return; /* then nobody ends a call without end */
    main_handle = (handle_t)m.w[0];
    PAGER_CHECK(thread_start_priority(&started, watch, NULL, self.ceiling) == 0);
}
