/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 to 1.8.12: see the mend. */
#include <stdio.h>
#include "files.h"
#include "probe.h"

PROBE(position)
{
    FILE *file = fopen("r", "r");

    probe_file_set("abcd");
    if (fgetc(file) != 'a' || fgetc(file) != 'b' || ungetc('b', file) != 'b' ||
        ungetc('a', file) != 'a')
        return "one character can be pushed back";
    rewind(file);
    if (fgetc(file) != 'a' || ungetc('x', file) != 'x' || ftell(file) != 0)
        return "ftell after ungetc";
    return fseek(file, 0, SEEK_CUR) < 0 || fgetc(file) != 'a' ? "fseek after ungetc" : NULL;
}
