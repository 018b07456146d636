/* SPDX-License-Identifier: MIT
 *
 * picolibc's <sys/select.h> with sets that hold every descriptor. */
#ifndef OCTAVO_SYS_SELECT_H
#define OCTAVO_SYS_SELECT_H

#ifndef FD_SETSIZE
#define FD_SETSIZE 1024
#endif

#include_next <sys/select.h>

#endif
