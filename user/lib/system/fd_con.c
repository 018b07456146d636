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
    long result = octavo_ask(fd->handle, &(struct message){.tag = CON_READY});

    if (result < 0)
        return result;
    return (result & CON_IS_READABLE ? POLLIN : 0) | (result & CON_IS_WRITABLE ? POLLOUT : 0);
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
    struct message m = {.tag = CON_WRITE, .w = {length}};

    (void)offset;
    ipc_attach_in(&m, buffer, length);
    return octavo_ask(fd->handle, &m);
}

static long con_status(const struct fd *fd, struct stat *status)
{
    (void)fd;
    return fd_other_status(status, DEV_CONSOLE, S_IFCHR | 0620, 1024);
}

/* Sets the mode (or asks for it: CON_ASK_MODE). The old one, or a negative errno. */
static long con_mode(const struct fd *fd, unsigned long mode)
{
    long old = octavo_ask(fd->handle, &(struct message){.tag = CON_MODE, .w = {mode}});

    return old >= 0 && old & CON_MODE_FRAMED ? -ENOTTY : old;
}

static long con_terminal(const struct fd *fd)
{
    long mode = con_mode(fd, CON_ASK_MODE);

    return mode < 0 ? mode : 0;
}

const struct fd_ops fd_con_ops = {.read = con_read,
                                  .write = con_write,
                                  .status = con_status,
                                  .ready = con_ready,
                                  .terminal = con_terminal};

/* The descriptor, if it is on the console; NULL with errno if it is not. */
static const struct fd *con_get(int number)
{
    const struct fd *fd = fd_get(number);

    if (!fd || fd->kind == START_FD_CON)
        return fd;
    errno = ENOTTY;
    return NULL;
}

/* The console's flags of a descriptor that is a terminal; -1 with errno if it is none. */
static long terminal_mode(int number)
{
    const struct fd *fd = con_get(number);

    return fd ? octavo_result(con_mode(fd, CON_ASK_MODE)) : -1;
}

int tcgetattr(int number, struct termios *t)
{
    long mode = terminal_mode(number);

    if (mode < 0)
        return -1;
    *t = (struct termios){.c_iflag = mode & CON_MODE_CRLF ? ICRNL : 0,
                          .c_oflag = mode & CON_MODE_CRLF ? OPOST | ONLCR : 0,
                          .c_cflag = CS8 | CREAD | CLOCAL,
                          .c_lflag = (mode & CON_MODE_ECHO ? ECHO | ECHOE | ECHOK : 0) |
                                     (mode & CON_MODE_CANONICAL ? ICANON : 0) |
                                     (mode & CON_MODE_SIGNALS ? ISIG : 0),
                          .c_cc = {[VINTR] = 'C' - '@',
                                   [VEOF] = 'D' - '@',
                                   [VKILL] = 'U' - '@',
                                   [VERASE] = 0x7f,
                                   [VMIN] = 1},
                          .c_ispeed = B115200,
                          .c_ospeed = B115200};
    return 0;
}

/* Input CR and output NL are translated together, since the console has one flag for both; a mode
 * that wants either keeps it. The control characters are fixed. */
int tcsetattr(int number, int when, const struct termios *t)
{
    unsigned long mode = (t->c_lflag & ECHO ? CON_MODE_ECHO : 0) |
                         (t->c_lflag & ICANON ? CON_MODE_CANONICAL : 0) |
                         (t->c_lflag & ISIG ? CON_MODE_SIGNALS : 0) |
                         (t->c_iflag & ICRNL || t->c_oflag & OPOST ? CON_MODE_CRLF : 0);

    if (terminal_mode(number) < 0 || (when != TCSANOW && tcdrain(number) < 0))
        return -1;
    return octavo_result(con_mode(con_get(number), mode)) < 0 ? -1 : 0;
}

int tcdrain(int number)
{
    const struct fd *fd = con_get(number);

    return fd ? (int)octavo_result(ipc_request(fd->handle, &(struct message){.tag = CON_DRAIN}))
              : -1;
}

/* Takes what has been typed, so that nobody reads it. */
int tcflush(int number, int queue)
{
    char byte[64];
    long ready;

    if (terminal_mode(number) < 0)
        return -1;
    if (queue < TCIFLUSH || queue > TCIOFLUSH)
        return (int)octavo_result(-EINVAL);
    while (queue != TCOFLUSH && (ready = con_ready(fd_get(number))) >= 0 && (ready & POLLIN))
        if (con_read(fd_get(number), byte, sizeof(byte), 0) <= 0)
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

void cfmakeraw(struct termios *t)
{
    t->c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    t->c_oflag &= ~(tcflag_t)OPOST;
    t->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
}

speed_t cfgetispeed(const struct termios *t) { return t->c_ispeed; }
speed_t cfgetospeed(const struct termios *t) { return t->c_ospeed; }

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

int cfsetspeed(struct termios *t, speed_t speed)
{
    return cfsetispeed(t, speed) | cfsetospeed(t, speed);
}

/* init does not tell whom ^C goes to; who asks is mostly in the foreground. */
pid_t tcgetpgrp(int number) { return con_get(number) ? getpgrp() : -1; }

int tcsetpgrp(int number, pid_t group)
{
    struct message m = {.tag = INIT_FOREGROUND, .w = {(unsigned long)group}};

    return con_get(number) ? (int)octavo_result(ipc_request(HANDLE_INIT, &m)) : -1;
}
