/* SPDX-License-Identifier: MIT
 *
 * Formatted output to the firmware's console: boot messages, panics, dumps. Not for programs, which
 * have the console server. See print.h. */
#include "kernel/base/print.h"

#include "kernel/base/machine.h"
#include "sbi/sbi.h"

#include <stdbool.h>

#define RUN_ESC 0x01
#define RUN_OUT_KERNEL 'k'

/* The firmware makes CR NL of a NL. */
static void put_byte(char c)
{
    static bool inside; /* of a line */

    if (!inside && machine.marked) {
        sbi_console_putchar(RUN_ESC);
        sbi_console_putchar(RUN_OUT_KERNEL);
    }
    sbi_console_putchar(c);
    inside = c != '\n';
}

static void put(const char *text)
{
    while (*text)
        put_byte(*text++);
}

static void put_number(uint64_t value, unsigned base, const char *prefix)
{
    char digits[24];
    size_t at = sizeof(digits) - 1;

    digits[at] = 0;
    do
        digits[--at] = "0123456789abcdef"[value % base];
    while (value /= base);
    put(prefix);
    put(digits + at);
}

/* One conversion of those that the kernel uses; format is behind the '%'. Returns behind it. */
static const char *convert(const char *format, va_list *args)
{
    const char *prefix = *format == '#' || *format == 'p' ? "0x" : "";
    bool is_long = *format == 'p';

    while (*format == '#' || *format == 'l' || *format == 'z')
        is_long |= *format++ != '#';
    switch (*format) {
    case 'd': {
        long value = is_long ? va_arg(*args, long) : va_arg(*args, int);
        put_number(value < 0 ? -(uint64_t)value : (uint64_t)value, 10, value < 0 ? "-" : "");
        break;
    }
    case 'u':
    case 'x':
    case 'p':
        put_number(is_long ? va_arg(*args, uint64_t) : va_arg(*args, unsigned),
                   *format == 'u' ? 10 : 16, prefix);
        break;
    case 's':
        put(va_arg(*args, const char *));
        break;
    case 0:
        return format;
    default:
        put_byte(*format);
    }
    return format + 1;
}

void print_va(const char *format, va_list args)
{
    while (*format)
        if (*format == '%')
            format = convert(format + 1, &args);
        else
            put_byte(*format++);
}

void print(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_va(format, args);
    va_end(args);
}
