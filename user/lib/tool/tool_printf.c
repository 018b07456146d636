/* SPDX-License-Identifier: MIT
 *
 * What `printf` writes (POSIX XCU printf), for the program and for the shell. */
#include "user/lib/tool/tool.h"
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct {
    char **argument; /* those that are left */
    int status;
    int stop; /* \c was seen */
} print;

/* An escape after its backslash; *text moves behind it. octal_zero: \0ooo, as %b and echo have it. -1:
 * \c. */
static int escape(const char **text, int octal_zero)
{
    static const char letters[] = "abfnrtv\\\"'", values[] = "\a\b\f\n\r\t\v\\\"'";
    int value = 0, most = 3;

    if (**text == 'c')
        return -1;
    if (**text >= '0' && **text <= '7') {
        if (octal_zero && **text == '0')
            most = 4;
        for (int i = 0; i < most && **text >= '0' && **text <= '7'; i++)
            value = 8 * value + *(*text)++ - '0';
        return value & 0xff;
    }
    const char *at = **text ? strchr(letters, **text) : NULL;
    if (!at)
        return '\\'; /* it stands for itself, and what follows does too */
    ++*text;
    return values[at - letters];
}

static const char *next_argument(void)
{
    return *print.argument ? *print.argument++ : NULL;
}

static void not_a_number(const char *text, const char *end)
{
    if (*text == '\0' || *end || end == text) {
        fprintf(stderr, "%s: '%s': %s\n", tool_name, text,
                end == text ? "expected a numeric value" : "value not completely converted");
        print.status = 1;
    } else if (errno) {
        fprintf(stderr, "%s: '%s': %s\n", tool_name, text, strerror(errno));
        print.status = 1;
    }
}

static long long integer(const char *text, int is_signed)
{
    char *end;

    if (!text)
        return 0;
    if (*text == '\'' || *text == '"')
        return (unsigned char)text[1];
    errno = 0;
    long long value =
        is_signed || *text == '-' ? strtoll(text, &end, 0) : (long long)strtoull(text, &end, 0);
    not_a_number(text, end);
    return value;
}

static double number(const char *text)
{
    char *end;

    if (!text)
        return 0;
    if (*text == '\'' || *text == '"')
        return (unsigned char)text[1];
    errno = 0;
    double value = strtod(text, &end);
    not_a_number(text, end);
    return value;
}

/* %b: into memory, then printed as %s would be, for width and precision. */
static void print_escaped(const char *form, const char *text)
{
    char *out = tool_memory(NULL, strlen(text) + 1);
    size_t n = 0;

    while (*text && !print.stop) {
        int c = (unsigned char)*text++;
        if (c == '\\')
            c = escape(&text, 1);
        if (c < 0)
            print.stop = 1;
        else
            out[n++] = (char)c;
    }
    if (memchr(out, 0, n) || strcmp(form, "%s") == 0) {
        fwrite(out, 1, n, stdout);
    } else {
        out[n] = '\0';
        printf(form, out);
    }
    free(out);
}

/* One conversion: form is "%", flags, width and precision without *, and room for what follows. */
static void convert(char *form, char letter)
{
    size_t n = strlen(form);
    const char *text = next_argument();

    switch (letter) {
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
        sprintf(form + n, "ll%c", letter);
        printf(form, integer(text, letter == 'd' || letter == 'i'));
        return;
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        sprintf(form + n, "%c", letter);
        printf(form, number(text));
        return;
    case 'c':
        strcpy(form + n, "c");
        printf(form, text ? *text : '\0');
        return;
    case 'b':
        strcpy(form + n, "s");
        print_escaped(form, text ? text : "");
        return;
    case 's':
        strcpy(form + n, "s");
        printf(form, text ? text : "");
        return;
    }
    fprintf(stderr, "%s: %s%c: invalid conversion\n", tool_name, form, letter);
    print.status = 1;
    print.stop = 1;
}

/* A directive after its %; returns what is behind it. */
static const char *directive(const char *format)
{
    char form[64] = "%";
    size_t n = 1;

    if (*format == '%') {
        putchar('%');
        return format + 1;
    }
    for (; *format && strchr("-+ #0123456789.*", *format) && n < 32; format++)
        if (*format == '*')
            n += (size_t)sprintf(form + n, "%d", (int)integer(next_argument(), 1));
        else
            form[n++] = *format;
    form[n] = '\0';
    if (!*format) {
        convert(form, ' ');
        return format;
    }
    convert(form, *format);
    return format + 1;
}

static void pass(const char *format)
{
    while (*format && !print.stop) {
        int c = (unsigned char)*format++;
        if (c == '%') {
            format = directive(format);
            continue;
        }
        if (c == '\\' && (c = escape(&format, 0)) < 0) {
            print.stop = 1;
            return;
        }
        putchar(c);
    }
}

int tool_printf(int argc, char **argv)
{
    tool_name = argv[0];
    if (argc > 1 && strcmp(argv[1], "--") == 0) {
        argc--;
        argv++;
    }
    if (argc < 2) {
        fprintf(stderr, "usage: printf format [argument]...\n");
        return TOOL_MISUSED;
    }
    print.argument = argv + 2;
    print.status = print.stop = 0;
    for (;;) {
        char **before = print.argument;
        pass(argv[1]);
        if (print.stop || !*print.argument || print.argument == before)
            break;
    }
    return print.status;
}
