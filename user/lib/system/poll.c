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
#define NS_PER_S 1000000000l
#define POLL_FIRST (NS_PER_MS / 10)
#define POLL_LONGEST (10 * NS_PER_MS)

static short poll_one(const struct pollfd *p)
{
    const short ordinary = POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM;
    int before = errno;
    const struct fd *fd = fd_get(p->fd);

    errno = before;
    if (!fd)
        return POLLNVAL;
    long ready = fd_ops(fd)->ready ? fd_ops(fd)->ready(fd) : ordinary;
    if (ready < 0)
        return POLLERR;
    if (ready & POLLIN)
        ready |= POLLRDNORM;
    if (ready & POLLOUT)
        ready |= POLLWRNORM;
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

static unsigned long poll_deadline(const struct timespec *timeout)
{
    unsigned long now = (unsigned long)sys_clock();

    if (!timeout || (unsigned long)timeout->tv_sec > (DEADLINE_NEVER - now) / NS_PER_S - 1)
        return DEADLINE_NEVER;
    return now + (unsigned long)(timeout->tv_sec * NS_PER_S + timeout->tv_nsec);
}

static int poll_time_wrong(const struct timespec *timeout)
{
    return timeout && (timeout->tv_sec < 0 || timeout->tv_nsec < 0 || timeout->tv_nsec >= NS_PER_S);
}

int ppoll(struct pollfd *p, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
    sigset_t old;

    if (count > OCTAVO_FD_MAX || poll_time_wrong(timeout))
        return (int)octavo_result(-EINVAL);
    if (mask)
        sigprocmask(SIG_SETMASK, mask, &old);
    int result = poll_until(p, count, poll_deadline(timeout));
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

static nfds_t select_list(struct pollfd *p, int limit, const fd_set *in, const fd_set *out,
                          const fd_set *except)
{
    nfds_t count = 0;

    for (int fd = 0; fd < limit; fd++) {
        short events = (short)((in && FD_ISSET(fd, in) ? POLLIN : 0) |
                               (out && FD_ISSET(fd, out) ? POLLOUT : 0) |
                               (except && FD_ISSET(fd, except) ? POLLPRI : 0));
        if (events)
            p[count++] = (struct pollfd){.fd = fd, .events = events};
    }
    return count;
}

/* Sets are what was found: bits in them, or -1 with EBADF. */
static int select_result(const struct pollfd *p, nfds_t count, fd_set *in, fd_set *out,
                         fd_set *except)
{
    int result = 0;

    for (nfds_t i = 0; i < count; i++)
        if (p[i].revents & POLLNVAL)
            return (int)octavo_result(-EBADF);
    if (in)
        FD_ZERO(in);
    if (out)
        FD_ZERO(out);
    if (except)
        FD_ZERO(except);
    for (nfds_t i = 0; i < count; i++) {
        short found = p[i].revents;
        if ((p[i].events & POLLIN) && (found & (POLLIN | POLLHUP | POLLERR))) {
            FD_SET(p[i].fd, in);
            result++;
        }
        if ((p[i].events & POLLOUT) && (found & (POLLOUT | POLLERR))) {
            FD_SET(p[i].fd, out);
            result++;
        }
    }
    return result;
}

int pselect(int limit, fd_set *in, fd_set *out, fd_set *except, const struct timespec *timeout,
            const sigset_t *mask)
{
    struct pollfd p[FD_SETSIZE];

    if (limit < 0 || limit > FD_SETSIZE)
        return (int)octavo_result(-EINVAL);
    nfds_t count = select_list(p, limit, in, out, except);
    if (ppoll(p, count, timeout, mask) < 0)
        return -1;
    return select_result(p, count, in, out, except);
}

int select(int limit, fd_set *in, fd_set *out, fd_set *except, struct timeval *timeout)
{
    struct timespec t = {0};

    if (timeout)
        t = (struct timespec){.tv_sec = timeout->tv_sec, .tv_nsec = timeout->tv_usec * 1000};
    return pselect(limit, in, out, except, timeout ? &t : NULL, NULL);
}
