/* SPDX-License-Identifier: MIT
 *
 * wcstod, wcstof and wcstold (C17 7.29.4.1.1). Those of picolibc 1.8.10 and 1.8.12 look at 17 digits only, those
 * before are read by a strtod of their own; here by this library's strtod, which gets a byte for each character. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

/* All that may belong to the number that the text begins with, from malloc, or NULL. */
static char *narrow(const wchar_t *text)
{
    size_t blanks = 0, length;

    while (iswspace((wint_t)text[blanks]))
        blanks++;
    for (length = blanks; text[length] > 0 && text[length] < 128; length++)
        if (!isalnum((int)text[length]) && !strchr("+-._()", (int)text[length]))
            break;
    char *bytes = malloc(length + 1);
    for (size_t i = 0; bytes && i <= length; i++)
        bytes[i] = (char)(i < blanks ? ' ' : i < length ? text[i] : 0);
    return bytes;
}

#define WIDE(type, name, of_bytes)                                   \
    type name(const wchar_t *restrict text, wchar_t **restrict rest) \
    {                                                                \
        char *bytes = narrow(text), *end = bytes;                    \
        type value = bytes ? of_bytes(bytes, &end) : 0;              \
        if (rest)                                                    \
            *rest = (wchar_t *)text + (end - bytes);                 \
        free(bytes);                                                 \
        return value;                                                \
    }
WIDE(double, wcstod, strtod)
WIDE(float, wcstof, strtof)
WIDE(long double, wcstold, strtold)
