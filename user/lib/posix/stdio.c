/* SPDX-License-Identifier: MIT
 *
 * stdin, stdout and stderr. stdout is buffered by lines when it is a console, else fully. stderr is not
 * buffered, but what one call of the printf family or fputs writes goes out in one piece. */
#include <unistd.h>
#include "user/lib/posix/stdio_file.h"

#define STDIO_STANDARD_SIZE 1024

static unsigned char stdin_buffer[STDIO_STANDARD_SIZE], stdout_buffer[STDIO_STANDARD_SIZE];

struct stdio_file octavo_stdin = {
    .ext = STDIO_EXT(__SRD),
    .ops = &stdio_descriptor_ops,
    .fd = STDIN_FILENO,
    .mode = STDIO_FULL,
    .is_static = true,
    .buffer = stdin_buffer,
    .size = sizeof(stdin_buffer),
};

struct stdio_file octavo_stdout = {
    .ext = STDIO_EXT(__SWR),
    .ops = &stdio_descriptor_ops,
    .fd = STDOUT_FILENO,
    .mode = STDIO_AUTO,
    .is_static = true,
    .buffer = stdout_buffer,
    .size = sizeof(stdout_buffer),
};

struct stdio_file octavo_stderr = {
    .ext = STDIO_EXT(__SWR),
    .ops = &stdio_descriptor_ops,
    .fd = STDERR_FILENO,
    .mode = STDIO_UNBUFFERED,
    .is_static = true,
    .buffer = octavo_stderr.tiny,
    .size = sizeof(octavo_stderr.tiny),
};

FILE *const stdin = &octavo_stdin.ext.cfile.file;
FILE *const stdout = &octavo_stdout.ext.cfile.file;
FILE *const stderr = &octavo_stderr.ext.cfile.file;
