/* SPDX-License-Identifier: MIT
 *
 * fgetpos and fsetpos (C17 7.21.9): not in 1.8 and 1.8.6, though they are declared. */
#include <stdio.h>

int fgetpos(FILE *restrict file, fpos_t *restrict position)
{
    *position = ftello(file);
    return *position < 0 ? -1 : 0;
}

int fsetpos(FILE *file, const fpos_t *position)
{
    return fseeko(file, *position, SEEK_SET);
}
