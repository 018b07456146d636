/* SPDX-License-Identifier: MIT
 *
 * Descriptors on the console server (proto/con.h), and its modes as POSIX sees them: isatty and the
 * termios calls. While octavo-run drives the guest the console is no terminal. */
#include <errno.h>
#include <poll.h>
#include <proto/con.h>
#include <proto/init.h>
#include <stdint.h>
#include <sys/termios.h>
#include <unistd.h>
#include "user/lib/system/fd.h"
#include "user/lib/system/internal.h"

#define CON_ASK_MODE (~0ul)

static long con_ready(const struct fd *fd)
{
    struct message m = {.tag = CON_READY};
    long result = ipc_request(fd->handle, &m);

    if (result < 0)
        return result;
    return (m.w[0] & CON_IS_READABLE ? POLLIN : 0) | (m.w[0] & CON_IS_WRITABLE ? POLLOUT : 0);
}

static long con_read(const struct fd *fd, void *buffer, size_t length, uint64_t offset)
{
    (void)offset;
    struct message m = {.tag = CON_READ | MSG_INTERRUPT, .w = {length}};
    long result = fd->flags & O_NONBLOCK ? con_ready(fd) : POLLIN;

    if (result >= 0 && !(result & POLLIN))
        result = -EAGAIN;
    if (result < 0)
        return result;
    ipc_attach_out(&m, buffer, length);
    result = octavo_wait_request(fd->handle, &m);
    return result < 0 ? result : (long)m.w[0];
}

static long con_write(const struct fd *fd, const void *buffer, size_t length, uint64_t offset)
{
    size_t done = 0;

    (void)offset;
    while (done < length) {
        struct message m = {.tag = CON_WRITE, .w = {length - done}};
        ipc_attach_in(&m, (const char *)buffer + done, length - done);
        long result = ipc_request(fd->handle, &m);
        if (result < 0)
            return done ? (long)done : result;
        done += m.w[0];
    }
    return (long)done;
}

static long con_status(const struct fd *fd, struct stat *status)
{
    (void)fd;
    status->st_ino = status->st_rdev = DEV_CONSOLE;
    status->st_mode = S_IFCHR | 0620;
    status->st_nlink = 1;
    status->st_blksize = 1024;
    return 0;
}

/* Sets the mode (or asks for it: CON_ASK_MODE). The old one, or a negative errno. */
static long con_mode(const struct fd *fd, unsigned long mode)
{
    struct message m = {.tag = CON_MODE, .w = {mode}};
    long result = ipc_request(fd->handle, &m);

    return result < 0 ? result : (long)m.w[0];
}

static long con_terminal(const struct fd *fd)
{
    long mode = con_mode(fd, CON_ASK_MODE);

    if (mode < 0)
        return mode;
    return mode & CON_MODE_FRAMED ? -ENOTTY : 0;
}

const struct fd_ops fd_con_ops = {
    .read = con_read,
    .write = con_write,
    .status = con_status,
    .ready = con_ready,
    .terminal = con_terminal,
};

/* The console's flags of a descriptor that is a terminal; -1 with errno if it is none. */
static long terminal_mode(int number, const struct fd **fd)
{
    *fd = fd_get(number);
    if (!*fd)
        return -1;
    if ((*fd)->kind != START_FD_CON)
        return octavo_result(-ENOTTY);
    long mode = con_mode(*fd, CON_ASK_MODE);
    if (mode >= 0 && (mode & CON_MODE_FRAMED))
        mode = -ENOTTY;
    return octavo_result(mode);
}

int tcgetattr(int number, struct termios *t)
{
    const struct fd *fd;
    long mode = terminal_mode(number, &fd);

    if (mode < 0)
        return -1;
    *t =
        (struct termios){.c_cflag = CS8 | CREAD | CLOCAL, .c_ispeed = B115200, .c_ospeed = B115200};
    if (mode & CON_MODE_ECHO)
        t->c_lflag |= ECHO | ECHOE | ECHOK;
    if (mode & CON_MODE_CANONICAL)
        t->c_lflag |= ICANON;
    if (mode & CON_MODE_SIGNALS)
        t->c_lflag |= ISIG;
    if (mode & CON_MODE_CRLF) {
        t->c_iflag |= ICRNL;
        t->c_oflag |= OPOST | ONLCR;
    }
    t->c_cc[VINTR] = 'C' - '@';
    t->c_cc[VEOF] = 'D' - '@';
    t->c_cc[VERASE] = 0x7f;
    t->c_cc[VKILL] = 'U' - '@';
    t->c_cc[VMIN] = 1;
    return 0;
}

/* Input CR and output NL are translated together, since the console has one flag for both; a mode
 * that wants either keeps it. The control characters are fixed. */
int tcsetattr(int number, int when, const struct termios *t)
{
    const struct fd *fd;
    long old = terminal_mode(number, &fd);
    unsigned long mode = 0;

    if (old < 0)
        return -1;
    if (when != TCSANOW && tcdrain(number) < 0)
        return -1;
    if (t->c_lflag & ECHO)
        mode |= CON_MODE_ECHO;
    if (t->c_lflag & ICANON)
        mode |= CON_MODE_CANONICAL;
    if (t->c_lflag & ISIG)
        mode |= CON_MODE_SIGNALS;
    if ((t->c_iflag & ICRNL) || (t->c_oflag & OPOST))
        mode |= CON_MODE_CRLF;
    return octavo_result(con_mode(fd, mode)) < 0 ? -1 : 0;
}

int tcdrain(int number)
{
    const struct fd *fd = fd_get(number);

    if (!fd)
        return -1;
    if (fd->kind != START_FD_CON)
        return (int)octavo_result(-ENOTTY);
    struct message m = {.tag = CON_DRAIN};
    return (int)octavo_result(ipc_request(fd->handle, &m));
}

/* Takes what has been typed, so that nobody reads it. */
int tcflush(int number, int queue)
{
    const struct fd *fd;
    char byte[64];
    long mode = terminal_mode(number, &fd), ready;

    if (mode < 0)
        return -1;
    if (queue < TCIFLUSH || queue > TCIOFLUSH)
        return (int)octavo_result(-EINVAL);
    if (queue == TCOFLUSH)
        return 0;
    while ((ready = con_ready(fd)) >= 0 && (ready & POLLIN))
        if (con_read(fd, byte, sizeof(byte), 0) <= 0)
            break;
    return 0;
}

int tcflow(int number, int action)
{
    if (action < TCOOFF || action > TCION)
        return (int)octavo_result(-EINVAL);
    return isatty(number) ? 0 : -1;
}

int tcsendbreak(int number, int duration)
{
    (void)duration;
    return isatty(number) ? 0 : -1;
}

int cfsetspeed(struct termios *t, speed_t speed)
{
    t->c_ispeed = t->c_ospeed = speed;
    return 0;
}

void cfmakeraw(struct termios *t)
{
    t->c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    t->c_oflag &= ~(tcflag_t)OPOST;
    t->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
}

speed_t cfgetispeed(const struct termios *t)
{
    return t->c_ispeed;
}

speed_t cfgetospeed(const struct termios *t)
{
    return t->c_ospeed;
}

int cfsetispeed(struct termios *t, speed_t speed)
{
    t->c_ispeed = speed;
    return 0;
}

int cfsetospeed(struct termios *t, speed_t speed)
{
    t->c_ospeed = speed;
    return 0;
}

/* init does not tell whom ^C goes to; who asks is mostly in the foreground. */
pid_t tcgetpgrp(int number)
{
    const struct fd *fd = fd_get(number);

    if (!fd)
        return -1;
    return fd->kind == START_FD_CON ? getpgrp() : (pid_t)octavo_result(-ENOTTY);
}

int tcsetpgrp(int number, pid_t group)
{
    const struct fd *fd = fd_get(number);

    if (!fd)
        return -1;
    if (fd->kind != START_FD_CON)
        return (int)octavo_result(-ENOTTY);
    struct message m = {.tag = INIT_FOREGROUND, .w = {(unsigned long)group}};
    return (int)octavo_result(ipc_request(HANDLE_INIT, &m));
}
