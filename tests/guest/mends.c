/* SPDX-License-Identifier: MIT
 *
 * Each mend of the library mends: the probes that chose them find no fault in a program that has them, and of
 * streams what else the mends' heads tell of is right, too. The probes bring their own open, read, write and locks (user/lib/mends/probe/files.c), which take the place of the
 * library's, so this says what it found by writev. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>
#include "table.c" /* of all probes: build/toolchain.work, which tests/tools/toolchain fills */

static off_t offset_of[32]; /* by descriptor */
static bool appends[32];

/* The one file that streams see here, whatever its name, and what happens to those who use it. */
static struct {
    char bytes[4096];
    size_t size;
    size_t most;     /* bytes that one write takes; 0: ENOSPC */
    int interrupted; /* so many reads and writes are EINTR */
} probe_file;

/* Gives the file this text, and makes all go well. */
static void probe_file_set(const char *text)
{
    probe_file.size = strlen(text);
    probe_file.most = SIZE_MAX;
    probe_file.interrupted = 0;
    memcpy(probe_file.bytes, text, probe_file.size);
}

static bool probe_file_is(const char *text)
{
    return probe_file.size == strlen(text) && memcmp(probe_file.bytes, text, probe_file.size) == 0;
}

int open(const char *path, int flags, ...)
{
    (void)path;
    static int fd = 3;

    errno = EEXIST;
    if (flags & O_EXCL)
        return -1;
    appends[fd] = flags & O_APPEND;
    offset_of[fd] = 0;
    probe_file.size = flags & O_TRUNC ? 0 : probe_file.size;
    return fd++;
}

/* A mend asks for the mode, of which everything is allowed. */
int fcntl(int fd, int command, ...)
{
    (void)fd;
    return command == F_GETFL ? O_RDWR : 0;
}

int close(int fd)
{
    (void)fd;
    return 0;
}

static bool is_interrupted(void)
{
    errno = EINTR;
    return probe_file.interrupted > 0 && probe_file.interrupted-- > 0;
}

ssize_t read(int fd, void *to, size_t size)
{
    size_t at = (size_t)offset_of[fd], left = at < probe_file.size ? probe_file.size - at : 0;

    if (is_interrupted())
        return -1;
    size = size < left ? size : left;
    memcpy(to, probe_file.bytes + at, size);
    offset_of[fd] += (off_t)size;
    return (ssize_t)size;
}

ssize_t write(int fd, const void *from, size_t size)
{
    size_t at = appends[fd] ? probe_file.size : (size_t)offset_of[fd];

    if (is_interrupted())
        return -1;
    errno = ENOSPC;
    if (probe_file.most == 0)
        return -1;
    size = size < probe_file.most ? size : probe_file.most;
    memcpy(probe_file.bytes + at, from, size);
    offset_of[fd] = (off_t)(at + size);
    probe_file.size = at + size > probe_file.size ? at + size : probe_file.size;
    return (ssize_t)size;
}

off_t lseek(int fd, off_t offset, int whence)
{
    offset += whence == SEEK_CUR ? offset_of[fd] : 0;
    offset += whence == SEEK_END ? (off_t)probe_file.size : 0;
    errno = EINVAL;
    return offset < 0 ? -1 : (offset_of[fd] = offset);
}

static void say(const char *text)
{
    struct iovec piece = {.iov_base = (char *)(size_t)text, .iov_len = strlen(text)};

    writev(STDOUT_FILENO, &piece, 1);
}

/* Whether the installed picolibc needs the mend; the Makefile gives the names, each between spaces. */
static bool is_mended(const char *name)
{
    char between[64];

    snprintf(between, sizeof(between), " %s ", name);
    return strstr(MENDS, between) != NULL;
}

static const char *look_at_memory(void)
{
    char text[] = "ab", *memory;
    FILE *file = fmemopen(text, 2, "r");
    size_t size;

    if (fgetc(file) != 'a' || fgetc(file) != 'b' || fgetc(file) != EOF || ferror(file) ||
        !feof(file))
        return "fmemopen at the end";
    file = fmemopen(text, 3, "a");
    if (ftell(file) != 2 || fputc('c', file) != 'c' || fclose(file) != 0 || text[2] != 'c')
        return "fmemopen does not append";
    file = open_memstream(&memory, &size);
    fputs("abc", file);
    fseek(file, 5, SEEK_SET);
    fputs("f", file);
    fseek(file, 1, SEEK_SET);
    return fclose(file) == 0 && size == 1 && memcmp(memory, "a", 2) == 0 ? NULL
                                                                         : "open_memstream's size";
}

static const char *look_at_position(void)
{
    FILE *file = fopen("r", "r");

    probe_file_set("abcd");
    if (fgetc(file) != 'a' || ungetc('x', file) != 'x' || ftell(file) != 0)
        return "ftell after ungetc";
    return fseek(file, 0, SEEK_CUR) < 0 || fgetc(file) != 'a' ? "fseek after ungetc" : NULL;
}

static const char *look_at_read(void)
{
    FILE *file = fopen("r", "r");
    char *line = NULL, bytes[8];
    size_t size = 0;

    probe_file_set("abcd\nefgh");
    fread(bytes, 1, 5, file);
    if (getdelim(&line, &size, ';', file) != 4 || line[4] != 0 ||
        getdelim(&line, &size, ';', file) != -1)
        return "getdelim at the end";
    rewind(file);
    fgetc(file);
    setvbuf(file, bytes, _IOFBF, 3);
    fgetc(file);
    ungetc('x', file);
    fgetc(file);
    fgetc(file);
    ungetc('x', file);
    probe_file.interrupted = 1;
    return fgets(line, 4, file) ? "fgets when reading fails" : NULL;
}

static const char *look_at_writes(void)
{
    FILE *file = fopen("w", "w");

    probe_file_set("");
    fputs("abcdefgh", file);
    probe_file.most = 3;
    if (fflush(file) < 0 || !probe_file_is("abcdefgh"))
        return "a short write is not gone on with";
    fputs("k", file);
    probe_file.most = 0;
    if (fflush(file) == 0 || !ferror(file))
        return "a write that fails is not seen";
    fputs("k", file);
    if (fclose(file) == 0)
        return "fclose does not tell of a write that fails";
    file = fopen("r", "r");
    errno = 0;
    return fputc('x', file) == EOF && ferror(file) && errno == EBADF
               ? NULL
               : "no error where none may write";
}

static const char *look_at_dprintf(void)
{
    probe_file_set("");
    probe_file.interrupted = 1;
    return dprintf(open("w", O_WRONLY), "%d", 12) == 2 && probe_file_is("12")
               ? NULL
               : "a signal ends dprintf";
}

static const char *look_at_positions(void)
{
    int fd = open("r", O_RDONLY);
    FILE *file;

    probe_file_set("abcdef");
    lseek(fd, 3, SEEK_SET);
    file = fdopen(fd, "r");
    if (ftell(file) != 3)
        return "positions are counted from 0";
    if (fgetc(file) != 'd' || fseek(file, -1, SEEK_SET) == 0 || fgetc(file) != 'e')
        return "a seek that fails loses what was read ahead";
    fclose(file);
    return fopen("x", "wx") ? "fopen does not know x" : NULL;
}

static const struct probe looks[] = {
    {"streams into memory", look_at_memory},         {"back in the text", look_at_position},
    {"reads that end or fail", look_at_read},        {"writes that fail", look_at_writes},
    {"positions of descriptors", look_at_positions}, {"dprintf", look_at_dprintf},
};

static void tell(const char *name, const char *wrong)
{
    say(wrong ? "not ok " : "ok ");
    say(name);
    if (wrong) {
        say(": ");
        say(wrong);
    }
    say("\n");
}

int main(void)
{
    char done[] = "done 000\n";
    const size_t count = sizeof(looks) / sizeof(looks[0]);

    for (const struct probe *p = probes; p->name; p++) {
        if (!is_mended(p->name))
            continue;
        tell(p->name, p->run());
        for (char *digit = done + 7; ++*digit > '9'; digit--)
            *digit = '0';
    }
    for (size_t i = 0; i < count; i++) {
        tell(looks[i].name, looks[i].run());
        for (char *digit = done + 7; ++*digit > '9'; digit--)
            *digit = '0';
    }
    say(done);
    return 0;
}
