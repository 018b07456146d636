/* SPDX-License-Identifier: MIT
 *
 * The scanf family: every conversion with width, length and suppression, drawn pieces of input, arguments by
 * position, from strings, wide strings and streams.
 *
 * What is stored is shown as the whole slot, which was filled with 0x55, so a store of the wrong size is seen.
 * Left out: numbers that do not fit, which C leaves undefined, and the prefix 0b. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "values.h"

#define SLOTS 4

/* What one conversion stores; each is filled before. */
static union slot {
    uint64_t number;
    double real;
    long double large;
    char text[24];
    wchar_t wide[12];
    char *allocated;
    wchar_t *allocated_wide;
} slots[SLOTS];

/* How a slot is shown: n number, f double, L long double, s text, w wide text, m and M allocated, 1 allocated
 * characters, - nothing. */
struct directive {
    const char *text;
    char shown;
};

static const struct directive directives[] = {
    {"%d", 'n'},       {"%d", 'n'},       {"%3d", 'n'},       {"%1d", 'n'},    {"%*d", '-'},
    {"%ld", 'n'},      {"%lld", 'n'},     {"%hd", 'n'},       {"%2hhd", 'n'},  {"%jd", 'n'},
    {"%zd", 'n'},      {"%td", 'n'},      {"%i", 'n'},        {"%i", 'n'},     {"%4i", 'n'},
    {"%li", 'n'},      {"%u", 'n'},       {"%3lu", 'n'},      {"%o", 'n'},     {"%2o", 'n'},
    {"%x", 'n'},       {"%x", 'n'},       {"%4x", 'n'},       {"%3X", 'n'},    {"%lx", 'n'},
    {"%2hhx", 'n'},    {"%f", 'n'},       {"%f", 'n'},        {"%3f", 'n'},    {"%lf", 'f'},
    {"%lf", 'f'},      {"%5lf", 'f'},     {"%4le", 'f'},      {"%lg", 'f'},    {"%la", 'f'},
    {"%6la", 'f'},     {"%Lf", 'L'},      {"%4Lg", 'L'},      {"%*f", '-'},    {"%s", 's'},
    {"%s", 's'},       {"%3s", 's'},      {"%1s", 's'},       {"%*s", '-'},    {"%*2s", '-'},
    {"%c", 's'},       {"%3c", 's'},      {"%*c", '-'},       {"%[abc]", 's'}, {"%3[^,]", 's'},
    {"%[]x1]", 's'},   {"%[^]1]", 's'},   {"%[a-f0-3]", 's'}, {"%[-1]", 's'},  {"%[1-]", 's'},
    {"%*[ 1]", '-'},   {"%5[^a-z]", 's'}, {"%[^\n]", 's'},    {"%ms", 'm'},    {"%m[0-9.]", 'm'},
    {"%3mc", '1'},     {"%5ms", 'm'},     {"%ls", 'w'},       {"%2ls", 'w'},   {"%lc", 'w'},
    {"%l[a-f1]", 'w'}, {"%3S", 'w'},      {"%mls", 'M'},      {"%n", 'n'},     {"%ln", 'n'},
    {"%hhn", 'n'},     {" ", '-'},        {",", '-'},         {" ,", '-'},     {"%%", '-'},
    {"x", '-'},        {"\t", '-'},       {"1", '-'},
};

static const char *const inputs[] = {
    "12",   "-7",     "+3",    "0x1F",  "0X",      "0x",       "017",  "08",  "1.5",    "-2.5e1",
    "1e",   "1e+",    "1e5",   "0x1p3", "0x.8",    "0x1.8p+1", ".5",   "5.",  ".",      "-",
    "+",    "-x",     "abc",   "xyz",   "inf",     "INFINITY", "infi", "nan", "nan(1)", "nan(",
    "",     "  4",    "1,2",   "%",     "9 8",     "deadbeef", "a-b",  "x",   "]1",     "\n",
    "\t 6", "123456", "00012", "1-",    "0.1e-3x", "100ergs",  "0",    "--1",
};

static char format[80], input[80];
static wchar_t wide_format[80], wide_input[80];
static char shown[SLOTS];
static int stored; /* how many conversions of the format store something */

static void fill(void)
{
    memset(slots, 0x55, sizeof(slots));
    for (int i = 0; i < SLOTS; i++)
        if (strchr("mM1", shown[i]))
            slots[i].allocated = NULL;
}

static void show_slot(union slot *slot, char how)
{
    switch (how) {
    case 'n':
        put(" %x", slot->number);
        break;
    case 'f':
        put(" %D", slot->real);
        break;
    case 'L':
        if (slot->text[9] == 0x55 && slot->text[8] == 0x55) /* not stored */
            put(" -");
        else
            put(" %D", (double)slot->large);
        break;
    case 's':
        put(" %Q", slot->text, (size_t)16);
        break;
    case 'w':
        slot->wide[8] = 0;
        put(" %w", slot->wide);
        break;
    case 'm':
        put(" %q", slot->allocated);
        free(slot->allocated);
        break;
    case '1': /* %mc has no end: the first character */
        put(" %Q", slot->allocated, (size_t)1);
        free(slot->allocated);
        break;
    default:
        put(" %w", slot->allocated_wide);
        free(slot->allocated_wide);
        break;
    }
}

static void show(const char *function, int result)
{
    put("%s %q %q: %i", function, format, input, result);
    for (int i = 0; i < stored; i++)
        show_slot(&slots[i], shown[i]);
}

static void widen(wchar_t *wide, const char *text)
{
    while ((*wide++ = (unsigned char)*text++))
        continue;
}

static void add_directive(const char *text, char how)
{
    strcat(format, text);
    if (how != '-')
        shown[stored++] = how;
}

static void draw_case(void)
{
    static const char *const between[] = {"", " ", ",", "  ", "\n"};

    *format = *input = 0;
    stored = 0;
    for (long i = draw_between(1, 3); i > 0; i--) {
        const struct directive *directive = &directives[draw_below(COUNT(directives))];
        add_directive(directive->text, directive->shown);
        if (draw_chance(3))
            strcat(format, " ");
    }
    for (long i = draw_between(0, 3); i > 0; i--) {
        strcat(input, inputs[draw_below(COUNT(inputs))]);
        strcat(input, between[draw_below(COUNT(between))]);
    }
    add_directive("%n", 'n');
}

static void scan_string(void)
{
    int result;

    fill();
    result = sscanf(input, format, &slots[0], &slots[1], &slots[2], &slots[3]);
    show("sscanf", result);
    put("\n");
}

/* Weak, for a library without it. */
extern __typeof__(swscanf) swscanf __attribute__((weak));

static void scan_wide(void)
{
    int result;

    if (!swscanf) {
        put("swscanf %q %q: absent\n", format, input);
        return;
    }
    widen(wide_format, format);
    widen(wide_input, input);
    fill();
    result = swscanf(wide_input, wide_format, &slots[0], &slots[1], &slots[2], &slots[3]);
    show("swscanf", result);
    put("\n");
}

/* From a stream, to see what is left to read: one character at most was looked at and put back. */
static void scan_stream(void)
{
    FILE *stream;
    int result, next, end;

    if (!*input)
        return;
    stream = fmemopen(input, strlen(input), "r");
    fill();
    result = fscanf(stream, format, &slots[0], &slots[1], &slots[2], &slots[3]);
    next = getc(stream);
    end = feof(stream) != 0;
    fclose(stream);
    show("fscanf", result);
    if (next == EOF)
        put(" end %i\n", end);
    else
        put(" next %c\n", next);
}

/* --- Listed ---------------------------------------------------------------------------------------------- */

static const struct listed_case {
    const char *input, *format, *shown;
} cases[] = {
    {"2.5", "%Lf", "L"},
    {"1e300", "%Lf", "L"},
    {"1.25", "%Le", "L"},
    {"0x1.8p1", "%la", "f"},
    {"0x1.8p1 tail", "%la%n", "fn"},
    {"hello world", "%ms", "m"},
    {"hello world", "%ms%m[ ]%ms", "mmm"},
    {"abc", "%ls", "w"},
    {"abc", "%l[ab]", "w"},
    {"7", "%'d", "n"},
    {"1 2 3", "%3$d %1$d %2$d", "nnn"},
    {"1 2.5 x", "%2$d %1$lf %3$c", "fns"},
    {"abc 12", "%2$s %1$x", "ns"},
    {"5 6", "%2$*d %1$d", "n"},
    {"12:34:56", "%d:%d:%d", "nnn"},
    {"12:34", "%d:%d:%d", "nnn"},
    {"12-34", "%d%d", "nn"},
    {"", "%d", "n"},
    {" ", "%d", "n"},
    {"", "%c", "s"},
    {"", "%n", "n"},
    {"", "x", ""},
    {"x", "x", ""},
    {"y", "x", ""},
    {"a1", "a%d", "n"},
    {"b1", "a%d", "n"},
    {" %5", " %%%d", "n"},
    {"  x", "%c", "s"},
    {"  x", " %c", "s"},
    {"abcdef", "%2c%2c", "ss"},
    {"ab", "%3c", "s"},
    {"abc", "%3c%n", "sn"},
    {"[abc]", "[%[^]]]", "s"},
    {"]]]x", "%[]]", "s"},
    {"^a", "%[^^]", "s"},
    {"a^", "%[a^]", "s"},
    {"abc", "%[d]", "s"},
    {"a-c", "%[a-]", "s"},
    {"0123456789", "%2d%3d%4d", "nnn"},
    {"-5", "%1d", "n"},
    {"-5", "%2d", "n"},
    {"+5", "%u", "n"},
    {"-5", "%u", "n"},
    {"0x", "%x%n", "nn"},
    {"0xg", "%x%c", "ns"},
    {"0x1", "%2x%c", "ns"},
    {"0x1", "%1x%s", "ns"},
    {"0x1f", "%i", "n"},
    {"0x1f", "%d%c", "ns"},
    {"077", "%i", "n"},
    {"1e", "%lf", "f"},
    {"1e-", "%lf%c", "fs"},
    {"100ergs", "%lf%s", "fs"},
    {"1.5.5", "%lf%lf", "ff"},
    {"infinit", "%lf", "f"},
    {"nano", "%lf%s", "fs"},
    {"123456789", "%4lf", "f"},
    {"1e10", "%3lf%d", "fn"},
    {"-.5e-2", "%lf", "f"},
    {"100", "%hhd", "n"},
    {"32000", "%hd", "n"},
    {"9000000000000000000", "%jd", "n"},
    {"9000000000000000000", "%zd%n", "nn"},
    {"12", "%*d%n", "n"},
    {"12 34", "%*d%d", "n"},
    {"a b", "%s%n %s%hhn", "snsn"},
    {"word", "%2s%s", "ss"},
    {"\t word", "%s", "s"},
    {"1", "%d %d", "nn"},
    {"1 x", "%d %d", "nn"},
};

static void choose_listed(const struct listed_case *listed)
{
    strcpy(format, listed->format);
    strcpy(input, listed->input);
    strcpy(shown, listed->shown);
    stored = (int)strlen(shown);
}

static void run_utf8(void)
{
    static const struct listed_case utf8[] = {
        {"h\xc3\xa9t\xc3\xa9 x", "%ls%n", "wn"},
        {"h\xc3\xa9t\xc3\xa9", "%2ls%ls", "ww"},
        {"\xe2\x82\xac"
         "5",
         "%lc%d", "wn"},
        {"\xe2\x82\xac"
         "5",
         "%C%n", "wn"},
        {"\xc3\xa9\xc3\xa8", "%1l[\xc3\xa9]%n", "wn"},
        {"\xc3\xa9", "%s%n", "sn"},
        {"\xc3(", "%ls", "w"},
        {"\xc3\xa9z", "\xc3\xa9%c", "s"},
    };

    setlocale(LC_ALL, "C.UTF-8");
    for (size_t i = 0; i < COUNT(utf8); i++) {
        choose_listed(&utf8[i]);
        scan_string();
    }
    setlocale(LC_ALL, "C");
}

void run_scanf(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        choose_listed(&cases[i]);
        scan_string();
        scan_stream();
    }
    draw_begin("scanf");
    for (long i = draw_cases(1500); i > 0; i--) {
        draw_case();
        scan_string();
        if (i % 3 == 0)
            scan_stream();
    }
    run_utf8();
}

void run_wscanf(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        choose_listed(&cases[i]);
        scan_wide();
    }
    draw_begin("wscanf");
    for (long i = draw_cases(300); i > 0; i--) {
        draw_case();
        scan_wide();
    }
}
