/* SPDX-License-Identifier: MIT
 *
 * octavo-test: helper
 * Random operations on files, whose results it writes down: the same program runs on the host, and
 * tests/guest/file_model.py compares what both wrote and what is in the files. So it is plain POSIX, and
 * prints nothing that may differ: no numbers of inodes or errors, no sizes of directories.
 *
 *     file_random SEED COUNT PROGRAMS        starts them all at once in the working directory, and waits
 *     file_random SEED COUNT PROGRAMS WHO    one of them: log-WHO is what it did
 *
 * Each has a folder of its own, and its part of the blocks of one file that all have open; the blocks
 * are no pages, so that neighbours write into the same one. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILES 5
#define BLOCK 1000
#define BLOCKS 96 /* of each program */
#define BUFFER 70000
#define FAR (1 << 20)

extern char **environ;

static uint64_t state;
static FILE *out;
static int file[FILES];
static int shared = -1;
static const unsigned char *map;
static unsigned who, programs;
static unsigned char buffer[BUFFER];

static unsigned rnd(unsigned below)
{
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (unsigned)(state >> 33) % below;
}

static unsigned sum(const unsigned char *bytes, size_t length)
{
    unsigned s = 1;
    for (size_t i = 0; i < length; i++)
        s = s * 31 + bytes[i];
    return s;
}

static void fill(size_t length)
{
    unsigned char c = (unsigned char)rnd(256);
    for (size_t i = 0; i < length; i++)
        buffer[i] = (unsigned char)(c + i * 7);
}

static const char *why(void)
{
    static const struct {
        int number;
        const char *name;
    } names[] = {{ENOENT, "ENOENT"},
                 {EEXIST, "EEXIST"},
                 {ENOTDIR, "ENOTDIR"},
                 {EISDIR, "EISDIR"},
                 {ENOTEMPTY, "ENOTEMPTY"},
                 {EINVAL, "EINVAL"},
                 {EBADF, "EBADF"},
                 {ELOOP, "ELOOP"},
                 {EACCES, "EACCES"},
                 {EPERM, "EPERM"},
                 {EBUSY, "EBUSY"},
                 {EMLINK, "EMLINK"},
                 {ENOSPC, "ENOSPC"},
                 {EIO, "EIO"},
                 {ENAMETOOLONG, "ENAMETOOLONG"},
                 {EMFILE, "EMFILE"},
                 {ENFILE, "ENFILE"},
                 {ENOMEM, "ENOMEM"},
                 {ENOTSUP, "ENOTSUP"},
                 {ENOSYS, "ENOSYS"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].number == errno)
            return names[i].name;
    return "another";
}

static void result(long value)
{
    if (value < 0)
        fprintf(out, " %s", why());
    else
        fprintf(out, " %ld", value);
}

/* A name in the program's folder, sometimes of what is not there or no folder. */
static const char *name(void)
{
    static char text[2][64];
    static unsigned turn;
    static const char *const first[] = {"a", "b", "c", "d", "e", "link", "d/../a", "./b"};
    static const char *const second[] = {"a", "b", "c", "\xc3\xa4 \xe6\xbc\xa2", ".."};
    char *to = text[turn++ % 2];

    strcpy(to, first[rnd(rnd(4) ? 6 : 8)]);
    if (rnd(3) == 0) {
        strcat(to, "/");
        strcat(to, second[rnd(5)]);
    }
    if (rnd(24) == 0)
        strcat(to, "/");
    fprintf(out, " %s", to);
    return to;
}

static int *slot(void)
{
    unsigned i = rnd(FILES);
    fprintf(out, " %u", i);
    return &file[i];
}

static off_t offset(void)
{
    off_t at = rnd(3) ? rnd(20000) : rnd(FAR);
    fprintf(out, " @%ld", (long)at);
    return at;
}

static size_t length(void)
{
    size_t n = rnd(4) ? rnd(600) : rnd(BUFFER);
    fprintf(out, " +%zu", n);
    return n;
}

static void data(long got)
{
    result(got);
    if (got > 0)
        fprintf(out, " %08x", sum(buffer, (size_t)got));
}

static void do_open(void)
{
    static const int flags[] = {O_RDONLY,
                                O_RDWR,
                                O_RDWR | O_CREAT,
                                O_RDWR | O_CREAT,
                                O_WRONLY,
                                O_RDWR | O_APPEND,
                                O_RDWR | O_CREAT | O_TRUNC,
                                O_RDWR | O_CREAT | O_EXCL,
                                O_WRONLY | O_CREAT | O_APPEND,
                                O_RDONLY | O_NOFOLLOW};
    int *f = slot(), which = (int)rnd(10);
    const char *path = name();

    if (*f >= 0)
        close(*f);
    *f = open(path, flags[which], rnd(2) ? 0644 : 0600);
    fprintf(out, " %d", which);
    result(*f < 0 ? -1 : 0);
}

static void do_read(unsigned kind)
{
    int *f = slot();
    size_t n = length();

    memset(buffer, 0, n);
    if (kind == 0) {
        data(read(*f, buffer, n));
    } else if (kind == 1) {
        data(pread(*f, buffer, n, offset()));
    } else {
        struct iovec parts[3] = {{buffer, n / 3}, {buffer + n / 3, 0}, {buffer + n / 3, n - n / 3}};
        data(readv(*f, parts, 3));
    }
}

static void do_write(unsigned kind)
{
    int *f = slot();
    size_t n = length();

    fill(n);
    if (kind == 0) {
        result(write(*f, buffer, n));
    } else if (kind == 1) {
        off_t at = offset();
        if (*f >= 0 && fcntl(*f, F_GETFL) & O_APPEND)
            return; /* Linux appends, against POSIX: pwrite(2), BUGS */
        result(pwrite(*f, buffer, n, at));
    } else {
        struct iovec parts[2] = {{buffer, n / 2}, {buffer + n / 2, n - n / 2}};
        result(writev(*f, parts, 2));
    }
}

static void do_seek(void)
{
    static const int whence[] = {SEEK_SET, SEEK_CUR, SEEK_END};
    int *f = slot(), how = whence[rnd(3)];
    off_t at = offset() - (rnd(3) ? 0 : 5000);
    struct stat st;

    if (fstat(*f, &st) < 0 || S_ISREG(st.st_mode)) /* a position in a folder is anything */
        result(lseek(*f, at, how));
}

static void tell(const struct stat *st)
{
    fprintf(out, " %o", (unsigned)st->st_mode);
    if (S_ISREG(st->st_mode))
        fprintf(out, " %ld", (long)st->st_size);
}

static void do_stat(void)
{
    struct stat st;
    int r, kind = (int)rnd(3);

    if (kind == 0)
        r = fstat(*slot(), &st);
    else
        r = kind == 1 ? stat(name(), &st) : lstat(name(), &st);
    result(r);
    if (r == 0)
        tell(&st);
    if (r == 0 && kind != 0 && S_ISREG(st.st_mode))
        fprintf(out, " %u", (unsigned)st.st_nlink);
}

static void do_size(void)
{
    if (rnd(2)) {
        int *f = slot(); /* arguments have no order */
        result(ftruncate(*f, offset()));
    } else {
        const char *path = name();
        result(truncate(path, offset()));
    }
}

static void do_times(void)
{
    struct timespec times[2];

    for (unsigned i = 0; i < 2; i++) {
        times[i].tv_sec = 1000000000 + (time_t)rnd(1000000);
        times[i].tv_nsec = (long)rnd(1000000000);
    }
    const char *path = name();
    struct stat st;
    int r = utimensat(AT_FDCWD, path, times, 0);

    result(r);
    if (r == 0 && stat(path, &st) == 0)
        fprintf(out, " %ld.%09ld %ld.%09ld", (long)st.st_atim.tv_sec, (long)st.st_atim.tv_nsec,
                (long)st.st_mtim.tv_sec, (long)st.st_mtim.tv_nsec);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void do_list(void)
{
    char *names[64];
    unsigned n = 0;
    DIR *folder = opendir(rnd(2) ? "." : name());

    result(folder ? 0 : -1);
    if (!folder)
        return;
    for (struct dirent *entry; n < 64 && (entry = readdir(folder));)
        names[n++] = strdup(entry->d_name);
    closedir(folder);
    qsort(names, n, sizeof names[0], by_name);
    for (unsigned i = 0; i < n; i++) {
        fprintf(out, " %s", names[i]);
        free(names[i]);
    }
}

static void do_name(unsigned kind)
{
    const char *one = name();
    const char *two;
    struct stat st;
    char target[64];
    ssize_t n;

    switch (kind) {
    case 0:
        result(unlink(one));
        break;
    case 1:
        result(rename(one, name()) < 0 ? (errno = EINVAL, -1) : 0); /* of two errors, either */
        break;
    case 2:
        result(mkdir(one, 0755));
        break;
    case 3:
        result(rmdir(one));
        break;
    case 4:
        two = name();
        result(link(one, two));
        if (stat(one, &st) == 0 && S_ISREG(st.st_mode))
            fprintf(out, " %u", (unsigned)st.st_nlink);
        unlink(two); /* QEMU's server loses an open file whose name goes while it has others */
        break;
    case 5:
        result(symlink(rnd(2) ? "a" : "d/b", one));
        break;
    case 6:
        n = readlink(one, target, sizeof target);
        result(n);
        break;
    case 7:
        result(chmod(one, rnd(2) ? 0640 : 0755));
        break;
    default:
        result(access(one, rnd(2) ? F_OK : R_OK));
    }
}

static void do_dup(void)
{
    int *from = slot(), *to = slot();
    if (from == to)
        return;
    if (*to >= 0)
        close(*to);
    *to = dup(*from);
    result(*to < 0 ? -1 : 0);
}

static void do_map(void)
{
    int *f = slot();
    struct stat st = {0};

    if (fstat(*f, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size == 0) {
        fprintf(out, " -");
        return;
    }
    size_t size = (size_t)st.st_size, at = rnd(2) ? 0 : (rnd((unsigned)size) & ~4095u);
    unsigned char *bytes =
        mmap(NULL, size - at, PROT_READ | PROT_WRITE, MAP_PRIVATE, *f, (off_t)at);
    if (bytes == MAP_FAILED) {
        result(-1);
        return;
    }
    fprintf(out, " %08x", sum(bytes, size - at));
    bytes[rnd((unsigned)(size - at))] ^= 1; /* nobody else sees it */
    munmap(bytes, size - at);
}

/* The file of all. */
static void do_shared(void)
{
    off_t at = (off_t)(rnd(BLOCKS) * programs + who) * BLOCK;

    fprintf(out, " @%ld", (long)at);
    if (rnd(2)) {
        fill(BLOCK);
        result(pwrite(shared, buffer, BLOCK, at));
    } else {
        data(pread(shared, buffer, BLOCK, at));
    }
    if (map)
        fprintf(out, " %08x", sum(map + at, BLOCK));
}

static void one_operation(void)
{
    static const struct {
        const char *name;
        unsigned weight;
    } kinds[] = {{"open", 12},   {"read", 8},   {"pread", 6}, {"readv", 3}, {"write", 10},
                 {"pwrite", 6},  {"writev", 3}, {"seek", 6},  {"stat", 8},  {"size", 4},
                 {"times", 3},   {"list", 3},   {"name", 20}, {"dup", 3},   {"map", 5},
                 {"shared", 12}, {"close", 3},  {"fsync", 1}};
    unsigned at = rnd(116), kind = 0;

    while (at >= kinds[kind].weight)
        at -= kinds[kind++].weight;
    fprintf(out, " %s", kinds[kind].name);
    switch (kind) {
    case 0:
        do_open();
        break;
    case 1:
    case 2:
    case 3:
        do_read(kind - 1);
        break;
    case 4:
    case 5:
    case 6:
        do_write(kind - 4);
        break;
    case 7:
        do_seek();
        break;
    case 8:
        do_stat();
        break;
    case 9:
        do_size();
        break;
    case 10:
        do_times();
        break;
    case 11:
        do_list();
        break;
    case 12: {
        unsigned which = rnd(9);
        fprintf(out, " %u", which);
        do_name(which);
        break;
    }
    case 13:
        do_dup();
        break;
    case 14:
        do_map();
        break;
    case 15:
        do_shared();
        break;
    case 16: {
        int *f = slot();
        result(close(*f));
        *f = -1;
        break;
    }
    default: {
        int *f = slot();
        struct stat st;
        if (fstat(*f, &st) < 0 || S_ISREG(st.st_mode))
            result(fsync(*f));
    }
    }
}

static int one_program(const char *seed, unsigned count)
{
    char text[32];

    state = strtoull(seed, NULL, 0) * 1000003 + who;
    snprintf(text, sizeof text, "log-%u", who);
    out = fopen(text, "w");
    shared = open("shared", O_RDWR);
    snprintf(text, sizeof text, "own-%u", who);
    if (!out || shared < 0 || mkdir(text, 0755) < 0 || chdir(text) < 0)
        return 1;
    map = mmap(NULL, (size_t)BLOCKS * programs * BLOCK, PROT_READ, MAP_SHARED, shared, 0);
    if (map == MAP_FAILED)
        return 2;
    for (unsigned i = 0; i < FILES; i++)
        file[i] = -1;
    for (unsigned i = 0; i < count; i++) {
        fprintf(out, "%u", i);
        one_operation();
        fprintf(out, "\n");
    }
    return fclose(out) == 0 ? 0 : 3;
}

static int all_programs(char **argv)
{
    pid_t pid[32];
    int status, bad = 0;

    int made = open("shared", O_RDWR | O_CREAT, 0644);
    if (made < 0 || ftruncate(made, (off_t)BLOCKS * programs * BLOCK) < 0)
        return 4;
    close(made);
    for (unsigned i = 0; i < programs; i++) {
        char number[16];
        snprintf(number, sizeof number, "%u", i);
        char *arguments[] = {argv[0], argv[1], argv[2], argv[3], number, NULL};
        if (posix_spawn(&pid[i], argv[0], NULL, NULL, arguments, environ) != 0)
            return 5;
    }
    for (unsigned i = 0; i < programs; i++)
        if (waitpid(pid[i], &status, 0) != pid[i] || status != 0) {
            printf("program %u: status %#x\n", i, (unsigned)status);
            bad = 6;
        }
    return bad;
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 9;
    umask(022);
    programs = (unsigned)atoi(argv[3]);
    if (programs == 0 || programs > 32)
        return 9;
    if (argc == 4)
        return all_programs(argv);
    who = (unsigned)atoi(argv[4]);
    return one_program(argv[1], (unsigned)atoi(argv[2]));
}
