/* SPDX-License-Identifier: MIT
 *
 * Wide characters in and out of streams, which are bytes in the locale's encoding (C17 7.29.2 and .3):
 * picolibc's, where it has them, know one byte a character. Streams have no orientation. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "user/lib/posix/printf.h"
#include "user/lib/posix/scanf.h"

#undef getwc
#undef getwchar
#undef putwc
#undef putwchar

/* --- Characters and strings ------------------------------------------------------------------ */

wint_t fputwc(wchar_t c, FILE *file)
{
    char bytes[CHARACTER_BYTES];
    mbstate_t state = {0};
    size_t size = wcrtomb(bytes, c, &state);

    if (size == (size_t)-1) {
        __fseterr(file);
        return WEOF;
    }
    return fwrite(bytes, 1, size, file) == size ? (wint_t)c : WEOF;
}

wint_t fgetwc(FILE *file)
{
    mbstate_t state = {0};
    size_t size = 0;
    wchar_t wide;
    int c;

    while ((c = getc(file)) != EOF) {
        size = mbrtowc(&wide, &(char){(char)c}, 1, &state);
        if (size == (size_t)-1)
            break;
        if (size != (size_t)-2)
            return (wint_t)wide;
    }
    if (size != 0) { /* a character that is none, or is cut off */
        errno = EILSEQ;
        __fseterr(file);
    }
    return WEOF;
}

wint_t ungetwc(wint_t c, FILE *file)
{
    char bytes[CHARACTER_BYTES];
    mbstate_t state = {0};
    size_t size = c == WEOF ? (size_t)-1 : wcrtomb(bytes, (wchar_t)c, &state);

    if (size == (size_t)-1)
        return WEOF;
    while (size > 0)
        if (ungetc((unsigned char)bytes[--size], file) == EOF)
            return WEOF;
    return c;
}

wint_t putwc(wchar_t c, FILE *file)
{
    return fputwc(c, file);
}

wint_t getwc(FILE *file)
{
    return fgetwc(file);
}

wint_t putwchar(wchar_t c)
{
    return fputwc(c, stdout);
}

wint_t getwchar(void)
{
    return fgetwc(stdin);
}

int fputws(const wchar_t *restrict text, FILE *restrict file)
{
    for (; *text; text++)
        if (fputwc(*text, file) == WEOF)
            return -1;
    return 0;
}

wchar_t *fgetws(wchar_t *restrict to, int size, FILE *restrict file)
{
    int done = 0;

    while (done < size - 1 && (done == 0 || to[done - 1] != L'\n')) {
        wint_t c = fgetwc(file);
        if (c == WEOF && (done == 0 || ferror(file)))
            return NULL;
        if (c == WEOF)
            break;
        to[done++] = (wchar_t)c;
    }
    if (size <= 0)
        return NULL;
    to[done] = L'\0';
    return to;
}

int fwide(FILE *file, int mode)
{
    (void)file;
    return mode;
}

/* --- printf and scanf ------------------------------------------------------------------------ */

/* The format's bytes in malloc's memory; NULL with errno. */
static char *wide_format(const wchar_t *format)
{
    size_t room = wcslen(format) * CHARACTER_BYTES + 1;
    char *bytes = malloc(room);

    if (bytes && wcstombs(bytes, format, room) == (size_t)-1) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

static int print(struct printf_out *out, const wchar_t *format, va_list arguments)
{
    char *bytes = wide_format(format);
    int result = bytes ? octavo_format(out, bytes, arguments) : -1;

    free(bytes);
    return result;
}

static int scan(struct scanf_in *in, const wchar_t *format, va_list arguments)
{
    char *bytes = wide_format(format);
    int result = bytes ? octavo_scan(in, bytes, arguments) : EOF;

    free(bytes);
    return result;
}

int vfwprintf(FILE *restrict file, const wchar_t *restrict format, va_list arguments)
{
    struct printf_out out = {.file = file, .wide = true};

    flockfile(file);
    int result = print(&out, format, arguments);
    funlockfile(file);
    return result;
}

int vswprintf(wchar_t *restrict to, size_t size, const wchar_t *restrict format, va_list arguments)
{
    struct printf_out out = {.memory = to, .room = size ? size - 1 : 0, .wide = true};
    int result = print(&out, format, arguments);

    if (size > 0)
        to[(size_t)out.count < size ? (size_t)out.count : size - 1] = L'\0';
    if (result >= 0 && (size_t)result >= size) {
        errno = EOVERFLOW;
        return -1;
    }
    return result;
}

int vfwscanf(FILE *restrict file, const wchar_t *restrict format, va_list arguments)
{
    struct scanf_in in = {.file = file, .wide = true};

    flockfile(file);
    int result = scan(&in, format, arguments);
    funlockfile(file);
    return result;
}

int vswscanf(const wchar_t *restrict text, const wchar_t *restrict format, va_list arguments)
{
    struct scanf_in in = {.memory = text, .wide = true};

    return scan(&in, format, arguments);
}

int vwprintf(const wchar_t *restrict format, va_list arguments)
{
    return vfwprintf(stdout, format, arguments);
}

int vwscanf(const wchar_t *restrict format, va_list arguments)
{
    return vfwscanf(stdin, format, arguments);
}

/* The function of a va_list, called by one of arguments. */
#define WITH_LIST(last, call) \
    va_list list;             \
    va_start(list, last);     \
    int result = call;        \
    va_end(list);             \
    return result

int fwprintf(FILE *restrict file, const wchar_t *restrict format, ...)
{
    WITH_LIST(format, vfwprintf(file, format, list));
}

int wprintf(const wchar_t *restrict format, ...)
{
    WITH_LIST(format, vfwprintf(stdout, format, list));
}

int swprintf(wchar_t *restrict to, size_t size, const wchar_t *restrict format, ...)
{
    WITH_LIST(format, vswprintf(to, size, format, list));
}

int fwscanf(FILE *restrict file, const wchar_t *restrict format, ...)
{
    WITH_LIST(format, vfwscanf(file, format, list));
}

int wscanf(const wchar_t *restrict format, ...)
{
    WITH_LIST(format, vfwscanf(stdin, format, list));
}

int swscanf(const wchar_t *restrict text, const wchar_t *restrict format, ...)
{
    WITH_LIST(format, vswscanf(text, format, list));
}
