/* SPDX-License-Identifier: MIT
 *
 * cut -b list [-n] | -c list | -f list [-d delimiter] [-s] [file]... (POSIX XCU cut). A byte is a
 * character. */
#include "user/lib/tool/tool.h"
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct range {
    unsigned long first, last; /* from 1, both included */
};

static struct range *ranges;
static size_t range_count;
static int delimiter = '\t', only_delimited, by_field;

static void parse_list(const char *text)
{
    while (*text) {
        struct range r = {1, ULONG_MAX};
        char *end = (char *)text;
        if (isdigit((unsigned char)*text))
            r.first = r.last = strtoul(text, &end, 10);
        else if (*text != '-')
            tool_die("invalid list: %s", text);
        if (*end == '-') {
            end++;
            r.last = isdigit((unsigned char)*end) ? strtoul(end, &end, 10) : ULONG_MAX;
        }
        if ((*end && *end != ',' && !isblank((unsigned char)*end)) || r.first == 0 ||
            r.last < r.first)
            tool_die("invalid list: %s", text);
        ranges = tool_memory(ranges, (range_count + 1) * sizeof(*ranges));
        ranges[range_count++] = r;
        text = *end ? end + 1 : end;
    }
}

static int is_chosen(unsigned long n)
{
    for (size_t i = 0; i < range_count; i++)
        if (n >= ranges[i].first && n <= ranges[i].last)
            return 1;
    return 0;
}

static void cut_bytes(const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (is_chosen(i + 1))
            putchar(line[i]);
    putchar('\n');
}

static void cut_fields(const char *line, size_t length)
{
    const char *end = line + length, *at = line;
    int written = 0;

    if (!memchr(line, delimiter, length)) {
        if (!only_delimited)
            printf("%.*s\n", (int)length, line);
        return;
    }
    for (unsigned long field = 1; at <= end; field++) {
        const char *stop = memchr(at, delimiter, (size_t)(end - at));
        if (!stop)
            stop = end;
        if (is_chosen(field)) {
            if (written++)
                putchar(delimiter);
            fwrite(at, 1, (size_t)(stop - at), stdout);
        }
        at = stop + 1;
    }
    putchar('\n');
}

static void cut_file(const char *path)
{
    FILE *in = tool_open(path);
    char *line = NULL;
    size_t room = 0;
    ssize_t n;

    if (!in)
        return;
    while ((n = getline(&line, &room, in)) >= 0) {
        size_t length = (size_t)n - (n > 0 && line[n - 1] == '\n');
        if (by_field)
            cut_fields(line, length);
        else
            cut_bytes(line, length);
    }
    free(line);
    tool_close(in, path);
}

int main(int argc, char **argv)
{
    const char *list = NULL;
    int option;

    tool_begin(argv, "cut -b list | -c list | -f list [-d delimiter] [-s] [file]...");
    while ((option = getopt(argc, argv, "b:c:f:d:ns")) != -1)
        switch (option) {
        case 'b':
        case 'c':
        case 'f':
            if (list)
                tool_die("only one list");
            list = optarg;
            by_field = option == 'f';
            break;
        case 'd':
            if (optarg[0] && optarg[1])
                tool_die("the delimiter is one character");
            delimiter = (unsigned char)*optarg;
            break;
        case 'n':
            break;
        case 's':
            only_delimited = 1;
            break;
        default:
            tool_misused();
        }
    if (!list)
        tool_misused();
    parse_list(list);
    if (optind == argc)
        cut_file("-");
    for (int i = optind; i < argc; i++)
        cut_file(argv[i]);
    return tool_end();
}
