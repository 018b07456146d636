/* SPDX-License-Identifier: MIT
 *
 * octavo-test: helper
 * What a user without rights is refused, in files that posix.py has prepared; or, called with an
 * argument, what happens when the disk is full. See posix.h. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "posix.h"

static char block[8192];

/* Ends with room again: what could not be written is told, and nothing else is lost. */
static int full(void)
{
    int fd = open("f", O_RDWR | O_CREAT, 0644), synced = 0;
    ssize_t n = 0;

    memset(block, 'x', sizeof(block));
    for (int i = 0; i < 100 && n >= 0; i++)
        n = write(fd, block, sizeof(block));
    printf("write %s\n", n < 0 ? error_name(errno) : "well");
    errno = 0;
    synced = fsync(fd);
    printf("fsync %d %s\n", synced, synced < 0 ? error_name(errno) : "");
    close(fd);
    FILE *file = fopen("g", "w");
    int failed = file == NULL;
    for (int i = 0; file && i < 100000 && !failed; i++)
        failed = fputs("a line of text\n", file) < 0;
    if (file && (fflush(file) < 0 || fsync(fileno(file)) < 0))
        failed = 1;
    printf("stream %s\n", failed ? error_name(errno) : "well");
    if (file)
        fclose(file);
    SAY(unlink("f"));
    SAY(unlink("g"));
    file = fopen("h", "w");
    SAY(fputs("room again", file) >= 0);
    SAY(fclose(file));
    return 0;
}

int main(int argc, char **argv)
{
    struct stat s;
    glob_t g;

    (void)argv;
    go_here();
    if (argc > 1)
        return full();
    SAY(open("f", O_RDONLY));
    SAY(open("f", O_WRONLY));
    SAY(stat("f", &s));
    SAY(access("f", F_OK));
    SAY(access("f", R_OK));
    SAY(access("readonly/f", R_OK));
    SAY(access("readonly/f", W_OK));
    SAY(open("readonly/f", O_RDWR));
    SAY(open("readonly/f", O_RDONLY | O_TRUNC));
    SAY(open("readonly/new", O_WRONLY | O_CREAT, 0644));
    SAY(mkdir("readonly/new", 0755));
    SAY(unlink("readonly/f"));
    SAY(unlink("readonly/none"));
    SAY(rename("readonly/f", "open/f"));
    SAY(rename("open/other", "readonly/f"));
    SAY(link("open/other", "readonly/g"));
    SAY(symlink("x", "readonly/link"));
    SAY(truncate("readonly/f", 0));
    SAY(chmod("readonly/f", 0600));
    SAY(utimensat(AT_FDCWD, "readonly/f", (struct timespec[2]){{1, 2}, {3, 4}}, 0));
    SAY(stat("shut/f", &s));
    SAY(open("shut/f", O_RDONLY));
    SAY(unlink("shut/f"));
    SAY_POINTER(opendir("shut"));
    SAY_POINTER(opendir("readonly"));
    SAY_POINTER(opendir("unreadable"));
    SAY(glob("unreadable/*", 0, NULL, &g) == GLOB_NOMATCH);
    SAY(glob("unreadable/*", GLOB_ERR, NULL, &g) == GLOB_ABORTED);
    SAY_POINTER(fopen("f", "r"));
    SAY_POINTER(fopen("readonly/f", "a"));
    SAY_POINTER(realpath("shut/f", NULL));
    SAY(open("open/mine", O_RDWR | O_CREAT | O_EXCL, 0) >= 0);
    SAY(stat("open/mine", &s));
    SAY(s.st_mode & 07777);
    SAY(chmod("open/mine", 0644));
    SAY(access("open/mine", R_OK | W_OK));
    return 0;
}
