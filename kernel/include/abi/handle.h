/* SPDX-License-Identifier: MIT
 *
 * Handles: how a task names kernel objects. A value is an index into the task's table and the
 * generation of that slot, so a handle kept after close is refused (EBADF), not misdirected. */
#ifndef OCTAVO_ABI_HANDLE_H
#define OCTAVO_ABI_HANDLE_H

#include <stdint.h>

typedef uint32_t handle_t;

#define HANDLE_INDEX_BITS 14 /* at most 16,384 handles a task */
#define HANDLE_NONE 0u       /* slot 0 is never used */
#define HANDLE_INDEX(h) ((h) & ((1u << HANDLE_INDEX_BITS) - 1))
#define HANDLE_GENERATION(h) ((h) >> HANDLE_INDEX_BITS)

/* Slots that every task is born with, generation 0. */
#define HANDLE_SELF 1u  /* its own task: MANAGE, so it can start threads */
#define HANDLE_PAGER 2u /* the right to its pager; badge = its space; never transferable */
#define HANDLE_INIT 3u  /* its exception right, to init; badge = its process; never transferable */
#define HANDLE_ACCOUNT 4u /* its account: MANAGE */
#define HANDLE_FIRST 5u   /* the first one given by task_grant */

/* Rights on a handle. A copy never has more than its original. */
#define H_TRANSFER 0x01u /* may be sent in a message, or granted */
#define H_DUP 0x02u      /* dup is allowed */
#define H_CALL 0x04u     /* right: call */
#define H_NOTIFY 0x08u   /* right: notify */
#define H_RECV 0x10u     /* port: recv, reply_recv, vm. No other task ever gets it */
#define H_MINT 0x20u     /* port: right_create, at the port's task's expense */
#define H_MANAGE 0x40u   /* task, thread, account: control; device: map, bind, system */
#define H_ALL 0x7fu

#endif
