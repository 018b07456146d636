/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 to 1.8.12: see the mend. */
#include <errno.h>
#include <stdio.h>
#include "files.h"
#include "probe.h"

PROBE(write)
{
    FILE *file = fopen("w", "w");

    probe_file_set("");
    setvbuf(file, NULL, _IONBF, 0);
    if (fwrite("abc", 1, 3, file) != 3 || fputs("def", file) < 0 || probe_file.calls != 2)
        return "without a buffer each byte is a call";
    fclose(file);
    file = fopen("r", "r");
    errno = 0;
    return fputc('x', file) == EOF && ferror(file) && errno == EBADF
               ? NULL
               : "no error where none may write";
}
