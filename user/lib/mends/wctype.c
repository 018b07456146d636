/* SPDX-License-Identifier: MIT
 *
 * Classes, cases and widths of wide characters: <wctype.h>, wcwidth and wcswidth (POSIX.1-2017). Those of picolibc
 * 1.8 to 1.8.12 know ASCII alone in the builds that distributions have, and give control characters a width. In
 * the "C" locale that is all that there is; in C.UTF-8 the tables say the rest. */
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

/* Of a kind of characters: the width in the lowest bits, and what else there is to say. */
enum { NO_WIDTH = 3, WIDTH = 3, ALPHABETIC = 4, LOWER_CASE = 8, UPPER_CASE = 16 };
#include "unicode.h" /* made by tests/tools/mkunicode.py, which says what the tables are */

#define ASCII_END 0x80u
#define UNICODE_LAST 0x10ffffu
#define LINE_SEPARATOR 0x2028
#define PARAGRAPH_SEPARATOR 0x2029

/* The last row that does not begin behind c. */
static const uint32_t *find(const uint32_t *table, size_t rows, size_t columns, wint_t c)
{
    size_t low = 0;

    while (rows - low > 1) {
        size_t middle = (low + rows) / 2;
        *(table[middle * columns] <= c ? &low : &rows) = middle;
    }
    return table + low * columns;
}
#define FIND(table, c) \
    find(table[0], sizeof(table) / sizeof(table[0]), sizeof(table[0]) / sizeof(table[0][0]), c)

/* Of a character beyond ASCII. */
static uint32_t kind_of(wint_t c)
{
    return MB_CUR_MAX == 1 || c > UNICODE_LAST ? NO_WIDTH : FIND(unicode_kinds, c)[1];
}

/* c in the other case, if the row says so. */
static wint_t shifted(wint_t c, const uint32_t *row)
{
    bool moves = c >= row[0] && c <= row[1] && (c - row[0]) % row[2] == 0 && MB_CUR_MAX > 1;

    return moves ? c + row[3] : c;
}

wint_t towupper(wint_t c)
{
    return c < ASCII_END ? (wint_t)toupper((int)c) : shifted(c, FIND(unicode_upper, c));
}

wint_t towlower(wint_t c)
{
    return c < ASCII_END ? (wint_t)tolower((int)c) : shifted(c, FIND(unicode_lower, c));
}

#define CLASSES(DO) \
    DO(alnum)       \
    DO(alpha)       \
    DO(blank)       \
    DO(cntrl) DO(digit) DO(graph) DO(lower) DO(print) DO(punct) DO(space) DO(upper) DO(xdigit)
#define NUMBER(name) CLASS_##name,
#define ROW(name) [CLASS_##name] = {#name, is##name},
enum { CLASS_NONE, CLASSES(NUMBER) };
static const struct {
    const char *name;
    int (*ascii)(int);
} classes[] = {CLASSES(ROW)};

int iswctype(wint_t c, wctype_t type)
{
    if (type < CLASS_alnum || type > CLASS_xdigit || c == WEOF ||
        (c >= ASCII_END && MB_CUR_MAX == 1))
        return 0;
    if (c < ASCII_END)
        return classes[type].ascii((int)c);
    uint32_t kind = kind_of(c);
    bool prints = (kind & WIDTH) != NO_WIDTH, alpha = kind & ALPHABETIC;
    bool separates = c == LINE_SEPARATOR || c == PARAGRAPH_SEPARATOR;
    bool blank =
        c == 0x1680 || (c >= 0x2000 && c <= 0x200a && c != 0x2007) || c == 0x205f || c == 0x3000;
    bool visible = prints && !blank, cntrl = c < 0xa0 || separates;
    bool lower = kind & LOWER_CASE || towupper(c) != c,
         upper = kind & UPPER_CASE || towlower(c) != c;
    const bool is[] = {/* by CLASS_ */ false,
                       alpha,
                       alpha,
                       blank,
                       cntrl,
                       false,
                       visible,
                       lower,
                       prints,
                       visible && !alpha,
                       blank || separates,
                       upper,
                       false};
    return is[type];
}

wctype_t wctype(const char *name)
{
    wctype_t type = CLASS_xdigit;

    while (type > 0 && strcmp(name, classes[type].name) != 0)
        type--;
    return type;
}

#define IS(name)                                 \
    int isw##name(wint_t c)                      \
    {                                            \
        return iswctype(c, CLASS_##name);        \
    }                                            \
    int isw##name##_l(wint_t c, locale_t locale) \
    {                                            \
        (void)locale;                            \
        return iswctype(c, CLASS_##name);        \
    }
CLASSES(IS)

/* By these, picolibc's towctrans is right. */
wint_t towupper_l(wint_t c, locale_t locale)
{
    (void)locale;
    return towupper(c);
}

wint_t towlower_l(wint_t c, locale_t locale)
{
    (void)locale;
    return towlower(c);
}

int wcwidth(wchar_t wide)
{
    wint_t c = (wint_t)wide;

    if (c < ASCII_END)
        return c == 0 ? 0 : isprint((int)c) ? 1 : -1;
    uint32_t width = kind_of(c) & WIDTH;
    return width == NO_WIDTH ? -1 : (int)width;
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
