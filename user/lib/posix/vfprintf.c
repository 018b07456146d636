/* SPDX-License-Identifier: MIT
 *
 * The formatter under the whole printf family, wide and not (C17 7.21.6.1, POSIX.1-2017 fprintf), on
 * picolibc's streams. docs/picolibc.md says which of its conversions no picolibc has. What is left out:
 * the flag ' groups nothing, as in the C locale, and %Lf has the range and the digits of a double. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "user/lib/posix/printf.h"

#define POSITIONS_MAX 64 /* the last argument that 1$ and its like can name */

union printf_value {
    intmax_t integer;
    double real;
    void *pointer;
};

/* --- Output -------------------------------------------------------------------------------- */

/* Counts the buffer's bytes as characters, and stores these where they go to memory. */
static void count_characters(struct printf_out *out)
{
    for (int i = 0; i < out->used && !out->failed; i++) {
        wchar_t wide;
        size_t size = mbrtowc(&wide, &out->buffer[i], 1, &out->state);
        out->failed = size == (size_t)-1;
        if (size > 1) /* an error, or not the last byte */
            continue;
        if (out->memory && (size_t)out->count < out->room)
            out->memory[out->count] = wide;
        out->count++;
    }
}

static void out_flush(struct printf_out *out)
{
    if (out->wide)
        count_characters(out);
    else
        out->count += out->used;
    if (out->file && !out->failed && out->used > 0)
        out->failed = fwrite(out->buffer, 1, (size_t)out->used, out->file) < (size_t)out->used;
    out->used = 0;
}

void printf_put(struct printf_out *out, const char *text, size_t length)
{
    if (length > sizeof(out->buffer) - (size_t)out->used)
        out_flush(out);
    if (length > sizeof(out->buffer) && !out->wide) { /* in one piece */
        out->count += (long)length;
        out->failed = out->failed || fwrite(text, 1, length, out->file) < length;
        return;
    }
    while (length > 0) {
        size_t part = length < sizeof(out->buffer) ? length : sizeof(out->buffer);
        memcpy(out->buffer + out->used, text, part);
        out->used += (int)part;
        text += part;
        length -= part;
        if (length > 0)
            out_flush(out);
    }
}

void printf_pad(struct printf_out *out, char c, int count)
{
    for (; count > 0; count--)
        printf_put(out, &c, 1);
}

void printf_before(struct printf_out *out, const struct conversion *c, const char *prefix,
                   int length, bool zeros)
{
    int sign = (int)strlen(prefix), space = c->width - length - sign;

    if (!(c->flags & FLAG_LEFT) && !zeros)
        printf_pad(out, ' ', space);
    printf_put(out, prefix, (size_t)sign);
    if (!(c->flags & FLAG_LEFT) && zeros)
        printf_pad(out, '0', space);
}

void printf_after(struct printf_out *out, const struct conversion *c, const char *prefix,
                  int length)
{
    if (c->flags & FLAG_LEFT)
        printf_pad(out, ' ', c->width - length - (int)strlen(prefix));
}

/* --- Conversions --------------------------------------------------------------------------- */

/* Wide text when the length is l, else bytes: the bytes of its first character. Results: how many, 0 at the end, -1
 * with errno. */
static long character(const struct conversion *c, const void *text, char *bytes)
{
    mbstate_t state = {0};

    if (c->length == 'l') {
        wchar_t wide = *(const wchar_t *)text;
        return wide || c->letter == 'c' ? (long)wcrtomb(bytes, wide, &state) : 0;
    }
    size_t size = mbrlen(text, CHARACTER_BYTES, &state);
    memcpy(bytes, text, size <= CHARACTER_BYTES ? size : 0);
    errno = size <= CHARACTER_BYTES ? errno : EILSEQ;
    return size <= CHARACTER_BYTES ? (long)size : -1;
}

/* Text that is wide or goes to a wide stream: once to count, then to be written. The precision counts bytes and cuts
 * no character in two, or it counts characters if the stream is wide, and so does the width. */
static void put_characters(struct printf_out *out, const struct conversion *c, const char *text)
{
    int limit = c->precision < 0 || c->letter == 'c' ? INT_MAX : c->precision;

    for (bool counts = true;; counts = false) {
        const char *p = text;
        char bytes[CHARACTER_BYTES];
        int columns = 0;
        long size = 1;
        while (columns < limit && (size = character(c, p, bytes)) > 0) {
            int step = out->wide ? 1 : (int)size;
            if (columns + step > limit)
                break;
            if (!counts)
                printf_put(out, bytes, (size_t)size);
            columns += step;
            p += c->length == 'l' ? (long)sizeof(wchar_t) : size;
            if (c->letter == 'c')
                break;
        }
        out->failed |= size < 0;
        if (counts) {
            printf_before(out, c, "", columns, false);
        } else {
            printf_after(out, c, "", columns);
            return;
        }
    }
}

static void put_text(struct printf_out *out, const struct conversion *c, const void *text)
{
    if (c->length == 'l' || (out->wide && c->letter != 'c')) {
        put_characters(out, c, text);
        return;
    }
    size_t length =
        c->letter == 'c' ? 1 : strnlen(text, c->precision < 0 ? INT_MAX : (size_t)c->precision);
    printf_before(out, c, "", (int)length, false);
    printf_put(out, text, length);
    printf_after(out, c, "", (int)length);
}

/* Digits of value, at least c->precision of them. */
static void put_integer(struct printf_out *out, const struct conversion *c, uintmax_t value,
                        const char *prefix)
{
    char text[24], *first = text + sizeof(text);
    unsigned base = c->letter == 'o' ? 8 : strchr("xXp", c->letter) ? 16 : 10;
    const char *digits = c->letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    bool alternate = (c->flags & FLAG_ALTERNATE) || c->letter == 'p';

    if (base == 16 && alternate && value)
        prefix = c->letter == 'X' ? "0X" : "0x";
    for (uintmax_t rest = value; rest; rest /= base)
        *--first = digits[rest % base];
    int length = (int)(text + sizeof(text) - first);
    int least = c->precision < 0 ? 1 : c->precision;
    if (base == 8 && alternate && least <= length)
        least = length + (value || c->precision == 0);
    int zeros = least > length ? least - length : 0;
    printf_before(out, c, prefix, length + zeros, (c->flags & FLAG_ZERO) && c->precision < 0);
    printf_pad(out, '0', zeros);
    printf_put(out, first, (size_t)length);
    printf_after(out, c, prefix, length + zeros);
}

static void put_signed(struct printf_out *out, const struct conversion *c, intmax_t value)
{
    put_integer(out, c, value < 0 ? -(uintmax_t)value : (uintmax_t)value,
                value < 0               ? "-"
                : c->flags & FLAG_PLUS  ? "+"
                : c->flags & FLAG_SPACE ? " "
                                        : "");
}

/* error: what %m tells. */
static void put_conversion(struct printf_out *out, const struct conversion *c,
                           union printf_value value, int error)
{
    struct conversion narrow = *c;

    narrow.length = 0;
    if (c->letter == 'c' && c->length == 'l')
        put_text(out, c, &(wchar_t){(wchar_t)value.integer});
    else if (c->letter == 'c')
        put_text(out, c, &(char){(char)value.integer});
    else if (c->letter == 's' && value.pointer)
        put_text(out, c, value.pointer);
    else if (c->letter == 's') /* as glibc has it */
        put_text(out, &narrow, c->precision < 0 || c->precision > 5 ? "(null)" : "");
    else if (c->letter == 'm')
        put_text(out, &narrow, strerror(error));
    else if (c->letter == 'p' && !value.pointer)
        put_text(out, &narrow, "(nil)");
    else if (strchr("di", c->letter))
        put_signed(out, c, value.integer);
    else if (strchr("ouxXp", c->letter))
        put_integer(out, c, (uintmax_t)value.integer, "");
    else if (strchr("aAeEfFgG", c->letter))
        printf_real(out, c, value.real);
    else if (c->letter != 'n') /* %%, and what is no conversion is shown, so that it is seen */
        printf_put(out, (char[]){'%', c->letter}, c->letter == '%' ? 1 : 2);
    else {
        if (out->wide)
            out_flush(out);
        conversion_store(c->length, out->count + out->used, value.pointer);
    }
}

/* --- Arguments ----------------------------------------------------------------------------- */

/* An integer as wide as the conversion's length. */
static intmax_t fetch_integer(const struct conversion *c, va_list *list)
{
    bool natural = strchr("ouxX", c->letter) != NULL;

    if (c->length && !strchr("Hh", c->length))
        return va_arg(*list, long); /* l ll j z t are all one size (LP64) */
    int value = va_arg(*list, int);
    if (c->length == 'H')
        return natural ? (unsigned char)value : (signed char)value;
    if (c->length == 'h')
        return natural ? (unsigned short)value : (short)value;
    return natural ? (intmax_t)(unsigned)value : value;
}

/* The next argument, of the type that the conversion has. */
static union printf_value fetch(const struct conversion *c, va_list *list)
{
    union printf_value value = {0};

    if (strchr("aAeEfFgG", c->letter))
        value.real = c->length == 'L' ? (double)va_arg(*list, long double) : va_arg(*list, double);
    else if (strchr("spn", c->letter))
        value.pointer = va_arg(*list, void *);
    else if (c->letter == 'c')
        value.integer = va_arg(*list, int);
    else if (strchr("diouxX", c->letter))
        value.integer = fetch_integer(c, list);
    return value;
}

/* What arguments are taken from, and the format, which has the types of those with positions. */
struct printf_arguments {
    const char *format;
    va_list first, next;
};

/* The conversion that has the argument of that number, else one of an int. */
static struct conversion owner(const char *format, int number)
{
    while ((format = strchr(format, '%'))) {
        format++;
        struct conversion c = conversion_parse(&format, false);
        if (c.argument == number)
            return c;
    }
    return (struct conversion){.letter = 'd'};
}

/* The argument of that number, or ARGUMENT_NEXT for a conversion like c. */
static union printf_value argument(struct printf_arguments *a, int number,
                                   const struct conversion *c)
{
    union printf_value value = {0};
    va_list list;

    if (number == ARGUMENT_NEXT)
        return fetch(c, &a->next);
    va_copy(list, a->first);
    for (int i = 1; i <= number; i++) {
        struct conversion type = owner(a->format, i);
        value = fetch(&type, &list);
    }
    va_end(list);
    return value;
}

/* Width and precision that are arguments. False with EINVAL: a position is too large. */
static bool take_amounts(struct conversion *c, struct printf_arguments *a)
{
    static const struct conversion integer = {.letter = 'd'};

    if (c->argument > POSITIONS_MAX || c->width_argument > POSITIONS_MAX ||
        c->precision_argument > POSITIONS_MAX) {
        errno = EINVAL;
        return false;
    }
    if (c->width_argument != ARGUMENT_NONE) {
        long width = argument(a, c->width_argument, &integer).integer;
        c->flags |= width < 0 ? FLAG_LEFT : 0;
        c->width = width < -INT_MAX ? INT_MAX : abs((int)width);
    }
    if (c->precision_argument != ARGUMENT_NONE)
        c->precision = (int)argument(a, c->precision_argument, &integer).integer;
    return true;
}

int octavo_format(struct printf_out *out, const char *format, va_list list)
{
    struct printf_arguments a = {.format = format};
    int error = errno;

    va_copy(a.first, list);
    va_copy(a.next, list);
    while (*format && !out->failed) {
        size_t plain = strcspn(format, "%");
        printf_put(out, format, plain);
        format += plain;
        if (!*format)
            break;
        format++;
        struct conversion c = conversion_parse(&format, false);
        out->failed |= !take_amounts(&c, &a);
        if (c.letter && !out->failed)
            put_conversion(out, &c, argument(&a, c.argument, &c), error);
    }
    out_flush(out);
    va_end(a.next);
    va_end(a.first);
    if (!out->failed && out->count > INT_MAX) {
        errno = EOVERFLOW;
        out->failed = true;
    }
    return out->failed ? -1 : (int)out->count;
}

int vfprintf(FILE *restrict file, const char *restrict format, va_list arguments)
{
    struct printf_out out = {.file = file};

    flockfile(file);
    int result = octavo_format(&out, format, arguments);
    funlockfile(file);
    return result;
}
