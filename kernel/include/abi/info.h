/* SPDX-License-Identifier: MIT
 *
 * Records of the info system call: info(kind, index, address, length) copies out one record, at most
 * length bytes of it, and returns its whole size; ENOENT beyond the last index. Statistics only; each
 * record is consistent in itself. Memory records are in <abi/mminfo.h>. */
#ifndef OCTAVO_ABI_INFO_H
#define OCTAVO_ABI_INFO_H

#include <stdint.h>

enum info_kind {
    INFO_SYSTEM = 1, /* struct info_system, index 0 */
    INFO_HART = 2,   /* struct info_hart, by hart */
    INFO_TASK = 3,   /* struct info_task of the first task whose id is at least index */
    INFO_SELF = 4,   /* struct info_task of the caller */
    INFO_ZONE = 5,   /* struct mminfo_zone, by zone */
    INFO_SLAB = 6,   /* struct mminfo_slab, by cache */
    INFO_OF = 8, /* struct info_task of the task, dead or alive, whose handle (MANAGE) index is */
    INFO_THREAD =
        7 /* struct info_thread, by slot of the thread table (MSG_TOKEN_SLOTS); gaps: ENOENT until
                        INFO_SYSTEM.thread_slots */
};

struct info_system {
    uint64_t timebase;     /* Hz of the time register */
    uint64_t uptime;       /* ns */
    uint64_t frames_total; /* all RAM that buddy was given, plus what was reserved before it */
    uint64_t frames_free;
    uint64_t frames_kernel;   /* slabs, kmalloc, vmalloc, image, vmemmap */
    uint64_t frames_table;    /* page tables */
    uint64_t frames_user;     /* allocated by tasks */
    uint64_t faults;          /* FAULT messages sent */
    uint64_t faults_spurious; /* already permitted when looked at */
    uint64_t faults_ad;       /* accessed/dirty repaired in the kernel */
    uint64_t calls;           /* messages received but FAULTs */
    uint64_t queued;          /* of all messages: waited for a receiver */
    uint64_t switches;        /* threads chosen by the scheduler; messages switch besides */
    uint64_t interrupts;
    uint64_t shootdowns; /* remote fences */
    uint32_t harts;
    uint32_t tasks;
    uint32_t threads;
    uint32_t thread_slots;
};

struct info_hart {
    uint64_t run_time;  /* ns running threads, their time in the kernel included */
    uint64_t idle_time; /* ns in wfi */
    uint64_t switches;
    uint64_t interrupts;
};

#define INFO_NAME 16

struct info_task {
    uint32_t id; /* never used again */
    uint32_t threads;
    uint64_t space;    /* badge of its pager right */
    uint64_t process;  /* badge of its exception right */
    uint64_t frames;   /* allocated by it */
    uint64_t resident; /* pages mapped in its space, its own window included */
    uint64_t tables;   /* page-table frames */
    uint64_t faults;   /* FAULT messages it sent */
    uint64_t syscalls;
    uint64_t run_time; /* ns on a hart, time in the kernel included */
    uint64_t handles;
    uint64_t account_frames, account_frames_limit;
    uint64_t account_kernel, account_kernel_limit; /* bytes */
    uint16_t dying, ceiling;
    uint32_t pager; /* id of the task that its pager right leads to; 0: none, or it is gone */
    char name[INFO_NAME];
};

enum thread_state {
    THREAD_READY = 1, /* in a run queue */
    THREAD_RUNNING,   /* on a hart */
    THREAD_SENDING,   /* its message waits to be received */
    THREAD_WAITING,   /* for the answer to it */
    THREAD_RECEIVING, /* in recv */
    THREAD_SLEEPING,  /* in futex_wait */
    THREAD_STOPPED,   /* its exception was answered with anything but "retry" */
    THREAD_DEAD
};

struct info_thread {
    uint32_t task; /* id */
    uint32_t number;
    uint32_t state; /* enum thread_state */
    uint32_t priority;
    uint64_t pc;       /* as of its last entry into the kernel */
    uint64_t run_time; /* ticks on a hart, without its present turn */
};

#endif
