/* SPDX-License-Identifier: MIT
 *
 * Wide characters in and out of streams, which are bytes in the locale's encoding (C17 7.29.2 and .3).
 * The wide printf family makes the bytes first. Not there: the wide scanf family. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* --- Characters and strings ------------------------------------------------------------------ */

wint_t fputwc(wchar_t c, FILE *file)
{
    char bytes[MB_LEN_MAX];
    mbstate_t state = {0};
    size_t size = wcrtomb(bytes, c, &state);

    if (size == (size_t)-1) {
        file->flags |= __SERR;
        return WEOF;
    }
    return fwrite(bytes, 1, size, file) == size ? (wint_t)c : WEOF;
}

wint_t fgetwc(FILE *file)
{
    mbstate_t state = {0};
    wchar_t wide;
    int c;

    while ((c = fgetc(file)) != EOF) {
        char byte = (char)c;
        size_t size = mbrtowc(&wide, &byte, 1, &state);
        if (size == (size_t)-1) {
            file->flags |= __SERR;
            return WEOF;
        }
        if (size != (size_t)-2)
            return (wint_t)wide;
    }
    return WEOF;
}

wint_t ungetwc(wint_t c, FILE *file)
{
    char bytes[MB_LEN_MAX];
    mbstate_t state = {0};
    size_t size = c == WEOF ? (size_t)-1 : wcrtomb(bytes, (wchar_t)c, &state);

    if (size == (size_t)-1)
        return WEOF;
    while (size > 0)
        if (ungetc((unsigned char)bytes[--size], file) == EOF)
            return WEOF;
    return c;
}

#undef putwc
wint_t putwc(wchar_t c, FILE *file)
{
    return fputwc(c, file);
}

#undef getwc
wint_t getwc(FILE *file)
{
    return fgetwc(file);
}

#undef putwchar
wint_t putwchar(wchar_t c)
{
    return fputwc(c, stdout);
}

#undef getwchar
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

    while (done < size - 1) {
        wint_t c = fgetwc(file);
        if (c == WEOF)
            break;
        to[done++] = (wchar_t)c;
        if (c == L'\n')
            break;
    }
    if (done == 0 || ferror(file))
        return NULL;
    to[done] = L'\0';
    return to;
}

/* Streams here have no orientation. */
int fwide(FILE *file, int mode)
{
    (void)file;
    return mode;
}

/* --- printf ----------------------------------------------------------------------------------- */

/* The format's bytes in malloc's memory; NULL with errno. */
static char *wide_format(const wchar_t *format)
{
    size_t room = wcslen(format) * MB_LEN_MAX + 1;
    char *bytes = malloc(room);

    if (bytes && wcstombs(bytes, format, room) == (size_t)-1) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

int vfwprintf(FILE *restrict file, const wchar_t *restrict format, va_list arguments)
{
    char *bytes = wide_format(format);
    int result = bytes ? vfprintf(file, bytes, arguments) : -1;

    free(bytes);
    return result;
}

int vswprintf(wchar_t *restrict to, size_t size, const wchar_t *restrict format, va_list arguments)
{
    char *bytes = wide_format(format), *text = NULL;
    int length = bytes ? vasprintf(&text, bytes, arguments) : -1;
    size_t result = length < 0 ? (size_t)-1 : mbstowcs(to, text, size);

    free(bytes);
    free(text);
    return result == (size_t)-1 || result >= size ? -1 : (int)result;
}

int vwprintf(const wchar_t *restrict format, va_list arguments)
{
    return vfwprintf(stdout, format, arguments);
}

int fwprintf(FILE *restrict file, const wchar_t *restrict format, ...)
{
    va_list list;

    va_start(list, format);
    int result = vfwprintf(file, format, list);
    va_end(list);
    return result;
}

int wprintf(const wchar_t *restrict format, ...)
{
    va_list list;

    va_start(list, format);
    int result = vfwprintf(stdout, format, list);
    va_end(list);
    return result;
}

int swprintf(wchar_t *restrict to, size_t size, const wchar_t *restrict format, ...)
{
    va_list list;

    va_start(list, format);
    int result = vswprintf(to, size, format, list);
    va_end(list);
    return result;
}
