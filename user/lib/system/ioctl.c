/* SPDX-License-Identifier: MIT
 *
 * ioctl: see sys/ioctl.h. */
#include <sys/ioctl.h>
#include <errno.h>
#include <stdarg.h>
#include <sys/termios.h>
#include <unistd.h>
#include "user/lib/system/fd.h"

static int ioctl_readable(int fd, int *bytes)
{
    struct stat status;
    off_t at;

    if (fstat(fd, &status) < 0)
        return -1;
    if (!S_ISREG(status.st_mode))
        return (int)octavo_result(-ENOTTY);
    if ((at = lseek(fd, 0, SEEK_CUR)) < 0)
        return -1;
    *bytes = status.st_size > at ? (int)(status.st_size - at) : 0;
    return 0;
}

int ioctl(int number, unsigned long request, ...)
{
    struct fd *fd = fd_get(number);
    va_list list;

    va_start(list, request);
    void *argument = va_arg(list, void *);
    va_end(list);
    if (!fd || ((request == TIOCGWINSZ || request == TIOCSWINSZ) && !isatty(number)))
        return -1;
    switch (request) {
    case FIOCLEX:
    case FIONCLEX:
        fd->close_on_exec = request == FIOCLEX;
        return 0;
    case FIONBIO:
        return fcntl(number, F_SETFL,
                     *(const int *)argument ? fd->flags | O_NONBLOCK : fd->flags & ~O_NONBLOCK);
    case FIONREAD:
        return ioctl_readable(number, argument);
    case TIOCGWINSZ:
        *(struct winsize *)argument = (struct winsize){0};
        return 0;
    case TIOCSWINSZ:
        return 0;
    case TIOCGPGRP:
        return (*(pid_t *)argument = tcgetpgrp(number)) < 0 ? -1 : 0;
    case TIOCSPGRP:
        return tcsetpgrp(number, *(const pid_t *)argument);
    }
    return (int)octavo_result(-ENOTTY);
}
