/* SPDX-License-Identifier: MIT
 *
 * <wchar.h> and <wctype.h> without the multibyte functions. Classes, cases and widths are asked in C.UTF-8, of
 * characters that every edition of Unicode has had for long and libraries agree on: letters of some scripts, digits
 * of ASCII, some blanks and signs. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>
#include "values.h"

#define ROOM 48

static wchar_t a[ROOM], b[ROOM];

static int sign(int comparison)
{
    return (comparison > 0) - (comparison < 0);
}

static long place(const wchar_t *found, const wchar_t *text)
{
    return found ? (long)(found - text) : -1;
}

static void draw_text(wchar_t *text, long longest)
{
    static const wchar_t letters[] = L"abA,;\u00e9\u20ac\U0001f600";
    long length = draw_between(0, longest), some = draw_between(2, (long)wcslen(letters));

    for (long i = 0; i < length; i++)
        text[i] = letters[draw_below((uint64_t)some)];
    text[length] = 0;
}

static void show_searches(void)
{
    wchar_t c = L"abA\u00e9\u20ac"[draw_below(5)];
    size_t n = draw_below(wcslen(a) + 1);

    put("wcslen %w: %l %l\n", a, (long)wcslen(a), (long)wcsnlen(a, n));
    put("wcschr %w %x: %l %l %l\n", a, (unsigned long)c, place(wcschr(a, c), a),
        place(wcsrchr(a, c), a), place(wcschr(a, 0), a));
    put("wmemchr %w %x %l: %l\n", a, (unsigned long)c, (long)n, place(wmemchr(a, c, n), a));
    put("wcsspn %w %w: %l %l %l\n", a, b, (long)wcsspn(a, b), (long)wcscspn(a, b),
        place(wcspbrk(a, b), a));
    put("wcsstr %w %w: %l\n", a, b, place(wcsstr(a, b), a));
}

static void show_comparisons(void)
{
    size_t n = draw_below(8), least = wcslen(a) < wcslen(b) ? wcslen(a) : wcslen(b);

    put("wcscmp %w %w %l: %i %i %i\n", a, b, (long)n, sign(wcscmp(a, b)), sign(wcsncmp(a, b, n)),
        sign(wmemcmp(a, b, least)));
    put("wcscasecmp %w %w %l: %i %i\n", a, b, (long)n, sign(wcscasecmp(a, b)),
        sign(wcsncasecmp(a, b, n)));
    put("wcscoll %w %w: %i\n", a, b, sign(wcscoll(a, b)));
}

static void show_room(const wchar_t *to, size_t length)
{
    wchar_t shown[ROOM];

    for (size_t i = 0; i < length; i++)
        shown[i] = to[i] ? to[i] : '0';
    shown[length] = 0;
    put("%w\n", shown);
}

static void show_copies(void)
{
    wchar_t to[ROOM], *copy, *kept, *token;
    size_t n = draw_below(12), length;

    wmemset(to, '.', ROOM);
    put("wcsncpy %w %l: ", a, (long)n);
    wcsncpy(to, a, n);
    show_room(to, 14);
    wmemset(to, '.', ROOM);
    put("wcpncpy %w %l: ", a, (long)n);
    put("%l ", place(wcpncpy(to, a, n), to));
    show_room(to, 14);
    put("wcpcpy %w: ", a);
    put("%l %w\n", place(wcpcpy(to, a), to), to);
    wcscpy(to, L"x");
    wcsncat(to, a, n);
    put("wcsncat %w %l: %w\n", a, (long)n, to);
    copy = wcsdup(a);
    put("wcsdup %w: %w\n", a, copy);
    free(copy);
    wcscpy(to, L"0123456789abcdefghijklmnopqrstuvwxyz");
    length = draw_below(25);
    wmemmove(to + draw_below(9), to + n, length);
    put("wmemmove: %w\n", to);
    put("wmempcpy %l: ", (long)n);
    put("%l %w\n", place(wmempcpy(to, L"ABCDEFGHIJKLM", n), to), to);
    wcscpy(to, a);
    put("wcstok %w %w:", a, b);
    for (token = wcstok(to, b, &kept); token; token = wcstok(NULL, b, &kept))
        put(" %w", token);
    put("\n");
}

/* --- Classes ------------------------------------------------------------------------------------------- */

static void show_class(wint_t c)
{
    put("wctype %x: %i%i%i%i%i%i%i%i%i%i%i%i\n", (unsigned long)c, iswalnum(c) != 0,
        iswalpha(c) != 0, iswblank(c) != 0, iswcntrl(c) != 0, iswdigit(c) != 0, iswgraph(c) != 0,
        iswlower(c) != 0, iswprint(c) != 0, iswpunct(c) != 0, iswspace(c) != 0, iswupper(c) != 0,
        iswxdigit(c) != 0);
    put("towupper %x: %x %x\n", (unsigned long)c, (unsigned long)towupper(c),
        (unsigned long)towlower(c));
    put("wcwidth %x: %i\n", (unsigned long)c, wcwidth((wchar_t)c));
}

static void show_classes(void)
{
    static const struct range {
        wint_t first, last, step;
    } ranges[] = {
        {0, 0x7f, 1},      /* ASCII */
        {0xa1, 0xac, 1},   /* Latin-1, but for a blank and a hyphen that not all call so */
        {0xae, 0x17f, 1},  /* and Latin Extended-A */
        {0x391, 0x3a1, 1}, /* Greek */
        {0x3a3, 0x3a9, 1},
        {0x3ac, 0x3ce, 1},
        {0x400, 0x481, 1}, /* Cyrillic */
        {0x48a, 0x52f, 3},
        {0x531, 0x556, 5}, /* Armenian */
        {0x561, 0x586, 5},
        {0x5d0, 0x5ea, 7},      /* Hebrew */
        {0x1e00, 0x1e95, 7},    /* Latin Extended Additional */
        {0x3041, 0x3096, 17},   /* Hiragana */
        {0x30a1, 0x30fa, 17},   /* Katakana */
        {0x4e00, 0x9fa5, 997},  /* Han */
        {0xac00, 0xd7a3, 997},  /* Hangul */
        {0xff21, 0xff3a, 5},    /* full width Latin */
        {0x10400, 0x1044f, 11}, /* Deseret */
        {0x20000, 0x2a6d6, 9973},
    };
    /* combining marks, arrows, signs, blanks, faces */
    static const wint_t single[] = {0x300,  0x301,  0x308,  0x2003, 0x200b,  0x2013,
                                    0x201c, 0x2026, 0x20ac, 0x2190, 0x2200,  0x2500,
                                    0x2588, 0x3000, 0x3001, 0xfffd, 0x1f600, 0x1f680};

    for (size_t i = 0; i < COUNT(ranges); i++)
        for (wint_t c = ranges[i].first; c <= ranges[i].last; c += ranges[i].step)
            show_class(c);
    for (size_t i = 0; i < COUNT(single); i++)
        show_class(single[i]);
    put("wctype WEOF: %i %i\n", iswalpha(WEOF) != 0, towupper(WEOF) == WEOF);
}

static void show_named(void)
{
    static const char *const names[] = {"alnum", "alpha",  "blank",  "cntrl", "digit",
                                        "graph", "lower",  "print",  "punct", "space",
                                        "upper", "xdigit", "nosuch", ""};
    static const wint_t characters[] = {'a', 'Z', '5', ' ', '\n', '!', 0xe9, 0x20ac};

    for (size_t i = 0; i < COUNT(names); i++) {
        wctype_t class = wctype(names[i]);
        put("wctype %s: %i ", names[i], class != 0);
        for (size_t j = 0; class && j < COUNT(characters); j++)
            put("%i", iswctype(characters[j], class) != 0);
        put("\n");
    }
    put("wctrans toupper: %x\n", (unsigned long)towctrans('a', wctrans("toupper")));
    put("wctrans tolower: %x\n", (unsigned long)towctrans(0xc9, wctrans("tolower")));
    put("wctrans nosuch: %i\n", wctrans("nosuch") != (wctrans_t)0);
    put("wcswidth: %i %i %i %i\n", wcswidth(L"abc", 3), wcswidth(L"a\u6f22\u5b57", 3),
        wcswidth(L"a\nb", 3), wcswidth(L"abc", 2));
}

void run_wide(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    show_classes();
    show_named();
    draw_begin("wide");
    for (long i = draw_cases(200); i > 0; i--) {
        long longest = draw_chance(3) ? 20 : 6;
        draw_text(a, longest);
        draw_text(b, 3);
        show_searches();
        show_comparisons();
        show_copies();
    }
    setlocale(LC_ALL, "C");
}
