/* SPDX-License-Identifier: MIT
 *
 * Waiting for descriptors (POSIX.1-2017 <poll.h>). The time out may be late by 10 ms. */
#ifndef OCTAVO_POLL_H
#define OCTAVO_POLL_H

#include <sys/types.h>
#include <sys/select.h> /* sigset_t */
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

#define POLLIN 0x001
#define POLLPRI 0x002
#define POLLOUT 0x004
#define POLLERR 0x008
#define POLLHUP 0x010
#define POLLNVAL 0x020
#define POLLRDNORM 0x040
#define POLLRDBAND 0x080
#define POLLWRNORM 0x100
#define POLLWRBAND 0x200

typedef unsigned int nfds_t;

struct pollfd {
    int fd;
    short events, revents;
};

int poll(struct pollfd *descriptors, nfds_t count, int milliseconds);
int ppoll(struct pollfd *descriptors, nfds_t count, const struct timespec *timeout,
          const sigset_t *mask);

#ifdef __cplusplus
}
#endif

#endif
