/* SPDX-License-Identifier: MIT
 *
 * Probes of <stdio.h>. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/types.h>
#include <unistd.h>
#include "probe.h"

int dprintf(int fd, const char *format, ...);
void __fpurge(FILE *file);
void flockfile(FILE *file);
FILE *open_memstream(char **memory, size_t *size);
ssize_t getdelim(char **line, size_t *size, int delimiter, FILE *file);
int __d_vfprintf(FILE *file, const char *format, va_list arguments);
MAY_LACK(dprintf);
MAY_LACK(__fpurge);
MAY_LACK(flockfile);
MAY_LACK(fgetpos);
MAY_LACK(open_memstream);
MAY_LACK(getdelim);
MAY_LACK(__d_vfprintf);

PROBE(dprintf)
{
    probe_file_set("");
    probe_file.interrupted = 1;
    return dprintf && dprintf(open("w", O_WRONLY), "%d", 12) == 2 ? NULL
                                                                  : "a signal, or no dprintf";
}

PROBE(extensions)
{
    return __fpurge ? NULL : "no __fpurge";
}

PROBE(flockfile)
{
    FILE *file = fopen("r", "r");

    fgetc(file);
    const void *its = probe_lock_taken;
    if (flockfile)
        flockfile(file);
    return flockfile && probe_lock_taken == its ? NULL : "another lock than fgetc's, or none";
}

PROBE(fpos)
{
    return fgetpos ? NULL : "no fgetpos and fsetpos";
}

PROBE(memory)
{
    char text[] = "ab", *memory;
    FILE *file = fmemopen(text, 2, "r");
    size_t size;

    if (fgetc(file) != 'a' || fgetc(file) != 'b' || fgetc(file) != EOF || ferror(file))
        return "fmemopen at the end";
    file = fmemopen(text, 3, "a");
    if (ftell(file) != 2 || fputc('c', file) != 'c' || fclose(file) != 0 || text[2] != 'c')
        return "fmemopen does not append";
    if (!open_memstream)
        return "no open_memstream";
    file = open_memstream(&memory, &size);
    fputs("abcdef", file);
    fseek(file, 1, SEEK_SET);
    return fclose(file) == 0 && size == 1 && memcmp(memory, "a", 2) == 0 ? NULL
                                                                         : "open_memstream's size";
}

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

PROBE(read)
{
    FILE *file = fopen("r", "r");
    char *line = NULL, bytes[8];
    size_t size = 0;

    probe_file_set("abcd\nefgh");
    setvbuf(file, NULL, _IONBF, 0);
    if (fread(bytes, 1, 5, file) != 5 || probe_file.calls > 2)
        return "without a buffer each byte is a call";
    if (!getdelim || getdelim(&line, &size, ';', file) != 4 ||
        getdelim(&line, &size, ';', file) != -1)
        return "getdelim at the end, or none";
    rewind(file);
    fgetc(file);
    probe_file.interrupted = 1;
    return fgets(bytes, 8, file) ? "fgets when reading fails" : NULL;
}

PROBE(streams)
{
    FILE *file = fopen("w", "w");

    fputs("abcdefgh", file);
    probe_file_set("");
    probe_file.most = 3;
    probe_file.interrupted = 1;
    if (fflush(file) < 0 || !probe_file_is("abcdefgh"))
        return "a short write, or one that a signal ends, is lost";
    fputs("k", file);
    probe_file.most = 0;
    if (fflush(file) == 0 || !ferror(file) || fputs("k", file) < 0 || fclose(file) == 0)
        return "a write that fails is not told of";
    int fd = open("r", O_RDONLY);
    lseek(fd, 3, SEEK_SET);
    file = fdopen(fd, "r");
    if (ftell(file) != 3)
        return "positions are counted from 0";
    if (fgetc(file) != 'd' || fseek(file, -1, SEEK_SET) == 0 || fgetc(file) != 'e')
        return "a seek that fails loses what was read ahead";
    if (fopen("x", "wx"))
        return "fopen does not know x";
    probe_file_set("");
    fputs("x", fopen("w", "w"));
    fflush(NULL);
    return probe_file_is("x") ? NULL : "fflush(NULL) does not write";
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
    if (fwrite("abc", 1, 3, file) != 3 || fputs("def", file) < 0 || probe_file.calls != 2)
        return "without a buffer each byte is a call";
    fclose(file);
    file = fopen("r", "r");
    errno = 0;
    return fputc('x', file) == EOF && ferror(file) && errno == EBADF
               ? NULL
               : "no error where none may write";
}
