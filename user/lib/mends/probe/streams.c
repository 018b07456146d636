/* SPDX-License-Identifier: MIT
 *
 * picolibc 1.8 to 1.8.12: see the mend. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include "files.h"
#include "probe.h"

static const char *writes(void)
{
    FILE *file = fopen("w", "w");

    probe_file_set("");
    fputs("abcdefgh", file);
    probe_file.most = 3;
    if (fflush(file) < 0 || !probe_file_is("abcdefgh"))
        return "a short write is not gone on with";
    fputs("ij", file);
    probe_file.interrupted = 1;
    if (fflush(file) < 0 || !probe_file_is("abcdefghij"))
        return "a write that a signal ends is lost";
    fputs("k", file);
    probe_file.fails_at = 0;
    if (fflush(file) == 0 || !ferror(file))
        return "a write that fails is not seen";
    fputs("k", file);
    return fclose(file) == 0 ? "fclose does not tell of a write that fails" : NULL;
}

static const char *positions(void)
{
    int fd = open("r", O_RDONLY);
    FILE *file;

    probe_file_set("abcdef");
    lseek(fd, 3, SEEK_SET);
    file = fdopen(fd, "r");
    if (ftell(file) != 3)
        return "positions are counted from 0";
    if (fgetc(file) != 'd' || fseek(file, -1, SEEK_SET) == 0 || fgetc(file) != 'e')
        return "a seek that fails loses what was read ahead";
    fclose(file);
    if (fopen("x", "wx"))
        return "fopen does not know x";
    return NULL;
}

PROBE(streams)
{
    const char *wrong = writes();

    wrong = wrong ? wrong : positions();
    if (wrong)
        return wrong;
    probe_file_set("");
    fputs("x", fopen("w", "w"));
    fflush(NULL);
    return probe_file_is("x") ? NULL : "fflush(NULL) does not write";
}
