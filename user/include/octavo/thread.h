/* SPDX-License-Identifier: MIT
 *
 * Threads of control in one program: each with its own stack, TLS (so errno) and message page. They
 * share everything else; malloc and stdio are locked. The process ends with exit() of any of them,
 * or when main() returns. */
#ifndef OCTAVO_THREAD_H
#define OCTAVO_THREAD_H

#ifdef __cplusplus
extern "C" {
#endif

struct thread;

/* Starts function(argument) at the priority of an ordinary program (PRIORITY_USER), or the given
 * one. *t is for thread_join, which every thread needs once. 0, or an errno. */
int thread_start(struct thread **t, int (*function)(void *), void *argument);
int thread_start_priority(struct thread **t, int (*function)(void *), void *argument,
                          unsigned priority);

/* Waits for its end, frees what it had; *result (may be NULL) is what function returned or gave to
 * thread_exit. 0, or an errno. */
int thread_join(struct thread *t, int *result);

/* Ends the calling thread, which thread_start has made. */
__attribute__((noreturn)) void thread_exit(int result);

#ifdef __cplusplus
}
#endif

#endif
