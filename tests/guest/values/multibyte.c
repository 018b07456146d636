/* SPDX-License-Identifier: MIT
 *
 * Multibyte characters in C.UTF-8, of <wchar.h>, <stdlib.h> and <uchar.h>, and what setlocale says of locales.
 *
 * Texts are made of pieces, right and wrong ones, and cut anywhere. After an error the state is undefined; the next
 * call starts anew behind the byte. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>
#include <wchar.h>
#include "values.h"

static const char *const pieces[] = {
    "a", "z", "\x7f", "\xc2\x80", "\xc3\xa9", "\xdf\xbf", "\xe0\xa0\x80", "\xe2\x82\xac",
    "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbd", "\xf0\x90\x80\x80", "\xf0\x9f\x98\x80",
    "\xf4\x8f\xbf\xbf",
    /* wrong: alone, too long a form, a surrogate, beyond the last, never used, cut short */
    "\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x80\x80\x80",
    "\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80",
    "\xfe", "\xff", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xc3(", "\xe2(\xa1"};
#define RIGHT_PIECES 14

static char text[80];
static size_t length;

static void draw_text(size_t kinds, long most)
{
    *text = 0;
    for (long i = draw_between(1, most); i > 0; i--)
        strcat(text, pieces[draw_below(kinds)]);
    length = strlen(text);
}

/* A call's result as a number, with -1, -2 and -3 as they are. */
static void put_size(size_t result)
{
    put(" %l", (long)result);
}

/* In pieces of drawn length, which are drawn without a look at the results. */
static void show_mbrtowc(void)
{
    mbstate_t state;

    memset(&state, 0, sizeof(state));
    put("mbrtowc");
    for (size_t end, start = 0; start < length; start = end) {
        end = start + (draw_chance(2) ? 1 : draw_below(length - start) + 1);
        put(" %Q", text + start, end - start);
    }
    draw_again();
    put(":");
    for (size_t end, start = 0; start < length; start = end) {
        end = start + (draw_chance(2) ? 1 : draw_below(length - start) + 1);
        for (size_t at = start; at < end;) {
            wchar_t c = 0;
            size_t result;
            errno = 0;
            result = mbrtowc(&c, text + at, end - at, &state);
            put_size(result);
            if (result == (size_t)-1) {
                put("%s", errno == EILSEQ ? "" : "?");
                memset(&state, 0, sizeof(state));
                at++;
            } else {
                put(" %x%s", (unsigned long)c, mbsinit(&state) ? "" : "+");
                at += result == (size_t)-2 ? end - at : result ? result : 1;
            }
        }
    }
    put("\n");
}

static void show_uchar(void)
{
    mbstate_t state;
    size_t at = 0;
    char bytes[MB_LEN_MAX];

    memset(&state, 0, sizeof(state));
    put("mbrtoc16 %q:", text);
    while (at < length) {
        char16_t c = 0;
        size_t result = mbrtoc16(&c, text + at, length - at, &state);
        put_size(result);
        if (result == (size_t)-1 || result == (size_t)-2)
            break;
        put(" %x", (unsigned long)c);
        at += result == (size_t)-3 ? 0 : result;
    }
    put("\n");
    memset(&state, 0, sizeof(state));
    put("mbrtoc32 %q:", text);
    for (at = 0; at < length;) {
        char32_t c = 0;
        size_t result = mbrtoc32(&c, text + at, length - at, &state);
        put_size(result);
        if (result == (size_t)-1 || result == (size_t)-2)
            break;
        put(" %x", (unsigned long)c);
        at += result;
    }
    put("\n");
    memset(&state, 0, sizeof(state));
    put("c16rtomb:");
    put_size(c16rtomb(bytes, 0xd83d, &state));
    put_size(c16rtomb(bytes, 0xde00, &state));
    put(" %Q\n", bytes, (size_t)4);
}

static void show_to_wide(void)
{
    const char *from = text;
    wchar_t wide[40], small[4] = {'.', '.', '.', 0};
    size_t result, n = draw_below(6);
    mbstate_t state;

    result = mbstowcs(wide, text, 40);
    put("mbstowcs %q: %l", text, (long)result);
    put_size(mbstowcs(NULL, text, 0));
    put(result == (size_t)-1 ? "\n" : " %w\n", wide);
    memset(&state, 0, sizeof(state));
    result = mbsrtowcs(small, &from, 3, &state);
    put("mbsrtowcs %q: %l %l", text, (long)result, from ? (long)(from - text) : -1);
    put(result == (size_t)-1 ? "\n" : " %w\n", small);
    from = text;
    memset(&state, 0, sizeof(state));
    put("mbsnrtowcs %q %l:", text, (long)n);
    result = mbsnrtowcs(wide, &from, n, 40, &state);
    put(" %l %l\n", (long)result, from ? (long)(from - text) : -1);
}

static void show_to_bytes(void)
{
    static const wchar_t letters[] = L"az\u00e9\u20ac\U0001f600";
    wchar_t wide[12];
    const wchar_t *from = wide;
    char bytes[80];
    size_t n = draw_below(6), count = draw_below(8);
    mbstate_t state;

    for (size_t i = 0; i < count; i++)
        wide[i] = draw_chance(30) ? 0xd800 : letters[draw_below(5)];
    wide[count] = 0;
    put("wcstombs %w %l:", wide, (long)n);
    memset(bytes, 0, sizeof(bytes));
    put_size(wcstombs(bytes, wide, n));
    put_size(wcstombs(NULL, wide, 0));
    put(" %q\n", bytes);
    memset(&state, 0, sizeof(state));
    put("wcsrtombs %w %l:", wide, (long)n);
    memset(bytes, 0, sizeof(bytes));
    put_size(wcsrtombs(bytes, &from, n, &state));
    put(" %l %q\n", from ? (long)(from - wide) : -1, bytes);
    from = wide;
    memset(&state, 0, sizeof(state));
    put("wcsnrtombs %w %l:", wide, (long)n);
    memset(bytes, 0, sizeof(bytes));
    put_size(wcsnrtombs(bytes, &from, n, 7, &state));
    put(" %l %q\n", from ? (long)(from - wide) : -1, bytes);
}

static void show_wcrtomb(unsigned long c)
{
    char bytes[MB_LEN_MAX] = "";
    mbstate_t state;
    size_t result;

    memset(&state, 0, sizeof(state));
    errno = 0;
    result = wcrtomb(bytes, (wchar_t)c, &state);
    put("wcrtomb %x: %l %s %Q\n", c, (long)result, errno_word(errno), bytes,
        result == (size_t)-1 ? 0 : result);
}

static void show_locales(void)
{
    static const char *const names[] = {"C", "POSIX", "C.UTF-8", "C.utf8", "nosuch", "C.nosuch"};

    for (size_t i = 0; i < COUNT(names); i++) {
        put("setlocale %s: %i\n", names[i], setlocale(LC_ALL, names[i]) != NULL);
        put("setlocale ctype %s: %i\n", names[i], setlocale(LC_CTYPE, names[i]) != NULL);
    }
    setlocale(LC_ALL, "C");
    put("setlocale ?: %q\n", setlocale(LC_ALL, NULL));
    put("MB_CUR_MAX in C: %i\n", (int)MB_CUR_MAX);
    unsetenv("LANG");
    unsetenv("LC_CTYPE");
    setenv("LC_ALL", "C.UTF-8", 1);
    put("setlocale of LC_ALL: %q\n", setlocale(LC_ALL, ""));
    put("codeset: %q\n", nl_langinfo(CODESET));
    unsetenv("LC_ALL");
    setenv("LC_CTYPE", "C.UTF-8", 1);
    setlocale(LC_ALL, "");
    put("setlocale of LC_CTYPE: %q %q\n", setlocale(LC_CTYPE, NULL), setlocale(LC_TIME, NULL));
    unsetenv("LC_CTYPE");
    setenv("LANG", "C.UTF-8", 1);
    setlocale(LC_ALL, "");
    put("setlocale of LANG: %q %q\n", setlocale(LC_CTYPE, NULL), setlocale(LC_TIME, NULL));
    unsetenv("LANG");
    put("setlocale of nothing: %q\n", setlocale(LC_ALL, ""));
}

static void show_conv(void)
{
    struct lconv *conv = localeconv();

    put("localeconv: %q %q %q %i\n", conv->decimal_point, conv->thousands_sep,
        conv->currency_symbol, conv->frac_digits == CHAR_MAX);
    put("langinfo: %q %q %q %q %q\n", nl_langinfo(D_T_FMT), nl_langinfo(DAY_1), nl_langinfo(MON_12),
        nl_langinfo(RADIXCHAR), nl_langinfo(AM_STR));
}

void run_multibyte(void)
{
    static const unsigned long characters[] = {0,       0x41,     0x7f,     0x80,       0xe9,
                                               0x7ff,   0x800,    0x20ac,   0xd7ff,     0xd800,
                                               0xdfff,  0xe000,   0xfffd,   0xffff,     0x10000,
                                               0x1f600, 0x10ffff, 0x110000, 0x7fffffff, 0xffffffff};
    wchar_t c = 0;
    char bytes[MB_LEN_MAX];

    show_locales();
    show_conv();
    put("setlocale C.UTF-8: %q\n", setlocale(LC_ALL, "C.UTF-8"));
    for (size_t i = 0; i < COUNT(characters); i++)
        show_wcrtomb(characters[i]);
    for (int byte = 0; byte < 256; byte += 5)
        put("btowc %i: %l %i\n", byte, (long)(int)btowc(byte), wctob((wint_t)byte));
    mbtowc(NULL, NULL, 0);
    put("mbtowc: %i", mbtowc(&c, "\xc3\xa9", 2));
    put(" %i", mbtowc(&c, "", 1));
    put(" %i\n", mbtowc(&c, "\xc3", 1));
    mblen(NULL, 0);
    put("mblen: %i", mblen("\xe2\x82\xac", 3));
    put(" %i", mblen("", 1));
    put(" %i\n", mblen("\xe2\x82", 2));
    wctomb(NULL, 0);
    put("wctomb: %i", wctomb(bytes, 0x20ac));
    put(" %i\n", wctomb(bytes, 0xd800));
    draw_begin("multibyte");
    for (long i = draw_cases(300); i > 0; i--) {
        draw_text(COUNT(pieces), 4);
        draw_mark();
        show_mbrtowc();
        draw_text(draw_chance(2) ? COUNT(pieces) : RIGHT_PIECES, 5);
        show_uchar();
        show_to_wide();
        show_to_bytes();
        show_wcrtomb(draw_bits(1, 20));
    }
    setlocale(LC_ALL, "C");
}
