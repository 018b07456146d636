/* SPDX-License-Identifier: MIT
 *
 * Children: waiting for those in front, remembering those in the background. A job is the processes of
 * one pipeline; its status is the last one's. */
#ifndef OCTAVO_SH_JOBS_H
#define OCTAVO_SH_JOBS_H

#include <stdbool.h>
#include <sys/types.h>

/* ^C goes to this child from now on; jobs_wait_foreground takes it back. */
void jobs_put_in_front(int pid);

/* Waits for children in the foreground: ^C goes to the last one meanwhile. The $? of that one. */
int jobs_wait_foreground(const int *pids, int count);

/* Remembers children in the background; prints [n] pid when interactive. */
void jobs_add(const int *pids, int count, const char *text);

/* Takes note of children that ended, without waiting; announce: prints them. */
void jobs_reap(bool announce);

/* A forked child has none. */
void jobs_forget(void);

/* `jobs` and `wait [pid]...`; their $?. */
int jobs_list(void);
int jobs_wait(int argc, char **argv);

#endif
