/* SPDX-License-Identifier: MIT
 *
 * Signals (POSIX signal.h) on the kernel's upcalls. A program that only lives with the defaults never
 * comes here: init knows them. From the first sigaction or sigprocmask on, the kernel enters
 * signal_entry (signal_entry.S) for a fault its pager refused, an exception, or bits that init or the
 * thread itself has set:
 *
 *     signal_choose   on a small stack in the message page, upcalls masked: which signal, what to do. A
 *                     handler gets a frame on the proper stack, with the registers and the message header
 *     signal_run      on that stack, unmasked: the handler, and those that have become due meanwhile
 *     THREAD_RETURN   goes on as the frame says
 *
 * A fault whose signal is blocked or has no handler happens again without upcalls, so that init ends the
 * process with its message and status. Calls that a signal ends with EINTR are repeated by the library
 * (octavo_wait_request) when all handlers that ran had SA_RESTART. Mask, pending signals and alternate
 * stack are each thread's own; what others send arrives at the first thread. */
#include <abi/layout.h>
#include <errno.h>
#include <proto/init.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>
#include "user/lib/system/internal.h"
#include "user/lib/system/signal.h"

/* On the stack of a thread that runs a handler. signal_entry.S knows where the registers are. */
struct signal_frame {
    ucontext_t context;
    siginfo_t info;
    char header[offsetof(struct msg_page, item)]; /* of the message that was being made or read */
    bool restarts;
};
_Static_assert(offsetof(struct signal_frame, context.uc_mcontext) == SIGNAL_FRAME_REGISTERS, "asm");
_Static_assert(offsetof(mcontext_t, __fcsr) == SIGNAL_FRAME_FCSR, "asm");
_Static_assert(offsetof(struct msg_page, upcall) == SIGNAL_PAGE_UPCALL, "asm");
_Static_assert(offsetof(struct msg_page, fp_used) == SIGNAL_PAGE_FP_USED, "asm");
_Static_assert(offsetof(mcontext_t, __cause) == offsetof(struct upcall_frame, cause), "ABI");

#define BIT(number) (1ul << (number))
#define ALL (BIT(NSIG) - 2)
#define CANNOT (BIT(SIGKILL) | BIT(SIGSTOP)) /* be caught, ignored or blocked */
#define DEFAULT_IGNORED (BIT(SIGCHLD) | BIT(SIGURG) | BIT(SIGCONT) | BIT(SIGWINCH))
#define DEFAULT_STOPS (BIT(SIGSTOP) | BIT(SIGTSTP) | BIT(SIGTTIN) | BIT(SIGTTOU))

static struct sigaction actions[NSIG];
static sigset_t caught, ignored; /* what actions say */
static sigset_t handed;          /* what init has been told to hand over */
static bool has_entry;           /* the kernel knows signal_entry */

static _Thread_local struct {
    sigset_t mask, pending;
    stack_t stack;         /* ss_size 0: none */
    uint32_t arrived, ran; /* signals that became pending; handlers that ran: futexes */
    bool restarts;         /* the latest signals end no call with EINTR */
} self;

extern char signal_entry[]; /* signal_entry.S */
struct signal_frame *signal_choose(struct msg_page *page);
void signal_run(struct signal_frame *frame);

/* --- With kernel and init ----------------------------------------------------------------- */

static bool is_number(int number) { return number > 0 && number < NSIG; }

static void entry_set(void)
{
    sys_task_control(HANDLE_SELF, TASK_SET_UPCALL, (uintptr_t)signal_entry, 0);
    sys_thread_control(0, THREAD_MASK, 0, 0); /* for those that came before */
}

/* Has these signals, too, come to this thread: from itself, at once. */
static void kick(sigset_t set)
{
    if (set)
        sys_thread_control(0, THREAD_INTERRUPT, set, 0);
}

/* Tells init what is handed over from now on: what may have a handler or be blocked, and everything
 * whose default ends the process, so that init need not be told of each mask. */
static void tell_init(sigset_t blocked)
{
    sigset_t wanted = ((ALL & ~DEFAULT_IGNORED) | caught | blocked) & ~ignored & ~CANNOT;

    if (!has_entry) {
        has_entry = true;
        entry_set();
    }
    struct message m = {.tag = INIT_SIGNALS, .w = {wanted, ignored}};
    if (ipc_request(HANDLE_INIT, &m) < 0)
        return;
    handed = wanted;
    kick(m.w[0]);
}

_Noreturn static void end_by(int number)
{
    struct message m = {.tag = INIT_EXIT, .w = {0, (unsigned long)number}};

    ipc_call(HANDLE_INIT, &m);
    for (;;)
        sys_task_control(HANDLE_SELF, TASK_KILL, 0, 0);
}

void octavo_signal_forked(void)
{
    self.pending = 0;
    if (has_entry)
        entry_set();
}

void octavo_signal_inherit(uint64_t value)
{
    ignored = value & ALL & ~CANNOT;
    for (int number = 1; number < NSIG; number++)
        if (ignored & BIT(number))
            actions[number].sa_handler = SIG_IGN;
    self.mask = value >> 32 & ALL & ~CANNOT;
    if (self.mask)
        tell_init(self.mask);
}

uint64_t octavo_signal_kept(void) { return ignored | self.mask << 32; }

int octavo_signal_restarts(void) { return self.restarts; }

/* --- Delivery ---------------------------------------------------------------------------- */

/* A signal that is due and has a handler; those that have none are dealt with. 0: there is none. */
static int take_due(void)
{
    sigset_t due;

    while ((due = __atomic_load_n(&self.pending, __ATOMIC_RELAXED) & ~self.mask)) {
        int number = __builtin_ctzl(due);
        __atomic_fetch_and(&self.pending, ~BIT(number), __ATOMIC_RELAXED);
        if (caught & BIT(number))
            return number;
        if (!((ignored | DEFAULT_IGNORED | DEFAULT_STOPS) & BIT(number)))
            end_by(number);
    }
    return 0;
}

/* The signal of a fault or exception; *info but for its number. The causes are the RISC-V privileged
 * spec's (4.1.8, scause). */
static int synchronous(const struct upcall_frame *upcall, siginfo_t *info)
{
    enum {
        FETCH_MISALIGNED = 0,
        ILLEGAL = 2,
        BREAKPOINT = 3,
        LOAD_MISALIGNED = 4,
        STORE_MISALIGNED = 6
    };

    unsigned long code = upcall->code;
    bool is_fault = upcall->cause == UPCALL_FAULT;
    bool at_pc = !is_fault && (code == ILLEGAL || code == BREAKPOINT);
    info->si_addr = (void *)(at_pc ? upcall->pc : upcall->address);
    if (is_fault && code < VM_FAULT_ADRERR) {
        info->si_code = (int)code; /* SEGV_MAPERR, SEGV_ACCERR */
        return SIGSEGV;
    }
    if (at_pc) {
        info->si_code = code == ILLEGAL ? ILL_ILLOPC : TRAP_BRKPT;
        return code == ILLEGAL ? SIGILL : SIGTRAP;
    }
    bool aligned = is_fault || (code != FETCH_MISALIGNED && code != LOAD_MISALIGNED &&
                                code != STORE_MISALIGNED);
    info->si_code = !aligned                              ? BUS_ADRALN
                    : is_fault && code == VM_FAULT_ADRERR ? BUS_ADRERR
                                                          : BUS_OBJERR;
    return SIGBUS;
}

static bool on_stack(uintptr_t sp) { return sp - (uintptr_t)self.stack.ss_sp < self.stack.ss_size; }

/* Where the handler's frame goes. */
static struct signal_frame *frame_place(const struct upcall_frame *upcall, int number)
{
    uintptr_t sp = upcall->x[REG_SP - 1];

    if (actions[number].sa_flags & SA_ONSTACK && self.stack.ss_size && !on_stack(sp))
        sp = (uintptr_t)self.stack.ss_sp + self.stack.ss_size;
    return (struct signal_frame *)((sp - sizeof(struct signal_frame)) & ~15ul);
}

/* The frame of a handler that is to run, or NULL: go on as before. */
struct signal_frame *signal_choose(struct msg_page *page)
{
    const struct upcall_frame *upcall = &page->upcall;
    siginfo_t info = {.si_code = SI_USER};
    int number;

    if (upcall->cause == UPCALL_SIGNAL) {
        __atomic_fetch_or(&self.pending, upcall->code & ALL, __ATOMIC_RELAXED);
        self.arrived++;
        self.restarts = true;
        number = take_due();
        if (!number)
            return NULL;
    } else {
        number = synchronous(upcall, &info);
        if (!(caught & ~self.mask & BIT(number))) {
            sys_task_control(HANDLE_SELF, TASK_SET_UPCALL, 0, 0);
            return NULL; /* to the same fault, and to init */
        }
    }
    info.si_signo = number;
    struct signal_frame *frame = frame_place(upcall, number);
    frame->info = info;
    frame->restarts = true;
    memcpy(&frame->context.uc_mcontext, upcall, sizeof(*upcall));
    memcpy(frame->header, page, sizeof(frame->header));
    frame->context.uc_flags = 0;
    frame->context.uc_link = NULL;
    frame->context.uc_stack = self.stack;
    return frame;
}

/* Runs the handler, with the mask that goes with it. */
static void run(struct signal_frame *frame)
{
    int number = frame->info.si_signo;
    const struct sigaction action = actions[number];
    sigset_t mask = self.mask;

    if (action.sa_flags & SA_RESETHAND) {
        actions[number].sa_handler = SIG_DFL;
        caught &= ~BIT(number);
    }
    frame->context.uc_sigmask = mask;
    self.mask |= (action.sa_mask | (action.sa_flags & SA_NODEFER ? 0 : BIT(number))) & ~CANNOT;
    sys_thread_control(0, THREAD_MASK, 0, 0);
    self.ran++;
    if (action.sa_flags & SA_SIGINFO)
        action.sa_sigaction(number, &frame->info, &frame->context);
    else if (action.sa_handler != SIG_DFL)
        action.sa_handler(number);
    self.mask = frame->context.uc_sigmask & ~CANNOT;
    frame->restarts &= (action.sa_flags & SA_RESTART) != 0;
}

void signal_run(struct signal_frame *frame)
{
    int number, error = errno;

    do {
        run(frame);
        number = take_due();
        frame->info = (siginfo_t){.si_signo = number, .si_code = SI_USER};
    } while (number);
    memcpy(octavo_msg_page, frame->header, sizeof(frame->header));
    self.restarts = frame->restarts;
    errno = error;
}

/* --- POSIX --------------------------------------------------------------------------------- */

int sigaction(int number, const struct sigaction *restrict action, struct sigaction *restrict old)
{
    if (!is_number(number) || (action && CANNOT & BIT(number)))
        return (int)octavo_result(-EINVAL);
    octavo_lock();
    if (old)
        *old = actions[number];
    if (action) {
        sigset_t ignored_before = ignored;
        bool is_caught = action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;
        bool is_ignored = action->sa_handler == SIG_IGN ||
                          (number == SIGCHLD && !is_caught && action->sa_flags & SA_NOCLDWAIT);
        actions[number] = *action;
        caught = is_caught ? caught | BIT(number) : caught & ~BIT(number);
        ignored = is_ignored ? ignored | BIT(number) : ignored & ~BIT(number);
        if (ignored != ignored_before || (is_caught && !(handed & BIT(number))))
            tell_init(self.mask);
        if (is_ignored)
            __atomic_fetch_and(&self.pending, ~BIT(number), __ATOMIC_RELAXED);
    }
    octavo_unlock();
    return 0;
}

sighandler_t signal(int number, sighandler_t handler)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, old;

    return sigaction(number, &action, &old) < 0 ? SIG_ERR : old.sa_handler;
}

int siginterrupt(int number, int flag)
{
    struct sigaction action;

    if (sigaction(number, NULL, &action) < 0)
        return -1;
    action.sa_flags = flag ? action.sa_flags & ~SA_RESTART : action.sa_flags | SA_RESTART;
    return sigaction(number, &action, NULL);
}

int pthread_sigmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
    sigset_t mask = self.mask;

    if (set) {
        sigset_t wish = how == SIG_BLOCK ? mask | *set : how == SIG_UNBLOCK ? mask & ~*set : *set;
        if (how != SIG_BLOCK && how != SIG_UNBLOCK && how != SIG_SETMASK)
            return EINVAL;
        wish &= ALL & ~CANNOT;
        if (wish & ~ignored & ~handed) {
            octavo_lock();
            tell_init(wish);
            octavo_unlock();
        }
        self.mask = wish;
        kick(__atomic_load_n(&self.pending, __ATOMIC_RELAXED) & ~wish);
    }
    if (old)
        *old = mask;
    return 0;
}

int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
    return (int)octavo_result(-pthread_sigmask(how, set, old));
}

int sigpending(sigset_t *set)
{
    *set = __atomic_load_n(&self.pending, __ATOMIC_RELAXED) & self.mask;
    return 0;
}

int sigaltstack(const stack_t *restrict stack, stack_t *restrict old)
{
    uintptr_t sp;

    __asm__ volatile("mv %0, sp" : "=r"(sp));
    stack_t before = self.stack;
    before.ss_flags = !before.ss_size ? SS_DISABLE : on_stack(sp) ? SS_ONSTACK : 0;
    if (stack) {
        if (before.ss_flags == SS_ONSTACK)
            return (int)octavo_result(-EPERM);
        if (stack->ss_flags & ~SS_DISABLE)
            return (int)octavo_result(-EINVAL);
        if (!(stack->ss_flags & SS_DISABLE) && stack->ss_size < MINSIGSTKSZ)
            return (int)octavo_result(-ENOMEM);
        self.stack = stack->ss_flags & SS_DISABLE ? (stack_t){0} : *stack;
    }
    if (old)
        *old = before;
    return 0;
}

int sigsuspend(const sigset_t *set)
{
    sigset_t mask = self.mask;
    uint32_t ran = __atomic_load_n(&self.ran, __ATOMIC_RELAXED);

    pthread_sigmask(SIG_SETMASK, set, NULL);
    while (__atomic_load_n(&self.ran, __ATOMIC_RELAXED) == ran)
        sys_futex_wait((uintptr_t)&self.ran, ran, DEADLINE_NEVER);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    return (int)octavo_result(-EINTR);
}

/* One of the set that is pending, which then is not any more; 0: none until the deadline; EINTR when a
 * handler ran meanwhile. */
static int wait_for(sigset_t set, unsigned long deadline)
{
    uint32_t ran = self.ran;

    for (;;) {
        uint32_t arrived = __atomic_load_n(&self.arrived, __ATOMIC_RELAXED);
        sigset_t found = __atomic_load_n(&self.pending, __ATOMIC_RELAXED) & set;
        if (found) {
            int number = __builtin_ctzl(found);
            __atomic_fetch_and(&self.pending, ~BIT(number), __ATOMIC_RELAXED);
            return number;
        }
        if (self.ran != ran)
            return -EINTR;
        if (sys_futex_wait((uintptr_t)&self.arrived, arrived, deadline) == -ETIMEDOUT)
            return -EAGAIN;
    }
}

int octavo_signal_wait(sigset_t set, siginfo_t *info, unsigned long deadline)
{
    int number = wait_for(set & ALL, deadline);

    if (info && number > 0)
        *info = (siginfo_t){.si_signo = number, .si_code = SI_USER};
    return number;
}

/* To this thread. Without an entry there are no handlers and no mask: init does what is to be done. */
int raise(int number)
{
    if (!is_number(number))
        return (int)octavo_result(-EINVAL);
    if (ignored & BIT(number) && !(CANNOT & BIT(number)))
        return 0;
    if (!has_entry || CANNOT & BIT(number))
        return kill(getpid(), number);
    kick(BIT(number));
    return 0;
}

void abort(void)
{
    sigset_t mask = self.mask & ~BIT(SIGABRT);

    if (has_entry) {
        pthread_sigmask(SIG_SETMASK, &mask, NULL);
        raise(SIGABRT);
    }
    end_by(SIGABRT); /* it was not caught, was ignored, or its handler came back */
}
