/* SPDX-License-Identifier: MIT
 *
 * What vfprintf does (C17 7.21.6.1), under the whole printf family, in picolibc's place for the sake of
 * exact floating point (printf_float.c). Streams and their locks are stdio_io.c's business. Not there: %1$d, and %Lf has a double's digits. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>
#include "user/lib/posix/printf.h"

void printf_put(struct printf_out *out, const char *text, int length)
{
    size_t size = (size_t)length;

    if (!out->failed)
        out->failed = fwrite(text, 1, size, out->file) < size;
    out->count += length;
}

void printf_pad(struct printf_out *out, char c, int count)
{
    for (; count > 0; count--)
        printf_put(out, &c, 1);
}

void printf_before(struct printf_out *out, const struct printf_spec *spec, const char *prefix,
                   int length, bool zero_pad)
{
    int sign = (int)strlen(prefix), space = spec->width - length - sign;
    bool zeros = zero_pad && !spec->left;

    if (!spec->left && !zeros)
        printf_pad(out, ' ', space);
    printf_put(out, prefix, sign);
    if (zeros)
        printf_pad(out, '0', space);
}

void printf_after(struct printf_out *out, const struct printf_spec *spec, const char *prefix,
                  int length)
{
    if (spec->left)
        printf_pad(out, ' ', spec->width - length - (int)strlen(prefix));
}

static void put_string(struct printf_out *out, const struct printf_spec *spec, const char *text,
                       int length)
{
    printf_before(out, spec, "", length, false);
    printf_put(out, text, length);
    printf_after(out, spec, "", length);
}

/* Wide characters are encoded; the precision counts bytes and cuts none in two. */
static void put_wide(struct printf_out *out, const struct printf_spec *spec, const wchar_t *text,
                     size_t most)
{
    char bytes[MB_LEN_MAX];
    mbstate_t state = {0};
    size_t length = 0;
    size_t limit =
        spec->precision >= 0 && spec->conversion != 'c' ? (size_t)spec->precision : INT_MAX;
    size_t count = 0;

    for (; count < most && (spec->conversion == 'c' || text[count]); count++) {
        size_t size = wcrtomb(bytes, text[count], &state);
        if (size == (size_t)-1) {
            out->failed = true;
            return;
        }
        if (length + size > limit)
            break;
        length += size;
    }
    printf_before(out, spec, "", (int)length, false);
    memset(&state, 0, sizeof(state));
    for (size_t i = 0; i < count; i++)
        printf_put(out, bytes, (int)wcrtomb(bytes, text[i], &state));
    printf_after(out, spec, "", (int)length);
}

/* Digits of value, at least spec->precision of them. */
static void put_integer(struct printf_out *out, const struct printf_spec *spec, uintmax_t value,
                        const char *prefix)
{
    char text[24], *first = text + sizeof(text);
    unsigned base = spec->conversion == 'o' ? 8 : strchr("xXp", spec->conversion) ? 16 : 10;
    const char *digits = spec->conversion == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";

    if (base == 16 && spec->alternate && value)
        prefix = spec->conversion == 'X' ? "0X" : "0x";
    for (uintmax_t rest = value; rest; rest /= base)
        *--first = digits[rest % base];
    int length = (int)(text + sizeof(text) - first);
    int least = spec->precision < 0 ? 1 : spec->precision;
    if (base == 8 && spec->alternate && least <= length)
        least = length + (value || spec->precision == 0);
    int zeros = least > length ? least - length : 0;
    printf_before(out, spec, prefix, length + zeros, spec->zero && spec->precision < 0);
    printf_pad(out, '0', zeros);
    printf_put(out, first, length);
    printf_after(out, spec, prefix, length + zeros);
}

static intmax_t signed_argument(char length, va_list *list)
{
    switch (length) {
    case 'H':
        return (signed char)va_arg(*list, int);
    case 'h':
        return (short)va_arg(*list, int);
    case 0:
    case 'L':
        return va_arg(*list, int);
    }
    return va_arg(*list, long); /* l ll j z t are all one size (LP64) */
}

static uintmax_t unsigned_argument(char length, va_list *list)
{
    switch (length) {
    case 'H':
        return (unsigned char)va_arg(*list, int);
    case 'h':
        return (unsigned short)va_arg(*list, int);
    case 0:
    case 'L':
        return va_arg(*list, unsigned);
    }
    return va_arg(*list, unsigned long);
}

/* %n */
static void store_count(const struct printf_out *out, char length, void *where)
{
    if (length == 'H')
        *(signed char *)where = (signed char)out->count;
    else if (length == 'h')
        *(short *)where = (short)out->count;
    else if (length == 0)
        *(int *)where = (int)out->count;
    else
        *(long *)where = out->count;
}

static int parse_number(const char **format, va_list *list)
{
    long value = 0;

    if (**format == '*') {
        ++*format;
        return va_arg(*list, int);
    }
    for (; **format >= '0' && **format <= '9'; ++*format)
        if (value < INT_MAX)
            value = value * 10 + (**format - '0');
    return value > INT_MAX ? INT_MAX : (int)value;
}

/* From behind the % to behind the conversion letter. */
static struct printf_spec parse_spec(const char **format, va_list *list)
{
    struct printf_spec spec = {.precision = -1};

    for (bool more = true; more; *format += more) {
        switch (**format) {
        case '-':
            spec.left = true;
            break;
        case '+':
            spec.plus = true;
            break;
        case ' ':
            spec.space = true;
            break;
        case '#':
            spec.alternate = true;
            break;
        case '0':
            spec.zero = true;
            break;
        default:
            more = false;
        }
    }
    spec.width = parse_number(format, list);
    if (spec.width < 0) {
        spec.left = true;
        spec.width = spec.width == INT_MIN ? INT_MAX : -spec.width;
    }
    if (**format == '.') {
        ++*format;
        spec.precision = parse_number(format, list);
        if (spec.precision < 0)
            spec.precision = -1;
    }
    while (**format && strchr("hljztL", **format)) {
        spec.length = spec.length == 'h' && **format == 'h' ? 'H' : **format;
        ++*format;
    }
    spec.conversion = **format;
    *format += **format != 0;
    return spec;
}

static void put_text(struct printf_out *out, const struct printf_spec *spec, va_list *list)
{
    if (spec->length == 'l') {
        put_wide(out, spec, va_arg(*list, const wchar_t *), SIZE_MAX);
        return;
    }
    const char *text = va_arg(*list, const char *);
    if (!text)
        text = "(null)";
    size_t most = spec->precision < 0 ? INT_MAX : (size_t)spec->precision;
    put_string(out, spec, text, (int)strnlen(text, most));
}

static void put_character(struct printf_out *out, const struct printf_spec *spec, va_list *list)
{
    if (spec->length == 'l') {
        wchar_t wide = (wchar_t)va_arg(*list, wint_t);
        put_wide(out, spec, &wide, 1);
        return;
    }
    char c = (char)va_arg(*list, int);
    put_string(out, spec, &c, 1);
}

static void put_conversion(struct printf_out *out, const struct printf_spec *spec, va_list *list)
{
    struct printf_spec pointer = *spec;

    switch (spec->conversion) {
    case 'd':
    case 'i': {
        intmax_t value = signed_argument(spec->length, list);
        put_integer(out, spec, value < 0 ? -(uintmax_t)value : (uintmax_t)value,
                    value < 0     ? "-"
                    : spec->plus  ? "+"
                    : spec->space ? " "
                                  : "");
        return;
    }
    case 'u':
    case 'o':
    case 'x':
    case 'X':
        put_integer(out, spec, unsigned_argument(spec->length, list), "");
        return;
    case 'p':
        pointer.alternate = true;
        put_integer(out, &pointer, (uintptr_t)va_arg(*list, void *), "");
        return;
    case 'c':
        put_character(out, spec, list);
        return;
    case 's':
        put_text(out, spec, list);
        return;
    case 'n':
        store_count(out, spec->length, va_arg(*list, void *));
        return;
    case '%':
        printf_put(out, "%", 1);
        return;
    case 0:
        return;
    }
    if (strchr("aAeEfFgG", spec->conversion))
        printf_real(out, spec,
                    spec->length == 'L' ? (double)va_arg(*list, long double)
                                        : va_arg(*list, double));
    else /* not a conversion: shown, so that it is seen */
        printf_put(out, &spec->conversion, 1);
}

int octavo_vfprintf(FILE *file, const char *format, va_list arguments)
{
    struct printf_out out = {.file = file};
    va_list list;

    va_copy(list, arguments);
    while (*format && !out.failed) {
        size_t plain = strcspn(format, "%");
        printf_put(&out, format, (int)plain);
        format += plain;
        if (*format) {
            format++;
            struct printf_spec spec = parse_spec(&format, &list);
            put_conversion(&out, &spec, &list);
        }
    }
    va_end(list);
    if (out.failed)
        return -1;
    if (out.count > INT_MAX) {
        errno = EOVERFLOW;
        return -1;
    }
    return (int)out.count;
}
