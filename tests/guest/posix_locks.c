/* SPDX-License-Identifier: MIT
 *
 * octavo-test: helper
 * Record locks between two processes; the second is this program with arguments. See posix.h. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>
#include "posix.h"

extern char **environ;
static const char *self;

static int lock(int fd, int command, int type, long start, long length)
{
    struct flock l = {
        .l_type = (short)type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    int result = fcntl(fd, command, &l);

    if (command == F_GETLK && result == 0) {
        printf("%s", l.l_type == F_UNLCK ? "free" : l.l_type == F_RDLCK ? "read" : "write");
        if (l.l_type != F_UNLCK)
            printf(" %ld %ld", (long)l.l_start, (long)l.l_len);
        printf("\n");
    }
    return result;
}

/* lock(...) in another process: `how start length type`. */
static void other(const char *how, const char *start, const char *length, const char *type)
{
    char *argv[] = {(char *)self, (char *)how, (char *)start, (char *)length, (char *)type, NULL};
    pid_t pid;

    fflush(stdout);
    if (posix_spawn(&pid, self, NULL, NULL, argv, environ) == 0)
        waitpid(pid, NULL, 0);
}

static int child(char **argv)
{
    int fd = open("locked", O_RDWR);
    int type = *argv[4] == 'w' ? F_WRLCK : *argv[4] == 'r' ? F_RDLCK : F_UNLCK;

    errno = 0;
    int result = *argv[1] == 'f' ? flock(fd, LOCK_EX | LOCK_NB)
                                 : lock(fd, *argv[1] == 'g' ? F_GETLK : F_SETLK, type,
                                        atol(argv[2]), atol(argv[3]));
    printf("other %s %s %s %s: %d %s\n", argv[1], argv[2], argv[3], argv[4], result,
           result < 0 ? error_name(errno == EACCES ? EAGAIN : errno) : "");
    return 0;
}

int main(int argc, char **argv)
{
    go_here();
    self = argv[0];
    if (argc == 5)
        return child(argv);
    int fd = open("locked", O_RDWR | O_CREAT, 0644), second;

    SAY(lock(fd, F_SETLK, F_WRLCK, 10, 10));
    other("set", "0", "10", "w");
    other("set", "19", "5", "r");
    other("set", "20", "5", "w");
    other("get", "0", "0", "w");
    SAY(lock(fd, F_GETLK, F_WRLCK, 0, 0));
    SAY(lock(fd, F_SETLK, F_UNLCK, 13, 3));
    other("get", "0", "0", "w");
    other("set", "13", "3", "w");
    other("get", "16", "0", "r");
    SAY(lock(fd, F_SETLK, F_RDLCK, 0, 0));
    other("get", "100", "1", "w");
    other("set", "100", "1", "r");
    other("set", "100", "1", "w");
    second = open("locked", O_RDONLY);
    SAY(lock(second, F_SETLK, F_WRLCK, 0, 1));
    SAY(lock(second, F_SETLK, F_RDLCK, -1, 1));
    SAY(lock(second, F_SETLK, 77, 0, 1));
    SAY(lock(99, F_SETLK, F_RDLCK, 0, 1));
    SAY(close(second)); /* and all locks of this process go */
    other("set", "100", "1", "w");
    SAY(lseek(fd, 50, SEEK_SET));
    SAY(lockf(fd, F_TLOCK, 10));
    other("get", "0", "0", "r");
    SAY(lockf(fd, F_TEST, 10));
    SAY(lockf(fd, F_ULOCK, 10));
    other("get", "0", "0", "r");
    SAY(flock(fd, LOCK_EX));
    other("flock", "0", "0", "w");
    SAY(flock(fd, LOCK_UN));
    other("flock", "0", "0", "w");
    SAY(flock(fd, 77));
    return 0;
}
