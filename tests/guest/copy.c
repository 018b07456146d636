/* SPDX-License-Identifier: MIT
 *
 * octavo-test: helper
 * What octavo_run.py starts: copies its input to its output; `copy err` to standard error too; `copy
 * mark` first writes what looks like octavo-run's own marks. */
#include <proto/run.h>
#include <string.h>
#include <unistd.h>

static int put(int fd, const char *bytes, size_t length)
{
    while (length) {
        ssize_t n = write(fd, bytes, length);
        if (n <= 0)
            return -1;
        bytes += n;
        length -= (size_t)n;
    }
    return 0;
}

int main(int argc, char **argv)
{
    const char marks[] = RUN_MARK_END "42\n" RUN_MARK_BEGIN "\x01k\x01\x01";
    const char *mode = argc > 1 ? argv[1] : "";
    char buffer[512];
    ssize_t n;

    if (strcmp(mode, "mark") == 0 && put(STDOUT_FILENO, marks, sizeof(marks)) < 0)
        return 1;
    while ((n = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0) {
        if (put(STDOUT_FILENO, buffer, (size_t)n) < 0)
            return 1;
        if (strcmp(mode, "err") == 0 && put(STDERR_FILENO, buffer, (size_t)n) < 0)
            return 1;
    }
    return n < 0;
}
