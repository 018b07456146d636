/* SPDX-License-Identifier: MIT
 *
 * tr [-cCds] string1 [string2] (POSIX XCU tr). Of bytes. */
#include "user/lib/tool/tool.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BYTES 256
#define SET_ROOM 4096

struct set {
    unsigned char v[SET_ROOM];
    size_t n;
    size_t fill; /* [x*]: where it stands, +1; 0: none */
};

static const struct {
    const char *name;
    int (*is)(int);
} classes[] = {
    {"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank}, {"cntrl", iscntrl},
    {"digit", isdigit}, {"graph", isgraph}, {"lower", islower}, {"print", isprint},
    {"punct", ispunct}, {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit},
};

static void add(struct set *set, int c)
{
    if (set->n == SET_ROOM)
        tool_die("the string is too long");
    set->v[set->n++] = (unsigned char)c;
}

/* One character, perhaps escaped, at *text, which moves on. */
static int take(const char **text)
{
    static const char letters[] = "abfnrtv\\", values[] = "\a\b\f\n\r\t\v\\";
    int c = (unsigned char)*(*text)++, value = 0;

    if (c != '\\' || !**text)
        return c;
    if (**text >= '0' && **text <= '7') {
        for (int i = 0; i < 3 && **text >= '0' && **text <= '7'; i++)
            value = 8 * value + *(*text)++ - '0';
        return value & 0xff;
    }
    const char *at = strchr(letters, **text);
    c = at ? values[at - letters] : **text;
    ++*text;
    return c;
}

/* [:class:], [=c=] and [c*n] at text; how many bytes of it they were, 0 if none was there. */
static size_t take_bracket(const char *text, struct set *set)
{
    const char *end;

    if (text[1] == ':' && (end = strstr(text + 2, ":]"))) {
        for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
            if (strncmp(classes[i].name, text + 2, (size_t)(end - text - 2)) == 0 &&
                !classes[i].name[end - text - 2]) {
                for (int c = 0; c < BYTES; c++)
                    if (classes[i].is(c))
                        add(set, c);
                return (size_t)(end - text) + 2;
            }
        tool_die("invalid character class");
    }
    if (text[1] == '=' && text[2] && text[3] == '=' && text[4] == ']') {
        add(set, (unsigned char)text[2]);
        return 5;
    }
    const char *at = text + 1;
    if (!*at)
        return 0;
    int c = take(&at);
    if (*at != '*' || !(end = strchr(at, ']')) ||
        strspn(at + 1, "0123456789") != (size_t)(end - at - 1))
        return 0;
    unsigned long count = strtoul(at + 1, NULL, at[1] == '0' ? 8 : 10);
    if (count == 0) {
        set->fill = set->n + 1;
        add(set, c);
    }
    for (; count > 0; count--)
        add(set, c);
    return (size_t)(end - text) + 1;
}

static void parse(const char *text, struct set *set)
{
    while (*text) {
        size_t skipped = *text == '[' ? take_bracket(text, set) : 0;
        text += skipped;
        if (skipped)
            continue;
        int first = take(&text);
        if (*text != '-' || !text[1]) {
            add(set, first);
            continue;
        }
        text++;
        int last = take(&text);
        if (last < first)
            tool_die("the range is in reverse order");
        for (int c = first; c <= last; c++)
            add(set, c);
    }
}

static void complement(struct set *set)
{
    unsigned char has[BYTES] = {0};

    for (size_t i = 0; i < set->n; i++)
        has[set->v[i]] = 1;
    set->n = 0;
    for (int c = 0; c < BYTES; c++)
        if (!has[c])
            add(set, c);
}

/* Makes the second set as long as the first: at [x*], else by its last character. */
static void extend(struct set *set, size_t length)
{
    size_t at = set->fill ? set->fill : set->n;

    while (set->n < length && set->n > 0) {
        add(set, 0);
        memmove(set->v + at, set->v + at - 1, set->n - at);
    }
}

int main(int argc, char **argv)
{
    static struct set from, to;
    static unsigned char map[BYTES], drop[BYTES], once[BYTES];
    int option, complemented = 0, delete = 0, squeeze = 0, last = -1, c;

    tool_begin(argv, "tr [-cCds] string1 [string2]");
    while ((option = getopt(argc, argv, "+cCds")) != -1)
        switch (option) {
        case 'c':
        case 'C':
            complemented = 1;
            break;
        case 'd':
            delete = 1;
            break;
        case 's':
            squeeze = 1;
            break;
        default:
            tool_misused();
        }
    int sets = argc - optind;
    if (sets < 1 || sets > 2 || (sets == 1 && !squeeze && !delete) ||
        (sets == 2 && !squeeze && delete))
        tool_misused();
    parse(argv[optind], &from);
    if (sets == 2)
        parse(argv[optind + 1], &to);
    if (complemented)
        complement(&from);
    for (c = 0; c < BYTES; c++)
        map[c] = (unsigned char)c;
    if (sets == 2 && !delete) {
        if (to.n == 0)
            tool_die("string2 is empty");
        extend(&to, from.n);
        for (size_t i = 0; i < from.n; i++)
            map[from.v[i]] = to.v[i];
    }
    for (size_t i = 0; i < from.n && delete; i++)
        drop[from.v[i]] = 1;
    const struct set *squeezed = sets == 2 ? &to : &from;
    for (size_t i = 0; squeeze && i < squeezed->n; i++)
        once[squeezed->v[i]] = 1;
    while ((c = getchar()) != EOF) {
        if (drop[c])
            continue;
        c = map[c];
        if (c == last && once[c])
            continue;
        putchar(c);
        last = c;
    }
    return tool_end();
}
