/* SPDX-License-Identifier: MIT
 *
 * octavo-test: helper
 * Files and directories with POSIX's calls, in the working directory: see posix.h. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>
#include "posix.h"

#define LONG_NAME_255                                                                          \
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" \
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" \
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define GIB (1l << 30)

static char buffer[200000];

static void make(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || close(fd) < 0)
        printf("cannot make %s: %s\n", path, error_name(errno));
}

static void show(const char *path)
{
    int fd = open(path, O_RDONLY);
    ssize_t n = fd < 0 ? -1 : read(fd, buffer, sizeof(buffer) - 1);

    printf("%s: %zd [%.*s]\n", path, n, n > 0 ? (int)n : 0, buffer);
    if (fd >= 0)
        close(fd);
}

static void show_stat(const char *path)
{
    struct stat s;

    errno = 0;
    if (lstat(path, &s) < 0)
        printf("%s: %s\n", path, error_name(errno));
    else
        printf("%s: mode %o size %ld links %lu\n", path, (unsigned)s.st_mode,
               S_ISDIR(s.st_mode) ? 0l : (long)s.st_size,
               S_ISDIR(s.st_mode) ? 0ul : (unsigned long)s.st_nlink);
}

/* --- open ----------------------------------------------------------------------------------- */

static void test_open(void)
{
    int fd;

    SAY(open("none", O_RDONLY));
    SAY(open("none", O_WRONLY));
    SAY(open("", O_RDONLY));
    SAY(open("none/x", O_RDWR | O_CREAT, 0644));
    SAY(fd = open("new", O_RDONLY | O_CREAT, 0604));
    SAY(write(fd, "a", 1));
    SAY(read(fd, buffer, 10));
    SAY(close(fd));
    SAY(close(fd));
    show_stat("new");
    SAY(open("new", O_WRONLY | O_CREAT | O_EXCL, 0644));
    SAY(open("new/x", O_RDONLY));
    SAY(open("new/", O_RDONLY));
    SAY(open("new", O_RDONLY | O_DIRECTORY));
    SAY(fd = open("new", O_WRONLY));
    SAY(read(fd, buffer, 1));
    SAY(write(fd, "hello", 5));
    SAY(close(fd));
    show("new");
    SAY(fd = open("new", O_WRONLY | O_TRUNC));
    SAY(close(fd));
    show("new");
    SAY(mkdir("folder", 0755));
    SAY(open("folder", O_WRONLY));
    SAY(open("folder", O_RDWR));
    SAY(open("folder", O_RDONLY | O_CREAT, 0644));
    SAY(open("folder", O_RDONLY | O_CREAT | O_EXCL, 0644));
    SAY(open("folder", O_RDONLY | O_TRUNC));
    SAY(fd = open("folder", O_RDONLY));
    SAY(read(fd, buffer, 10));
    SAY(write(fd, buffer, 10));
    SAY(lseek(fd, 0, SEEK_SET));
    SAY(ftruncate(fd, 0));
    SAY(fsync(fd));
    SAY(close(fd));
    SAY(symlink("new", "link"));
    SAY(symlink("gone", "dangling"));
    SAY(symlink("loop", "loop"));
    SAY(open("loop", O_RDONLY));
    SAY(open("loop/x", O_RDONLY));
    SAY(open("dangling", O_RDONLY));
    SAY(open("link", O_RDONLY | O_NOFOLLOW));
    SAY(open("dangling", O_RDONLY | O_CREAT | O_EXCL, 0644));
    SAY(fd = open("dangling", O_WRONLY | O_CREAT, 0644));
    SAY(close(fd));
    show_stat("gone");
    SAY(open(LONG_NAME_255 "x", O_RDONLY | O_CREAT, 0644));
    SAY(fd = open(LONG_NAME_255, O_RDONLY | O_CREAT, 0644));
    SAY(close(fd));
    SAY(unlink(LONG_NAME_255));
    memset(buffer, '/', 5000);
    buffer[5000] = 0;
    SAY(open(buffer, O_RDONLY));
    umask(027);
    SAY(fd = open("masked", O_CREAT | O_WRONLY, 0777));
    close(fd);
    SAY(mkdir("masked-folder", 0777));
    show_stat("masked");
    show_stat("masked-folder");
    SAY(umask(022) == 027);
    SAY(fd = creat("created", 0600));
    SAY(write(fd, "12345", 5));
    close(fd);
    show("created");
}

/* --- Reading and writing --------------------------------------------------------------------- */

static void test_offsets(void)
{
    int fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0644), other;
    struct iovec v[3] = {{buffer, 3}, {buffer + 100, 0}, {buffer + 200, 4}};

    SAY(write(fd, "0123456789", 10));
    SAY(lseek(fd, 0, SEEK_CUR));
    SAY(lseek(fd, -3, SEEK_CUR));
    SAY(read(fd, buffer, 10));
    SAY(read(fd, buffer, 10));
    SAY(lseek(fd, -1, SEEK_SET));
    SAY(lseek(fd, 0, 9));
    SAY(lseek(fd, -100, SEEK_END));
    SAY(lseek(fd, 5, SEEK_END));
    SAY(write(fd, "x", 1));
    SAY(lseek(fd, 0, SEEK_END));
    SAY(pread(fd, buffer, 20, 8));
    printf("%d %d %d\n", buffer[0], buffer[2], buffer[7]);
    SAY(pread(fd, buffer, 20, 100));
    SAY(pread(fd, buffer, 20, -1));
    SAY(pwrite(fd, "ab", 2, 1));
    SAY(lseek(fd, 0, SEEK_CUR));
    SAY(ftruncate(fd, 4));
    SAY(lseek(fd, 0, SEEK_CUR));
    show("data");
    SAY(ftruncate(fd, 6));
    SAY(ftruncate(fd, -1));
    SAY(lseek(fd, 0, SEEK_SET));
    SAY(readv(fd, v, 3));
    printf("%.3s %d\n", buffer, buffer[200]);
    SAY(readv(fd, v, -1));
    SAY(writev(fd, v, 3));
    SAY(read(fd, buffer, 0));
    SAY(write(fd, buffer, 0));
    /* Descriptors that share an offset, and ones that do not. */
    SAY((other = dup(fd)) > fd);
    SAY(lseek(fd, 2, SEEK_SET));
    SAY(lseek(other, 0, SEEK_CUR));
    SAY(close(other));
    other = open("data", O_RDONLY);
    SAY(lseek(other, 0, SEEK_CUR));
    SAY(write(other, "x", 1));
    SAY(ftruncate(other, 1));
    SAY(close(other));
    SAY(close(fd));
    SAY(truncate("data", 2));
    show("data");
    SAY(truncate("none", 2));
    SAY(truncate("folder", 2));
    SAY(truncate("data", -2));
    fd = open("log", O_WRONLY | O_CREAT | O_APPEND, 0644);
    other = open("log", O_WRONLY | O_CREAT, 0644);
    SAY(write(fd, "one ", 4));
    SAY(write(other, "ONE", 3));
    SAY(lseek(fd, 0, SEEK_SET));
    SAY(write(fd, "two ", 4));
    SAY(lseek(fd, 0, SEEK_CUR));
    SAY(fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND) ? (fcntl(fd, F_GETFL) & O_APPEND) != 0 : -1);
    SAY(fcntl(other, F_SETFL, O_APPEND));
    SAY(write(other, "three", 5));
    SAY(fdatasync(other));
    close(other);
    close(fd);
    show("log");
    SAY(write(500, "x", 1));
    SAY(read(-1, buffer, 1));
    SAY(fsync(99));
}

static void test_big(void)
{
    int fd = open("big", O_RDWR | O_CREAT | O_TRUNC, 0644);
    struct stat s;
    size_t i;

    SAY(pwrite(fd, "far", 3, 5 * GIB - 1));
    SAY(lseek(fd, 0, SEEK_END));
    SAY(fstat(fd, &s));
    SAY(s.st_size);
    SAY(lseek(fd, 5 * GIB, SEEK_SET));
    SAY(read(fd, buffer, 10));
    printf("%.2s\n", buffer);
    SAY(pread(fd, buffer, 5, 4 * GIB - 2));
    printf("%d%d%d%d%d\n", buffer[0], buffer[1], buffer[2], buffer[3], buffer[4]);
    SAY(pwrite(fd, "across", 6, 4 * GIB - 3));
    SAY(pread(fd, buffer, 8, 4 * GIB - 4));
    printf("%d %.6s %d\n", buffer[0], buffer + 1, buffer[7]);
    SAY(ftruncate(fd, 9 * GIB));
    SAY(lseek(fd, -1, SEEK_END));
    SAY(read(fd, buffer, 10));
    close(fd);
    SAY(unlink("big"));
    /* More than one message can carry, and not at the start of a page. */
    fd = open("many", O_RDWR | O_CREAT | O_TRUNC, 0644);
    for (i = 0; i < sizeof(buffer); i++)
        buffer[i] = (char)(i * 7 + i / 256);
    SAY(write(fd, buffer + 3, sizeof(buffer) - 3));
    memset(buffer, 0, sizeof(buffer));
    SAY(lseek(fd, 5, SEEK_SET));
    SAY(read(fd, buffer + 8, sizeof(buffer) - 8));
    size_t wrong = 0;
    for (i = 8; i < sizeof(buffer); i++)
        wrong += buffer[i] != (char)(i * 7 + i / 256);
    SAY(wrong);
    SAY(lseek(fd, 0, SEEK_CUR));
    close(fd);
}

/* --- Descriptors ----------------------------------------------------------------------------- */

static void test_descriptors(void)
{
    int fd = open("data", O_RDWR), other;

    SAY(dup2(fd, 77));
    SAY(dup2(fd, fd) == fd);
    SAY(dup2(99, 5));
    SAY(dup2(fd, -1));
    SAY(fcntl(77, F_GETFD));
    SAY(fcntl(77, F_SETFD, FD_CLOEXEC));
    SAY(fcntl(77, F_GETFD));
    SAY(fcntl(fd, F_GETFD));
    SAY(dup3(fd, 78, O_CLOEXEC));
    SAY(fcntl(78, F_GETFD));
    SAY(dup3(fd, fd, 0));
    SAY(fcntl(fd, F_DUPFD, 100));
    SAY(fcntl(fd, F_DUPFD_CLOEXEC, 100));
    SAY(fcntl(101, F_GETFD));
    SAY(fcntl(fd, F_DUPFD, -1));
    close(77), close(78), close(100), close(101);
    other = open("data", O_RDONLY | O_CLOEXEC);
    SAY(fcntl(other, F_GETFD));
    SAY(fcntl(other, F_GETFL) & O_ACCMODE);
    SAY(fcntl(99, F_GETFL));
    errno = 0;
    int is_terminal = isatty(fd);
    printf("%d %s\n", is_terminal, error_name(errno));

    close(other);
    close(fd);
    SAY(fd = open("/dev/null", O_RDWR));
    SAY(write(fd, "abc", 3));
    SAY(read(fd, buffer, 3));
    close(fd);
    SAY(fd = open("/dev/zero", O_RDONLY));
    buffer[2] = 1;
    SAY(read(fd, buffer, 3));
    SAY(buffer[2]);
    close(fd);
    SAY((fd = open("/dev/urandom", O_RDONLY)) >= 0);
    SAY(read(fd, buffer, 300));
    close(fd);
}

/* --- Names ----------------------------------------------------------------------------------- */

static void test_names(void)
{
    struct stat a, b;
    int fd;

    make("f", "f");
    make("g", "g");
    SAY(link("f", "f2"));
    SAY(link("f", "g"));
    SAY(link("none", "h"));
    SAY(link("folder", "h"));
    show_stat("f");
    SAY(stat("f", &a) + stat("f2", &b));
    SAY(a.st_ino == b.st_ino && a.st_dev == b.st_dev);
    SAY(rename("f", "f2")); /* two names of one file: nothing happens */
    show_stat("f2");
    SAY(rename("f", "g"));
    show("g");
    SAY(rename("none", "x"));
    SAY(rename("g", "folder"));
    SAY(rename("folder", "g"));
    SAY(mkdir("folder2", 0755));
    make("folder2/in", "in");
    SAY(rename("folder", "folder2"));
    SAY(rename("folder2", "folder2/sub"));
    SAY(rename("folder2", "folder"));
    show("folder/in");
    SAY(rename("g", "none/g"));
    SAY(rename("g/x", "h"));
    SAY(unlink("none"));
    SAY(unlink("folder"));
    SAY(rmdir("folder"));
    SAY(rmdir("g"));
    SAY(rmdir("none"));
    SAY(rmdir("."));
    SAY(mkdir("g", 0755));
    SAY(mkdir("none/g", 0755));
    SAY(mkdir("g/g", 0755));
    SAY(unlink("folder/in"));
    SAY(rmdir("folder"));
    SAY(symlink("", "empty"));
    SAY(symlink("x", "g"));
    SAY(readlink("link", buffer, 2));
    printf("%.2s\n", buffer);
    SAY(readlink("link", buffer, 100));
    SAY(readlink("g", buffer, 100));
    SAY(readlink("none", buffer, 100));
    SAY(remove("g"));
    SAY(mkdir("h", 0755));
    SAY(remove("h"));
    SAY(remove("h"));
    /* Unlinked, and open. */
    fd = open("f2", O_RDWR);
    SAY(unlink("f2"));
    SAY(unlink("f2"));
    SAY(write(fd, "still", 5));
    SAY(pread(fd, buffer, 10, 0));
    SAY(fstat(fd, &a));
    SAY(a.st_size);
    SAY(ftruncate(fd, 2));
    SAY(lseek(fd, 0, SEEK_END));
    SAY(close(fd));
    /* Renamed over, and open. */
    make("p", "the old one");
    make("q", "the new one");
    fd = open("p", O_RDONLY);
    SAY(rename("q", "p"));
    SAY(read(fd, buffer, 100));
    printf("%.11s\n", buffer);
    close(fd);
    show("p");
    /* Names that are bytes. */
    make("\xc3\xa4\xe6\xbc\xa2 \n\"'\\*", "odd");
    show("\xc3\xa4\xe6\xbc\xa2 \n\"'\\*");
    make("\xff\xfe", "not UTF-8");
    show("\xff\xfe");
    SAY(unlink("\xff\xfe"));
}

static void test_attributes(void)
{
    struct timespec t[2] = {{1000000000, 123456789}, {1500000000, 987654321}};
    struct stat s;
    int fd;

    make("attr", "12345");
    SAY(chmod("attr", 04751));
    show_stat("attr");
    SAY(chmod("none", 0644));
    fd = open("attr", O_RDWR);
    SAY(fchmod(fd, 0640));
    show_stat("attr");
    SAY(futimens(fd, t));
    SAY(fstat(fd, &s));
    printf("%ld.%09ld %ld.%09ld\n", (long)s.st_atim.tv_sec, s.st_atim.tv_nsec,
           (long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
    t[0].tv_nsec = UTIME_OMIT;
    t[1].tv_sec = 1600000000;
    SAY(utimensat(AT_FDCWD, "attr", t, 0));
    SAY(stat("attr", &s));
    printf("%ld.%09ld %ld.%09ld\n", (long)s.st_atim.tv_sec, s.st_atim.tv_nsec,
           (long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
    t[1].tv_nsec = 1000000000;
    SAY(utimensat(AT_FDCWD, "attr", t, 0));
    SAY(utimes("attr", (struct timeval[2]){{5, 6}, {7, 8}}));
    SAY(stat("attr", &s));
    printf("%ld.%09ld\n", (long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
    SAY(utimensat(AT_FDCWD, "attr", NULL, 0));
    SAY(stat("attr", &s));
    SAY(s.st_mtime > 1600000000);
    SAY(write(fd, "x", 1));
    SAY(stat("attr", &s));
    SAY(s.st_size);
    SAY(fstat(fd, &s));
    SAY(s.st_size);
    SAY(write(fd, "1234567", 7));
    SAY(stat("attr", &s));
    SAY(s.st_size);
    close(fd);
    SAY(chown("attr", -1, -1));
    SAY(chown("none", -1, -1));
    SAY(access("attr", R_OK | W_OK));
    SAY(access("attr", X_OK));
    SAY(access("none", F_OK));
    SAY(access("attr/x", F_OK));
    SAY(access(".", R_OK | W_OK | X_OK));
    SAY(stat("attr/x", &s));
    SAY(lstat("loop", &s));
    SAY(stat("loop", &s));
    SAY(stat("link", &s));
    SAY(S_ISREG(s.st_mode));
    SAY(lstat("link", &s));
    SAY(S_ISLNK(s.st_mode));
    SAY(s.st_size);
    SAY(stat("", &s));
    SAY(stat("/", &s));
    SAY(S_ISDIR(s.st_mode));
    SAY(stat("/..", &s));
    SAY(fstat(99, &s));
    SAY(pathconf(".", _PC_NAME_MAX));
    struct statvfs v;
    SAY(statvfs(".", &v));
    SAY(v.f_blocks > 0 && v.f_bsize > 0);
}

/* --- Directories ----------------------------------------------------------------------------- */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(const char *path)
{
    char *name[64];
    int count = 0;
    DIR *d = opendir(path);
    const struct dirent *entry;

    if (!d) {
        printf("opendir %s: %s\n", path, error_name(errno));
        return;
    }
    errno = 0;
    while ((entry = readdir(d)) && count < 64)
        name[count++] = strdup(entry->d_name);
    printf("%s: %d entries, %s\n", path, count, error_name(errno));
    qsort(name, (size_t)count, sizeof(name[0]), compare_names);
    for (int i = 0; i < count; i++) {
        puts(name[i]);
        free(name[i]);
    }
    SAY(closedir(d));
}

static void test_many(void)
{
    const struct dirent *entry;
    char path[300];
    int count = 0, twice = 0;
    static char seen[1500];

    SAY(mkdir("many-names", 0755));
    for (int i = 0; i < 1500; i++) {
        snprintf(path, sizeof(path), "many-names/%d-%0*d", i, i % 40, i);
        int fd = open(path, O_CREAT | O_WRONLY, 0600);
        if (fd < 0 || close(fd) < 0)
            printf("%s: %s\n", path, error_name(errno));
    }
    DIR *d = opendir("many-names");
    while ((entry = readdir(d)))
        if (entry->d_name[0] != '.') {
            count++;
            twice += seen[atoi(entry->d_name)]++;
        }
    printf("%d names, %d twice\n", count, twice);
    rewinddir(d);
    for (count = 0; (entry = readdir(d));) {
        snprintf(path, sizeof(path), "many-names/%s", entry->d_name);
        if (entry->d_name[0] != '.')
            count += unlink(path) == 0;
    }
    printf("%d removed while reading\n", count);
    SAY(closedir(d));
    SAY(rmdir("many-names"));
}

static void test_positions(void)
{
    char first[3][256];
    long place[3];
    DIR *d = opendir("list");
    const struct dirent *entry;

    for (int i = 0; i < 3; i++) {
        place[i] = telldir(d);
        entry = readdir(d);
        strcpy(first[i], entry ? entry->d_name : "");
    }
    for (int i = 2; i >= 0; i--) {
        seekdir(d, place[i]);
        entry = readdir(d);
        SAY(entry && strcmp(entry->d_name, first[i]) == 0);
    }
    SAY(dirfd(d) >= 0);
    make("list/late", "");
    rewinddir(d);
    int late = 0;
    while ((entry = readdir(d)))
        late += strcmp(entry->d_name, "late") == 0;
    SAY(late);
    closedir(d);
}

static void test_directories(void)
{
    int d;

    SAY(mkdir("list", 0700));
    list("list");
    make("list/b", "b");
    make("list/a", "a");
    SAY(mkdir("list/c", 0755));
    SAY(symlink("c", "list/d"));
    list("list");
    list("list/d");
    list("list/a");
    list("none");
    SAY_POINTER(fdopendir(99));
    test_positions();
    SAY(d = open("list", O_RDONLY | O_DIRECTORY));
    SAY(openat(d, "none", O_RDONLY));
    int fd = openat(d, "a", O_RDONLY);
    SAY(read(fd, buffer, 10));
    SAY(openat(fd, "x", O_RDONLY));
    SAY(openat(99, "x", O_RDONLY));
    close(fd);
    SAY(mkdirat(d, "sub", 0755));
    SAY(renameat(d, "a", AT_FDCWD, "list/sub/a"));
    SAY(symlinkat("sub/a", d, "to-a"));
    SAY(readlinkat(d, "to-a", buffer, 100));
    SAY(linkat(d, "to-a", d, "hard", 0));
    show_stat("list/hard");
    SAY(linkat(d, "to-a", d, "followed", AT_SYMLINK_FOLLOW));
    show_stat("list/followed");
    SAY(faccessat(d, "sub/a", R_OK, 0));
    SAY(fchmodat(d, "sub/a", 0600, 0));
    struct stat s;
    SAY(fstatat(d, "to-a", &s, AT_SYMLINK_NOFOLLOW));
    SAY(S_ISLNK(s.st_mode));
    SAY(fstatat(d, "to-a", &s, 0));
    SAY(s.st_size);
    SAY(unlinkat(d, "sub", 0));
    SAY(unlinkat(d, "sub", AT_REMOVEDIR));
    SAY(unlinkat(d, "sub/a", 0));
    SAY(unlinkat(d, "sub", AT_REMOVEDIR));
    SAY(fchdir(d));
    list(".");
    SAY(chdir(".."));
    SAY(close(d));
    SAY(fchdir(99));
    test_many();
}

static void test_working_directory(void)
{
    static char start[4096], now[4096];
    char name[16];
    size_t base;

    SAY_POINTER(getcwd(start, sizeof(start)));
    base = strlen(start);
    if (start[base - 1] == '/')
        base--;
    SAY(chdir("none"));
    SAY(chdir("data"));
    for (int i = 0; i < 60; i++) {
        snprintf(name, sizeof(name), "level-%d", i);
        if (mkdir(name, 0755) < 0 || chdir(name) < 0)
            printf("%s: %s\n", name, error_name(errno));
    }
    SAY_POINTER(getcwd(now, sizeof(now)));
    puts(now + base);
    SAY_POINTER(getcwd(now, 10));
    SAY_POINTER(getcwd(now, 0));
    for (int i = 59; i >= 0; i--) {
        snprintf(name, sizeof(name), "level-%d", i);
        if (chdir("..") < 0 || rmdir(name) < 0)
            printf("%s: %s\n", name, error_name(errno));
    }
    /* A folder above gets another name. */
    SAY(mkdir("up", 0755));
    SAY(mkdir("up/down", 0755));
    SAY(symlink("up/down", "short"));
    SAY(chdir("short"));
    SAY_POINTER(getcwd(now, sizeof(now)));
    puts(now + base);
    SAY(rename("../../up", "../../elsewhere"));
    SAY_POINTER(getcwd(now, sizeof(now)));
    puts(now + base);
    make("here", "here");
    SAY(chdir("../.."));
    show("elsewhere/down/here");
    SAY_POINTER(realpath("elsewhere/./down/../down/here", now));
    puts(now + base);
    SAY_POINTER(realpath("elsewhere/none", now));
    SAY_POINTER(realpath("elsewhere/none/x", now));
    SAY_POINTER(realpath("loop", now));
    SAY_POINTER(realpath("data/..", now));
    SAY_POINTER(realpath("", now));
    SAY_POINTER(realpath("../../../../../../../../../../../..", now));
    puts(now);
    SAY(unlink("short"));
}

int main(void)
{
    go_here();
    setvbuf(stdout, NULL, _IOFBF, 65536);
    umask(022);
    test_open();
    test_offsets();
    test_big();
    test_descriptors();
    test_names();
    test_attributes();
    test_directories();
    test_working_directory();
    return 0;
}
