/* SPDX-License-Identifier: MIT
 *
 * Terminal attributes (POSIX.1-2017 <termios.h>); picolibc's <termios.h> includes this and has
 * none. Only the flags that the console has a meaning for are there; others are refused by the
 * compiler rather than ignored. */
#ifndef OCTAVO_SYS_TERMIOS_H
#define OCTAVO_SYS_TERMIOS_H

#ifdef __cplusplus
extern "C" {
#endif

typedef unsigned int tcflag_t;
typedef unsigned char cc_t;
typedef unsigned int speed_t;

#define NCCS 8
struct termios {
    tcflag_t c_iflag, c_oflag, c_cflag, c_lflag;
    cc_t c_cc[NCCS];
    speed_t c_ispeed, c_ospeed;
};

#define VINTR 0
#define VEOF 1
#define VERASE 2
#define VKILL 3
#define VMIN 4
#define VTIME 5

/* c_iflag */
#define ICRNL 0x0100
#define IXON 0x0400
/* c_oflag */
#define OPOST 0x0001
#define ONLCR 0x0004
/* c_cflag */
#define CS8 0x0030
#define CREAD 0x0080
#define CLOCAL 0x0800
/* c_lflag */
#define ISIG 0x0001
#define ICANON 0x0002
#define ECHO 0x0008
#define ECHOE 0x0010
#define IEXTEN 0x8000

#define B115200 115200

#define TCSANOW 0
#define TCSADRAIN 1
#define TCSAFLUSH 2

int tcgetattr(int fd, struct termios *attributes);
int tcsetattr(int fd, int when, const struct termios *attributes);
int tcdrain(int fd);
void cfmakeraw(struct termios *attributes);
speed_t cfgetispeed(const struct termios *attributes);
speed_t cfgetospeed(const struct termios *attributes);
int cfsetispeed(struct termios *attributes, speed_t speed);
int cfsetospeed(struct termios *attributes, speed_t speed);

#ifdef __cplusplus
}
#endif

#endif
