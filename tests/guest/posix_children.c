/* SPDX-License-Identifier: MIT
 *
 * octavo-test: helper
 * What a process hands to its children, by posix_spawn and by fork and exec: descriptors with their
 * offsets and flags, the working directory, umask, environment. See posix.h. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "posix.h"

extern char **environ;
static const char *self;
static char text[200];

/* As the child: shows what there is. */
static int show(const char *how)
{
    char cwd[4096];
    const char *end = getcwd(cwd, sizeof(cwd)) ? strrchr(cwd, '/') : "?";

    printf("child %s: in %s, mask %o, variable %s\n", how, end, (unsigned)umask(0),
           getenv("VARIABLE"));
    for (int fd = 3; fd < 20; fd++) {
        struct stat s;
        if (fstat(fd, &s) < 0)
            continue;
        printf("%d: type %o access %d append %d", fd, (unsigned)(s.st_mode & S_IFMT),
               fcntl(fd, F_GETFL) & O_ACCMODE, (fcntl(fd, F_GETFL) & O_APPEND) != 0);
        if (S_ISREG(s.st_mode)) {
            printf(" at %ld", (long)lseek(fd, 0, SEEK_CUR));
            ssize_t n = read(fd, text, 3);
            printf(" read %zd", n);
        }
        printf("\n");
    }
    printf("write %zd\n", write(8, "child", 5));
    return 9;
}

static void wait_for(pid_t pid)
{
    int status = 0;

    SAY(waitpid(pid, &status, 0) == pid);
    SAY(WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

static void test_spawn(void)
{
    char *argv[] = {(char *)self, "spawned", NULL};
    posix_spawn_file_actions_t actions;
    pid_t pid = 0;

    fflush(stdout);
    int result = posix_spawn(&pid, self, NULL, NULL, argv, environ);
    wait_for(pid);
    SAY(result);
    SAY(posix_spawn_file_actions_init(&actions));
    SAY(posix_spawn_file_actions_adddup2(&actions, 5, 12));
    SAY(posix_spawn_file_actions_addclose(&actions, 6));
    SAY(posix_spawn_file_actions_addopen(&actions, 13, "made", O_WRONLY | O_CREAT | O_EXCL, 0666));
    fflush(stdout);
    result = posix_spawn(&pid, self, &actions, NULL, argv, environ);
    wait_for(pid);
    SAY(result);
    SAY(posix_spawn_file_actions_destroy(&actions));
    struct stat s;
    SAY(stat("made", &s));
    SAY(s.st_mode & 07777);
    SAY(posix_spawn(&pid, "./none", NULL, NULL, argv, environ) == ENOENT);
}

static void test_fork(void)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        char *argv[] = {(char *)self, "executed", NULL};
        lseek(5, 1, SEEK_SET); /* the parent's, too */
        fcntl(9, F_SETFD, 0);
        execv(self, argv);
        _exit(99);
    }
    wait_for(pid);
    SAY(lseek(5, 0, SEEK_CUR));
    SAY(fcntl(9, F_GETFD));
    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        printf("in the child: %s", fgets(text, sizeof(text), stdin));
        fflush(stdout);
        chdir("..");
        close(5);
        _exit(7);
    }
    wait_for(pid);
    SAY(fcntl(5, F_GETFD));
    SAY(access("data", F_OK));
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        int result = show(argv[1]);
        fflush(stdout);
        return result;
    }
    go_here();
    self = argv[0];
    SAY(mkdir("folder", 0755));
    SAY(chdir("folder"));
    int fd = open("data", O_RDWR | O_CREAT, 0644);
    SAY(write(fd, "0123456789abcdefghij", 20));
    SAY(lseek(fd, 2, SEEK_SET));
    SAY(dup2(fd, 5));
    SAY(dup2(open("data", O_RDONLY), 6));
    SAY(dup2(open(".", O_RDONLY | O_DIRECTORY), 7));
    SAY(dup2(open("log", O_WRONLY | O_CREAT | O_APPEND, 0644), 8));
    SAY(dup3(fd, 9, O_CLOEXEC));
    for (int i = 10; i < 20; i++)
        close(i);
    close(3), close(4);
    SAY(setenv("VARIABLE", "value", 1));
    umask(037);
    test_spawn();
    SAY(lseek(5, 0, SEEK_CUR));
    test_fork();
    struct stat s;
    SAY(stat("log", &s));
    SAY(s.st_size);
    return 0;
}
