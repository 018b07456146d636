/* SPDX-License-Identifier: MIT
 *
 * seq [-w] [-s separator] [-f format] [first [step]] last. */
#include "user/lib/tool/tool.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static double number(const char *text)
{
    char *end;
    double value = strtod(text, &end);

    if (*end || end == text || value - value != 0)
        tool_die("invalid floating point argument: '%s'", text);
    return value;
}

static int decimals(const char *text)
{
    const char *point = strchr(text, '.');

    return point ? (int)strlen(point + 1) : 0;
}

static int most(int a, int b)
{
    return a > b ? a : b;
}

/* Digits before the point, the sign included, of what %.*f prints. */
static int width(double value, int precision)
{
    return snprintf(NULL, 0, "%.*f", precision, value);
}

int main(int argc, char **argv)
{
    const char *separator = "\n", *format = NULL;
    int i = 1, equal_width = 0;

    tool_begin(argv, "seq [-w] [-s separator] [-f format] [first [step]] last");
    /* No getopt: a number may be negative. */
    for (;
         i < argc && argv[i][0] == '-' && !isdigit((unsigned char)argv[i][1]) && argv[i][1] != '.';
         i++) {
        char letter = argv[i][1];
        const char *value = argv[i] + 2;
        if (strcmp(argv[i], "--") == 0) {
            i++;
            break;
        }
        if (letter == 'w') {
            equal_width = 1;
            continue;
        }
        if ((letter != 's' && letter != 'f') || (!*value && !(value = argv[++i])))
            tool_misused();
        *(letter == 's' ? &separator : &format) = value;
    }
    int n = argc - i;
    if (n < 1 || n > 3)
        tool_misused();
    double first = n > 1 ? number(argv[i]) : 1, step = n > 2 ? number(argv[i + 1]) : 1;
    double last = number(argv[argc - 1]);
    if (step == 0)
        tool_die("the step is zero");
    int precision = most(n > 1 ? decimals(argv[i]) : 0, n > 2 ? decimals(argv[i + 1]) : 0);
    double steps = (last - first) / step + 1e-10;
    double count = steps < 0 ? -1 : (double)(long long)steps;
    int wide = 0;
    if (equal_width) {
        precision = most(precision, n == 1 ? 0 : precision);
        wide = most(width(first, precision), width(first + count * step, precision));
    }
    for (double k = 0; k <= count; k++) {
        double value = first + k * step;
        if (k > 0)
            fputs(separator, stdout);
        if (format)
            printf(format, value);
        else
            printf("%0*.*f", wide, precision, value);
    }
    if (count >= 0)
        putchar('\n');
    return tool_end();
}
