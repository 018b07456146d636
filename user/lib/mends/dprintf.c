/* SPDX-License-Identifier: MIT
 *
 * dprintf and vdprintf (POSIX.1-2017): they are not in 1.8 to 1.8.10, and in 1.8.12 a signal ends them. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int vdprintf(int fd, const char *restrict format, va_list arguments)
{
    char *text;
    int length = vasprintf(&text, format, arguments), done = 0;

    if (length < 0)
        return -1;
    while (done < length) {
        ssize_t n = write(fd, text + done, (size_t)(length - done));
        if (n < 0 && errno != EINTR)
            break;
        done += n > 0 ? (int)n : 0;
    }
    free(text);
    return done < length ? -1 : length;
}

int dprintf(int fd, const char *restrict format, ...)
{
    va_list list;

    va_start(list, format);
    int result = vdprintf(fd, format, list);
    va_end(list);
    return result;
}
