/* SPDX-License-Identifier: MIT
 *
 * Work that waits: calls to other servers, made by a few threads of the pager, so that its main thread
 * never does. A job belongs to one side at a time: main fills it in and submits it, a thread runs it,
 * main gets it back. Nothing is locked: main gives each idle thread one job, and hears of its end by a
 * notification. What waits for a thread waits in main's own queue. */
#ifndef PAGER_IO_H
#define PAGER_IO_H

#include <stdint.h>
#include <sys/queue.h>

#define IO_BUFFER_BYTES 32768u /* of each thread, for the time of one job */

/* Who runs a job: a thread is kept for each kind, so that one kind's jobs never wait for another's. */
enum io_kind { IO_FILE, IO_SWAP, IO_KINDS };

struct io_job {
    /* In a thread. It touches the job, what only the job refers to, and frames that are READING or
     * CLEANING on its behalf; and waits for nobody but other servers. */
    void (*run)(struct io_job *job, uint8_t *buffer);
    /* In the main thread, afterwards. It may free the job, or submit it again. */
    void (*done)(struct io_job *job);
    STAILQ_ENTRY(io_job) link;
};

/* Starts the threads. */
void io_setup(void);

void io_submit(struct io_job *job, enum io_kind kind);

/* Jobs submitted and not yet done. */
extern unsigned io_pending;

/* Of main and of all threads that somebody waits for. */
extern unsigned io_priority;

/* A notification with these bits came (port_notify): finishes the jobs that are done. */
void io_collect(unsigned long bits);

#endif
