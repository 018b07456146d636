/* SPDX-License-Identifier: MIT
 *
 * strsep (BSD). picolibc up to 1.8.12 does not tell the last field when it is empty, nor that of an empty text. */
#include <string.h>

char *strsep(char **rest, const char *separators)
{
    char *field = *rest;

    if (field) {
        char *end = field + strcspn(field, separators);
        *rest = *end ? end + 1 : NULL;
        *end = 0;
    }
    return field;
}
