/* SPDX-License-Identifier: MIT
 *
 * Probes of <stdio.h>. What else is wrong there, tests/guest/mends.c looks for. */
#include <stdarg.h>
#include <stdio-bufio.h>
#include "probe.h"

FILE *open_memstream(char **memory, size_t *size);
int __d_vfprintf(FILE *file, const char *format, va_list arguments);
MAY_LACK(open_memstream);
MAY_LACK(__d_vfprintf);

/* A stream whose buffer has one byte or more; each read gives "ab". */
static int calls;

static ssize_t feed(int fd, void *to, size_t size)
{
    calls++;
    memcpy(to, "ab", size < 2 ? size : 2);
    return size < 2 ? (ssize_t)size : 2;
}

static ssize_t drain(int fd, const void *from, size_t size)
{
    calls++;
    return (ssize_t)size;
}

static char memory[8];
#define BUFFERED(size) FDEV_SETUP_BUFIO(9, memory, size, feed, drain, NULL, NULL, __SRD | __SWR, 0)

PROBE(memory)
{
    char *text;
    size_t size;
    FILE *file = open_memstream ? open_memstream(&text, &size) : NULL;

    if (!file || fputs("abc", file) < 0 || fseek(file, 1, SEEK_SET) < 0)
        return "no open_memstream";
    return fclose(file) == 0 && memcmp(text, "a", 2) == 0 ? NULL : "open_memstream's end";
}

PROBE(position)
{
    static struct __file_bufio stream = BUFFERED(8);
    FILE *file = &stream.xfile.cfile.file;

    fgetc(file);
    fgetc(file);
    return ungetc('b', file) == 'b' && ungetc('a', file) == 'a' ? NULL : "a second ungetc";
}

PROBE(read)
{
    static struct __file_bufio stream = BUFFERED(1);
    char bytes[8];

    calls = 0;
    return fread(bytes, 1, 8, &stream.xfile.cfile.file) == 8 && calls <= 4 ? NULL
                                                                           : "each byte is a call";
}

PROBE(streams)
{
    return fflush(NULL) == 0 ? NULL : "fflush(NULL)";
}

PROBE(variants)
{
    int (*volatile plain)(FILE *, const char *, va_list) = vfprintf;

    return __d_vfprintf == plain ? "__d_vfprintf comes with vfprintf" : NULL;
}

PROBE(write)
{
    static struct __file_bufio stream = BUFFERED(1);

    calls = 0;
    return fputs("abc", &stream.xfile.cfile.file) >= 0 && calls == 1 ? NULL : "each byte is a call";
}
