/* SPDX-License-Identifier: MIT
 *
 * tee [-ai] [file]... (POSIX XCU tee): standard input to standard output and to files. */
#include "user/lib/tool/tool.h"
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static void write_all(int *fd, const char *name, const char *buffer, ssize_t length)
{
    for (ssize_t done = 0, n; *fd >= 0 && done < length; done += n)
        if ((n = write(*fd, buffer + done, (size_t)(length - done))) < 0) {
            tool_warn("%s", name);
            *fd = -1; /* the others go on */
        }
}

int main(int argc, char **argv)
{
    static char buffer[16384];
    int option, flags = O_TRUNC;
    ssize_t n;

    tool_begin(argv, "tee [-ai] [file]...");
    while ((option = getopt(argc, argv, "ai")) != -1)
        switch (option) {
        case 'a':
            flags = O_APPEND;
            break;
        case 'i':
            signal(SIGINT, SIG_IGN);
            break;
        default:
            tool_misused();
        }
    int files = argc - optind, out = STDOUT_FILENO;
    int *fd = tool_memory(NULL, (size_t)(files + 1) * sizeof(*fd));
    for (int i = 0; i < files; i++) {
        fd[i] = open(argv[optind + i], O_WRONLY | O_CREAT | flags, 0666);
        if (fd[i] < 0)
            tool_warn("%s", argv[optind + i]);
    }
    while ((n = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0) {
        write_all(&out, "standard output", buffer, n);
        for (int i = 0; i < files; i++)
            write_all(&fd[i], argv[optind + i], buffer, n);
    }
    if (n < 0)
        tool_warn("standard input");
    return tool_end();
}
