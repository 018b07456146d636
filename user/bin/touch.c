/* SPDX-License-Identifier: MIT
 *
 * touch [-acm] [-d date | -r file | -t [[CC]YY]MMDDhhmm[.SS]] file... (POSIX XCU touch). -d takes POSIX's
 * form YYYY-MM-DDThh:mm[:SS[.frac]][Z], also with a blank for T or without a time, and @SECONDS. */
#include "user/lib/tool/tool.h"
#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Exactly n digits at *text, which moves on; -1: they are not there. */
static int digits(const char **text, int n)
{
    int value = 0;

    for (; n > 0; n--, ++*text) {
        if (!isdigit((unsigned char)**text))
            return -1;
        value = 10 * value + **text - '0';
    }
    return value;
}

static long fraction(const char **text)
{
    long ns = 0, unit = 100000000;

    for (++*text; isdigit((unsigned char)**text); ++*text, unit /= 10)
        ns += unit * (**text - '0');
    return ns;
}

/* Seconds since 1970 of UTC, which mktime would not give where TZ is something else. */
static time_t seconds_utc(const struct tm *tm)
{
    long year = tm->tm_year + 1900, month = tm->tm_mon + 1;
    long y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400,
         of_era = y - era * 400;
    long day = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + tm->tm_mday - 1;

    day += of_era * 365 + of_era / 4 - of_era / 100 + era * 146097 - 719468;
    return ((day * 24 + tm->tm_hour) * 60 + tm->tm_min) * 60 + tm->tm_sec;
}

static int in_range(const struct tm *tm)
{
    return tm->tm_mon >= 0 && tm->tm_mon < 12 && tm->tm_mday >= 1 && tm->tm_mday <= 31 &&
           tm->tm_hour >= 0 && tm->tm_hour < 24 && tm->tm_min >= 0 && tm->tm_min < 60 &&
           tm->tm_sec >= 0 && tm->tm_sec <= 60;
}

static int parse_date(const char *text, struct timespec *t)
{
    struct tm tm = {.tm_isdst = -1};
    char *end;

    *t = (struct timespec){0};
    if (*text == '@') {
        t->tv_sec = strtoll(text + 1, &end, 10);
        text = end;
        if (*text == '.')
            t->tv_nsec = fraction(&text);
        return *text == '\0' && end[-1] != '@';
    }
    tm.tm_year = digits(&text, 4) - 1900;
    tm.tm_mon = *text++ == '-' ? digits(&text, 2) - 1 : -1;
    tm.tm_mday = tm.tm_mon >= 0 && *text++ == '-' ? digits(&text, 2) : -1;
    if (tm.tm_mday < 1)
        return 0;
    if (*text == 'T' || *text == ' ') {
        text++;
        tm.tm_hour = digits(&text, 2);
        tm.tm_min = *text++ == ':' ? digits(&text, 2) : -1;
        if (tm.tm_min >= 0 && *text == ':') {
            text++;
            tm.tm_sec = digits(&text, 2);
            if (*text == '.' || *text == ',')
                t->tv_nsec = fraction(&text);
        }
    }
    int utc = *text == 'Z';
    text += utc;
    if (*text || !in_range(&tm))
        return 0;
    t->tv_sec = utc ? seconds_utc(&tm) : mktime(&tm);
    return 1;
}

static int parse_digits(const char *text, struct timespec *t)
{
    size_t length = strcspn(text, ".");
    time_t now = time(NULL);
    struct tm tm = *localtime(&now);

    tm.tm_isdst = -1;
    tm.tm_sec = 0;
    if (length == 12) {
        tm.tm_year = digits(&text, 4) - 1900;
    } else if (length == 10) {
        int year = digits(&text, 2);
        tm.tm_year = year < 69 ? year + 100 : year;
    } else if (length != 8) {
        return 0;
    }
    tm.tm_mon = digits(&text, 2) - 1;
    tm.tm_mday = digits(&text, 2);
    tm.tm_hour = digits(&text, 2);
    tm.tm_min = digits(&text, 2);
    if (*text == '.') {
        text++;
        tm.tm_sec = digits(&text, 2);
    }
    if (*text || !in_range(&tm))
        return 0;
    *t = (struct timespec){.tv_sec = mktime(&tm)};
    return 1;
}

int main(int argc, char **argv)
{
    struct timespec times[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
    int option, access_only = 0, modify_only = 0, create = 1;
    struct stat status;

    tool_begin(argv, "touch [-acm] [-d date | -r file | -t [[CC]YY]MMDDhhmm[.SS]] file...");
    while ((option = getopt(argc, argv, "acmd:r:t:")) != -1)
        switch (option) {
        case 'a':
            access_only = 1;
            break;
        case 'c':
            create = 0;
            break;
        case 'm':
            modify_only = 1;
            break;
        case 'd':
        case 't':
            if (!(option == 'd' ? parse_date : parse_digits)(optarg, &times[0]))
                tool_die("%s: not a date", optarg);
            times[1] = times[0];
            break;
        case 'r':
            if (stat(optarg, &status) < 0) {
                tool_warn("%s", optarg);
                return tool_end();
            }
            times[0] = status.st_atim;
            times[1] = status.st_mtim;
            break;
        default:
            tool_misused();
        }
    if (optind == argc)
        tool_misused();
    if (access_only && !modify_only)
        times[1].tv_nsec = UTIME_OMIT;
    if (modify_only && !access_only)
        times[0].tv_nsec = UTIME_OMIT;
    for (int i = optind; i < argc; i++) {
        int exists = access(argv[i], F_OK) == 0;
        if (!exists && !create)
            continue;
        int fd = exists ? -1 : open(argv[i], O_WRONLY | O_CREAT, 0666);
        if (!exists && fd < 0)
            tool_warn("cannot touch '%s'", argv[i]);
        else if (utimensat(AT_FDCWD, argv[i], times, 0) < 0)
            tool_warn("setting times of '%s'", argv[i]);
        if (fd >= 0)
            close(fd);
    }
    return tool_end();
}
