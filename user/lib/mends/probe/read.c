/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 to 1.8.12: see the mend. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include "files.h"
#include "probe.h"

ssize_t getdelim(char **line, size_t *size, int delimiter, FILE *file);
MAY_LACK(getdelim);

PROBE(read)
{
    FILE *file = fopen("r", "r");
    char *line = NULL, bytes[8];
    size_t size = 0;

    if (!getdelim)
        return "no getdelim";
    probe_file_set("abcd\nefgh");
    setvbuf(file, NULL, _IONBF, 0);
    if (fread(bytes, 1, 5, file) != 5 || probe_file.calls > 2)
        return "without a buffer each byte is a call";
    if (getdelim(&line, &size, ';', file) != 4 || line[4] != 0 ||
        getdelim(&line, &size, ';', file) != -1)
        return "getdelim at the end";
    rewind(file);
    fgetc(file);
    setvbuf(file, bytes, _IOFBF, 3);
    fgetc(file);
    ungetc('x', file);
    fgetc(file);
    fgetc(file);
    ungetc('x', file);
    probe_file.interrupted = 1;
    return fgets(line, 4, file) ? "fgets when reading fails" : NULL;
}
