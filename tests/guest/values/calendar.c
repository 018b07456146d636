/* SPDX-License-Identifier: MIT
 *
 * Time in ten zones: localtime, gmtime, mktime, timegm, tzset, asctime and ctime.
 *
 * Of an hour that there is twice, or not at all, POSIX leaves open which of two times mktime gives when tm_isdst
 * says nothing; it must be one of them, and the broken-down time must be that of it. Left out is tm_isdst 1
 * in a zone without. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "zones.h"
#include "values.h"

#define DAY 86400l

const char *const zones[ZONES] = {
    "UTC0",
    "CET-1CEST,M3.5.0,M10.5.0/3",
    "EST5EDT,M3.2.0,M11.1.0",
    "AEST-10AEDT,M10.1.0,M4.1.0/3",
    "NZST-12NZDT-13,M9.5.0/2,M4.1.0/3",
    "<+0545>-5:45",
    "IST-1GMT0,M10.5.0,M3.5.0/1",
    "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1",
    "WXT4:30:15WXS,J60/1:30,J300",
    "ABC-3DEF,59/1,299/3",
};

/* When the clock is changed in 2024, and the offsets before and after. */
static const struct change {
    int zone;
    long at, before, after;
} changes[] = {
    {1, 1711846800, 3600, 7200},     {1, 1729990800, 7200, 3600},
    {2, 1710054000, -18000, -14400}, {2, 1730613600, -14400, -18000},
    {3, 1712419200, 39600, 36000},   {3, 1728144000, 36000, 39600},
    {4, 1712412000, 46800, 43200},   {4, 1727532000, 43200, 46800},
    {6, 1711846800, 0, 3600},        {6, 1729990800, 3600, 0},
    {7, 1711846800, -10800, -7200},  {7, 1729990800, -7200, -10800},
    {8, 1709272815, -16215, -12615}, {8, 1730007015, -12615, -16215},
    {9, 1709157600, 10800, 14400},   {9, 1729897200, 14400, 10800},
};

void use_zone(int zone)
{
    setenv("TZ", zones[zone], 1);
    tzset();
}

static void show_tm(const struct tm *tm)
{
    put(" %i-%i-%i %i %i %i wday %i yday %i dst %i\n", tm->tm_year + 1900, tm->tm_mon + 1,
        tm->tm_mday, tm->tm_hour, tm->tm_min, tm->tm_sec, tm->tm_wday, tm->tm_yday, tm->tm_isdst);
}

static void show_time(const char *function, int zone, time_t t)
{
    struct tm tm, *result;

    memset(&tm, 0, sizeof(tm));
    result = *function == 'l' ? localtime_r(&t, &tm) : gmtime_r(&t, &tm);
    put("%s %i %l:", function, zone, (long)t);
    if (result)
        show_tm(result);
    else
        put(" NULL\n");
}

static void show_local(int zone, time_t t)
{
    show_time("localtime", zone, t);
}

/* The broken-down times are the same, as far as a time is told by them. */
static int same_tm(const struct tm *a, const struct tm *b)
{
    return a->tm_year == b->tm_year && a->tm_mon == b->tm_mon && a->tm_mday == b->tm_mday &&
           a->tm_hour == b->tm_hour && a->tm_min == b->tm_min && a->tm_sec == b->tm_sec &&
           a->tm_wday == b->tm_wday && a->tm_yday == b->tm_yday && a->tm_isdst == b->tm_isdst;
}

static void show_case(const char *function, int zone, const struct tm *tm)
{
    put("%s %i %i-%i-%i %i %i %i dst %i:", function, zone, tm->tm_year, tm->tm_mon, tm->tm_mday,
        tm->tm_hour, tm->tm_min, tm->tm_sec, tm->tm_isdst);
}

/* mktime of a local time that there is once, or with tm_isdst. */
static void show_mktime(int zone, struct tm tm)
{
    time_t t;

    show_case("mktime", zone, &tm);
    t = mktime(&tm);
    put(" %l", (long)t);
    show_tm(&tm);
}

/* mktime of an hour that there is twice or not at all: one of the two times that follow from the offsets. */
static void show_change(const struct change *change, struct tm tm, long local)
{
    struct tm again;
    time_t t;

    tm.tm_isdst = -1;
    show_case("mktime change", change->zone, &tm);
    t = mktime(&tm);
    localtime_r(&t, &again);
    put(" one of two %i, told right %i\n",
        t == local - change->before || t == local - change->after, same_tm(&tm, &again));
}

/* The broken-down time of so many seconds since 1970, made here: no case may depend on the library. The days are
 * counted from a March, so that a leap day is a year's last (Hinnant: chrono-compatible low-level date algorithms). */
static struct tm tm_of(long local)
{
    struct tm tm;
    long days = local / DAY - (local % DAY < 0), second = local - days * DAY, since = days + 719468;
    long era = (since < 0 ? since - 146096 : since) / 146097, day = since - era * 146097;
    long year = (day - day / 1460 + day / 36524 - day / 146096) / 365, month;

    day -= 365 * year + year / 4 - year / 100;
    month = (5 * day + 2) / 153;
    memset(&tm, 0, sizeof(tm));
    tm.tm_mday = (int)(day - (153 * month + 2) / 5 + 1);
    tm.tm_mon = (int)(month < 10 ? month + 2 : month - 10);
    tm.tm_year = (int)(year + era * 400 + (tm.tm_mon < 2) - 1900);
    tm.tm_hour = (int)(second / 3600);
    tm.tm_min = (int)(second / 60 % 60);
    tm.tm_sec = (int)(second % 60);
    return tm;
}

static int has_summer_time(int zone)
{
    return zone != 0 && zone != 5;
}

static void run_change(const struct change *change)
{
    long first = change->before < change->after ? change->before : change->after;
    long length = labs(change->after - change->before);

    use_zone(change->zone);
    for (long i = -2; i <= 2; i++)
        show_local(change->zone, change->at + i);
    for (long i = 0; i < 10; i++) {
        long local = change->at + first + draw_between(0, length - 1);
        struct tm tm = tm_of(local);
        show_change(change, tm, local);
        if (change->after < change->before) { /* the hour that there is twice */
            tm.tm_isdst = (int)(i & 1);
            show_mktime(change->zone, tm);
        }
        show_local(change->zone, change->at + draw_between(-DAY, DAY));
        tm = tm_of(change->at + first + length + draw_between(1, DAY));
        tm.tm_isdst = -1;
        show_mktime(change->zone, tm);
        tm = tm_of(change->at + first - draw_between(1, DAY));
        tm.tm_isdst = -1;
        show_mktime(change->zone, tm);
    }
}

/* Fields far out of their ranges, which mktime brings back. */
static struct tm draw_tm(void)
{
    struct tm tm;

    memset(&tm, 0, sizeof(tm));
    tm.tm_year = (int)draw_between(71, 250);
    tm.tm_mon = (int)draw_between(-30, 40);
    tm.tm_mday = (int)draw_between(-400, 800);
    tm.tm_hour = (int)draw_between(-100, 100);
    tm.tm_min = (int)draw_between(-1000, 1000);
    tm.tm_sec = (int)draw_between(-100000, 100000);
    tm.tm_isdst = -1;
    return tm;
}

static void run_zone(int zone)
{
    use_zone(zone);
    put("tzname %q: %q %q\n", zones[zone], tzname[0], tzname[1]);
    show_local(zone, 0);
    for (long i = draw_cases(30); i > 0; i--) {
        struct tm tm;
        show_local(zone, draw_between(0, 1l << 32));
        show_local(zone, draw_between(1l << 32, 1l << 37));
        show_mktime(zone, draw_tm());
        if (!has_summer_time(zone))
            continue;
        tm = tm_of(draw_between(1600000000, 1800000000)); /* tm_isdst is right or wrong by chance */
        tm.tm_isdst = (int)draw_below(2);
        show_mktime(zone, tm);
    }
}

static void run_before_1970(int zone)
{
    use_zone(zone);
    for (long i = 0; i < 10; i++) {
        struct tm tm;
        show_time("localtime before", zone, draw_between(-(1l << 31), -1));
        show_time("localtime before", zone, draw_between(-(1l << 36), -1));
        tm = tm_of(draw_between(-(1l << 31), -DAY));
        tm.tm_isdst = -1;
        show_case("mktime before", zone, &tm);
        put(" %l\n", (long)mktime(&tm));
    }
}

static void run_utc(void)
{
    static const time_t listed[] = {0,
                                    -1,
                                    951782399,
                                    951782400,
                                    951868800,
                                    4107542399,
                                    4107542400,
                                    2147483647,
                                    2147483648,
                                    -2147483648l,
                                    -62135596800l,
                                    -62167219200l,
                                    253402300799l,
                                    253402300800l,
                                    67768036191676799l,
                                    67768036191676800l,
                                    -67768040609740800l,
                                    -67768040609740801l,
                                    INT64_MAX,
                                    INT64_MIN};
    struct tm tm;
    char text[64];

    use_zone(0);
    for (size_t i = 0; i < COUNT(listed); i++)
        show_time("gmtime", 0, listed[i]);
    for (long i = draw_cases(100); i > 0; i--) {
        long t = draw_between(-(1l << 38), 1l << 38);
        show_time("gmtime", 0, t);
        tm = draw_tm();
        tm.tm_year = (int)draw_between(-1000, 3000);
        show_case("timegm", 0, &tm);
        put(" %l\n", (long)timegm(&tm));
        tm = tm_of(draw_between(0, 1l << 37));
        tm.tm_wday = (int)draw_below(7);
        show_case("asctime", tm.tm_wday, &tm);
        put(" %q\n", asctime_r(&tm, text));
    }
    use_zone(1);
    for (long i = 0; i < 20; i++) {
        time_t t = draw_between(0, 1l << 32);
        put("ctime %l: %q\n", (long)t, ctime_r(&t, text));
    }
    put("difftime: %D %D\n", difftime(5, 3), difftime(-4000000000l, 4000000000l));
}

void run_calendar(void)
{
    draw_begin("calendar");
    for (int zone = 0; zone < ZONES; zone++)
        run_zone(zone);
    for (size_t i = 0; i < COUNT(changes); i++)
        run_change(&changes[i]);
    run_utc();
    for (int zone = 0; zone < ZONES; zone++)
        run_before_1970(zone);
}
