/* SPDX-License-Identifier: MIT
 *
 * Classes, cases and widths of wide characters: <wctype.h>, wcwidth and wcswidth (POSIX.1-2017). Those of picolibc
 * 1.8 to 1.8.12 know ASCII alone in the builds that distributions have, and give control characters a width. In
 * the "C" locale that is all that there is; in C.UTF-8 the tables of unicode.h say the rest. */
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>
#include "user/lib/mends/unicode.h"

#define ASCII_END 0x80u
#define UNICODE_LAST 0x10ffffu
#define LINE_SEPARATOR 0x2028
#define PARAGRAPH_SEPARATOR 0x2029

static const struct kind { /* the kinds of unicode.h */
    signed char width;
    bool alpha, lower, upper;
} kinds[UNICODE_KINDS] = {{-1, 0, 0, 0}, {0, 0, 0, 0}, {1, 0, 0, 0}, {2, 0, 0, 0}, {0, 1, 0, 0},
                          {1, 1, 0, 0},  {2, 1, 0, 0}, {1, 1, 1, 0}, {1, 1, 0, 1}};

static struct run { /* of characters from `first` on, and their kind */
    uint32_t first : 24, kind : 8;
} runs[UNICODE_RUNS];

static struct shift { /* of every step-th character from first to last, by a distance */
    uint32_t first, last, step;
    int distance;
} shifts[UNICODE_CASES];

static uint32_t read_number(const char **text)
{
    uint32_t number = 0, bits = 32;

    for (int at = 0; bits & 32; at += 5) {
        bits = (uint32_t) * (*text)++ - '0';
        number |= (bits & 31) << at;
    }
    return number;
}

/* Reads the tables with the first question. Threads that do so at the same time write the same. */
static void read_tables(void)
{
    static bool done;
    const char *text = unicode_kinds;
    uint32_t at = ASCII_END;

    if (__atomic_load_n(&done, __ATOMIC_ACQUIRE))
        return;
    for (size_t i = 0; i < UNICODE_RUNS; i++) {
        uint32_t number = read_number(&text);
        runs[i] = (struct run){at, number % UNICODE_KINDS};
        at += number / UNICODE_KINDS + 1;
    }
    text = unicode_cases;
    for (size_t i = 0; i < UNICODE_CASES; i++) {
        at = (i == 0 || i == UNICODE_CASES_UPPER ? ASCII_END : at) + read_number(&text);
        uint32_t count = read_number(&text), twice = read_number(&text), first = at;
        at += count / 2 * (count % 2 + 1);
        shifts[i] = (struct shift){first, at, count % 2 + 1,
                                   twice & 1 ? -(int)(twice / 2) - 1 : (int)(twice / 2)};
    }
    __atomic_store_n(&done, true, __ATOMIC_RELEASE);
}

/* Of a character beyond ASCII. */
static const struct kind *kind_of(wint_t c)
{
    size_t low = 0, high = UNICODE_RUNS;

    if (MB_CUR_MAX == 1 || c > UNICODE_LAST)
        return &kinds[0];
    read_tables();
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        *(runs[middle].first <= c ? &low : &high) = middle;
    }
    return &kinds[runs[low].kind];
}

/* c in the other case, by shifts[low, high). */
static wint_t shifted(wint_t c, size_t low, size_t high)
{
    if (MB_CUR_MAX == 1 || c > UNICODE_LAST)
        return c;
    read_tables();
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        *(shifts[middle].first <= c ? &low : &high) = middle;
    }
    const struct shift *shift = &shifts[low];
    bool moves = c >= shift->first && c <= shift->last && (c - shift->first) % shift->step == 0;
    return moves ? c + (wint_t)shift->distance : c;
}

wint_t towupper(wint_t c)
{
    return c < ASCII_END ? (wint_t)toupper((int)c) : shifted(c, 0, UNICODE_CASES_UPPER);
}

wint_t towlower(wint_t c)
{
    return c < ASCII_END ? (wint_t)tolower((int)c) : shifted(c, UNICODE_CASES_UPPER, UNICODE_CASES);
}

enum { ALNUM = 1, ALPHA, BLANK, CNTRL, DIGIT, GRAPH, LOWER, PRINT, PUNCT, SPACE, UPPER, XDIGIT };

static const struct {
    const char *name;
    int (*ascii)(int);
} classes[] = {
    [ALNUM] = {"alnum", isalnum}, [ALPHA] = {"alpha", isalpha}, [BLANK] = {"blank", isblank},
    [CNTRL] = {"cntrl", iscntrl}, [DIGIT] = {"digit", isdigit}, [GRAPH] = {"graph", isgraph},
    [LOWER] = {"lower", islower}, [PRINT] = {"print", isprint}, [PUNCT] = {"punct", ispunct},
    [SPACE] = {"space", isspace}, [UPPER] = {"upper", isupper}, [XDIGIT] = {"xdigit", isxdigit},
};

int iswctype(wint_t c, wctype_t type)
{
    if (type < ALNUM || type > XDIGIT || c == WEOF || (c >= ASCII_END && MB_CUR_MAX == 1))
        return 0;
    if (c < ASCII_END)
        return classes[type].ascii((int)c);
    const struct kind *kind = kind_of(c);
    bool prints = kind->width >= 0, separates = c == LINE_SEPARATOR || c == PARAGRAPH_SEPARATOR;
    bool blank =
        c == 0x1680 || (c >= 0x2000 && c <= 0x200a && c != 0x2007) || c == 0x205f || c == 0x3000;
    bool lower = kind->lower || towupper(c) != c, upper = kind->upper || towlower(c) != c;
    bool visible = prints && !blank, cntrl = c < 0xa0 || separates;
    const bool is[XDIGIT + 1] = {[ALNUM] = kind->alpha, [ALPHA] = kind->alpha,
                                 [BLANK] = blank,       [CNTRL] = cntrl,
                                 [GRAPH] = visible,     [LOWER] = lower,
                                 [PRINT] = prints,      [SPACE] = blank || separates,
                                 [UPPER] = upper,       [PUNCT] = visible && !kind->alpha};
    return is[type];
}

wctype_t wctype(const char *name)
{
    wctype_t type = XDIGIT;

    while (type > 0 && strcmp(name, classes[type].name) != 0)
        type --;
    return type;
}

#define IS(name, type)                          \
    int isw##name(wint_t c)                      \
    {                                            \
        return iswctype(c, type);               \
    }                                            \
    int isw##name##_l(wint_t c, locale_t locale) \
    {                                            \
        (void)locale;                            \
        return iswctype(c, type);               \
    }
IS(alnum, ALNUM)
IS(alpha, ALPHA)
IS(blank, BLANK)
IS(cntrl, CNTRL)
IS(digit, DIGIT)
IS(graph, GRAPH)
IS(lower, LOWER)
IS(print, PRINT)
IS(punct, PUNCT)
IS(space, SPACE)
IS(upper, UPPER)
IS(xdigit, XDIGIT)

enum { NO_CASE, TO_LOWER, TO_UPPER };

wctrans_t wctrans(const char *name)
{
    return strcmp(name, "tolower") == 0   ? TO_LOWER
           : strcmp(name, "toupper") == 0 ? TO_UPPER
                                          : NO_CASE;
}

wint_t towctrans(wint_t c, wctrans_t which)
{
    return which == TO_LOWER ? towlower(c) : which == TO_UPPER ? towupper(c) : c;
}

int wcwidth(wchar_t wide)
{
    wint_t c = (wint_t)wide;

    if (c < ASCII_END)
        return c == 0 ? 0 : isprint((int)c) ? 1 : -1;
    return kind_of(c)->width;
}

int wcswidth(const wchar_t *text, size_t count)
{
    int width = 0;

    for (; count > 0 && *text; count--) {
        int one = wcwidth(*text++);
        if (one < 0)
            return -1;
        width += one;
    }
    return width;
}
