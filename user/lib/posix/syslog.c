/* SPDX-License-Identifier: MIT
 *
 * syslog without a daemon: lines on standard error. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>
#include "user/lib/system/internal.h"

static const char *log_name;
static int log_options, log_mask = 0xff;

void openlog(const char *name, int options, int facility)
{
    (void)facility;
    log_name = name;
    log_options = options;
}

void closelog(void)
{
    log_name = NULL;
}

int setlogmask(int mask)
{
    int old = log_mask;

    if (mask)
        log_mask = mask;
    return old;
}

/* Replaces each %m by what errno says. */
static void log_format(char *to, size_t size, const char *format)
{
    const char *reason = strerror(errno);
    size_t at = 0;

    for (; *format && at + 1 < size; format++) {
        if (format[0] == '%' && format[1] == 'm') {
            at += strlcpy(to + at, reason, size - at);
            at = at < size ? at : size - 1;
            format++;
            continue;
        }
        to[at++] = *format;
        if (format[0] == '%' && format[1] == '%' && at + 1 < size)
            to[at++] = *++format;
    }
    to[at] = '\0';
}

void vsyslog(int priority, const char *format, va_list arguments)
{
    char with_errno[512], text[1024], pid[16] = "";
    const char *name = log_name ? log_name : octavo_program ? octavo_program : "?";

    if (!(log_mask & LOG_MASK(LOG_PRI(priority))))
        return;
    log_format(with_errno, sizeof(with_errno), format);
    vsnprintf(text, sizeof(text), with_errno, arguments);
    if (log_options & LOG_PID)
        snprintf(pid, sizeof(pid), "[%d]", (int)getpid());
    size_t length = strlen(text);
    fprintf(stderr, "%s%s: %s%s", name, pid, text, length && text[length - 1] == '\n' ? "" : "\n");
}

void syslog(int priority, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsyslog(priority, format, list);
    va_end(list);
}
