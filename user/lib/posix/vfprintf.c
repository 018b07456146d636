/* SPDX-License-Identifier: MIT
 *
 * The formatter under the whole printf family, wide and not (C17 7.21.6.1, POSIX.1-2017 fprintf), on
 * picolibc's streams. docs/picolibc.md says which of its conversions no picolibc has. What is left out:
 * the flag ' groups nothing, as in the C locale, and %Lf has the range and the digits of a double. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include "user/lib/posix/printf.h"

#define POSITIONS_MAX 64 /* arguments that 1$ and its like can name */

union printf_value {
    intmax_t integer;
    double real;
    void *pointer;
};

struct printf_arguments {
    va_list list;
    union printf_value value[POSITIONS_MAX + 1]; /* by position, from 1 */
    bool positions;
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

/* The bytes of the character at *text, which is of wchar_t if the length is l; *text moves behind it.
 * Results: their number, or -1 with errno. */
static long next_character(const struct conversion *c, const void **text, char bytes[MB_LEN_MAX])
{
    mbstate_t state = {0};

    if (c->length == 'l') {
        const wchar_t *wide = *text;
        *text = wide + 1;
        return (long)wcrtomb(bytes, *wide, &state);
    }
    size_t size = mbrlen(*text, MB_LEN_MAX, &state);
    if (size > MB_LEN_MAX) {
        errno = EILSEQ;
        return -1;
    }
    size = size ? size : 1;
    memcpy(bytes, *text, size);
    *text = (const char *)*text + size;
    return (long)size;
}

/* Text that is wide, or goes to a wide stream: characters up to a 0, or one for %c. The precision counts
 * bytes and cuts none in two, or it counts characters when the stream is wide, as does the width. */
static void put_characters(struct printf_out *out, const struct conversion *c, const void *text)
{
    long limit = c->precision < 0 || c->letter == 'c' ? LONG_MAX : c->precision;
    const void *p = text, *end = text;
    char bytes[MB_LEN_MAX];
    long columns = 0;

    while (columns < limit && (c->letter == 'c' || (c->length == 'l' ? *(const wchar_t *)p != 0
                                                                     : *(const char *)p != 0))) {
        long size = next_character(c, &p, bytes);
        if (size < 0) {
            out->failed = true;
            return;
        }
        size = out->wide ? 1 : size;
        if (columns + size > limit)
            break;
        columns += size;
        end = p;
        if (c->letter == 'c')
            break;
    }
    printf_before(out, c, "", (int)columns, false);
    for (p = text; p != end;) {
        long size = next_character(c, &p, bytes);
        printf_put(out, bytes, (size_t)size);
    }
    printf_after(out, c, "", (int)columns);
}

static void put_text(struct printf_out *out, const struct conversion *c, const void *text)
{
    size_t length = 1;

    if (out->wide || c->length == 'l') {
        put_characters(out, c, text);
        return;
    }
    if (c->letter != 'c')
        length = strnlen(text, c->precision < 0 ? INT_MAX : (size_t)c->precision);
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

static const struct conversion plain_int = {.letter = 'd'};

/* Fetches all arguments of a format with positions, which is read once for their types. False with EINVAL:
 * a position too large, or arguments with and without. */
static bool fetch_positions(const char *format, struct printf_arguments *a)
{
    struct conversion kind[POSITIONS_MAX + 1];
    int last = 0, without = 0;

    for (int i = 1; i <= POSITIONS_MAX; i++)
        kind[i] = plain_int;
    while ((format = strchr(format, '%'))) {
        format++;
        struct conversion c = conversion_parse(&format, false);
        int number[] = {c.argument, c.width_argument, c.precision_argument};
        for (int i = 0; i < 3; i++) {
            without += number[i] == ARGUMENT_NEXT;
            last = number[i] > last ? number[i] : last;
            if (number[i] > 0 && number[i] <= POSITIONS_MAX && i == 0)
                kind[number[i]] = c;
        }
    }
    a->positions = last > 0;
    if (last > 0 && (without > 0 || last > POSITIONS_MAX)) {
        errno = EINVAL;
        return false;
    }
    for (int i = 1; i <= last; i++)
        a->value[i] = fetch(&kind[i], &a->list);
    return true;
}

static union printf_value argument(struct printf_arguments *a, int number,
                                   const struct conversion *c)
{
    if (number == ARGUMENT_NONE)
        return (union printf_value){0};
    return a->positions ? a->value[number] : fetch(c, &a->list);
}

/* Width and precision that are arguments. */
static void take_amounts(struct conversion *c, struct printf_arguments *a)
{
    if (c->width_argument != ARGUMENT_NONE) {
        long width = argument(a, c->width_argument, &plain_int).integer;
        c->flags |= width < 0 ? FLAG_LEFT : 0;
        width = width < 0 ? -width : width;
        c->width = width > INT_MAX ? INT_MAX : (int)width;
    }
    if (c->precision_argument != ARGUMENT_NONE) {
        long precision = argument(a, c->precision_argument, &plain_int).integer;
        c->precision = precision < 0 ? -1 : (int)precision;
    }
}

int octavo_format(struct printf_out *out, const char *format, va_list list)
{
    struct printf_arguments a;
    int error = errno;

    va_copy(a.list, list);
    a.positions = false;
    out->failed = strchr(format, '$') && !fetch_positions(format, &a);
    while (*format && !out->failed) {
        size_t plain = strcspn(format, "%");
        printf_put(out, format, plain);
        format += plain;
        if (*format) {
            format++;
            struct conversion c = conversion_parse(&format, false);
            if (!c.letter)
                break;
            take_amounts(&c, &a);
            put_conversion(out, &c, argument(&a, c.argument, &c), error);
        }
    }
    out_flush(out);
    va_end(a.list);
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
