/* SPDX-License-Identifier: MIT
 *
 * Operations of task_control and thread_control. */
#ifndef OCTAVO_ABI_TASK_H
#define OCTAVO_ABI_TASK_H

#define PRIORITY_COUNT 32 /* 0 is the lowest; a task's ceiling bounds its threads' */
#define PRIORITY_IDLE 0   /* runs only when nothing else would */
#define PRIORITY_USER 8   /* ordinary programs */
#define PRIORITY_INIT 20
#define PRIORITY_PAGER 24
#define PRIORITY_DRIVER 28 /* con, fs, blk */

enum task_operation {
    TASK_KILL = 1,     /* stop its threads, tear it down; CLOSED follows when all is gone */
    TASK_PRESSURE = 2, /* a: right, b: bits. Notify when free frames fall below the low watermark */
    TASK_SET_UPCALL = 3, /* a: entry address for upcalls of all its threads, 0 = none */
    /* a: another task; b: 0. Its rights that may be transferred, except pager rights, at the
     * same handle values here. EBUSY: this task has a thread, or handles beyond those of its
     * birth. ENOMEM: nothing was done */
    TASK_INHERIT = 4
};

enum thread_operation {
    THREAD_EXIT = 1, /* self only; does not return */
    THREAD_MASK = 2, /* self only. a: 1 masks upcalls, 0 unmasks; the old value */
    /* self only. a: address of a struct upcall_frame to continue with; unmasks */
    THREAD_RETURN = 3,
    THREAD_SET_PRIORITY = 4, /* a: 0..ceiling; the old one */
    /* a: bits, collected until delivered as UPCALL_SIGNAL; a recv, a futex_wait or a call with
     * MSG_INTERRUPT ends with EINTR */
    THREAD_INTERRUPT = 5,
    THREAD_NUMBER = 6 /* its number in its task: message page at MSG_BASE + number pages */
};

#endif
