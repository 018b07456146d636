/* SPDX-License-Identifier: MIT
 *
 * Calendar time: gmtime, localtime, timegm, mktime, ctime_r and tzset (POSIX.1-2017, TZ in XBD 8.3). Up to
 * picolibc 1.8.12 there is no local time before 1970, tm_gmtoff and tm_zone are never filled, mktime heeds
 * tm_isdst and gaps wrongly and counts months one by one, a date beyond the range of tm_year wraps, and a TZ
 * without an offset leaves the names empty. ctime_r is here because picolibc's has a shorter struct tm. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/lock.h>
#include <time.h>

#define DAY 86400L
#define HOUR 3600L
#define DAYS_400_YEARS 146097
#define MONTHS 12
#define LETTERS_MIN 3 /* letters of a zone's name */
#define LETTERS_MAX 31
#define HOURS_OFFSET 24 /* most that an offset may say, and the time of a change */
#define HOURS_CHANGE 167

struct change { /* when standard time ends, or begins again */
    char kind;  /* 'M': month, week, day of the week; 'J': day 1 to 365; else day 0 to 365 */
    long month, week, day, time;
};

static struct zone {
    char name[2][LETTERS_MAX + 1]; /* of standard and of daylight saving time */
    long offset[2];                /* seconds east of Greenwich */
    bool saves;
    struct change change[2];
} zone;

static char utc[] = "UTC";
char *tzname[2] = {utc, utc};
long timezone;
int daylight;

/* --- Days and dates (the proleptic Gregorian calendar) ---------------------------------------- */

static long floor_divide(long a, long b)
{
    return a / b - (a % b < 0);
}

static bool is_leap(long year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days from 1970-01-01 to the first day of a month, counted from 0, of a year. */
static long days_to_month(long year, int month)
{
    static const short before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    long y = year - 1;

    return 365 * (year - 1970) + floor_divide(y, 4) - floor_divide(y, 100) + floor_divide(y, 400) -
           477 + before[month] + (month > 1 && is_leap(year));
}

/* Fills all but tm_isdst and what it implies. NULL with EOVERFLOW: the year does not fit. */
static struct tm *date_of(long seconds, struct tm *tm)
{
    long days = floor_divide(seconds, DAY), rest = seconds - days * DAY;
    long year = 1970 + floor_divide(days, DAYS_400_YEARS) * 400;
    int month = 0;

    year += (days - days_to_month(year, 0)) / 366;
    while (days >= days_to_month(year + 1, 0))
        year++;
    while (month < MONTHS - 1 && days >= days_to_month(year, month + 1))
        month++;
    if (__builtin_add_overflow(year, -1900, &tm->tm_year)) {
        errno = EOVERFLOW;
        return NULL;
    }
    tm->tm_sec = (int)(rest % 60);
    tm->tm_min = (int)(rest / 60 % 60);
    tm->tm_hour = (int)(rest / HOUR);
    tm->tm_mday = (int)(days - days_to_month(year, month)) + 1;
    tm->tm_mon = month;
    tm->tm_wday = (int)((days % 7 + 11) % 7); /* 1970-01-01 was a Thursday */
    tm->tm_yday = (int)(days - days_to_month(year, 0));
    return tm;
}

/* The inverse, for members of any value. */
static long seconds_of(const struct tm *tm)
{
    long year = 1900L + tm->tm_year + floor_divide(tm->tm_mon, MONTHS);
    int month = (int)(tm->tm_mon - floor_divide(tm->tm_mon, MONTHS) * MONTHS);

    return (days_to_month(year, month) + tm->tm_mday - 1) * DAY + tm->tm_hour * HOUR +
           tm->tm_min * 60L + tm->tm_sec;
}

/* --- TZ ---------------------------------------------------------------------------------------- */

/* Each reader moves *at behind what it has read, and says whether it was there. */
static bool read_character(const char **at, char c)
{
    bool there = **at == c;

    *at += there;
    return there;
}

static bool read_number(const char **at, long least, long most, long *number)
{
    const char *start = *at;

    for (*number = 0; isdigit((unsigned char)**at) && *number <= most; (*at)++)
        *number = *number * 10 + **at - '0';
    return *at > start && *number >= least && *number <= most;
}

static bool read_name(const char **at, char *name)
{
    bool quoted = read_character(at, '<');
    const char *start = *at;

    while (isalpha((unsigned char)**at) || (quoted && **at && strchr("0123456789+-", **at)))
        (*at)++;
    long length = *at - start;
    if (length < LETTERS_MIN || length > LETTERS_MAX)
        return false;
    memcpy(name, start, (size_t)length);
    return !quoted || read_character(at, '>');
}

/* [+-]hours[:minutes[:seconds]], in seconds times `sign`. */
static bool read_time(const char **at, long hours, long sign, long *time)
{
    long part;

    sign = read_character(at, '-') ? -sign : sign;
    read_character(at, '+');
    bool right = read_number(at, 0, hours, &part);
    *time = sign * part * HOUR;
    for (long unit = 60; right && unit > 0 && read_character(at, ':'); unit /= 60) {
        right = read_number(at, 0, 59, &part);
        *time += sign * part * unit;
    }
    return right;
}

static bool read_change(const char **at, struct change *change)
{
    bool right;

    *change = (struct change){.kind = **at, .time = 2 * HOUR};
    if (read_character(at, 'M'))
        right = read_number(at, 1, MONTHS, &change->month) && read_character(at, '.') &&
                read_number(at, 1, 5, &change->week) && read_character(at, '.') &&
                read_number(at, 0, 6, &change->day);
    else
        right = read_number(at, read_character(at, 'J'), 365, &change->day);
    return right && (!read_character(at, '/') || read_time(at, HOURS_CHANGE, 1, &change->time));
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
    return read_character(&at, ',') && read_change(&at, &z->change[0]) &&
           read_character(&at, ',') && read_change(&at, &z->change[1]) && !*at;
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
        day -= change->day < 60 || !is_leap(year); /* February 29 is not counted */
    if (change->kind == 'M') {
        long first = days_to_month(year, (int)change->month - 1);
        long next = days_to_month(year + change->month / MONTHS, (int)change->month % MONTHS);
        day = first + (change->day - (first + 4) % 7 + 7) % 7 + (change->week - 1) * 7;
        day -= day >= next ? 7 : 0;
    }
    return day * DAY + change->time - zone.offset[which];
}

/* Is it daylight saving time? */
static int saves_at(long seconds)
{
    struct tm tm;

    if (!zone.saves || !date_of(seconds, &tm))
        return 0;
    long start = change_time(0, tm.tm_year + 1900L), end = change_time(1, tm.tm_year + 1900L);
    if (start > end)
        return seconds < end || seconds >= start;
    return seconds >= start && seconds < end;
}

static struct tm *local(long seconds, struct tm *tm)
{
    int saves = saves_at(seconds);
    long there;

    if (__builtin_add_overflow(seconds, zone.offset[saves], &there)) {
        errno = EOVERFLOW;
        return NULL;
    }
    if (!date_of(there, tm))
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

struct tm *gmtime_r(const time_t *restrict seconds, struct tm *restrict tm)
{
    if (!date_of(*seconds, tm))
        return NULL;
    tm->tm_isdst = 0;
    tm->tm_gmtoff = 0;
    tm->tm_zone = "GMT";
    return tm;
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
