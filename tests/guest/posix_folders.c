/* SPDX-License-Identifier: MIT
 *
 * octavo-test: helper
 * Directories with POSIX's calls, in the working directory: see posix.h. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "posix_show.h"

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
    make("data", "0123456789");
    SAY(symlink("loop", "loop"));
    test_directories();
    test_working_directory();
    return 0;
}
