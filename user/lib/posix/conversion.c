/* SPDX-License-Identifier: MIT
 *
 * Parsing conversions (C17 7.21.6.1 and .2; POSIX.1-2017 fprintf and fscanf have 1$, m, C and S). */
#include "user/lib/posix/conversion.h"
#include <limits.h>
#include <string.h>

static int parse_number(const char **format)
{
    long value = 0;

    for (; **format >= '0' && **format <= '9'; ++*format)
        if (value < INT_MAX)
            value = value * 10 + (**format - '0');
    return value > INT_MAX ? INT_MAX : (int)value;
}

/* "3$" is 3; else nothing is taken. */
static int parse_position(const char **format)
{
    const char *p = *format;
    int position = parse_number(&p);

    if (*p != '$' || position == 0)
        return ARGUMENT_NEXT;
    *format = p + 1;
    return position;
}

static int parse_amount(const char **format, int *argument)
{
    if (**format == '*') {
        ++*format;
        *argument = parse_position(format);
    }
    return parse_number(format);
}

struct conversion conversion_parse(const char **format, bool scans)
{
    static const char flags[] = "-+ #0'";
    struct conversion c = {
        .precision = -1, .width_argument = ARGUMENT_NONE, .precision_argument = ARGUMENT_NONE};

    c.argument = parse_position(format);
    for (const char *flag; **format && (flag = strchr(flags, **format)); ++*format)
        c.flags |= 1u << (flag - flags);
    c.width = parse_amount(format, &c.width_argument);
    if (**format == '.' && !scans) {
        ++*format;
        c.precision = parse_amount(format, &c.precision_argument);
    }
    for (; **format && strchr(scans ? "hljztLqm" : "hljztLq", **format); ++*format)
        if (**format == 'm')
            c.allocates = true;
        else
            c.length = c.length == 'h' && **format == 'h' ? 'H' : **format;
    c.letter = **format;
    *format += **format != 0;
    if (c.letter == 'C' || c.letter == 'S') {
        c.letter |= 'a' - 'A';
        c.length = 'l';
    }
    if (c.letter == 0 || c.letter == '%' || (c.letter == 'm' && !scans))
        c.argument = ARGUMENT_NONE;
    return c;
}

void conversion_store(char length, intmax_t value, void *to)
{
    if (length == 'H')
        *(signed char *)to = (signed char)value;
    else if (length == 'h')
        *(short *)to = (short)value;
    else if (length == 0)
        *(int *)to = (int)value;
    else
        *(long *)to = value; /* l ll j z t are all one size (LP64) */
}
