/* SPDX-License-Identifier: MIT
 *
 * Standard input and output, piece by piece: each mode writes what tests/guest/shell.py expects to the
 * byte. Without a mode: what a program can see of it by itself. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tests/guest/check.h"

static void at_exit(void)
{
    printf("[at exit]");
}

/* The destructor of a static object runs after atexit handlers, and stdio still works there. */
__attribute__((destructor)) static void destructor(void)
{
    extern char **environ;

    if (environ && getenv("OCTAVO_DESTRUCTOR"))
        printf("[destructor]");
}

static int write_bytes(long n)
{
    for (long i = 0; i < n; i++)
        putchar((int)(i * 7 + i / 256) & 0xff);
    return 0;
}

static int copy_input(bool by_stdio)
{
    char buffer[1000];
    long n;
    int c;

    if (by_stdio) {
        while ((c = getchar()) != EOF)
            putchar(c);
        return 0;
    }
    while ((n = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0)
        if (write(STDOUT_FILENO, buffer, (size_t)n) != n)
            return 1;
    return n < 0;
}

static int mode(int argc, char **argv)
{
    if (strcmp(argv[1], "return") == 0) {
        printf("no newline");
        return 3;
    }
    if (strcmp(argv[1], "exit") == 0) {
        atexit(at_exit);
        setenv("OCTAVO_DESTRUCTOR", "1", 1);
        printf("before");
        exit(4);
    }
    if (strcmp(argv[1], "_exit") == 0) {
        printf("never seen");
        _exit(5);
    }
    if (strcmp(argv[1], "abort") == 0) {
        printf("never seen");
        abort();
    }
    if (strcmp(argv[1], "streams") == 0) {
        fprintf(stderr, "err1 ");
        printf("out1 ");
        fflush(stdout);
        fprintf(stderr, "err2");
        printf("out2");
        return 0;
    }
    if (strcmp(argv[1], "bytes") == 0 && argc > 2)
        return write_bytes(atol(argv[2]));
    if (strcmp(argv[1], "copy") == 0)
        return copy_input(false);
    if (strcmp(argv[1], "copy-stdio") == 0)
        return copy_input(true);
    if (strcmp(argv[1], "arguments") == 0) {
        for (int i = 2; i < argc; i++)
            printf("[%s]", argv[i]);
        return 0;
    }
    if (strcmp(argv[1], "variable") == 0 && argc > 2) {
        const char *value = getenv(argv[2]);
        printf("%s", value ? value : "(unset)");
        return 0;
    }
    if (strcmp(argv[1], "status") == 0 && argc > 2)
        return atoi(argv[2]);
    if (strcmp(argv[1], "die") == 0)
        *(volatile char *)(uintptr_t)getpagesize = 1; /* text */
    return 2;
}

int main(int argc, char **argv)
{
    char text[200];
    volatile size_t five = 5;

    if (argc > 1)
        return mode(argc, argv);
    snprintf(text, sizeof(text), "%d %lu %x %5.2f|%-5s|%05d %c %% %e", -1, ~0ul, 0xbeef, 3.14159,
             "ab", 42, 'z', 12345.678);
    check(strcmp(text, "-1 18446744073709551615 beef  3.14|ab   |00042 z % 1.234568e+04") == 0,
          "printf", "%s", text);
    check(snprintf(text, five, "%s", "truncated") == 9 && strcmp(text, "trun") == 0,
          "snprintf cuts", "%s", text);
    int a = 0;
    double d = 0;
    check(sscanf("17 2.5 word", "%d %lf %s", &a, &d, text) == 3 && a == 17 && d == 2.5 &&
              strcmp(text, "word") == 0,
          "sscanf", "%d %g %s", a, d, text);
    check(strtod("0x1.8p3", NULL) == 12.0 && strtol("-0x20", NULL, 16) == -32, "strtod, strtol",
          "%g", strtod("0x1.8p3", NULL));
    volatile double two = 2.0;
    check(fabs(sqrt(two) * sqrt(two) - 2.0) < 1e-15 && fabs(sin(two) - 0.9092974268256817) < 1e-15,
          "libm", "%.17g", sin(two));
    errno = 0;
    check(write(17, "x", 1) == -1 && errno == EBADF, "write to no descriptor", "errno %d", errno);
    errno = 0;
    check(open("/no/such/file", O_RDONLY) == -1 && errno == ENOENT, "open of nothing", "errno %d",
          errno);
    errno = 0;
    check(write(STDOUT_FILENO, (void *)8, 4) == -1 && errno == EFAULT, "write of no memory",
          "errno %d", errno);
    errno = 0;
    check(close(55) == -1 && errno == EBADF, "close of no descriptor", "errno %d", errno);
    check(write(STDOUT_FILENO, text, 0) == 0, "write of nothing", "errno %d", errno);
    int null = open("/dev/null", O_RDWR);
    check(null >= 0 && write(null, "gone", 4) == 4 && read(null, text, 4) == 0, "/dev/null",
          "%d, errno %d", null, errno);
    return check_done();
}
