/* SPDX-License-Identifier: MIT
 *
 * put(): see values.h. It uses write() and nothing else of the library. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>
#include "values.h"

int put_fd = -1;

static char kept[65536];
static size_t kept_count;

void put_flush(void)
{
    for (size_t done = 0; done < kept_count;) {
        ssize_t n = write(put_fd, kept + done, kept_count - done);
        if (n <= 0)
            _exit(2);
        done += (size_t)n;
    }
    kept_count = 0;
}

static void put_character(char c)
{
    if (kept_count == sizeof(kept))
        put_flush();
    kept[kept_count++] = c;
}

static void put_string(const char *text)
{
    while (*text)
        put_character(*text++);
}

static void put_number(uint64_t value, unsigned base)
{
    char digits[24];
    int count = 0;

    do {
        digits[count++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    while (count)
        put_character(digits[--count]);
}

static void put_signed(long value)
{
    if (value < 0)
        put_character('-');
    put_number(value < 0 ? -(uint64_t)value : (uint64_t)value, 10);
}

static void put_quoted(uint64_t c)
{
    if (c >= ' ' && c < 127 && c != ':' && c != '"' && c != '\\') {
        put_character((char)c);
        return;
    }
    put_character('\\');
    if (c < 16)
        put_character('0');
    put_number(c, 16);
    if (c > 255)
        put_character(';');
}

static void put_bytes(const char *text, size_t length)
{
    if (!text) {
        put_string("NULL");
        return;
    }
    put_character('"');
    for (size_t i = 0; i < length; i++)
        put_quoted((unsigned char)text[i]);
    put_character('"');
}

static void put_wide(const wchar_t *text)
{
    if (!text) {
        put_string("NULL");
        return;
    }
    put_character('"');
    for (; *text; text++)
        put_quoted((uint32_t)*text);
    put_character('"');
}

/* All NaNs are one: neither sign nor payload is compared. */
static void put_bits(uint64_t bits, int digits, int is_nan)
{
    if (is_nan)
        put_string("nan");
    for (int shift = 4 * digits - 4; !is_nan && shift >= 0; shift -= 4)
        put_character("0123456789abcdef"[bits >> shift & 15]);
}

static void put_directive(char directive, va_list *arguments)
{
    const char *text;
    double x;

    switch (directive) {
    case 's':
        put_string(va_arg(*arguments, const char *));
        break;
    case 'i':
        put_signed(va_arg(*arguments, int));
        break;
    case 'l':
        put_signed(va_arg(*arguments, long));
        break;
    case 'u':
        put_number(va_arg(*arguments, unsigned long), 10);
        break;
    case 'x':
        put_number(va_arg(*arguments, unsigned long), 16);
        break;
    case 'D':
        x = va_arg(*arguments, double);
        put_bits(bits_of(x), 16, x != x);
        break;
    case 'F':
        x = va_arg(*arguments, double);
        put_bits(bits_of_float((float)x), 8, x != x);
        break;
    case 'q':
        text = va_arg(*arguments, const char *);
        put_bytes(text, text ? strlen(text) : 0);
        break;
    case 'Q':
        text = va_arg(*arguments, const char *);
        put_bytes(text, va_arg(*arguments, size_t));
        break;
    case 'w':
        put_wide(va_arg(*arguments, const wchar_t *));
        break;
    case 'c':
        put_character('"');
        put_quoted((uint64_t)va_arg(*arguments, int));
        put_character('"');
        break;
    default:
        _exit(3);
    }
}

void put(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    for (; *format; format++) {
        if (*format == '%')
            put_directive(*++format, &arguments);
        else
            put_character(*format);
    }
    va_end(arguments);
}

const char *errno_word(int error)
{
    switch (error) {
    case 0:
        return "0";
    case EINVAL:
        return "EINVAL";
    case ERANGE:
        return "ERANGE";
    case EILSEQ:
        return "EILSEQ";
    case EOVERFLOW:
        return "EOVERFLOW";
    case EDOM:
        return "EDOM";
    default:
        return "other";
    }
}
