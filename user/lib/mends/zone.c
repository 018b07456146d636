/* SPDX-License-Identifier: MIT
 *
 * Calendar time: gmtime, localtime, timegm, mktime, ctime_r and tzset (POSIX.1-2017, TZ in XBD 8.3). Up to
 * picolibc 1.8.12 there is no local time before 1970, tm_gmtoff and tm_zone are never filled, mktime heeds
 * tm_isdst and gaps wrongly and counts months one by one, a date beyond the range of tm_year wraps, and a TZ
 * without an offset leaves the names empty. Dates are of picolibc's gmtime_r, which is called octavo_libc_gmtime_r here.
 * ctime_r is here because picolibc's has a shorter struct tm. */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/lock.h>
#include <time.h>

#define DAY 86400L
#define HOUR 3600L
#define MONTHS 12
#define HOURS_OFFSET 24 /* most that an offset may say, and the time of a change */
#define HOURS_CHANGE 167
#define EARLIEST (-67768040609740800L) /* seconds of the first and last year of an int */
#define LATEST 67768036191676799L

struct tm *octavo_libc_gmtime_r(const time_t *restrict seconds, struct tm *restrict tm);

struct change { /* when standard time ends, or begins again */
    char kind;  /* 'M': month, week, day of the week; 'J': day 1 to 365; else day 0 to 365 */
    int month, week, day;
    long time;
};

static struct zone {
    char name[2][32]; /* of standard and of daylight saving time: 3 letters or more */
    long offset[2];   /* seconds east of Greenwich */
    bool saves;
    struct change change[2];
} zone;

static char utc[] = "UTC";
char *tzname[2] = {utc, utc};
long timezone;
int daylight;

/* --- Days and dates (the proleptic Gregorian calendar) ---------------------------------------- */

/* Days from 1970-01-01 to the first day of a month, which may be any number; 0 is January. The years are
 * counted from a March, so that a leap day is the last of one. */
static long days_to_month(long year, long month)
{
    long months = year * MONTHS + month - 2;
    long y = months / MONTHS - (months % MONTHS < 0), m = months - y * MONTHS;
    long era = y / 400 - (y % 400 < 0), of_era = y - era * 400;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * m + 2) / 5 - 719468;
}

/* For members of any value. */
static long seconds_of(const struct tm *tm)
{
    return (days_to_month(1900L + tm->tm_year, tm->tm_mon) + tm->tm_mday - 1) * DAY +
           tm->tm_hour * HOUR + tm->tm_min * 60L + tm->tm_sec;
}

struct tm *gmtime_r(const time_t *restrict seconds, struct tm *restrict tm)
{
    if (*seconds < EARLIEST || *seconds > LATEST) {
        errno = EOVERFLOW;
        return NULL;
    }
    octavo_libc_gmtime_r(seconds, tm);
    tm->tm_gmtoff = 0;
    tm->tm_zone = "GMT";
    return tm;
}

/* --- TZ ---------------------------------------------------------------------------------------- */

/* Each reader moves *at behind what it has read, and says whether it was there. */
static bool read_name(const char **at, char *name)
{
    int end = 0;

    sscanf(*at, **at == '<' ? "<%31[-+0-9A-Za-z]>%n" : "%31[A-Za-z]%n", name, &end);
    *at += end;
    return end > 0 && strlen(name) > 2;
}

/* [+-]hours[:minutes[:seconds]], in seconds times `sign`. */
static bool read_time(const char **at, int hours, int sign, long *time)
{
    int hour, minute = 0, second = 0, end;

    sign = **at == '-' ? -sign : sign;
    *at += **at == '-' || **at == '+';
    if (!isdigit((unsigned char)**at))
        return false;
    sscanf(*at, "%d%n:%2d%n:%2d%n", &hour, &end, &minute, &end, &second, &end);
    *at += end;
    *time = sign * (hour * HOUR + minute * 60 + second);
    return hour <= hours && (unsigned)minute < 60 && (unsigned)second < 60;
}

static bool read_change(const char **at, struct change *c)
{
    int end = 0;

    *c = (struct change){.kind = **at, .month = 1, .week = 1, .time = 2 * HOUR};
    if (c->kind == 'M')
        sscanf(*at, "M%d.%d.%1d%n", &c->month, &c->week, &c->day, &end);
    else
        sscanf(*at, c->kind == 'J' ? "J%d%n" : "%d%n", &c->day, &end);
    *at += end;
    if (end == 0 || c->month < 1 || c->month > MONTHS || c->week < 1 || c->week > 5 ||
        c->day < (c->kind == 'J') || c->day > (c->kind == 'M' ? 6 : 365))
        return false;
    return **at != '/' || (++*at, read_time(at, HOURS_CHANGE, 1, &c->time));
}

static bool read_zone(const char *at, struct zone *z)
{
    if (!read_name(&at, z->name[0]) || !read_time(&at, HOURS_OFFSET, -1, &z->offset[0]))
        return false;
    z->saves = *at != '\0';
    if (!z->saves)
        return strcpy(z->name[1], z->name[0]);
    z->offset[1] = z->offset[0] + HOUR;
    if (!read_name(&at, z->name[1]) ||
        (*at && *at != ',' && !read_time(&at, HOURS_OFFSET, -1, &z->offset[1])))
        return false;
    at = *at ? at : ",M3.2.0,M11.1.0";
    return *at++ == ',' && read_change(&at, &z->change[0]) && *at++ == ',' &&
           read_change(&at, &z->change[1]) && !*at;
}

/* What TZ says becomes the zone; without it, or when it cannot be read, that is UTC. */
void tzset(void)
{
    static char read[128]; /* the TZ that was read last, unless it was too long to keep */

    __LIBC_LOCK();
    const char *text = getenv("TZ");
    text = text && *text ? text + (*text == ':') : "UTC0";
    if (strcmp(read, text) != 0) {
        strncpy(read, strlen(text) < sizeof(read) ? text : "", sizeof(read));
        zone = (struct zone){0};
        if (!read_zone(text, &zone))
            zone = (struct zone){.name = {"UTC", "UTC"}};
        tzname[0] = zone.name[0];
        tzname[1] = zone.name[1];
        timezone = -zone.offset[0];
        daylight = zone.saves;
    }
    __LIBC_UNLOCK();
}

/* --- Local time -------------------------------------------------------------------------------- */

/* When the change happens in a year, in seconds since 1970. The rules say nothing of the years before, for
 * which the GNU library takes the changes of 1970. */
static long change_time(int which, long year)
{
    const struct change *change = &zone.change[which];
    year = year < 1970 ? 1970 : year;
    long day = days_to_month(year, 0) + change->day;

    if (change->kind == 'J')
        day -= change->day < 60 ||
               days_to_month(year, 2) - days_to_month(year, 0) < 60; /* no February 29 */
    if (change->kind == 'M') {
        long first = days_to_month(year, change->month - 1);
        day = first + (change->day - (first + 4) % 7 + 7) % 7 + (change->week - 1) * 7;
        day -= day >= days_to_month(year, change->month) ? 7 : 0;
    }
    return day * DAY + change->time - zone.offset[which];
}

/* Is it daylight saving time? */
static int saves_at(time_t seconds)
{
    struct tm tm;

    if (!zone.saves || !gmtime_r(&seconds, &tm))
        return 0;
    long start = change_time(0, tm.tm_year + 1900L), end = change_time(1, tm.tm_year + 1900L);
    return (seconds >= start) + (seconds < end) + (start > end) > 1;
}

/* The broken-down time; NULL with EOVERFLOW: the year does not fit. */
static struct tm *local(time_t seconds, struct tm *tm)
{
    int saves = saves_at(seconds);

    if (seconds > EARLIEST - DAY && seconds < LATEST + DAY) /* else the sum may not fit */
        seconds += zone.offset[saves];
    if (!gmtime_r(&seconds, tm))
        return NULL;
    tm->tm_isdst = saves;
    tm->tm_gmtoff = zone.offset[saves];
    tm->tm_zone = zone.name[saves];
    return tm;
}

struct tm *localtime_r(const time_t *restrict seconds, struct tm *restrict tm)
{
    __LIBC_LOCK();
    tzset();
    struct tm *result = local(*seconds, tm);
    __LIBC_UNLOCK();
    return result;
}

static struct tm shared; /* by localtime and gmtime */

struct tm *localtime(const time_t *seconds)
{
    return localtime_r(seconds, &shared);
}

struct tm *gmtime(const time_t *seconds)
{
    return gmtime_r(seconds, &shared);
}

time_t timegm(struct tm *tm)
{
    time_t seconds = seconds_of(tm);

    return gmtime_r(&seconds, tm) ? seconds : -1;
}

/* tm_isdst says which of two equal local times is meant; unknown, the earlier. A local time that is skipped
 * is taken as if the clock had not been changed yet, and one with the wrong tm_isdst as that clock shows it. */
time_t mktime(struct tm *tm)
{
    __LIBC_LOCK();
    tzset();
    long there = seconds_of(tm);
    time_t seconds = there - zone.offset[0];
    if (zone.saves && (tm->tm_isdst > 0 || (tm->tm_isdst < 0 && saves_at(there - zone.offset[1]))))
        seconds = there - zone.offset[1];
    else if (tm->tm_isdst > 0)
        seconds -= HOUR; /* as if this zone had such a time */
    struct tm result;
    bool fits = local(seconds, &result) != NULL;
    if (fits)
        *tm = result;
    __LIBC_UNLOCK();
    return fits ? seconds : -1;
}

#pragma GCC diagnostic ignored "-Warray-parameter" /* some versions say how many bytes: 26 */
char *ctime_r(const time_t *seconds, char *text)
{
    struct tm tm;

    return localtime_r(seconds, &tm) ? asctime_r(&tm, text) : NULL;
}
