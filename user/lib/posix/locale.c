/* SPDX-License-Identifier: MIT
 *
 * Locales (C17 7.11, POSIX.1-2017): "C", alias "POSIX", and "C.UTF-8", which differs in LC_CTYPE only. The
 * distributions build picolibc with the first alone. */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a category can be; both have other spellings. The index is what is kept. */
static const char *const names[] = {"C", "C.UTF-8", "C.utf8", "C.UTF8", "C.utf-8"};

static const char *const categories[] = {"LC_ALL",     "LC_COLLATE", "LC_CTYPE",   "LC_MONETARY",
                                         "LC_NUMERIC", "LC_TIME",    "LC_MESSAGES"};
#define CATEGORIES (sizeof(categories) / sizeof(categories[0]))
_Static_assert(LC_ALL == 0 && LC_CTYPE == 2 && LC_MESSAGES == 6,
               "picolibc's numbers are those of the table");

/* The names of all categories in one number, four bits each. It is also what a locale_t is here, which
 * nothing of picolibc looks into: then the bits of LC_ALL are not zero. */
#define NAME_BITS 4
#define NAME_OF(locale, category) ((locale) >> NAME_BITS * (category) & ((1u << NAME_BITS) - 1))

static unsigned global_locale;
static _Thread_local unsigned thread_locale; /* of uselocale; 0: the global one */

static unsigned current_locale(void)
{
    return thread_locale ? thread_locale : global_locale;
}

size_t octavo_mb_cur_max(void)
{
    return NAME_OF(current_locale(), LC_CTYPE) ? 4 : 1;
}

/* What the environment says of a category. */
static const char *name_in_environment(size_t category)
{
    const char *const variables[] = {"LC_ALL", categories[category], "LANG"};

    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        const char *name = getenv(variables[i]);
        if (name && *name)
            return name;
    }
    return "C";
}

/* Sets one category to a name, which may also be the string that setlocale(LC_ALL, NULL) gives for a mixture;
 * false: there is no such locale. */
static bool choose(unsigned *locale, size_t category, const char *name)
{
    size_t length = strlen(categories[category]), i = 0;
    const char *part = strchr(name, ';') ? strstr(name, categories[category]) : NULL;

    if (part && part[length] == '=')
        name = part + length + 1;
    else if (!*name)
        name = name_in_environment(category);
    length = strcspn(name, ";");
    if (length == strlen("POSIX") && strncmp(name, "POSIX", length) == 0)
        name = names[0], length = 1;
    while (i < sizeof(names) / sizeof(names[0]) &&
           (strncmp(names[i], name, length) != 0 || names[i][length]))
        i++;
    *locale = (*locale & ~(((1u << NAME_BITS) - 1) << NAME_BITS * category)) |
              (unsigned)i << NAME_BITS * category;
    return i < sizeof(names) / sizeof(names[0]);
}

/* The name of a category, or of all: a string "LC_CTYPE=C.UTF-8;LC_NUMERIC=C;..." when they differ. */
static char *name_of(unsigned locale, int category)
{
    static const int order[] = {LC_CTYPE,   LC_NUMERIC,  LC_TIME,
                                LC_COLLATE, LC_MONETARY, LC_MESSAGES};
    static char mixed[CATEGORIES * 24];
    bool mixes = false;

    for (int i = LC_ALL + 1; i <= LC_MESSAGES; i++)
        mixes |= NAME_OF(locale, i) != NAME_OF(locale, LC_CTYPE);
    if (category != LC_ALL || !mixes)
        return (char *)names[NAME_OF(locale, category == LC_ALL ? LC_CTYPE : category)];
    mixed[0] = '\0';
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        snprintf(mixed + strlen(mixed), sizeof(mixed) - strlen(mixed), "%s%s=%s", i ? ";" : "",
                 categories[order[i]], names[NAME_OF(locale, order[i])]);
    return mixed;
}

char *setlocale(int category, const char *name)
{
    unsigned locale = global_locale;

    if (category < LC_ALL || category > LC_MESSAGES) {
        errno = EINVAL;
        return NULL;
    }
    for (int i = LC_ALL + 1; name && i <= LC_MESSAGES; i++)
        if ((category == LC_ALL || category == i) && !choose(&locale, (size_t)i, name)) {
            errno = ENOENT;
            return NULL;
        }
    global_locale = locale;
    return name_of(locale, category);
}

char *nl_langinfo_l(nl_item item, locale_t locale)
{
    /* From D_T_FMT to CRNCYSTR, in the order of their numbers. */
    static const char items[] =
        "%a %b %e %H:%M:%S %Y\0%m/%d/%y\0%H:%M:%S\0%I:%M:%S %p\0AM\0PM\0"
        "Sunday\0Monday\0Tuesday\0Wednesday\0Thursday\0Friday\0Saturday\0"
        "Sun\0Mon\0Tue\0Wed\0Thu\0Fri\0Sat\0January\0February\0March\0April\0May\0June\0"
        "July\0August\0September\0October\0November\0December\0"
        "Jan\0Feb\0Mar\0Apr\0May\0Jun\0Jul\0Aug\0Sep\0Oct\0Nov\0Dec\0"
        "\0\0\0\0\0.\0\0^[yY]\0^[nN]\0\0\0-\0";
    const char *at = items;

    _Static_assert(D_T_FMT == 1 && DAY_1 == 7 && MON_1 == 21 && ERA == 45 && CRNCYSTR == 56,
                   "their order");
    if (item == CODESET)
        return NAME_OF((unsigned)(intptr_t)locale, LC_CTYPE) ? "UTF-8" : "ANSI_X3.4-1968";
    if (item < D_T_FMT || item > CRNCYSTR)
        return "";
    while (--item >= D_T_FMT)
        at += strlen(at) + 1;
    return (char *)at;
}

char *nl_langinfo(nl_item item)
{
    return nl_langinfo_l(item, (locale_t)(intptr_t)current_locale());
}

locale_t newlocale(int mask, const char *name, locale_t base)
{
    unsigned locale = (unsigned)(intptr_t)base | 1;

    if (!name || mask & ~(LC_ALL_MASK | ((1 << CATEGORIES) - 1))) {
        errno = EINVAL;
        return (locale_t)0;
    }
    for (size_t i = LC_ALL + 1; i < CATEGORIES; i++)
        if ((mask & 1 << i || mask & 1 << LC_ALL) && !choose(&locale, i, name)) {
            errno = ENOENT;
            return (locale_t)0;
        }
    return (locale_t)(intptr_t)locale;
}

locale_t duplocale(locale_t locale)
{
    return locale == LC_GLOBAL_LOCALE ? (locale_t)(intptr_t)(global_locale | 1) : locale;
}

void freelocale(locale_t locale)
{
    (void)locale;
}

locale_t uselocale(locale_t locale)
{
    locale_t before = thread_locale ? (locale_t)(intptr_t)thread_locale : LC_GLOBAL_LOCALE;

    if (locale)
        thread_locale = locale == LC_GLOBAL_LOCALE ? 0 : (unsigned)(intptr_t)locale;
    return before;
}

const char *getlocalename_l(int category, locale_t locale)
{
    return name_of((unsigned)(intptr_t)duplocale(locale), category);
}
