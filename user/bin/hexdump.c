/* SPDX-License-Identifier: MIT
 *
 * hexdump [-Cv] [-n length] [-s skip] [file]...: bytes in hexadecimal, beside them as text with -C, else
 * in words of 16 bits. Lines that repeat are shown as * unless -v. */
#include "user/lib/tool/tool.h"
#include <ctype.h>
#include <string.h>
#include <unistd.h>

#define LINE 16

static int canonical, verbose;
static long long length = -1, skip;

static void print_line(unsigned long long offset, const unsigned char *byte, int n)
{
    printf(canonical ? "%08llx" : "%07llx", offset);
    if (!canonical) {
        for (int i = 0; i < n; i += 2)
            printf(" %02x%02x", i + 1 < n ? byte[i + 1] : 0, byte[i]);
        printf("%*s\n", (LINE - (n + 1) / 2 * 2) / 2 * 5, "");
        return;
    }
    for (int i = 0; i < LINE; i++) {
        fputs(i % 8 ? " " : "  ", stdout);
        if (i < n)
            printf("%02x", byte[i]);
        else
            fputs("  ", stdout);
    }
    fputs("  |", stdout);
    for (int i = 0; i < n; i++)
        putchar(isprint(byte[i]) ? byte[i] : '.');
    puts("|");
}

/* The files as one stream: a line may have bytes of two of them. */
static char **files;
static FILE *file;

static int next_byte(void)
{
    for (;;) {
        int c = file ? getc(file) : EOF;
        if (c != EOF)
            return c;
        if (file)
            tool_close(file, files[-1]);
        file = NULL;
        while (!file && *files)
            file = tool_open(*files++);
        if (!file)
            return EOF;
    }
}

static void dump(void)
{
    unsigned char byte[LINE], last[LINE];
    unsigned long long offset = (unsigned long long)skip;
    int n, c, has_last = 0, starred = 0;

    for (long long i = 0; i < skip && next_byte() != EOF; i++)
        ;
    do {
        for (n = 0; n < LINE && length != 0 && (c = next_byte()) != EOF; n++) {
            byte[n] = (unsigned char)c;
            if (length > 0)
                length--;
        }
        if (n == 0)
            break;
        if (n == LINE && has_last && !verbose && memcmp(byte, last, LINE) == 0) {
            if (!starred)
                puts("*");
            starred = 1;
        } else {
            print_line(offset, byte, n);
            starred = 0;
        }
        memcpy(last, byte, sizeof(last));
        has_last = 1;
        offset += (unsigned)n;
    } while (n == LINE);
    if (has_last)
        printf(canonical ? "%08llx\n" : "%07llx\n", offset);
}

static long long size(const char *text)
{
    char *end;
    long long value = tool_size(text, &end);

    if (value < 0 || *end)
        tool_die("%s: not a number", text);
    return value;
}

int main(int argc, char **argv)
{
    static char dash[] = "-";
    static char *input[] = {dash, NULL};
    int option;

    tool_begin(argv, "hexdump [-Cv] [-n length] [-s skip] [file]...");
    while ((option = getopt(argc, argv, "Cvn:s:")) != -1)
        switch (option) {
        case 'C':
            canonical = 1;
            break;
        case 'v':
            verbose = 1;
            break;
        case 'n':
            length = size(optarg);
            break;
        case 's':
            skip = size(optarg);
            break;
        default:
            tool_misused();
        }
    files = optind == argc ? input : argv + optind;
    dump();
    return tool_end();
}
