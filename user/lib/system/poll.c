/* SPDX-License-Identifier: MIT
 *
 * poll and select. Nobody can be asked to call back, so who has to wait looks again, at first often,
 * later every 10 ms. */
#include <poll.h>
#include <signal.h>
#include <errno.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>
#include "user/lib/system/fd.h"

#define NS_PER_MS 1000000l
#define POLL_FIRST (NS_PER_MS / 10)
#define POLL_LONGEST (10 * NS_PER_MS)

static short poll_one(const struct pollfd *p)
{
    int before = errno;
    const struct fd *fd = fd_get(p->fd);

    errno = before;
    if (!fd)
        return POLLNVAL;
    long ready = fd_ops(fd)->ready ? fd_ops(fd)->ready(fd) : POLLIN | POLLOUT;
    if (ready < 0)
        return POLLERR;
    ready |= (ready & POLLIN ? POLLRDNORM : 0) | (ready & POLLOUT ? POLLWRNORM : 0);
    return (short)(ready & (p->events | POLLERR | POLLHUP));
}

static int poll_once(struct pollfd *p, nfds_t count)
{
    int result = 0;

    for (nfds_t i = 0; i < count; i++) {
        p[i].revents = p[i].fd < 0 ? 0 : poll_one(&p[i]);
        result += p[i].revents != 0;
    }
    return result;
}

/* deadline: kernel clock, ns. */
static int poll_until(struct pollfd *p, nfds_t count, unsigned long deadline)
{
    long pause = POLL_FIRST;
    int result;

    while ((result = poll_once(p, count)) == 0) {
        unsigned long now = (unsigned long)sys_clock();
        if (now >= deadline)
            break;
        if (deadline - now < (unsigned long)pause)
            pause = (long)(deadline - now);
        if (nanosleep(&(struct timespec){.tv_nsec = pause}, NULL) < 0)
            return -1;
        pause = pause * 2 < POLL_LONGEST ? pause * 2 : POLL_LONGEST;
    }
    return result;
}

int ppoll(struct pollfd *p, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
    unsigned long deadline = DEADLINE_NEVER;
    sigset_t old;

    if (count > OCTAVO_FD_MAX || (timeout && !octavo_deadline(timeout, &deadline)))
        return (int)octavo_result(-EINVAL);
    if (mask)
        sigprocmask(SIG_SETMASK, mask, &old);
    int result = poll_until(p, count, deadline);
    if (mask)
        sigprocmask(SIG_SETMASK, &old, NULL);
    return result;
}

int poll(struct pollfd *p, nfds_t count, int milliseconds)
{
    struct timespec t = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * NS_PER_MS};

    return ppoll(p, count, milliseconds < 0 ? NULL : &t, NULL);
}

/* --- select, by poll ------------------------------------------------------------------------ */

static bool is_set(int fd, const fd_set *set) { return set && FD_ISSET(fd, set); }

/* Keeps in the set those that were asked for and found so: how many. */
static int select_keep(const struct pollfd *p, nfds_t count, fd_set *set, short asked, short found)
{
    int result = 0;

    if (set)
        FD_ZERO(set);
    for (nfds_t i = 0; i < count; i++)
        if (p[i].events & asked && p[i].revents & found) {
            FD_SET(p[i].fd, set);
            result++;
        }
    return result;
}

int pselect(int limit, fd_set *in, fd_set *out, fd_set *except, const struct timespec *timeout,
            const sigset_t *mask)
{
    struct pollfd p[FD_SETSIZE];
    nfds_t count = 0;

    if (limit < 0 || limit > FD_SETSIZE)
        return (int)octavo_result(-EINVAL);
    for (int fd = 0; fd < limit; fd++) {
        short events = (short)((is_set(fd, in) ? POLLIN : 0) | (is_set(fd, out) ? POLLOUT : 0) |
                               (is_set(fd, except) ? POLLPRI : 0));
        if (events)
            p[count++] = (struct pollfd){.fd = fd, .events = events};
    }
    if (ppoll(p, count, timeout, mask) < 0)
        return -1;
    for (nfds_t i = 0; i < count; i++)
        if (p[i].revents & POLLNVAL)
            return (int)octavo_result(-EBADF);
    select_keep(p, count, except, 0, 0);
    return select_keep(p, count, in, POLLIN, POLLIN | POLLHUP | POLLERR) +
           select_keep(p, count, out, POLLOUT, POLLOUT | POLLERR);
}

int select(int limit, fd_set *in, fd_set *out, fd_set *except, struct timeval *timeout)
{
    struct timespec t = {0};

    if (timeout)
        t = (struct timespec){.tv_sec = timeout->tv_sec, .tv_nsec = timeout->tv_usec * 1000};
    return pselect(limit, in, out, except, timeout ? &t : NULL, NULL);
}
