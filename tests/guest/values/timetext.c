/* SPDX-License-Identifier: MIT
 *
 * strftime and strptime in the C locale.
 *
 * Of strptime only what the format names is shown: POSIX leaves open what becomes of the other fields, and of
 * all when there is no match. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "zones.h"
#include "values.h"

/* Some are wrong on purpose. */
#pragma GCC diagnostic ignored "-Wformat"

static const char *const conversions[] = {"%a",  "%A",   "%b",
                                          "%B",  "%c",   "%C",
                                          "%d",  "%D",   "%e",
                                          "%F",  "%g",   "%G",
                                          "%h",  "%H",   "%I",
                                          "%j",  "%m",   "%M",
                                          "%n",  "%p",   "%r",
                                          "%R",  "%S",   "%t",
                                          "%T",  "%u",   "%U",
                                          "%V",  "%w",   "%W",
                                          "%x",  "%X",   "%y",
                                          "%Y",  "%z",   "%Z",
                                          "%%",  "%Ec",  "%EC",
                                          "%Ex", "%EX",  "%Ey",
                                          "%EY", "%Od",  "%Oe",
                                          "%OH", "%OI",  "%Om",
                                          "%OM", "%OS",  "%Ou",
                                          "%OU", "%OV",  "%Ow",
                                          "%OW", "%Oy",  "text %d.%m.%Y %H-%M-%S",
                                          "",    "%%%%", "%d%d"};
/* Of POSIX.1-2024, or GNU. */
static const char *const newer[] = {"%s", "%k", "%l", "%P"};
static const char *const widths[] = {"%+4C", "%06Y", "%+6Y", "%012F", "%+12F", "%+6G", "%08G"};

static void show_format(const char *subject, int zone, time_t t, const struct tm *tm,
                        const char *format)
{
    char text[100];
    size_t length = strftime(text, sizeof(text), format, tm);

    text[length] = 0;
    put("%s %i %l %q: %l %q\n", subject, zone, (long)t, format, (long)length, text);
}

static void show_all(int zone, time_t t)
{
    struct tm tm;

    localtime_r(&t, &tm);
    for (size_t i = 0; i < COUNT(conversions); i++)
        show_format("strftime", zone, t, &tm, conversions[i]);
    for (size_t i = 0; i < COUNT(newer); i++)
        show_format("strftime newer", zone, t, &tm, newer[i]);
}

/* The weeks of a year by all three counts, at the turns of some years. */
static void run_weeks(void)
{
    for (long year = 0; year < 28; year++)
        for (long day = -3; day <= 4; day++) {
            time_t t = 1072915200 + (year * 1461 + 3) / 4 * 86400 + day * 86400; /* from 2004 */
            struct tm tm;
            gmtime_r(&t, &tm);
            show_format("strftime weeks", 0, t, &tm, "%F %G-%g-%V %U %W %u %w %j");
        }
}

void run_strftime(void)
{
    char text[8] = "";
    struct tm tm;
    time_t t = 1720000000;

    draw_begin("strftime");
    for (int zone = 0; zone < ZONES; zone++) {
        use_zone(zone);
        show_all(zone, 1720000000);
        show_all(zone, 1700000000);
        for (long i = draw_cases(4); i > 0; i--)
            show_all(zone, draw_between(0, 1l << 35));
        gmtime_r(&t, &tm);
        show_format("strftime of gmtime", zone, t, &tm, "%z %H %M");
    }
    run_weeks();
    for (long year = 1000; year < 13000; year += 1899) {
        memset(&tm, 0, sizeof(tm));
        tm.tm_year = (int)year - 1900;
        tm.tm_mday = 1;
        for (size_t i = 0; i < COUNT(widths); i++)
            show_format("strftime widths", 0, year, &tm, widths[i]);
    }
    gmtime_r(&t, &tm);
    for (size_t size = 0; size <= 8; size++)
        put("strftime size %l: %l\n", (long)size, (long)strftime(text, size, "%H %M%S", &tm));
}

/* --- strptime ----------------------------------------------------------------------------------------- */

static const char *const listed[][2] = {
    {"13", "%m"},
    {"12", "%m"},
    {"1", "%m"},
    {"0", "%m"},
    {"00", "%m"},
    {"012", "%m"},
    {"Xyz", "%b"},
    {"Jan", "%b"},
    {"january", "%b"},
    {"JANUARY", "%B"},
    {"may", "%h"},
    {"Sept", "%b"},
    {"abc", "%d"},
    {"32", "%d"},
    {"31", "%d"},
    {"0", "%d"},
    {" 7", "%d"},
    {" 7", "%e"},
    {"2024-13-45", "%Y-%m-%d"},
    {"2024-12-31", "%Y-%m-%d"},
    {"2024-2-3", "%Y-%m-%d"},
    {"2024-02-03", "%F"},
    {"25:61:61", "%H:%M:%S"},
    {"23:59:60", "%H:%M:%S"},
    {"23:59:61", "%H:%M:%S"},
    {"23:59:62", "%H:%M:%S"},
    {"24", "%H"},
    {"x", "%H"},
    {"7x", "%H"},
    {"12:", "%H:%M"},
    {"12", "%H:%M"},
    {"12:34", "%R"},
    {"12:34:56", "%T"},
    {"12:34:56 PM", "%r"},
    {"12:34:56 am", "%r"},
    {"12 AM", "%I %p"},
    {"12 PM", "%I %p"},
    {"PM 3", "%p %I"},
    {"13", "%I"},
    {"0", "%I"},
    {"1 xm", "%I %p"},
    {"+0200", "%z"},
    {"-0330", "%z"},
    {"Z", "%z"},
    {"+02:30", "%z"},
    {"+5", "%z"},
    {"x", "%z"},
    {"", "%Y"},
    {"1", "%Y"},
    {"99999", "%Y"},
    {"-1", "%Y"},
    {"12/", "%D"},
    {"12/31/99", "%D"},
    {"02/28/68", "%D"},
    {"02/28/69", "%D"},
    {"68", "%y"},
    {"69", "%y"},
    {"100", "%y"},
    {"20 05", "%C %y"},
    {"05 20", "%y %C"},
    {"19", "%C"},
    {"Mon", "%a"},
    {"monday", "%A"},
    {"Mo", "%a"},
    {"Thursday", "%a"},
    {"6", "%w"},
    {"7", "%w"},
    {"7", "%u"},
    {"0", "%u"},
    {"366", "%j"},
    {"367", "%j"},
    {"0", "%j"},
    {"1", "%j"},
    {"53", "%U"},
    {"54", "%W"},
    {"%", "%%"},
    {"x", "%%"},
    {"  \t\nx", "%nx"},
    {"x", "%tx"},
    {"ab", "a b"},
    {"a   b", "a b"},
    {"a b", "ab"},
    {"abc", "abd"},
    {"12   30", "%H %M"},
    {"1230", "%H%M"},
    {"123", "%H%M"},
    {"20240229", "%Y%m%d"},
    {"Thu Feb 29 10:11:12 2024", "%c"},
    {"02/29/24", "%x"},
    {"10:11:12", "%X"},
    {"Thu Feb 29 2024 10:11:12 PM +0200", "%a %b %d %Y %I:%M:%S %p %z"},
    {"29 February 2024", "%d %B %Y"},
    {"7", "%Od"},
    {"12", "%OH"},
    {"24", "%Ey"},
    {"2024", "%EY"},
    {"12", "%Ox"},
    {"12", "%"},
    {"12", "%q"},
    {"1720000000", "%s"},
    {"0", "%s"},
    {"UTC", "%Z"},
    {"rest 5", "rest %d"}};

static int has(const char *format, const char *letters)
{
    for (const char *at = strchr(format, '%'); at; at = strchr(at + 1 + (at[1] == '%'), '%'))
        if (at[1] &&
            (strchr(letters, at[1]) || (strchr("EO", at[1]) && at[2] && strchr(letters, at[2]))))
            return 1;
    return 0;
}

static void show_parsed(const char *text, const char *format)
{
    struct tm tm;
    const char *end;

    memset(&tm, 0, sizeof(tm));
    end = strptime(text, format, &tm);
    put("strptime %q %q: ", text, format);
    if (!end) {
        put("NULL\n");
        return;
    }
    put("%l", (long)(end - text));
    if (has(format, "yYCDFcxs"))
        put(" year %i", tm.tm_year + 1900);
    if (has(format, "bBhmDFcxs"))
        put(" month %i", tm.tm_mon + 1);
    if (has(format, "deDFcxs"))
        put(" day %i", tm.tm_mday);
    if (has(format, "HIRTrXcs"))
        put(" hour %i", tm.tm_hour);
    if (has(format, "MRTrXcs"))
        put(" minute %i", tm.tm_min);
    if (has(format, "STrXcs"))
        put(" second %i", tm.tm_sec);
    if (has(format, "aAwu") && !has(format, "Y"))
        put(" wday %i", tm.tm_wday);
    if (has(format, "j"))
        put(" yday %i", tm.tm_yday);
    put("\n");
}

/* Conversions, and texts for them that are right or nearly so. */
static const struct piece {
    const char *conversion;
    const char *texts[8];
} pieces[] = {
    {"%Y", {"2024", "1999", "1970", "0", "20245", "-5", "x", ""}},
    {"%m", {"1", "02", "12", "13", "0", "7", " 3", "x"}},
    {"%d", {"1", "31", "32", "0", "09", " 5", "115", "-1"}},
    {"%e", {"1", "31", "32", "0", " 9", "5", "  7", ""}},
    {"%H", {"0", "23", "24", "7", "007", " 8", "1x", "-2"}},
    {"%I", {"1", "12", "13", "0", "08", " 8", "111", "x"}},
    {"%M", {"0", "59", "60", "5", "005", " 9", "x", ""}},
    {"%S", {"0", "59", "60", "61", "62", " 7", "x", "123"}},
    {"%p", {"AM", "PM", "am", "pM", "A", "xm", "", "PMx"}},
    {"%a", {"Mon", "tue", "Wednesday", "thurs", "Fr", "SAT", "sundayx", "x"}},
    {"%b", {"Jan", "feb", "March", "APRIL", "Ma", "june", "Sept", "x"}},
    {"%j", {"1", "366", "367", "0", "045", " 7", "x", "36"}},
    {"%y", {"0", "68", "69", "99", "100", " 7", "x", "05"}},
    {"%C", {"19", "20", "0", "100", "x", "7", " 8", "99"}},
    {"%U", {"0", "53", "54", "7", "x", " 8", "099", "12"}},
    {"%w", {"0", "6", "7", "x", "12", " 3", "", "4"}},
    {"%u", {"1", "7", "8", "0", "x", "23", " 3", "5"}},
    {"%z", {"+0100", "-0930", "Z", "+01:00", "+1", "0100", "+2500", "x"}},
    {"%T", {"12:34:56", "1:2:3", "24:00:00", "12:34", "12 34 56", "12:60:00", "0:0:60", ""}},
    {"%D", {"12/31/99", "1/2/3", "13/1/01", "12-31-99", "2/30/24", "12/31/", "12/32/99", "x"}},
    {"%R", {"12:34", "1:2", "24:00", "12:60", "12:", "12;34", " 1: 2", "x"}},
    {"%n", {" ", "", "\n", "\t\t ", "x", "  ", "1", " x"}},
    {"%%", {"%", "%%", "", "x", " %", "%", "%", "%"}},
};

/* Up to three conversions with something between. */
static void draw_parsed(void)
{
    static const char *const between[] = {"", " ", "-", "/", ":", ", ", "T", "  "};
    char text[100] = "", format[60] = "";

    for (long i = draw_between(1, 3); i > 0; i--) {
        const struct piece *piece = &pieces[draw_below(COUNT(pieces))];
        const char *separator = between[draw_below(COUNT(between))];
        strcat(format, piece->conversion);
        strcat(text, piece->texts[draw_below(8)]);
        strcat(format, separator);
        strcat(text, draw_chance(6) ? between[draw_below(COUNT(between))] : separator);
    }
    show_parsed(text, format);
}

void run_strptime(void)
{
    use_zone(0);
    for (size_t i = 0; i < COUNT(listed); i++)
        show_parsed(listed[i][0], listed[i][1]);
    draw_begin("strptime");
    for (long i = draw_cases(1200); i > 0; i--)
        draw_parsed();
}
