/* SPDX-License-Identifier: MIT
 *
 * Exceptions: see exception.h. One table says how a cause is called and which signal it is; the causes
 * are the RISC-V privileged spec's (4.1.8, scause). */
#include "user/init/exception.h"
#include "user/init/console.h"
#include "user/init/wait.h"
#include "user/init/supervise.h"
#include <signal.h>

#define CAUSES 16u

enum { CAUSE_PAGE_FETCH = 12, CAUSE_PAGE_LOAD = 13, CAUSE_PAGE_STORE = 15 };

struct verdict {
    const char *what;
    const char *how; /* in front of the address; NULL: the address says nothing */
    int signal;
};

static const struct verdict verdicts[CAUSES] = {
    [0] = {"misaligned instruction", "fetch from", SIGBUS},
    [1] = {"bus error", "fetch from", SIGBUS},
    [2] = {"illegal instruction", NULL, SIGILL},
    [3] = {"breakpoint", NULL, SIGTRAP},
    [4] = {"misaligned access", "read of", SIGBUS},
    [5] = {"bus error", "read of", SIGBUS},
    [6] = {"misaligned access", "write to", SIGBUS},
    [7] = {"bus error", "write to", SIGBUS},
    [CAUSE_PAGE_FETCH] = {"segmentation fault", "fetch from", SIGSEGV},
    [CAUSE_PAGE_LOAD] = {"segmentation fault", "read of", SIGSEGV},
    [CAUSE_PAGE_STORE] = {"segmentation fault", "write to", SIGSEGV},
};

/* A page fault is what its pager said it is. */
static struct verdict judge(unsigned long cause, unsigned long code)
{
    struct verdict verdict = {"exception", NULL, SIGILL};
    if (cause < CAUSES && verdicts[cause].what)
        verdict = verdicts[cause];
    switch (code) {
    case VM_FAULT_ADRERR:
        verdict.what = "bus error";
        verdict.signal = SIGBUS;
        break;
    case VM_FAULT_OBJERR:
        verdict.what = "bus error, the page could not be had";
        verdict.signal = SIGBUS;
        break;
    case VM_FAULT_NOMEM:
        verdict = (struct verdict){"killed: out of memory", NULL, SIGKILL};
        break;
    }
    return verdict;
}

void exception_handle(struct process *process, const struct message *m)
{
    unsigned long cause = MSG_LABEL(m->tag), address = m->w[0], pc = m->w[1], code = m->w[2];
    struct verdict verdict = judge(cause, code);
    struct text text = {0};

    text_add(&text, process->name);
    text_add(&text, " (pid ");
    text_add_decimal(&text, process->pid);
    text_add(&text, "): ");
    text_add(&text, verdict.what);
    if (verdict.how) {
        text_add(&text, ": ");
        text_add(&text, verdict.how);
        text_add_byte(&text, ' ');
        text_add_hex(&text, address);
    }
    text_add(&text, " at pc ");
    text_add_hex(&text, pc);
    console_line(&text);
    if (process->is_wired)
        supervise_crashed(process);
    process_end(process, WAIT_STATUS_SIGNAL(verdict.signal));
}
