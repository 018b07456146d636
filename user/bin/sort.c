/* SPDX-License-Identifier: MIT
 *
 * sort [-bCcdfghimMnrsu] [-k start[,end]]... [-t separator] [-o file] [file]... (POSIX XCU sort). All
 * lines are in memory; bytes are compared. -m merges by sorting. */
#include "user/lib/tool/tool.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { TEXT, NUMERIC = 'n', GENERAL = 'g', HUMAN = 'h', MONTH = 'M' };

struct options {
    int how, reverse, fold, dictionary, printable, blanks;
};

struct key {
    unsigned long start, start_char, end, end_char; /* from 1; end 0: the line's end */
    struct options options;
    int own; /* it has options of its own */
    int start_blanks, end_blanks;
};

struct line {
    char *text;
    size_t length, number;
};

static struct options global;
static struct key *keys;
static size_t key_count, line_count;
static struct line *lines;
static int separator = -1, stable, unique, check;

/* --- Numbers as text, of any length -------------------------------------------------------- */

struct number {
    const char *whole, *fraction;
    size_t whole_length, fraction_length;
    int negative, unit;
};

static struct number number_of(const char *at, const char *end, int human)
{
    static const char units[] = "KMGTPEZY";
    struct number n = {0};

    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    if (at < end && *at == '-') {
        n.negative = 1;
        at++;
    }
    while (at < end && *at == '0')
        at++;
    for (n.whole = at; at < end && isdigit((unsigned char)*at); at++)
        n.whole_length++;
    if (at < end && *at == '.')
        for (n.fraction = ++at; at < end && isdigit((unsigned char)*at); at++)
            n.fraction_length++;
    while (n.fraction_length && n.fraction[n.fraction_length - 1] == '0')
        n.fraction_length--;
    if (n.whole_length + n.fraction_length == 0)
        n.negative = 0; /* no number, or zero */
    else if (human && at < end && *at) {
        const char *unit = strchr(units, *at == 'k' ? 'K' : *at);
        n.unit = unit ? (int)(unit - units) + 1 : 0;
    }
    return n;
}

static int magnitude(const struct number *a, const struct number *b)
{
    if (a->unit != b->unit)
        return a->unit < b->unit ? -1 : 1;
    if (a->whole_length != b->whole_length)
        return a->whole_length < b->whole_length ? -1 : 1;
    int result = a->whole_length ? memcmp(a->whole, b->whole, a->whole_length) : 0;
    size_t common =
        a->fraction_length < b->fraction_length ? a->fraction_length : b->fraction_length;
    if (result == 0 && common)
        result = memcmp(a->fraction, b->fraction, common);
    return result ? result
                  : (a->fraction_length > b->fraction_length) -
                        (a->fraction_length < b->fraction_length);
}

static int compare_numbers(struct number a, struct number b)
{
    if (a.negative != b.negative)
        return a.negative ? -1 : 1;
    return a.negative ? magnitude(&b, &a) : magnitude(&a, &b);
}

/* Texts that are no numbers come first. */
static int compare_general(const char *a, const char *b)
{
    char *a_end, *b_end;
    double x = strtod(a, &a_end), y = strtod(b, &b_end);

    if (a_end == a || b_end == b)
        return (a_end != a) - (b_end != b);
    return (x > y) - (x < y);
}

static int month_of(const char *at, const char *end)
{
    static const char *const names[] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                        "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};

    while (at < end && isblank((unsigned char)*at))
        at++;
    for (int i = 0; i < 12 && end - at >= 3; i++)
        if (strncasecmp(at, names[i], 3) == 0)
            return i + 1;
    return 0;
}

/* --- Keys ----------------------------------------------------------------------------------- */

/* Where the field of that number (from 1) begins; the line's end when there are fewer. */
static const char *field_start(const char *at, const char *end, unsigned long field)
{
    for (; field > 1 && at < end; field--) {
        if (separator >= 0) {
            while (at < end && *at != (char)separator)
                at++;
            if (at < end)
                at++;
            continue;
        }
        while (at < end && isblank((unsigned char)*at))
            at++;
        while (at < end && !isblank((unsigned char)*at))
            at++;
    }
    return at;
}

static const char *field_end(const char *at, const char *end)
{
    if (separator >= 0) {
        while (at < end && *at != (char)separator)
            at++;
        return at;
    }
    while (at < end && isblank((unsigned char)*at))
        at++;
    while (at < end && !isblank((unsigned char)*at))
        at++;
    return at;
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && isblank((unsigned char)*at))
        at++;
    return at;
}

static void key_bounds(const struct key *key, const struct line *line, const char **from,
                       const char **to)
{
    const char *end = line->text + line->length;
    const char *at = field_start(line->text, end, key->start);

    if (key->start_blanks)
        at = skip_blanks(at, end);
    *from = (size_t)(end - at) < key->start_char - 1 ? end : at + key->start_char - 1;
    *to = end;
    if (key->end) {
        at = field_start(line->text, end, key->end);
        if (key->end_char == 0) {
            *to = field_end(at, end);
        } else {
            if (key->end_blanks)
                at = skip_blanks(at, end);
            *to = (size_t)(end - at) < key->end_char ? end : at + key->end_char;
        }
    }
    if (*to < *from)
        *to = *from;
}

static int is_skipped(const struct options *o, unsigned char c)
{
    return (o->dictionary && !isalnum(c) && !isblank(c)) || (o->printable && !isprint(c));
}

static int compare_text(const struct options *o, const char *a, const char *a_end, const char *b,
                        const char *b_end)
{
    if (!o->dictionary && !o->printable && !o->fold) {
        size_t m = (size_t)(a_end - a), n = (size_t)(b_end - b);
        int result = memcmp(a, b, m < n ? m : n);
        return result ? result : (m > n) - (m < n);
    }
    for (;; a++, b++) {
        while (a < a_end && is_skipped(o, (unsigned char)*a))
            a++;
        while (b < b_end && is_skipped(o, (unsigned char)*b))
            b++;
        if (a == a_end || b == b_end)
            return (a < a_end) - (b < b_end);
        int x = (unsigned char)*a, y = (unsigned char)*b;
        if (o->fold) {
            x = toupper(x);
            y = toupper(y);
        }
        if (x != y)
            return x - y;
    }
}

static int compare_piece(const struct options *o, const char *a, const char *a_end, const char *b,
                         const char *b_end)
{
    switch (o->how) {
    case NUMERIC:
    case HUMAN:
        return compare_numbers(number_of(a, a_end, o->how == HUMAN),
                               number_of(b, b_end, o->how == HUMAN));
    case GENERAL:
        return compare_general(a, b);
    case MONTH:
        return month_of(a, a_end) - month_of(b, b_end);
    }
    return compare_text(o, a, a_end, b, b_end);
}

static int compare_keys(const struct line *x, const struct line *y)
{
    const char *a, *a_end, *b, *b_end;

    for (size_t i = 0; i < key_count; i++) {
        const struct options *o = keys[i].own ? &keys[i].options : &global;
        key_bounds(&keys[i], x, &a, &a_end);
        key_bounds(&keys[i], y, &b, &b_end);
        int result = compare_piece(o, a, a_end, b, b_end);
        if (result)
            return o->reverse ? -result : result;
    }
    return 0;
}

static int compare(const void *p, const void *q)
{
    static const struct options plain;
    const struct line *x = p, *y = q;
    int result = compare_keys(x, y);

    if (result == 0 && !stable && !unique) {
        result = compare_text(&plain, x->text, x->text + x->length, y->text, y->text + y->length);
        if (global.reverse)
            result = -result;
    }
    return result ? result : (x->number > y->number) - (x->number < y->number);
}

/* --- Options, input, output ------------------------------------------------------------------ */

static int take_letter(struct options *o, char letter)
{
    switch (letter) {
    case 'b':
        o->blanks = 1;
        return 1;
    case 'd':
        o->dictionary = 1;
        return 1;
    case 'f':
        o->fold = 1;
        return 1;
    case 'i':
        o->printable = 1;
        return 1;
    case 'r':
        o->reverse = 1;
        return 1;
    case 'n':
    case 'g':
    case 'h':
    case 'M':
        o->how = letter;
        return 1;
    }
    return 0;
}

/* FIELD[.CHAR][letters] at *text, which moves behind it. */
static int take_position(const char **text, unsigned long *field, unsigned long *in_field,
                         struct key *key, int *blanks)
{
    char *end;

    if (!isdigit((unsigned char)**text))
        return 0;
    *field = strtoul(*text, &end, 10);
    if (*end == '.') {
        if (!isdigit((unsigned char)end[1]))
            return 0;
        *in_field = strtoul(end + 1, &end, 10);
    }
    for (; *end && *end != ','; end++) {
        if (!take_letter(&key->options, *end))
            return 0;
        key->own = 1;
        *blanks |= *end == 'b';
    }
    *text = end;
    return *field > 0;
}

static void add_key(const char *text)
{
    struct key key = {.start_char = 1};
    const char *at = text;
    int good = take_position(&at, &key.start, &key.start_char, &key, &key.start_blanks);

    if (good && *at == ',') {
        at++;
        good = take_position(&at, &key.end, &key.end_char, &key, &key.end_blanks);
    }
    if (!good || *at || key.start_char == 0)
        tool_die("%s: not a key", text);
    keys = tool_memory(keys, (key_count + 1) * sizeof(*keys));
    keys[key_count++] = key;
}

static void read_lines(const char *path)
{
    static size_t room;
    char *text = NULL;
    size_t text_room = 0;
    ssize_t n;
    FILE *file = tool_open(path);

    if (!file)
        exit(TOOL_MISUSED);
    while ((n = getline(&text, &text_room, file)) >= 0) {
        size_t length = (size_t)n - (n > 0 && text[n - 1] == '\n');
        if (line_count == room)
            lines = tool_memory(lines, (room = room ? 2 * room : 256) * sizeof(*lines));
        char *copy = memcpy(tool_memory(NULL, length + 1), text, length);
        copy[length] = '\0';
        lines[line_count] = (struct line){copy, length, line_count};
        line_count++;
    }
    free(text);
    tool_close(file, path);
}

/* -c, -C: are they in order? Says which is not. */
static int check_order(const char *path)
{
    for (size_t i = 1; i < line_count; i++) {
        int result =
            unique ? compare_keys(&lines[i - 1], &lines[i]) : compare(&lines[i - 1], &lines[i]);
        if (result < 0 || (result == 0 && !unique))
            continue;
        if (check == 'c')
            fprintf(stderr, "%s: %s:%zu: disorder: %s\n", tool_name, path, i + 1, lines[i].text);
        return 1;
    }
    return 0;
}

static void write_lines(const char *path)
{
    FILE *out = path ? fopen(path, "w") : stdout;

    if (!out) {
        tool_warn("%s", path);
        exit(TOOL_MISUSED);
    }
    for (size_t i = 0; i < line_count; i++) {
        if (unique && i > 0 && compare_keys(&lines[i - 1], &lines[i]) == 0)
            continue;
        fwrite(lines[i].text, 1, lines[i].length, out);
        putc('\n', out);
    }
    if (out != stdout && fclose(out) != 0)
        tool_warn("%s", path);
}

int main(int argc, char **argv)
{
    const char *output = NULL;
    int option;

    tool_begin(argv,
               "sort [-bCcdfghimMnrsu] [-k start[,end]]... [-t separator] [-o file] [file]...");
    tool_trouble = TOOL_MISUSED;
    while ((option = getopt(argc, argv, "bCcdfghimMnrsuk:t:o:")) != -1)
        switch (option) {
        case 'C':
        case 'c':
            check = option;
            break;
        case 'm':
            break;
        case 's':
            stable = 1;
            break;
        case 'u':
            unique = 1;
            break;
        case 'k':
            add_key(optarg);
            break;
        case 't':
            if (strlen(optarg) != 1 && strcmp(optarg, "\\0") != 0)
                tool_die("%s: not one character", optarg);
            separator = *optarg == '\\' && optarg[1] ? 0 : (unsigned char)*optarg;
            break;
        case 'o':
            output = optarg;
            break;
        default:
            if (!take_letter(&global, (char)option))
                tool_misused();
        }
    if (key_count == 0) {
        add_key("1");
        keys[0].start_blanks = global.blanks;
    }
    for (size_t i = 0; i < key_count; i++)
        if (!keys[i].own && global.blanks)
            keys[i].start_blanks = keys[i].end_blanks = 1;
    if (check && argc - optind > 1)
        tool_die("-%c takes one file", check);
    if (optind == argc)
        read_lines("-");
    for (int i = optind; i < argc; i++)
        read_lines(argv[i]);
    if (check)
        return check_order(optind < argc ? argv[optind] : "-");
    if (line_count)
        qsort(lines, line_count, sizeof(*lines), compare);
    write_lines(output);
    return tool_end() ? TOOL_MISUSED : 0;
}
