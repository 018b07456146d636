/* SPDX-License-Identifier: MIT
 *
 * What the library's files know of each other. Weak declarations are parts that a program has only
 * when it uses them. Not for programs. */
#ifndef OCTAVO_LIB_INTERNAL_H
#define OCTAVO_LIB_INTERNAL_H

#include <errno.h>
#include <octavo/ipc.h>
#include <proto/start.h>

#define WEAK __attribute__((weak))

/* The POSIX way to say it: sets errno from a negative result and returns -1, else the result. */
static inline long octavo_result(long result)
{
    if (result >= 0)
        return result;
    errno = (int)-result;
    return -1;
}

#define OCTAVO_FD_MAX 256 /* descriptors, as many as the start block can name */

/* start.c: called once, by _start. stack: the start block; page: this thread's message page. */
_Noreturn void octavo_start(unsigned long *stack, struct msg_page *page);

/* start.c: the working directory, a place (proto/fs.h); HANDLE_NONE: there is no file server. */
extern handle_t octavo_place;

/* start.c: mode bits that new files do not get (umask). */
#define OCTAVO_UMASK 022u /* at first */
extern unsigned octavo_umask;

/* start.c: argv[0], or NULL. */
extern const char *octavo_program;

/* fd.c: descriptor fd of the new program, the value of its AT_OCTAVO_FD (proto/start.h). */
void octavo_fd_inherit(int fd, uint64_t value) WEAK;

/* The first word of the answer to a request, or a negative errno. */
static inline long octavo_ask(handle_t right, struct message *m)
{
    long result = ipc_request(right, m);
    return result < 0 ? result : (long)m->w[0];
}

/* The same for requests that are answered with a handle: 0, or a negative errno. */
static inline long octavo_ask_handle(handle_t right, struct message *m, handle_t *handle)
{
    ipc_accept(1);
    long result = ipc_request(right, m);
    ipc_accept(0);
    if (result == 0)
        *handle = msg_page()->handle[0];
    return result;
}

/* lock.c: more than one thread runs, or has run. */
extern bool octavo_threaded;

/* lock.c: the lock that picolibc has around its own state, malloc's included. One thread may take it several
 * times. */
void octavo_lock(void);
void octavo_unlock(void);

/* lock.c: bytes of a lock for picolibc's _LOCK_T, zero = free. */
#define OCTAVO_LOCK_SIZE 16

/* In the child of a fork: frees a lock (may be NULL) that a thread had which is not there. */
struct __lock;
void octavo_lock_forked(struct __lock *lock);
/* Takes the lock if no other thread has it: 1, else 0. */
int octavo_lock_try(struct __lock *lock);

/* In the child of a fork, on its way back to the program. */
void octavo_pipe_forked(void) WEAK;
void octavo_signal_forked(void) WEAK;
void octavo_stdio_forked(void) WEAK;
void octavo_usage_forked(void) WEAK;

/* clock.c: the kernel clock's time that is so much from now. False: it is no time that there is. */
struct timespec;
bool octavo_deadline(const struct timespec *t, unsigned long *deadline);

/* clock.c: CPU time of this process, ns; its part in the kernel included. */
unsigned long octavo_run_time(void);

/* process.c: this process's id; 0: not known yet. */
extern int octavo_self WEAK;

/* signal.c: whether what a signal has just ended with EINTR is to be done again, because no handler ran
 * or all that ran had SA_RESTART. */
int octavo_signal_restarts(void) WEAK;

/* signal.c: what AT_OCTAVO_SIGNALS says: ignored | blocked << 32; and what it is to say to a new program. */
void octavo_signal_inherit(uint64_t value) WEAK;
uint64_t octavo_signal_kept(void) WEAK;

/* ipc_request for requests that may wait for ever; the tag has MSG_INTERRUPT. */
static inline long octavo_wait_request(handle_t right, struct message *m)
{
    const struct message first = *m;

    for (;;) {
        long result = ipc_request(right, m);
        if (result != -EINTR || !octavo_signal_restarts || !octavo_signal_restarts())
            return result;
        *m = first;
    }
}

/* mman.c: brings memory in; 0 or a negative errno. */
long octavo_populate(uintptr_t address, size_t length) WEAK;

#endif
