/* SPDX-License-Identifier: MIT
 *
 * Ends that bring others with them, and gifts to the dead: a long chain of objects that end with one
 * another, a right for a task that is no more. */
#include <abi/errno.h>
#include <abi/task.h>
#include <octavo/syscall.h>
#include <stdint.h>
#include "tests/guest/check.h"

#define DEPTH 1000 /* accounts in one another, if it may be */
#define ACCOUNT_BYTES 128ul

static void account_chain(void)
{
    handle_t last = HANDLE_ACCOUNT;
    int depth = 0;

    for (; depth < DEPTH; depth++) {
        long next = sys_account_create(last, 0, (unsigned long)(DEPTH - depth) * ACCOUNT_BYTES);
        if (next < 0)
            break;
        if (last != HANDLE_ACCOUNT)
            sys_close(last);
        last = (handle_t)next;
    }
    check(depth >= 4, "accounts within one another", "%d", depth);
    check_equal("the last handle on them all", sys_close(last), 0);
}

/* --- a dead task --- */

static void gifts(void)
{
    handle_t port = (handle_t)sys_port_create();
    handle_t pager = (handle_t)sys_right_create(port, 1, 0);
    handle_t exception = (handle_t)sys_right_create(port, 2, 1);
    long task = sys_task_create(HANDLE_ACCOUNT, pager, exception, PRIORITY_USER, 0, 0);

    if (!check(task > 0, "a task", "%ld", task))
        return;
    sys_task_control((handle_t)task, TASK_KILL, 0, 0);
    check_equal("a right for a dead task to keep",
                sys_task_control((handle_t)task, TASK_PRESSURE, exception, 1), -EPIPE);
    check_equal("killed again", sys_task_control((handle_t)task, TASK_KILL, 0, 0), 0);
    sys_close((handle_t)task);
    sys_close(pager);
    sys_close(exception);
    sys_close(port);
}

int main(void)
{
    gifts();
    account_chain();
    return check_done();
}
