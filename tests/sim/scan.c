/* SPDX-License-Identifier: MIT
 *
 * scan.c - see scan.h.
 */
#define _GNU_SOURCE
#include "scan.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

void scan_fail(struct scan *scan, const char *format, ...)
{
    va_list arguments;

    if (scan->wrong)
        return;
    scan->wrong = true;
    fprintf(stderr, "%s:%llu: ", scan->path, (unsigned long long)scan->line);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

/* Replaces scan->fd by the output of `tool -dc` on it. */
static void decompress(struct scan *scan, char *tool)
{
    char *argv[] = {tool, "-dc", NULL};
    posix_spawn_file_actions_t actions;
    int ends[2], error;

    if (pipe2(ends, O_CLOEXEC) < 0) {
        scan_fail(scan, "%s", strerror(errno));
        return;
    }
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, scan->fd, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    error = posix_spawnp(&scan->child, tool, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    close(scan->fd);
    scan->fd = ends[0];
    scan->tool = tool;
    if (error != 0) {
        scan->child = 0;
        scan_fail(scan, "cannot run %s: %s", tool, strerror(error));
    }
}

/* Reads until the buffer is full or the file ends. False on an error or when there is nothing. */
static bool fill(struct scan *scan)
{
    scan->length -= scan->at;
    memmove(scan->buffer, scan->buffer + scan->at, scan->length);
    scan->at = 0;
    while (scan->length < SCAN_BUFFER && !scan->wrong) {
        ssize_t n = read(scan->fd, scan->buffer + scan->length, SCAN_BUFFER - scan->length);

        if (n == 0)
            break;
        if (n < 0 && errno != EINTR)
            scan_fail(scan, "%s", strerror(errno));
        if (n > 0)
            scan->length += n;
    }
    return scan->length > 0 && !scan->wrong;
}

bool scan_open(struct scan *scan, const char *path)
{
    bool standard_input = strcmp(path, "-") == 0;
    unsigned char magic[4] = {0};

    memset(scan, 0, offsetof(struct scan, buffer));
    scan->path = standard_input ? "(standard input)" : path;
    scan->fd = standard_input ? dup(0) : open(path, O_RDONLY | O_CLOEXEC);
    if (scan->fd < 0) {
        fprintf(stderr, "%s: %s\n", scan->path, strerror(errno));
        return false;
    }
    scan->line = 1;
    if (pread(scan->fd, magic, sizeof(magic), 0) >= 2) { /* fails on a pipe: read as it is */
        if (magic[0] == 0x1f && magic[1] == 0x8b)
            decompress(scan, "gzip");
        else if (memcmp(magic, "\x28\xb5\x2f\xfd", 4) == 0)
            decompress(scan, "zstd");
    }
    return true;
}

bool scan_close(struct scan *scan)
{
    int status = 0;

    close(scan->fd);
    if (scan->child != 0) {
        while (waitpid(scan->child, &status, 0) < 0 && errno == EINTR)
            ;
        if (status != 0)
            scan_fail(scan, "%s could not read this file whole", scan->tool);
    }
    return !scan->wrong;
}

/* The next character, not consumed; -1 at the end. */
static inline int peek(struct scan *scan)
{
    if (scan->at == scan->length && !fill(scan))
        return -1;
    return (unsigned char)scan->buffer[scan->at];
}

static bool is_space(int c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == ',';
}

enum scan_token scan_next(struct scan *scan)
{
    size_t length = 0;
    int c;

    if (scan->newline)
        scan->line++;
    scan->newline = false;
    while (is_space(c = peek(scan)))
        scan->at++;
    if (scan->wrong || c < 0)
        return SCAN_END;
    if (c == '\n') {
        scan->at++;
        scan->newline = true;
        return SCAN_NEWLINE;
    }
    while ((c = peek(scan)) > ' ' && c != ',') {
        if (length < SCAN_WORD - 1)
            scan->word[length++] = c;
        scan->at++;
    }
    if (length == 0) {
        scan_fail(scan, "character 0x%02x in what should be text", c);
        return SCAN_END;
    }
    scan->word[length] = '\0';
    return SCAN_A_WORD;
}

void scan_skip_line(struct scan *scan)
{
    int c;

    while ((c = peek(scan)) >= 0 && c != '\n')
        scan->at++;
}

size_t scan_peek(struct scan *scan, const char **text)
{
    if (peek(scan) < 0)
        return 0;
    *text = scan->buffer + scan->at;
    return scan->length - scan->at;
}

size_t scan_ahead(struct scan *scan, size_t want, const char **bytes)
{
    if (scan->length - scan->at < want)
        fill(scan);
    *bytes = scan->buffer + scan->at;
    return scan->wrong ? 0 : scan->length - scan->at;
}

void scan_take(struct scan *scan, size_t count)
{
    scan->at += count;
}

bool scan_number(const char *word, uint64_t *value)
{
    unsigned base = 10;
    uint64_t n = 0;

    if (word[0] == '0' && (word[1] == 'x' || word[1] == 'X')) {
        base = 16;
        word += 2;
    }
    if (*word == '\0')
        return false;
    for (; *word; word++) {
        unsigned digit = *word <= '9' ? (unsigned)*word - '0' : ((unsigned)*word | 32) - 'a' + 10;

        if (*word < '0' || digit >= base || n > (UINT64_MAX - digit) / base)
            return false;
        n = n * base + digit;
    }
    *value = n;
    return true;
}
