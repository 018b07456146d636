/* SPDX-License-Identifier: MIT
 *
 * wc [-clmw] [file]... (POSIX XCU wc). A byte is a character, and a word is what is between white
 * space, whatever its bytes are. */
#include "user/lib/tool/tool.h"
#include <ctype.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct counts {
    unsigned long long lines, words, bytes;
};

static int show_lines, show_words, show_bytes;

static struct counts count(FILE *in)
{
    struct counts n = {0};
    int c, in_word = 0;

    while ((c = getc(in)) != EOF) {
        n.bytes++;
        n.lines += c == '\n';
        n.words += !in_word && !isspace(c);
        in_word = !isspace(c);
    }
    return n;
}

/* Columns wide enough for the largest possible number, as elsewhere. */
static int width_of(int argc, char **argv)
{
    unsigned long long total = 0;
    struct stat status;
    int width = 1, least = 1;

    if (argc < 2 && show_lines + show_words + show_bytes == 1)
        return 1;
    if (argc == 0) {
        static char dash[] = "-";
        static char *input[] = {dash};
        return width_of(1, input);
    }
    for (int i = 0; i < argc; i++) {
        int error =
            strcmp(argv[i], "-") == 0 ? fstat(STDIN_FILENO, &status) : stat(argv[i], &status);
        if (error)
            continue;
        if (S_ISREG(status.st_mode))
            total += (unsigned long long)status.st_size;
        else
            least = 7;
    }
    for (; total >= 10; total /= 10)
        width++;
    return width > least ? width : least;
}

static void print(const struct counts *n, int width, const char *name)
{
    const char *gap = "";

    if (show_lines)
        printf("%s%*llu", gap, width, n->lines), gap = " ";
    if (show_words)
        printf("%s%*llu", gap, width, n->words), gap = " ";
    if (show_bytes)
        printf("%s%*llu", gap, width, n->bytes);
    if (name)
        printf(" %s", name);
    putchar('\n');
}

int main(int argc, char **argv)
{
    struct counts total = {0};
    int option;

    tool_begin(argv, "wc [-clmw] [file]...");
    while ((option = getopt(argc, argv, "clmw")) != -1)
        switch (option) {
        case 'c':
        case 'm':
            show_bytes = 1;
            break;
        case 'l':
            show_lines = 1;
            break;
        case 'w':
            show_words = 1;
            break;
        default:
            tool_misused();
        }
    if (!show_lines && !show_words && !show_bytes)
        show_lines = show_words = show_bytes = 1;
    int files = argc - optind, width = width_of(files, argv + optind);
    for (int i = optind; i < argc || (i == optind && files == 0); i++) {
        const char *path = files ? argv[i] : "-";
        FILE *in = tool_open(path);
        if (!in)
            continue;
        struct counts n = count(in);
        tool_close(in, path);
        print(&n, width, files ? path : NULL);
        total.lines += n.lines;
        total.words += n.words;
        total.bytes += n.bytes;
    }
    if (files > 1)
        print(&total, width, "total");
    return tool_end();
}
