/* SPDX-License-Identifier: MIT
 *
 * Formatted output to the firmware's console: boot messages, panics, dumps. Not for programs, which
 * have the console server. See panic.h. */
#include "kernel/machine.h"
#include "kernel/panic.h"
#include "sbi/sbi.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#define RUN_ESC 0x01
#define RUN_OUT_KERNEL 'k'

void print_va(const char *format, va_list args);

static bool booted_to_run(void)
{
    const char *at = machine.arguments;

    while (at && *at) {
        if (at[0] == 'r' && at[1] == 'u' && at[2] == 'n' && at[3] == '=')
            return true;
        while (*at && *at != ' ')
            at++;
        while (*at == ' ')
            at++;
    }
    return false;
}

/* The firmware makes CR NL of a NL. */
static void put_byte(char c)
{
    static bool inside; /* of a line */

    if (!inside && booted_to_run()) {
        sbi_console_putchar(RUN_ESC);
        sbi_console_putchar(RUN_OUT_KERNEL);
    }
    sbi_console_putchar(c);
    inside = c != '\n';
}

struct spec {
    bool left, zero, alternate, is_long;
    int width;
};

static void put(const char *text, size_t length, const struct spec *spec)
{
    int padding = spec->width - (int)length;

    for (; !spec->left && padding > 0; padding--)
        put_byte(spec->zero ? '0' : ' ');
    for (size_t i = 0; i < length; i++)
        put_byte(text[i]);
    for (; padding > 0; padding--)
        put_byte(' ');
}

static void put_number(uint64_t value, unsigned base, bool negative, const struct spec *spec)
{
    char digits[24];
    size_t at = sizeof(digits);

    do
        digits[--at] = "0123456789abcdef"[value % base];
    while (value /= base);
    if (spec->alternate && base == 16) {
        digits[--at] = 'x';
        digits[--at] = '0';
    }
    if (negative)
        digits[--at] = '-';
    put(digits + at, sizeof(digits) - at, spec);
}

/* One conversion; format is behind the '%'. Returns behind the conversion. */
static const char *convert(const char *format, va_list *args)
{
    struct spec spec = {0};

    for (;; format++) {
        if (*format == '-')
            spec.left = true;
        else if (*format == '0')
            spec.zero = true;
        else if (*format == '#')
            spec.alternate = true;
        else
            break;
    }
    if (*format == '*') {
        spec.width = va_arg(*args, int);
        format++;
    }
    while (*format >= '0' && *format <= '9')
        spec.width = spec.width * 10 + *format++ - '0';
    while (*format == 'l' || *format == 'z') {
        spec.is_long = true;
        format++;
    }
    switch (*format) {
    case 'd': {
        long value = spec.is_long ? va_arg(*args, long) : va_arg(*args, int);
        put_number(value < 0 ? -(uint64_t)value : (uint64_t)value, 10, value < 0, &spec);
        break;
    }
    case 'u':
    case 'x':
        put_number(spec.is_long ? va_arg(*args, uint64_t) : va_arg(*args, unsigned),
                   *format == 'u' ? 10 : 16, false, &spec);
        break;
    case 'p':
        spec.alternate = true;
        put_number((uint64_t)va_arg(*args, void *), 16, false, &spec);
        break;
    case 's': {
        const char *text = va_arg(*args, const char *);
        put(text ? text : "(null)", strlen(text ? text : "(null)"), &spec);
        break;
    }
    case 'c': {
        char c = (char)va_arg(*args, int);
        put(&c, 1, &spec);
        break;
    }
    case 0:
        return format;
    default:
        put_byte(*format);
    }
    return format + 1;
}

void print_va(const char *format, va_list args)
{
    va_list copy;

    va_copy(copy, args);
    while (*format) {
        if (*format == '%') {
            format = convert(format + 1, &copy);
            continue;
        }
        put_byte(*format++);
    }
    va_end(copy);
}

void print(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_va(format, args);
    va_end(args);
}
