/* SPDX-License-Identifier: MIT
 *
 * octavo-test: helper
 * Files with POSIX's calls, in the working directory: see posix.h. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>
#include "posix_show.h"

#define LONG_NAME_255                                                                          \
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" \
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" \
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define GIB (1l << 30)

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
    return 0;
}
