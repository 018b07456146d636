/* SPDX-License-Identifier: MIT
 *
 * octavo-test: helper
 * What tests/guest/fs.py drives: reads one request to the file server a line, `NAME ARGUMENT...`, and
 * writes its result a line: a number (negative: an errno of picolibc's), then what else there is. Paths
 * and data are in hexadecimal, "-" is the empty string. Files are named by small numbers (slots). */
#include "fs_calls.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define SLOTS 64
#define WORDS 8

static char line[40000], text[3][FS_IO_MAX + 1];
static handle_t here; /* the place that is asked */
static unsigned long slot[SLOTS];
static char *word[WORDS];
static _Alignas(8) char buffer[FS_IO_MAX];

static unsigned long number(unsigned i)
{
    return word[i] ? strtoul(word[i], NULL, 0) : 0;
}

static unsigned long *slot_of(unsigned i)
{
    return &slot[number(i) % SLOTS];
}

static int digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* Decodes word i into text[to]; its length. */
static size_t decode(unsigned i, unsigned to)
{
    size_t n = 0;
    if (word[i] && strcmp(word[i], "-") != 0)
        for (const char *c = word[i]; c[0] && c[1] && n < FS_IO_MAX; c += 2)
            text[to][n++] = (char)(digit(c[0]) << 4 | digit(c[1]));
    text[to][n] = '\0';
    return n;
}

static const char *path(unsigned i)
{
    decode(i, i % 3);
    return text[i % 3];
}

static void put_hex(const char *bytes, size_t length)
{
    putchar(' ');
    for (size_t i = 0; i < length; i++)
        printf("%02x", (unsigned char)bytes[i]);
}

static long do_stat(const char *name, unsigned long id, unsigned flags)
{
    struct fs_stat s;
    long result = fs_stat(here, name, id, flags, &s);
    printf("%ld", result);
    if (result == 0)
        printf(" %o %llu %llu %llu.%09u %llu.%09u %llu %#llx", (unsigned)s.mode,
               (unsigned long long)s.size, (unsigned long long)s.links, (unsigned long long)s.mtime,
               (unsigned)s.mtime_ns, (unsigned long long)s.atime, (unsigned)s.atime_ns,
               (unsigned long long)s.inode, (unsigned long long)s.rdev);
    return 0;
}

/* All names of a folder, `room` bytes at a time. */
static void do_list(const char *name, unsigned long room)
{
    handle_t place;
    long result = fs_place(here, name, &place);
    unsigned long cursor = 0;
    long got = 0;

    if (result < 0) {
        printf("%ld", result);
        return;
    }
    printf("0");
    while ((got = fs_readdir(place, 0, cursor, buffer, room)) > 0)
        for (long at = 0; at < got;) {
            struct fs_entry *entry = (struct fs_entry *)(buffer + at);
            put_hex(entry->name, entry->name_length);
            cursor = entry->cursor;
            at += entry->length;
        }
    if (got < 0)
        printf(" !%ld", got);
    sys_close(place);
}

static void do_move(const char *name)
{
    handle_t place;
    long result = fs_place(here, name, &place);
    if (result == 0) {
        if (here != octavo_place)
            sys_close(here);
        here = place;
    }
    printf("%ld", result);
}

/* name NULL: of the file in slot 1. */
static void do_set(const char *name)
{
    struct fs_setattr set = {.valid = (uint32_t)number(2),
                             .mode = (uint32_t)number(3),
                             .size = number(3),
                             .atime = number(4),
                             .atime_ns = (uint32_t)number(5),
                             .mtime = number(4) + 1,
                             .mtime_ns = (uint32_t)number(5)};
    printf("%ld",
           fs_setattr(here, name, name ? 0 : *slot_of(1), name ? (unsigned)number(6) : 0, &set));
}

/* Into a page that was never touched: the server's copy must stop, and the kernel repeat the call. */
static void do_read_absent(void)
{
    char *page = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long got = fs_read(here, *slot_of(1), number(2), page + 4000, number(3));
    printf("%ld", got);
    if (got > 0)
        put_hex(page + 4000, (size_t)got);
    munmap(page, 3 * 4096);
}

static void do_statfs(void)
{
    struct fs_statfs s = {0};
    struct message m = {.tag = FS_STATFS, .w = {0, 0, 0, sizeof s}};
    ipc_attach_out(&m, &s, sizeof s);
    long result = fs_ask(here, &m, path(1));
    printf("%ld %lu %lu %lu", result, (unsigned long)s.block_size, (unsigned long)s.blocks,
           (unsigned long)s.name_max);
}

static void do_file(const char *name)
{
    long result = -EINVAL;
    if (!strcmp(name, "open")) {
        result = fs_open(here, path(2), (unsigned)number(3), (unsigned)number(4));
        *slot_of(1) = result < 0 ? 0 : (unsigned long)result;
        result = result < 0 ? result : 0;
    } else if (!strcmp(name, "close")) {
        result = fs_close(here, *slot_of(1));
    } else if (!strcmp(name, "write")) {
        size_t length = decode(3, 0);
        result = fs_write(here, *slot_of(1), number(2), text[0], length);
    } else if (!strcmp(name, "read")) {
        result = fs_read(here, *slot_of(1), number(2), buffer, number(3));
    } else if (!strcmp(name, "fsync")) {
        struct message m = {.tag = FS_FSYNC, .w = {*slot_of(1)}};
        result = ipc_request(here, &m);
    }
    printf("%ld", result);
    if (!strcmp(name, "read") && result > 0)
        put_hex(buffer, (size_t)result);
}

static void do_name(const char *name)
{
    static const struct {
        const char *name;
        enum fs_operation operation;
        bool two;
        unsigned long flag;
    } table[] = {
        {"mkdir", FS_MKDIR, false, 0},
        {"unlink", FS_UNLINK, false, FS_UNLINK_FILE},
        {"rmdir", FS_UNLINK, false, FS_UNLINK_DIRECTORY},
        {"rename", FS_RENAME, true, 0},
        {"symlink", FS_SYMLINK, true, 0},
        {"link", FS_LINK, true, 0},
    };
    for (unsigned i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i].name, name) != 0)
            continue;
        long result;
        if (table[i].two)
            result = fs_two(here, table[i].operation, path(1), path(2), 0);
        else
            result = fs_name(here, table[i].operation, path(1),
                             table[i].flag | (table[i].operation == FS_MKDIR ? number(2) : 0), 0);
        printf("%ld", result);
        return;
    }
    do_file(name);
}

static void carry_out(const char *name)
{
    if (!strcmp(name, "stat")) {
        do_stat(path(1), 0, (unsigned)number(2));
    } else if (!strcmp(name, "fstat")) {
        do_stat(NULL, *slot_of(1), 0);
    } else if (!strcmp(name, "list")) {
        do_list(path(1), number(2));
    } else if (!strcmp(name, "cd")) {
        do_move(path(1));
    } else if (!strcmp(name, "set")) {
        do_set(path(1));
    } else if (!strcmp(name, "fset")) {
        do_set(NULL);
    } else if (!strcmp(name, "readlink")) {
        long result = fs_readlink(here, path(1), buffer, sizeof buffer);
        printf("%ld", result < 0 ? result : 0);
        if (result >= 0)
            put_hex(buffer, (size_t)result);
    } else if (!strcmp(name, "absent")) {
        do_read_absent();
    } else if (!strcmp(name, "statfs")) {
        do_statfs();
    } else {
        do_name(name);
    }
}

int main(void)
{
    here = octavo_place;
    while (fgets(line, sizeof line, stdin)) {
        unsigned n = 0;
        for (char *w = strtok(line, " \n"); w && n < WORDS; w = strtok(NULL, " \n"))
            word[n++] = w;
        for (unsigned i = n; i < WORDS; i++)
            word[i] = NULL;
        if (n == 0)
            continue;
        carry_out(word[0]);
        printf("\n");
        fflush(stdout);
    }
    return 0;
}
