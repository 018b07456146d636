/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 to 1.8.10: see the mend. */
#include <stdio.h>
#include <string.h>
#include "probe.h"

FILE *open_memstream(char **memory, size_t *size);
MAY_LACK(open_memstream);

PROBE(memory)
{
    char text[] = "ab", *memory;
    FILE *file = fmemopen(text, 2, "r");
    size_t size;

    if (fgetc(file) != 'a' || fgetc(file) != 'b' || fgetc(file) != EOF || ferror(file) ||
        !feof(file))
        return "fmemopen at the end";
    file = fmemopen(text, 3, "a");
    if (ftell(file) != 2 || fputc('c', file) != 'c' || fclose(file) != 0 || text[2] != 'c')
        return "fmemopen does not append";
    if (!open_memstream)
        return "no open_memstream";
    file = open_memstream(&memory, &size);
    fputs("abc", file);
    fseek(file, 5, SEEK_SET);
    fputs("f", file);
    fseek(file, 1, SEEK_SET);
    return fclose(file) == 0 && size == 1 && memcmp(memory, "a", 2) == 0 ? NULL
                                                                         : "open_memstream's size";
}
