/* SPDX-License-Identifier: MIT
 *
 * Between signal.c and its neighbours. Not for programs. The constants are for signal_entry.S; signal.c
 * asserts them. */
#ifndef OCTAVO_LIB_SIGNAL_H
#define OCTAVO_LIB_SIGNAL_H

#define SIGNAL_PAGE_UPCALL 2136   /* in struct msg_page */
#define SIGNAL_PAGE_FP_USED 2416  /* the same */
#define SIGNAL_FRAME_REGISTERS 48 /* in struct signal_frame: mcontext_t */
#define SIGNAL_FRAME_FCSR 280     /* in mcontext_t; f0 ... f31 follow */
#define SIGNAL_SYS_THREAD_CONTROL 14
#define SIGNAL_THREAD_RETURN 3

#ifndef __ASSEMBLER__
#include <signal.h>
#include <stdint.h>

/* A signal of the set that has arrived and is blocked: its number; -EAGAIN at the deadline, -EINTR when a
 * handler ran. info may be NULL. */
int octavo_signal_wait(sigset_t set, siginfo_t *info, unsigned long deadline);
#endif

#endif
