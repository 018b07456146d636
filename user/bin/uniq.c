/* SPDX-License-Identifier: MIT
 *
 * uniq [-cdui] [-f fields] [-s chars] [-w chars] [input [output]] (POSIX XCU uniq). */
#include "user/lib/tool/tool.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static int show_count, only_repeated, only_unique, ignore_case;
static long skip_fields, skip_chars, compare_chars = -1;

/* The part of a line that is compared. */
static const char *part(const char *line)
{
    for (long n = skip_fields; n > 0; n--) {
        while (isblank((unsigned char)*line))
            line++;
        while (*line && !isblank((unsigned char)*line))
            line++;
    }
    for (long n = skip_chars; n > 0 && *line; n--)
        line++;
    return line;
}

static int equal(const char *a, const char *b)
{
    size_t most = compare_chars >= 0 ? (size_t)compare_chars : ~(size_t)0 >> 1;

    a = part(a);
    b = part(b);
    return (ignore_case ? strncasecmp(a, b, most) : strncmp(a, b, most)) == 0;
}

static void print(const char *line, unsigned long count, FILE *out)
{
    if ((only_repeated && count < 2) || (only_unique && count > 1))
        return;
    if (show_count)
        fprintf(out, "%7lu ", count);
    fprintf(out, "%s\n", line);
}

static long number(const char *text)
{
    long value = tool_number(text, 1l << 30);

    if (value < 0)
        tool_die("%s: not a number", text);
    return value;
}

static void run(FILE *in, FILE *out)
{
    char *line = NULL, *last = NULL;
    size_t room = 0, last_room = 0;
    unsigned long count = 0;
    ssize_t n;

    while ((n = getline(&line, &room, in)) >= 0) {
        if (n > 0 && line[n - 1] == '\n')
            line[n - 1] = '\0';
        if (count && equal(last, line)) {
            count++;
            continue;
        }
        if (count)
            print(last, count, out);
        char *old = last;
        size_t old_room = last_room;
        last = line;
        last_room = room;
        line = old;
        room = old_room;
        count = 1;
    }
    if (count)
        print(last, count, out);
    free(line);
    free(last);
}

int main(int argc, char **argv)
{
    FILE *out = stdout;
    int option;

    tool_begin(argv, "uniq [-cdui] [-f fields] [-s chars] [-w chars] [input [output]]");
    while ((option = getopt(argc, argv, "cduif:s:w:")) != -1)
        switch (option) {
        case 'c':
            show_count = 1;
            break;
        case 'd':
            only_repeated = 1;
            break;
        case 'u':
            only_unique = 1;
            break;
        case 'i':
            ignore_case = 1;
            break;
        case 'f':
            skip_fields = number(optarg);
            break;
        case 's':
            skip_chars = number(optarg);
            break;
        case 'w':
            compare_chars = number(optarg);
            break;
        default:
            tool_misused();
        }
    if (argc - optind > 2)
        tool_misused();
    const char *path = optind < argc ? argv[optind] : "-";
    FILE *in = tool_open(path);
    if (!in)
        return tool_end();
    if (argc - optind == 2 && !(out = fopen(argv[optind + 1], "w"))) {
        tool_warn("%s", argv[optind + 1]);
        return tool_end();
    }
    run(in, out);
    tool_close(in, path);
    if (out != stdout && fclose(out) != 0)
        tool_warn("%s", argv[optind + 1]);
    return tool_end();
}
