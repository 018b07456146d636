/* SPDX-License-Identifier: MIT
 *
 * ioctl for the little that descriptors here can do besides the calls of their own; anything else is
 * ENOTTY. Linux's numbers. */
#ifndef OCTAVO_SYS_IOCTL_H
#define OCTAVO_SYS_IOCTL_H

#ifdef __cplusplus
extern "C" {
#endif

struct winsize {
    unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel;
};

#define TIOCGWINSZ 0x5413 /* struct winsize *: 0 0, a serial line knows no size */
#define TIOCSWINSZ 0x5414 /* struct winsize *: kept by nobody */
#define TIOCGPGRP 0x540f  /* pid_t * */
#define TIOCSPGRP 0x5410  /* const pid_t * */
#define FIONREAD 0x541b   /* int *: what a file has behind the offset */
#define FIONBIO 0x5421    /* const int *: O_NONBLOCK */
#define FIOCLEX 0x5451    /* close on exec */
#define FIONCLEX 0x5450

int ioctl(int fd, unsigned long request, ...);

#ifdef __cplusplus
}
#endif

#endif
