/* SPDX-License-Identifier: MIT
 *
 * octavo-test: helper
 * Streams on files, in the working directory: see posix.h. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>
#include "posix.h"

#define GIB (1l << 30)

static char text[100000];

static void show(const char *path)
{
    FILE *file = fopen(path, "r");
    size_t n = file ? fread(text, 1, 200, file) : 0;

    printf("%s: %zu [%.*s]\n", path, n, (int)n, text);
    if (file)
        fclose(file);
}

static void test_modes(void)
{
    static const char *const modes[] = {"r",  "r+",  "w",   "w+", "a",   "a+", "rb", "r+b",  "rb+",
                                        "wx", "w+x", "wbx", "re", "a+e", "q",  "",   "w+bx", "ab+"};

    for (unsigned i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
        for (int exists = 0; exists < 2; exists++) {
            remove("m");
            if (exists) {
                FILE *make = fopen("m", "w");
                fputs("before", make);
                fclose(make);
            }
            errno = 0;
            FILE *file = fopen("m", modes[i]);
            printf("%s %d: %s", modes[i], exists, file ? "open" : error_name(errno));
            if (file) {
                int c = fgetc(file);
                printf(" get %d", c);
                fseek(file, 0, SEEK_CUR);
                errno = 0;
                int put = fputs("XY", file) < 0;
                printf(" put %s", put ? error_name(errno) : "well");
                printf(" close %d", fclose(file));
            }
            printf("\n");
            show("m");
        }
    SAY_POINTER(fopen("none/x", "w"));
    mkdir("d", 0755);
    SAY_POINTER(fopen("d", "w"));
    FILE *d = fopen("d", "r");
    printf("%d %s\n", d ? fgetc(d) : -2, error_name(errno));
    printf("%d\n", d ? ferror(d) != 0 : -1);
    if (d)
        fclose(d);
}

static void test_positions(void)
{
    FILE *file = fopen("p", "w+");
    fpos_t place;

    for (int i = 0; i < 10000; i++)
        fprintf(file, "%06d\n", i);
    SAY(ftell(file));
    SAY(fseek(file, 70, SEEK_SET));
    SAY(fgetc(file));
    SAY(ftell(file));
    SAY(ungetc('x', file));
    SAY(ftell(file));
    SAY(fgetc(file));
    SAY_POINTER(fgets(text, 100, file));
    printf("%s", text);
    SAY(fgetpos(file, &place));
    SAY_POINTER(fgets(text, 4, file));
    puts(text);
    SAY(fsetpos(file, &place));
    SAY_POINTER(fgets(text, 4, file));
    puts(text);
    SAY(fseek(file, -7, SEEK_END));
    SAY_POINTER(fgets(text, 100, file));
    printf("%s", text);
    SAY(feof(file) != 0);
    SAY(fgetc(file));
    SAY(feof(file) != 0);
    SAY(fseek(file, 0, SEEK_CUR));
    SAY(feof(file) != 0);
    SAY(fseek(file, -1, SEEK_SET));
    SAY(fseek(file, 0, 77));
    rewind(file);
    SAY(fread(text, 7, 3, file));
    printf("%.21s", text);
    /* Writing in the middle, then reading on. */
    SAY(fseek(file, 35, SEEK_SET));
    SAY(fputs("abc", file) >= 0);
    SAY(fflush(file));
    SAY(fseek(file, 0, SEEK_CUR));
    SAY_POINTER(fgets(text, 100, file));
    printf("%s", text);
    rewind(file);
    SAY(fread(text, 1, sizeof(text), file));
    SAY(feof(file) != 0);
    printf("%.50s", text);
    SAY(fclose(file));
    file = fopen("far", "w+");
    SAY(fseeko(file, 5 * GIB, SEEK_SET));
    SAY(fputs("far", file) >= 0);
    SAY(ftello(file));
    SAY(fseeko(file, -2, SEEK_CUR));
    SAY(fgetc(file));
    SAY(fclose(file));
    remove("far");
    file = fopen("p", "a+");
    SAY(fputs("more", file) >= 0);
    SAY(ftell(file));
    SAY(fseek(file, 0, SEEK_SET));
    SAY(fgetc(file));
    SAY(fseek(file, 0, SEEK_CUR));
    SAY(fputs("end", file) >= 0);
    SAY(fclose(file));
    file = fopen("p", "r");
    SAY(fseek(file, -9, SEEK_END));
    SAY(fread(text, 1, 100, file));
    printf("%.9s\n", text);
    SAY(fputc('x', file));
    SAY(ferror(file) != 0);
    clearerr(file);
    SAY(ferror(file) != 0);
    fclose(file);
}

static void test_buffers(void)
{
    static char own[10];
    FILE *file = fopen("b", "w+");

    SAY(setvbuf(file, own, _IOFBF, sizeof(own)));
    SAY(fputs("0123456789abcde", file) >= 0);
    SAY(fwrite("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1, 26, file));
    fclose(file);
    show("b");
    file = fopen("b", "w");
    SAY(setvbuf(file, NULL, _IONBF, 0));
    fputs("at once", file);
    show("b");
    fclose(file);
    file = fopen("b", "w");
    setvbuf(file, NULL, _IOLBF, 0);
    fputs("a line\nand", file);
    show("b");
    fputs(" more", file);
    show("b");
    SAY(fflush(NULL));
    show("b");
    fclose(file);
    file = fopen("b", "r+");
    SAY(fread(text, 3, 2, file));
    SAY(fseek(file, 0, SEEK_CUR));
    SAY(fwrite("XYZ", 3, 1, file));
    SAY(fread(text, 0, 5, file));
    fclose(file);
    show("b");
    int fd = open("b", O_RDONLY);
    file = fdopen(fd, "r");
    SAY(fileno(file) == fd);
    SAY(fgetc(file));
    SAY(fflush(file));
    SAY(lseek(fd, 0, SEEK_CUR));
    SAY(fgetc(file));
    SAY(fclose(file));
    SAY(close(fd));
    fd = open("b", O_RDONLY);
    SAY_POINTER(fdopen(fd, "w"));
    SAY_POINTER(fdopen(fd, "z"));
    SAY_POINTER(fdopen(99, "r"));
    close(fd);
    file = fopen("b", "w");
    SAY_POINTER(freopen("c", "w", file));
    fputs("into c", file);
    SAY_POINTER(freopen("b", "r", file));
    SAY(fgetc(file));
    SAY_POINTER(freopen("none", "r", file));
    show("c");
}

static void test_lines(void)
{
    FILE *file = fopen("l", "w+");
    char *line = NULL;
    size_t size = 0;

    fputs("one\n\n", file);
    for (int i = 0; i < 30000; i++)
        fputc('a' + i % 26, file);
    fputs("\nlast;with no newline", file);
    rewind(file);
    for (ssize_t n; (n = getline(&line, &size, file)) >= 0;)
        printf("%zd %.10s\n", n, line);
    SAY(feof(file) != 0);
    fseek(file, -20, SEEK_END);
    SAY(getdelim(&line, &size, ';', file));
    puts(line);
    SAY(getline(NULL, &size, file));
    rewind(file);
    SAY(fscanf(file, "%5s", text));
    puts(text);
    SAY(fgetc(file));
    fclose(file);
    free(line);
    file = fopen("l", "w+");
    fputs("12 0x1f -7 3.25e2 word [set] 99999999999", file);
    rewind(file);
    int a, b;
    long c;
    double d;
    char word[20], set[20];
    SAY(fscanf(file, "%d %i %ld %lf %19s [%19[a-z]]", &a, &b, &c, &d, word, set));
    printf("%d %d %ld %g %s %s\n", a, b, c, d, word, set);
    SAY(fscanf(file, "%d", &a));
    SAY(fscanf(file, "%d", &a));
    fclose(file);
    SAY(dprintf(1, "%s", ""));
    int fd = open("l", O_WRONLY | O_TRUNC);
    SAY(dprintf(fd, "%d-%s", 17, "x"));
    close(fd);
    show("l");
    SAY(dprintf(99, "x"));
}

static void test_memory(void)
{
    char *memory;
    size_t size;
    FILE *file = open_memstream(&memory, &size);

    fprintf(file, "%d", 42);
    fflush(file);
    printf("%s %zu\n", memory, size);
    for (int i = 0; i < 3000; i++)
        fputs("abc", file);
    fflush(file);
    printf("%zu %.6s\n", size, memory);
    SAY(fseek(file, 0, SEEK_SET));
    fputs("XX", file);
    SAY(fclose(file));
    printf("%zu %.6s\n", size, memory);
    free(memory);
    char fixed[16] = "hello world";
    file = fmemopen(fixed, 11, "r");
    SAY(fgetc(file));
    SAY(ungetc('j', file));
    SAY_POINTER(fgets(text, 100, file));
    puts(text);
    SAY(fgetc(file));
    SAY(fclose(file));
    SAY_POINTER(file = tmpfile());
    fputs("gone soon", file);
    rewind(file);
    SAY_POINTER(fgets(text, 100, file));
    puts(text);
    SAY(fclose(file));
    char name[] = "tmp-XXXXXX", folder[] = "dir-XXXXXX", bad[] = "tmp-XXXX";
    int fd = mkstemp(name);
    struct stat s;
    SAY(fstat(fd, &s));
    printf("%o\n", (unsigned)s.st_mode);
    SAY(close(fd));
    SAY(remove(name));
    SAY_POINTER(mkdtemp(folder));
    SAY(stat(folder, &s));
    printf("%o\n", (unsigned)s.st_mode);
    SAY(rmdir(folder));
    SAY(mkstemp(bad));
}

static void test_pushed_back(void)
{
    FILE *file = fopen("u", "w+");

    fputs("abc", file);
    rewind(file);
    SAY(ungetc('z', file));
    SAY(fgetc(file));
    SAY(fgetc(file));
    SAY(ungetc('y', file));
    SAY(fread(text, 1, 10, file));
    printf("%.3s\n", text);
    SAY(feof(file) != 0);
    SAY(ungetc('q', file));
    SAY(feof(file) != 0);
    SAY(fgetc(file));
    SAY(fgetc(file));
    SAY(ungetc(EOF, file));
    SAY(ungetc('1', file));
    SAY(fseek(file, 1, SEEK_SET));
    SAY(fgetc(file));
    fclose(file);
}

int main(void)
{
    go_here();
    setvbuf(stdout, NULL, _IOFBF, 65536);
    umask(022);
    test_modes();
    test_positions();
    test_buffers();
    test_lines();
    test_memory();
    test_pushed_back();
    /* Not closed: exit writes it. */
    FILE *left = fopen("left", "w");
    fputs("written at exit", left);
    return 0;
}
