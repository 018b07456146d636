/* SPDX-License-Identifier: MIT
 *
 * Locales, multibyte characters, options, the environment, patterns and calendar time, as far as the values test,
 * which compares results one by one with another library, cannot see them: what is kept between calls, and
 * what must not run away. */
#define _GNU_SOURCE /* strptime */
#include <errno.h>
#include <fnmatch.h>
#include <getopt.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uchar.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>
#include "check.h"

static bool check_text(const char *name, const char *got, const char *wanted)
{
    bool same = got && wanted ? strcmp(got, wanted) == 0 : got == wanted;

    return check(same, name, "%s, not %s", got ? got : "NULL", wanted ? wanted : "NULL");
}

/* --- Locales ---------------------------------------------------------------------------------- */

static void test_variables(void)
{
    unsetenv("LC_ALL");
    setenv("LANG", "C.UTF-8", 1);
    setenv("LC_CTYPE", "C", 1);
    setlocale(LC_ALL, "");
    check_text("LC_CTYPE before LANG", setlocale(LC_CTYPE, NULL), "C");
    check_text("LANG for the rest", setlocale(LC_TIME, NULL), "C.UTF-8");
    setenv("LC_ALL", "C.UTF-8", 1);
    check_text("LC_ALL before all", setlocale(LC_CTYPE, ""), "C.UTF-8");
    setenv("LC_ALL", "xx_YY.UTF-8", 1);
    check_text("an unknown name is refused", setlocale(LC_ALL, ""), NULL);
    check_text("and changes nothing", setlocale(LC_CTYPE, NULL), "C.UTF-8");
    setenv("LC_ALL", "", 1);
    unsetenv("LC_CTYPE");
    setenv("LANG", "", 1);
    check_text("empty variables say nothing", setlocale(LC_ALL, ""), "C");
    unsetenv("LC_ALL");
    unsetenv("LANG");
}

static void test_locales(void)
{
    char kept[200];

    check_text("C at first", setlocale(LC_ALL, NULL), "C");
    test_variables();
    check_equal("MB_CUR_MAX in C", (long)MB_CUR_MAX, 1);
    setlocale(LC_CTYPE, "C.UTF-8");
    check_equal("MB_CUR_MAX in C.UTF-8", (long)MB_CUR_MAX, 4);
    check(MB_LEN_MAX >= 4, "MB_LEN_MAX", "%d", MB_LEN_MAX);
    strcpy(kept, setlocale(LC_ALL, NULL));
    setlocale(LC_ALL, "C");
    check_text("a mixture is set again", setlocale(LC_ALL, kept), kept);
    check_equal("with its characters", (long)MB_CUR_MAX, 4);
    check_text("and the rest as it was", setlocale(LC_TIME, NULL), "C");
    setlocale(LC_ALL, "C");
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    check_text("codeset of a locale_t", nl_langinfo_l(CODESET, utf8), "UTF-8");
    check(!newlocale(LC_ALL_MASK, "nosuch", (locale_t)0), "newlocale of no locale", "made");
    check(uselocale(utf8) == LC_GLOBAL_LOCALE, "the global locale before", "another");
    check_equal("MB_CUR_MAX of the thread's locale", (long)MB_CUR_MAX, 4);
    check_text("the global one stays", setlocale(LC_ALL, NULL), "C");
    check(uselocale(LC_GLOBAL_LOCALE) == utf8, "the thread's locale before", "another");
    check_equal("and is back", (long)MB_CUR_MAX, 1);
    freelocale(utf8);
    /* picolibc's wcstol needs a part of it that has a setlocale, too. */
    check_equal("wcstol", wcstol(L"42", NULL, 10), 42);
    check_text("is no reason for another setlocale", setlocale(LC_ALL, "C.UTF-8"), "C.UTF-8");
}

static void test_multibyte(void)
{
    static const char smile[] = "\xf0\x9f\x98\x80";
    mbstate_t state;
    wchar_t wide = 0;
    char16_t unit = 0;
    char8_t byte = 0;
    char bytes[MB_LEN_MAX];

    memset(&state, 0, sizeof(state));
    for (int i = 0; i < 3; i++) {
        check_equal("a byte of four", (long)mbrtowc(&wide, smile + i, 1, &state), -2);
        check(!mbsinit(&state), "is kept", "not");
    }
    check_equal("the last", (long)mbrtowc(&wide, smile + 3, 1, &state), 1);
    check_equal("makes the character", (long)wide, 0x1f600);
    check(mbsinit(&state), "and the state is empty", "it is not");
    mbrtowc(&wide, "\xe2", 1, &state);
    check_equal("no continuation", (long)mbrtowc(&wide, "a", 1, &state), -1);
    check(errno == EILSEQ && mbsinit(&state), "EILSEQ, and all anew", "%d", errno);
    check_equal("surrogate", (long)mbrtowc(&wide, "\xed\xa0\x80", 3, &state), -1);
    check_equal("too long", (long)mbrtowc(&wide, "\xe0\x80\xaf", 3, &state), -1);
    check_equal("beyond Unicode", (long)mbrtowc(&wide, "\xf4\x90\x80\x80", 4, &state), -1);
    check_equal("first of a pair", (long)mbrtoc16(&unit, smile, 4, &state), 4);
    check_equal("second of a pair", (long)mbrtoc16(&unit, smile + 4, 0, &state), -3);
    check(unit == 0xde00 && mbsinit(&state), "is the low one", "%x", (unsigned)unit);
    check_equal("UTF-8 unit", (long)mbrtoc8(&byte, smile, 4, &state), 4);
    for (int i = 1; i < 4; i++) {
        check_equal("more of it", (long)mbrtoc8(&byte, "", 0, &state), -3);
        check_equal("is its byte", byte, (unsigned char)smile[i]);
    }
    for (int i = 0; i < 3; i++)
        check_equal("c8rtomb waits", (long)c8rtomb(bytes, (unsigned char)smile[i], &state), 0);
    check_equal("c8rtomb", (long)c8rtomb(bytes, (unsigned char)smile[3], &state), 4);
    check(memcmp(bytes, smile, 4) == 0, "the same bytes", "others");
    check(iswalpha(0xe9) && towupper(0x3c9) == 0x3a9, "letters beyond ASCII", "none");
    setlocale(LC_ALL, "C");
    check_equal("a byte that is no character of C", (long)mbrtowc(&wide, "\xe9", 1, &state), -1);
    check(!iswalpha(0xe9), "and no letter", "one");
}

/* --- Options and environment --------------------------------------------------------------------- */

static void test_options(void)
{
    static const struct option options[] = {{"long", no_argument, NULL, 'l'}, {NULL, 0, NULL, 0}};
    char *arguments[] = {"test", "-", "one", "-a", "--lo", "-x", "--", "-b", NULL};

    opterr = 0;
    check_equal("an option behind operands", getopt_long(8, arguments, "ab", options, NULL), 'a');
    check_equal("an abbreviation", getopt_long(8, arguments, "ab", options, NULL), 'l');
    check_equal("an unknown option", getopt_long(8, arguments, "ab", options, NULL), '?');
    check_equal("is told", optopt, 'x');
    check_equal("the end", getopt_long(8, arguments, "ab", options, NULL), -1);
    check_equal("where the operands are", optind, 5);
    check_text("a lone - is one", arguments[optind], "-");
    check_text("and what is behind --", arguments[7], "-b");
}

static void test_environment(void)
{
    static char own[] = "KEPT=1";

    putenv(own);
    own[5] = '2';
    check_text("putenv keeps the string", getenv("KEPT"), "2");
    putenv("CONSTANT=long value");
    check_equal("setenv does not write into it", setenv("CONSTANT", "x", 1), 0);
    check_text("but is seen", getenv("CONSTANT"), "x");
    for (int i = 0; i < 1000; i++)
        setenv("OFTEN", i & 1 ? "odd" : "even", 1);
    check_text("set often", getenv("OFTEN"), "odd");
    check(setenv("", "x", 1) < 0 && errno == EINVAL, "an empty name", "%d", errno);
    char **before = environ;
    environ = NULL;
    check_text("no environment", getenv("KEPT"), NULL);
    setenv("NEW", "1", 1);
    check_text("and a new one", getenv("NEW"), "1");
    clearenv();
    check_text("cleared", getenv("NEW"), NULL);
    environ = before;
}

/* --- Patterns ------------------------------------------------------------------------------------ */

static int compile(const char *expression)
{
    regex_t regex;
    int error = regcomp(&regex, expression, REG_EXTENDED);

    if (error == 0)
        regfree(&regex);
    return error;
}

static int match(const char *expression, const char *text, regmatch_t *found)
{
    regex_t regex;

    if (regcomp(&regex, expression, REG_EXTENDED) != 0)
        return -1;
    int error = regexec(&regex, text, 1, found, 0);
    regfree(&regex);
    return error;
}

static void test_patterns(void)
{
    static char many[2002], deep[10001];
    regmatch_t found;

    check_equal("[ without ]", compile("[a"), REG_EBRACK);
    check_equal("intervals in intervals", compile("((a){1,255}){1,255}"), REG_ESPACE);
    memset(deep, '(', sizeof(deep) - 1);
    check_equal("very deep parentheses", compile(deep), REG_ESPACE);
    memset(many, 'a', sizeof(many) - 1);
    check_equal("stars in stars", match("((a*)*)*b", many, &found), REG_NOMATCH);
    check_equal("a long match", match("(a|aa)*", many, &found), 0);
    check_equal("is the longest", (long)found.rm_eo, sizeof(many) - 1);
    check_equal("many stars", fnmatch("*a*a*a*a*a*a*a*a*b", many, 0), FNM_NOMATCH);
    setlocale(LC_ALL, "C.UTF-8");
    check_equal("a character of two bytes for a ?", fnmatch("?", "\xc3\xa9", 0), 0);
    check_equal("in a range", fnmatch("[\xc3\xa0-\xc3\xaf]", "\xc3\xa9", 0), 0);
    check_equal("an expression is of bytes", match("^..$", "\xc3\xa9", &found), 0);
    setlocale(LC_ALL, "C");
    check_equal("in C it is two", match("^..$", "\xc3\xa9", &found), 0);
}

/* --- Time ---------------------------------------------------------------------------------------- */

static void test_time(void)
{
    struct tm tm = {.tm_year = INT_MAX, .tm_mon = 12, .tm_mday = 1, .tm_isdst = -1};
    const struct tm far = {.tm_year = 70, .tm_mon = INT_MAX, .tm_mday = 1, .tm_isdst = -1};
    char text[64];
    time_t start = 0;

    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    check(mktime(&tm) == -1 && errno == EOVERFLOW, "a year too large", "%d", errno);
    tm = far;
    check(mktime(&tm) != -1 && tm.tm_mon < 12, "very many months", "%d", tm.tm_mon);
    localtime_r(&start, &tm);
    check_text("the zone's name", tm.tm_zone, "CET");
    check_equal("and offset", tm.tm_gmtoff, 3600);
    check_text("ctime_r", ctime_r(&start, text), "Thu Jan  1 01:00:00 1970\n");
    setenv("TZ", "<+03>-3", 1); /* localtime reads TZ anew */
    check_equal("another zone", localtime(&start)->tm_hour, 3);
    check_text("its name in quotes", tzname[0], "+03");
    setenv("TZ", "nonsense/zone", 1);
    check_equal("a zone that cannot be read", localtime(&start)->tm_gmtoff, 0);
    strftime(text, sizeof(text), "%z %Z", gmtime(&start));
    check_text("gmtime", text, "+0000 GMT");
    check(!strptime("13", "%m", &tm), "a month 13", "taken");
    clock_t first = clock(), last = first;
    for (long turns = 0; last < first + CLOCKS_PER_SEC / 100 && turns < 100000000; turns++)
        last = clock();
    check(last >= first + CLOCKS_PER_SEC / 100, "clock counts", "%ld", (long)(last - first));
}

int main(void)
{
    test_locales();
    test_multibyte();
    test_options();
    test_environment();
    test_patterns();
    test_time();
    return check_done();
}
