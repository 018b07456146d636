/* SPDX-License-Identifier: MIT
 *
 * What picolibc's <dirent.h> leaves to the system (POSIX.1-2017 <dirent.h>, with BSD's d_type). */
#ifndef OCTAVO_SYS_DIRENT_H
#define OCTAVO_SYS_DIRENT_H

#include <sys/types.h>

typedef struct octavo_directory DIR;

struct dirent {
    ino_t d_ino;
    off_t d_off; /* telldir's value behind this entry */
    unsigned short d_reclen;
    unsigned char d_type; /* DT_* */
    char d_name[256];
};
#define d_fileno d_ino
#define _DIRENT_HAVE_D_TYPE 1

#define DT_UNKNOWN 0
#define DT_FIFO 1
#define DT_CHR 2
#define DT_DIR 4
#define DT_BLK 6
#define DT_REG 8
#define DT_LNK 10
#define DT_SOCK 12
#define IFTODT(mode) (((mode)&0170000) >> 12)
#define DTTOIF(type) ((type) << 12)

#endif
