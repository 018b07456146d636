/* SPDX-License-Identifier: MIT
 *
 * grep [-EFGHLRbchilnoqrsvwx] [-m number] [-A n] [-B n] [-C n] [-e pattern]... [-f file]... [pattern]
 * [file]... (POSIX XCU grep; the rest as elsewhere). Regular expressions are the C library's. */
#include "user/lib/tool/tool.h"
#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STATUS_ERROR 2
#define NONE ((size_t)-1)

struct pattern {
    char *text;
    size_t length;
    regex_t regex;
};

static struct pattern *patterns;
static size_t pattern_count;

static int extended, fixed, count_only, ignore_case, list_files, list_without, numbers, only, quiet;
static int recursive, silent, invert, whole_word, whole_line, offsets, with_name = -1;
static long long limit = -1, before, after;
static int any_match;

/* One file being read. */
struct input {
    const char *name;
    long long line, matches, left_after; /* lines of context still to be printed */
    unsigned long long offset;           /* of the line's first byte */
    long long printed;                   /* number of the last line printed; 0: none */
    struct held {                        /* a ring of the last `before` lines */
        char *text;
        size_t length;
        unsigned long long offset;
    } * held;
    long long held_count;
    int is_binary;
};

static void pattern_add(const char *text, size_t length)
{
    patterns = tool_memory(patterns, (pattern_count + 1) * sizeof(*patterns));
    struct pattern *p = &patterns[pattern_count++];
    p->text = memcpy(tool_memory(NULL, length + 1), text, length);
    p->text[length] = '\0';
    p->length = length;
}

/* Each line of text is a pattern. */
static void patterns_add(const char *text)
{
    for (;;) {
        size_t length = strcspn(text, "\n");
        pattern_add(text, length);
        if (!text[length])
            return;
        text += length + 1;
    }
}

static void patterns_read(const char *path)
{
    FILE *file = tool_open(path);
    char *line = NULL;
    size_t room = 0;
    ssize_t length;

    if (!file)
        exit(STATUS_ERROR);
    while ((length = getline(&line, &room, file)) >= 0)
        pattern_add(line, (size_t)length - (length > 0 && line[length - 1] == '\n'));
    free(line);
    tool_close(file, path);
}

/* Behind the bracket expression that begins at text. */
static const char *bracket_end(const char *text)
{
    const char *at = text + 1 + (text[1] == '^');

    at += *at == ']';
    while (*at && *at != ']')
        if (*at == '[' && at[1] && strchr(":.=", at[1])) {
            char kind = at[1];
            for (at += 2; *at && !(*at == kind && at[1] == ']');)
                at++;
            at += *at ? 2 : 0;
        } else {
            at++;
        }
    return *at ? at + 1 : at;
}

/* The pattern with () where an alternative is empty, which the library's regcomp wants to be told. */
static char *fill_empty(const char *text)
{
    char *result = tool_memory(NULL, 3 * strlen(text) + 3), *to = result;
    int open = 1; /* an alternative begins here */

    if (!extended) {
        strcpy(result, *text ? text : "^");
        return result;
    }
    for (;;) {
        if (open && (!*text || *text == '|' || *text == ')'))
            to = stpcpy(to, "()");
        if (!*text)
            break;
        const char *end = *text == '[' ? bracket_end(text) : text + 1 + (*text == '\\' && text[1]);
        open = *text == '|' || *text == '(';
        while (text < end)
            *to++ = *text++;
    }
    *to = '\0';
    return result;
}

static void patterns_compile(void)
{
    char error[128];

    for (size_t i = 0; i < pattern_count && !fixed; i++) {
        char *text = fill_empty(patterns[i].text);
        int result = regcomp(&patterns[i].regex, text,
                             (extended ? REG_EXTENDED : 0) | (ignore_case ? REG_ICASE : 0));
        free(text);
        if (result) {
            regerror(result, &patterns[i].regex, error, sizeof(error));
            tool_die("%s: %s", patterns[i].text, error);
        }
    }
}

static int equal(const char *a, const char *b, size_t length)
{
    if (!ignore_case)
        return memcmp(a, b, length) == 0;
    for (size_t i = 0; i < length; i++)
        if (tolower((unsigned char)a[i]) != tolower((unsigned char)b[i]))
            return 0;
    return 1;
}

/* Where p matches first in text[from, length): *start and *end. */
static int find_one(const struct pattern *p, const char *text, size_t length, size_t from,
                    size_t *start, size_t *end)
{
    if (fixed) {
        for (size_t at = from; at + p->length <= length; at++)
            if (equal(text + at, p->text, p->length)) {
                *start = at;
                *end = at + p->length;
                return 1;
            }
        return 0;
    }
    regmatch_t match = {.rm_so = (regoff_t)from, .rm_eo = (regoff_t)length};
    if (regexec(&p->regex, text, 1, &match, REG_STARTEND | (from ? REG_NOTBOL : 0)) != 0)
        return 0;
    *start = (size_t)match.rm_so;
    *end = (size_t)match.rm_eo;
    return 1;
}

static int is_word(const char *text, size_t length, size_t at)
{
    return at < length && (isalnum((unsigned char)text[at]) || text[at] == '_');
}

static int is_accepted(const char *text, size_t length, size_t start, size_t end)
{
    if (whole_line)
        return start == 0 && end == length;
    return !whole_word ||
           (!(start > 0 && is_word(text, length, start - 1)) && !is_word(text, length, end));
}

/* The leftmost, then longest, match of any pattern from `from` on. */
static int find(const char *text, size_t length, size_t from, size_t *start, size_t *end)
{
    size_t s, e;

    *start = NONE;
    for (size_t i = 0; i < pattern_count; i++)
        for (size_t at = from; at <= length && find_one(&patterns[i], text, length, at, &s, &e);
             at = s + 1) {
            if (!is_accepted(text, length, s, e))
                continue;
            if (*start == NONE || s < *start || (s == *start && e > *end)) {
                *start = s;
                *end = e;
            }
            break;
        }
    return *start != NONE;
}

static void print_head(const struct input *in, long long line, unsigned long long offset, char mark)
{
    if (with_name)
        printf("%s%c", in->name, mark);
    if (numbers)
        printf("%lld%c", line, mark);
    if (offsets)
        printf("%llu%c", offset, mark);
}

static void print_line(struct input *in, long long line, const char *text, size_t length,
                       unsigned long long offset, char mark)
{
    if ((before || after) && in->printed && line > in->printed + 1)
        puts("--");
    in->printed = line;
    print_head(in, line, offset, mark);
    fwrite(text, 1, length, stdout);
    putchar('\n');
}

static void print_only(const struct input *in, const char *text, size_t length)
{
    size_t start, end;

    for (size_t from = 0; from <= length && find(text, length, from, &start, &end);) {
        from = end;
        if (start == end) {
            from = end + 1;
            continue;
        }
        print_head(in, in->line, in->offset + start, ':');
        fwrite(text + start, 1, end - start, stdout);
        putchar('\n');
    }
}

/* Keeps a line that did not match, for -B, or prints it, for -A. */
static void context(struct input *in, const char *text, size_t length)
{
    if (in->left_after > 0) {
        in->left_after--;
        print_line(in, in->line, text, length, in->offset, '-');
    } else if (before > 0) {
        struct held *h = &in->held[in->held_count++ % before];
        h->text = memcpy(tool_memory(h->text, length), text, length);
        h->length = length;
        h->offset = in->offset;
    }
}

static void matched(struct input *in, const char *text, size_t length)
{
    long long held = in->held_count < before ? in->held_count : before;

    for (long long i = held; i > 0; i--) {
        struct held *h = &in->held[(in->held_count - i) % before];
        print_line(in, in->line - i, h->text, h->length, h->offset, '-');
    }
    in->held_count = 0;
    in->left_after = after;
    if (only && !invert)
        print_only(in, text, length);
    else if (!only)
        print_line(in, in->line, text, length, in->offset, ':');
}

/* What -c, -l and -L say when a file is done. */
static void summary(const struct input *in)
{
    if (count_only) {
        if (with_name)
            printf("%s:", in->name);
        printf("%lld\n", in->matches);
    }
    if (list_files && in->matches)
        puts(in->name);
    if (list_without && !in->matches)
        puts(in->name);
}

static int wants_lines(void)
{
    return !quiet && !count_only && !list_files && !list_without;
}

static void search(FILE *file, const char *name)
{
    struct input in = {.name = file == stdin ? "(standard input)" : name};
    char *line = NULL;
    size_t room = 0, start, end;
    ssize_t n;

    in.held = calloc((size_t)before + 1, sizeof(*in.held));
    while (limit != 0 && (n = getline(&line, &room, file)) >= 0) {
        size_t length = (size_t)n - (n > 0 && line[n - 1] == '\n');
        in.line++;
        in.is_binary |= memchr(line, 0, length) != NULL;
        if (limit > 0 && in.matches == limit)
            context(&in, line, length);
        else if (find(line, length, 0, &start, &end) == !invert) {
            any_match = 1;
            if (quiet)
                exit(0);
            in.matches++;
            if (wants_lines() && in.is_binary) {
                printf("%s: %s: binary file matches\n", tool_name, in.name);
                break;
            }
            if (wants_lines())
                matched(&in, line, length);
            else if (!count_only)
                break;
        } else if (wants_lines()) {
            context(&in, line, length);
        }
        in.offset += (size_t)n;
        if (limit > 0 && in.matches == limit && in.left_after == 0)
            break;
    }
    for (long long i = 0; i < before; i++)
        free(in.held[i].text);
    free(in.held);
    free(line);
    summary(&in);
}

static void search_path(const char *path, int is_operand)
{
    struct stat status;

    if (strcmp(path, "-") == 0) {
        search(stdin, path);
        return;
    }
    if ((is_operand ? stat(path, &status) : lstat(path, &status)) < 0) {
        if (!silent)
            tool_warn("%s", path);
        tool_status = STATUS_ERROR;
        return;
    }
    if (S_ISDIR(status.st_mode) && !recursive) {
        if (!silent)
            tool_say("%s: Is a directory", path);
        return;
    }
    if (S_ISDIR(status.st_mode)) {
        char **names = tool_names(path);
        if (!names && !silent)
            tool_warn("%s", path);
        for (char **name = names; name && *name; name++) {
            char *child =
                strcmp(path, ".") == 0 && !is_operand ? strdup(*name) : tool_path(path, *name);
            search_path(child, 0);
            free(child);
        }
        if (names)
            tool_names_free(names);
        return;
    }
    if (!is_operand && !S_ISREG(status.st_mode))
        return;
    FILE *file = fopen(path, "r");
    if (!file) {
        if (!silent)
            tool_warn("%s", path);
        tool_status = STATUS_ERROR;
        return;
    }
    search(file, path);
    tool_close(file, path);
}

static long long number(const char *text)
{
    long value = tool_number(text, 1l << 30);

    if (value < 0)
        tool_die("%s: not a number", text);
    return value;
}

static void take_option(int option)
{
    switch (option) {
    case 'E':
    case 'F':
    case 'G':
        extended = option == 'E';
        fixed = option == 'F';
        break;
    case 'H':
    case 'h':
        with_name = option == 'H';
        break;
    case 'L':
        list_without = 1;
        break;
    case 'R':
    case 'r':
        recursive = 1;
        break;
    case 'b':
        offsets = 1;
        break;
    case 'c':
        count_only = 1;
        break;
    case 'i':
    case 'y':
        ignore_case = 1;
        break;
    case 'l':
        list_files = 1;
        break;
    case 'n':
        numbers = 1;
        break;
    case 'o':
        only = 1;
        break;
    case 'q':
        quiet = 1;
        break;
    case 's':
        silent = 1;
        break;
    case 'v':
        invert = 1;
        break;
    case 'w':
        whole_word = 1;
        break;
    case 'x':
        whole_line = 1;
        break;
    case 'A':
        after = number(optarg);
        break;
    case 'B':
        before = number(optarg);
        break;
    case 'C':
        before = after = number(optarg);
        break;
    case 'm':
        limit = number(optarg);
        break;
    case 'e':
        patterns_add(optarg);
        break;
    case 'f':
        patterns_read(optarg);
        break;
    default:
        tool_misused();
    }
}

int main(int argc, char **argv)
{
    int option, has_patterns = 0;

    tool_begin(argv, "grep [-EFGHLRbchilnoqrsvwx] [-m number] [-A n] [-B n] [-C n] [-e pattern]... "
                     "[-f file]... [pattern] [file]...");
    tool_trouble = TOOL_MISUSED;
    if (strcmp(tool_name, "egrep") == 0)
        extended = 1;
    if (strcmp(tool_name, "fgrep") == 0)
        fixed = 1;
    while ((option = getopt(argc, argv, "EFGHLRbchilnoqrsvwxyA:B:C:m:e:f:")) != -1) {
        has_patterns |= option == 'e' || option == 'f';
        take_option(option);
    }
    if (!has_patterns) {
        if (optind == argc)
            tool_misused();
        patterns_add(argv[optind++]);
    }
    patterns_compile();
    if (with_name < 0)
        with_name = argc - optind > 1 || recursive;
    if (count_only || list_files || list_without || quiet || only)
        before = after = 0;
    if (list_files || list_without)
        count_only = 0;
    if (optind == argc)
        search_path(recursive ? "." : "-", !recursive);
    for (int i = optind; i < argc; i++)
        search_path(argv[i], 1);
    int failed = tool_end();
    return failed ? STATUS_ERROR : !any_match;
}
