/* SPDX-License-Identifier: MIT
 *
 * What the small programs in user/bin do alike (user/lib/tool/tool.h): arguments, numbers, messages. */
#include "user/lib/tool/tool.h"
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *tool_name = "";
int tool_status, tool_trouble = 1;

static const char *tool_help = "";

_Noreturn void tool_usage(const char *usage)
{
    fprintf(stderr, "usage: %s\n", usage);
    exit(TOOL_MISUSED);
}

void tool_arguments(int argc, char **argv, int least, int most, const char *usage)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        printf("usage: %s\n", usage);
        exit(0);
    }
    if (argc - 1 < least || (most >= 0 && argc - 1 > most))
        tool_usage(usage);
}

_Noreturn void tool_fail(const char *name, const char *text, int error)
{
    if (error)
        fprintf(stderr, "%s: %s: %s\n", name, text, strerror(error));
    else
        fprintf(stderr, "%s: %s\n", name, text);
    exit(1);
}

long tool_number(const char *text, long most)
{
    char *end;

    if (!isdigit((unsigned char)*text))
        return -1;
    errno = 0;
    long value = strtol(text, &end, 10);
    return *end || errno || value > most ? -1 : value;
}

long tool_seconds(const char *text)
{
    char *end;
    double value = strtod(text, &end);

    if (!(isdigit((unsigned char)*text) || *text == '.') || *end)
        return -1;
    return value > 0 && value <= 86400 ? (long)(value * 1e9) : -1;
}

void tool_begin(char **argv, const char *usage)
{
    const char *slash = argv[0] ? strrchr(argv[0], '/') : NULL;

    tool_name = slash ? slash + 1 : argv[0] ? argv[0] : "";
    tool_help = usage;
    if (argv[0] && argv[1] && !argv[2] && strcmp(argv[1], "--help") == 0) {
        printf("usage: %s\n", usage);
        exit(0);
    }
}

_Noreturn void tool_misused(void)
{
    fprintf(stderr, "usage: %s\n", tool_help);
    exit(tool_trouble);
}

/* Standard output first, so that the two streams keep their order. */
static void message(const char *format, va_list list, int error)
{
    char text[256];

    fflush(stdout);
    vsnprintf(text, sizeof(text), format, list);
    if (error)
        fprintf(stderr, "%s: %s: %s\n", tool_name, text, strerror(error));
    else
        fprintf(stderr, "%s: %s\n", tool_name, text);
    tool_status = 1;
}

int tool_warn(const char *format, ...)
{
    int error = errno;
    va_list list;

    va_start(list, format);
    message(format, list, error);
    va_end(list);
    return -1;
}

int tool_say(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    message(format, list, 0);
    va_end(list);
    return -1;
}

_Noreturn void tool_die(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    message(format, list, 0);
    va_end(list);
    exit(tool_trouble);
}

int tool_end(void)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        tool_warn("standard output");
    return tool_status;
}

int tool_ask(const char *format, ...)
{
    va_list list;
    int c, answer;

    fprintf(stderr, "%s: ", tool_name);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fprintf(stderr, "? ");
    for (answer = c = getchar(); c != '\n' && c != EOF;)
        c = getchar();
    return answer == 'y' || answer == 'Y';
}

void *tool_memory(void *memory, size_t size)
{
    memory = realloc(memory, size ? size : 1);
    if (!memory) {
        errno = ENOMEM;
        tool_warn("memory");
        exit(tool_trouble);
    }
    return memory;
}

long long tool_size(const char *text, char **end)
{
    static const char units[] = "kKmMgGtT";

    *end = (char *)text;
    if (!isdigit((unsigned char)*text))
        return -1;
    errno = 0;
    long long value = strtoll(text, end, 10);
    long long unit = 1;
    const char *at = **end ? strchr(units, **end) : NULL;
    if (at)
        unit = 1ll << 10 * ((at - units) / 2 + 1);
    else if (**end == 'b')
        unit = 512;
    *end += unit > 1;
    return errno || __builtin_mul_overflow(value, unit, &value) ? -1 : value;
}

const char *tool_human(char text[24], unsigned long long bytes)
{
    const char *unit = "\0KMGTPE";
    unsigned long long tenths = bytes * 10;

    if (bytes < 1024) {
        snprintf(text, 24, "%llu", bytes);
        return text;
    }
    if (bytes >= 1ull << 60) /* no overflow in tenths */
        tenths = ~0ull;
    for (; tenths >= 10240 && unit[1]; unit++)
        tenths = tenths / 1024 + (tenths % 1024 != 0);
    if (tenths <= 99)
        snprintf(text, 24, "%llu.%llu%c", tenths / 10, tenths % 10, *unit);
    else
        snprintf(text, 24, "%llu%c", (tenths + 9) / 10, *unit);
    return text;
}
