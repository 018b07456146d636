/* SPDX-License-Identifier: MIT
 *
 * The terminal's name: there is one. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "user/lib/system/internal.h"

#define TERMINAL_NAME "/dev/console"

int ttyname_r(int fd, char *name, size_t size)
{
    if (!isatty(fd))
        return errno;
    return strlcpy(name, TERMINAL_NAME, size) < size ? 0 : ERANGE;
}

char *ttyname(int fd)
{
    static char name[sizeof(TERMINAL_NAME)];

    return ttyname_r(fd, name, sizeof(name)) == 0 ? name : NULL;
}

char *ctermid(char *path)
{
    static char own[L_ctermid];

    return strcpy(path ? path : own, "/dev/tty");
}
