/* SPDX-License-Identifier: MIT
 *
 * err, warn and their kin (BSD), and GNU's error. */
#include <err.h>
#include <errno.h>
#include <error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "user/lib/system/internal.h"

unsigned int error_message_count;

/* error: 0 = none to be told. One line, one write. */
static void err_say(int error, const char *format, va_list arguments)
{
    const char *name = octavo_program ? octavo_program : "?";
    const char *slash = strrchr(name, '/');
    char text[1024] = "";

    if (format)
        vsnprintf(text, sizeof(text), format, arguments);
    fprintf(stderr, "%s: %s%s%s\n", slash ? slash + 1 : name, text, error && format ? ": " : "",
            error ? strerror(error) : "");
}

void vwarn(const char *format, va_list arguments)
{
    err_say(errno, format, arguments);
}

void vwarnx(const char *format, va_list arguments)
{
    err_say(0, format, arguments);
}

void verr(int status, const char *format, va_list arguments)
{
    vwarn(format, arguments);
    exit(status);
}

void verrx(int status, const char *format, va_list arguments)
{
    vwarnx(format, arguments);
    exit(status);
}

void warn(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vwarn(format, list);
    va_end(list);
}

void warnx(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vwarnx(format, list);
    va_end(list);
}

void warnc(int error, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    err_say(error, format, list);
    va_end(list);
}

void err(int status, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    verr(status, format, list);
}

void errx(int status, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    verrx(status, format, list);
}

void errc(int status, int error, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    err_say(error, format, list);
    va_end(list);
    exit(status);
}

void error(int status, int number, const char *format, ...)
{
    va_list list;

    fflush(stdout);
    va_start(list, format);
    err_say(number, format, list);
    va_end(list);
    error_message_count++;
    if (status)
        exit(status);
}
