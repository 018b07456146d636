/* SPDX-License-Identifier: MIT
 *
 * Children: waiting for the one in front, remembering those in the background. */
#ifndef OCTAVO_SH_JOBS_H
#define OCTAVO_SH_JOBS_H

#include <stdbool.h>
#include <sys/types.h>

/* $? for a status of waitpid: 0..255, 128 + signal. Says what ended it unless init has said so. */
int jobs_status(int wait_status);

/* Waits for a child in the foreground: ^C goes to it meanwhile. Its $?. */
int jobs_wait_foreground(pid_t pid);

/* Remembers a child in the background; prints [n] pid when interactive. */
void jobs_add(pid_t pid, const char *text);

/* Takes note of children that ended, without waiting; announce: prints them. */
void jobs_reap(bool announce);

/* `jobs` and `wait [pid]...`; their $?. */
int jobs_list(void);
int jobs_wait(int argc, char **argv);

#endif
