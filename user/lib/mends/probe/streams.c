/* SPDX-License-Identifier: MIT
 *
 * Probes of <stdio.h>. What else is wrong there, tests/guest/mends.c looks for. */
#include <stdarg.h>
#include "probe.h"

void __fpurge(FILE *file);
FILE *open_memstream(char **memory, size_t *size);
int __d_vfprintf(FILE *file, const char *format, va_list arguments);
MAY_LACK(__fpurge);
MAY_LACK(open_memstream);
MAY_LACK(__d_vfprintf);

PROBE(extensions)
{
    return __fpurge ? NULL : "no __fpurge";
}

PROBE(memory)
{
    char *memory;
    size_t size;
    FILE *file = open_memstream ? open_memstream(&memory, &size) : NULL;

    if (!file || fputs("abc", file) < 0 || fseek(file, 1, SEEK_SET) < 0)
        return "no open_memstream";
    return fclose(file) == 0 && memcmp(memory, "a", 2) == 0 ? NULL : "open_memstream's end";
}

PROBE(position)
{
    FILE *file = fopen("r", "r");

    probe_file_set("ab");
    fgetc(file);
    fgetc(file);
    return ungetc('b', file) == 'b' && ungetc('a', file) == 'a' ? NULL : "a second ungetc";
}

PROBE(read)
{
    FILE *file = fopen("r", "r");
    char bytes[8];

    probe_file_set("abcd\nefgh");
    setvbuf(file, NULL, _IONBF, 0);
    return fread(bytes, 1, 5, file) == 5 && probe_file.calls <= 2 ? NULL : "each byte is a call";
}

PROBE(streams)
{
    FILE *file = fopen("w", "w");

    probe_file_set("");
    fputs("abcd", file);
    probe_file.interrupted = 1;
    if (fflush(file) < 0 || !probe_file_is("abcd"))
        return "a write that a signal ends is lost";
    fputs("e", file);
    fflush(NULL);
    return probe_file_is("abcde") ? NULL : "fflush(NULL) does not write";
}

PROBE(variants)
{
    int (*volatile plain)(FILE *, const char *, va_list) = vfprintf;

    return __d_vfprintf == plain ? "__d_vfprintf comes with vfprintf" : NULL;
}

PROBE(write)
{
    FILE *file = fopen("w", "w");

    probe_file_set("");
    setvbuf(file, NULL, _IONBF, 0);
    return fputs("abc", file) >= 0 && probe_file.calls == 1 ? NULL : "each byte is a call";
}
