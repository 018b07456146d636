/* SPDX-License-Identifier: MIT
 *
 * Files whose disk fails, for file_faults.py. The host's side is tests/tools/share_faults.c; what shall
 * fail is written into /faults here.
 *
 *     file_faults_do read      EIO in the middle of /data: of read(), of a mapping, of a program
 *     file_faults_do write     EIO and ENOSPC in the middle of /out: of write-back, by file and by mapping
 *     file_faults_do slow      clients that are killed while the host works for them
 *     file_faults_do server    fs dies (at the fsync) under files that are mapped and dirty
 *     file_faults_do memory    the pager has none from now on, and several files are to be written
 *
 * octavo-test: helper */
#include <errno.h>
#include <fcntl.h>
#include <octavo/query.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "tests/guest/check.h"
#include "tests/guest/spawned.h"

#define PAGE 4096ul
#define DATA_PAGES 64u /* of /data: page n is full of n + 1 */
#define OUT_PAGES 16u
#define BAD 20u /* pages of /data that cannot be read */
#define BAD_END 24u
#define LATE 6 /* files */
#define RW (PROT_READ | PROT_WRITE)

static char buffer[16 * PAGE];

/* The host fails like this from now on. */
static void faults(const char *text)
{
    int fd = open("/faults", O_RDWR | O_CREAT | O_TRUNC, 0644);

    if (write(fd, text, strlen(text)) != (ssize_t)strlen(text) || fsync(fd) != 0)
        check(false, "the host is told", "errno %d", errno);
    close(fd);
}

static bool full_of(const char *at, int byte, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (at[i] != (char)byte)
            return false;
    return true;
}

/* One page by read(): 0 right, 1 wrong bytes, or a negative errno. */
static int page_read(int fd, unsigned page)
{
    ssize_t n = pread(fd, buffer, PAGE, (off_t)(page * PAGE));

    return n < 0 ? -errno : n == (ssize_t)PAGE && full_of(buffer, (int)page + 1, PAGE) ? 0 : 1;
}

static sigjmp_buf back;
static void *bus_address;

static void on_bus(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    bus_address = info->si_addr;
    siglongjmp(back, 1);
}

/* Does this access end in SIGBUS, and for its own address? */
static bool bus(volatile char *at, bool write)
{
    struct sigaction action = {.sa_sigaction = on_bus, .sa_flags = SA_SIGINFO}, old;

    bus_address = NULL;
    sigaction(SIGBUS, &action, &old);
    if (sigsetjmp(back, 1) == 0) {
        if (write)
            *at = 1;
        else
            (void)*at;
    }
    sigaction(SIGBUS, &old, NULL);
    return bus_address == (void *)at;
}

static char *map(int fd, size_t pages, int flags)
{
    return mmap(NULL, pages * PAGE, RW, flags, fd, 0);
}

static void fails(const char *what, long result, int error)
{
    int found = errno;

    check(result < 0 && found == error, what, "%ld, errno %d", result, found);
}

/* --- reading ------------------------------------------------------------------------------------- */

static void run_read(void)
{
    faults("read /data 81920 98304 5\nread /broken 0 1000000 5\n");
    int fd = open("/data", O_RDWR), wrong = 0;
    char *shared = map(fd, DATA_PAGES, MAP_SHARED), *own = map(fd, DATA_PAGES, MAP_PRIVATE);

    check_equal("a page before it", page_read(fd, 3), 0);
    check_equal("a page of it", page_read(fd, BAD + 1), -EIO);
    check_equal("and again", page_read(fd, BAD + 1), -EIO);
    check_equal("up to it", pread(fd, buffer, 8 * PAGE, (BAD - 2) * PAGE), 2 * PAGE);
    check(bus(shared + (BAD + 2) * PAGE + 5, false), "SIGBUS in a mapping", "%p", bus_address);
    check(bus(shared + (BAD + 2) * PAGE + 5, true), "also of a write", "%p", bus_address);
    check(bus(own + (BAD + 3) * PAGE, true), "and in a private one", "%p", bus_address);
    for (unsigned page = 0; page < DATA_PAGES; page++) /* as read-ahead meets it */
        wrong += page_read(fd, page) != (page >= BAD && page < BAD_END ? -EIO : 0);
    check_equal("all the others are right", wrong, 0);
    check(full_of(shared + (BAD - 1) * PAGE, BAD, PAGE) &&
              full_of(own + BAD_END * PAGE, BAD_END + 1, PAGE),
          "also mapped", "they are not");
    int status = spawned_run("/broken", NULL, NULL);
    check(status == -EIO || status == 128 + SIGBUS, "a program that cannot be read", "%d", status);
    faults("");
    wrong = 0;
    for (unsigned page = BAD; page < BAD_END; page++)
        wrong += page_read(fd, page) || !full_of(shared + page * PAGE, (int)page + 1, PAGE) ||
                 !full_of(own + page * PAGE, (int)page + 1, PAGE);
    check_equal("it is there when the disk has recovered", wrong, 0);
    check_equal("the program, too", spawned_run("/broken", NULL, NULL), 0);
}

/* --- writing ------------------------------------------------------------------------------------- */

static void run_write(void)
{
    int fd = open("/out", O_RDWR | O_CREAT | O_TRUNC, 0644), other = open("/out", O_RDWR);

    memset(buffer, 'a', sizeof(buffer));
    check_equal("write", write(fd, buffer, sizeof(buffer)), sizeof(buffer));
    faults("write /out 20480 24576 5\n"); /* page 5 */
    fails("fsync tells of it", fsync(fd), EIO);
    fails("everybody who has it open", fsync(other), EIO);
    fails("as long as it lasts", fsync(fd), EIO);
    check(pread(other, buffer, PAGE, 5 * PAGE) == (ssize_t)PAGE && full_of(buffer, 'a', PAGE),
          "it is still what was written", "%d", buffer[0]);
    char *at = map(fd, OUT_PAGES, MAP_SHARED);
    memset(at + 9 * PAGE, 'b', PAGE);
    fails("msync", msync(at, OUT_PAGES * PAGE, MS_SYNC), EIO);
    faults("");
    fails("this one was not told that msync failed", fsync(fd), EIO);
    fails("nor the other", fsync(other), EIO);
    check_equal("but the disk has recovered", fsync(fd), 0);
    check_equal("for the other, too", fsync(other), 0);
    check_equal("and by the mapping", msync(at, OUT_PAGES * PAGE, MS_SYNC), 0);

    faults("write /out 40960 65536 28\n"); /* full from page 10 on */
    memset(at + 2 * PAGE, 'c', PAGE);
    memset(at + 12 * PAGE, 'd', PAGE);
    fails("a mapped page on a full disk", msync(at, OUT_PAGES * PAGE, MS_SYNC), ENOSPC);
    fails("and by file", fsync(other), ENOSPC);
    faults("");
    check_equal("there is room again", fsync(other), 0);
    fails("which the first did not know of", fsync(fd), ENOSPC);
    check_equal("for all of it", msync(at, OUT_PAGES * PAGE, MS_SYNC), 0);

    faults("sync /out 0 1 5\n");
    fails("the host's own fsync", fsync(fd), EIO);
    faults("write /out 12288 16384 5\n"); /* page 3 */
    memset(at + 3 * PAGE, 'x', PAGE);
    munmap(at, OUT_PAGES * PAGE);
    fails("what will be lost", fsync(fd), EIO);
    close(fd);
    close(other);
    faults("");
    fd = open("/out", O_RDWR);
    check(pread(fd, buffer, PAGE, 3 * PAGE) == (ssize_t)PAGE && full_of(buffer, 'a', PAGE),
          "what was lost is as before", "%d", buffer[0]);
    check_equal("and the file is well", fsync(fd), 0);
}

/* --- killed meanwhile ---------------------------------------------------------------------------- */

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

static volatile int *begun; /* what it does follows at once */

/* A child that does this is killed while the host is at it. */
static void kill_while(const char *what, void (*run)(int fd, char *at), int fd, char *at)
{
    *begun = 0;
    pid_t pid = fork();
    if (pid == 0) {
        run(fd, at);
        pause_ms(60000);
    }
    while (!*begun)
        pause_ms(5);
    pause_ms(60);
    kill(pid, SIGKILL);
    check_equal(what, spawned_wait(pid), 128 + SIGKILL);
}

static void do_read(int fd, char *at)
{
    (void)at;
    *begun = 1;
    pread(fd, buffer, 8 * PAGE, 30 * PAGE);
}

static void do_touch(int fd, char *at)
{
    (void)fd;
    *begun = 1;
    (void)*(volatile char *)(at + 45 * PAGE);
}

static void do_sync(int fd, char *at)
{
    memset(at + 50 * PAGE, 51, 4 * PAGE); /* what it is already */
    *begun = 1;
    fsync(fd);
}

static void do_truncate(int fd, char *at)
{
    (void)at;
    *begun = 1;
    ftruncate(fd, 60 * PAGE);
    fsync(fd);
}

static void run_slow(void)
{
    int fd = open("/data", O_RDWR), wrong = 0;
    char *at = map(fd, DATA_PAGES, MAP_SHARED);

    begun = (volatile int *)map(-1, 1, MAP_SHARED | MAP_ANONYMOUS);
    for (unsigned page = 50; page < 54; page++)
        wrong += page_read(fd, page);
    faults("read /data 0 1000000 -400\nwrite /data 0 1000000 -400\nsync /data 0 1 -400\n");
    kill_while("killed in read", do_read, fd, at);
    kill_while("killed in a fault", do_touch, fd, at);
    kill_while("killed in fsync", do_sync, fd, at);
    kill_while("killed in ftruncate", do_truncate, fd, at);
    faults("");
    for (unsigned page = 0; page < 60; page++)
        wrong += page_read(fd, page) != (page >= 51 && page < 54 ? 1 : 0);
    check_equal("all is as it should be", wrong, 0);
    struct stat stat;
    check(fstat(fd, &stat) == 0 && (stat.st_size == 60 * PAGE || stat.st_size == 64 * PAGE),
          "the size is one of the two", "%ld", (long)stat.st_size);
    check_equal("and it can be written", fsync(fd), 0);
}

/* --- without fs ---------------------------------------------------------------------------------- */

static void run_server(void)
{
    int fd = open("/data", O_RDWR), clean = open("/clean", O_RDWR | O_CREAT, 0644);
    char *at = map(fd, DATA_PAGES, MAP_SHARED), *own = map(fd, DATA_PAGES, MAP_PRIVATE);

    check_equal("a page is cached", page_read(fd, 0), 0);
    at[7 * PAGE] = own[8 * PAGE] = 99;
    pid_t pid = fork();
    if (pid == 0)
        _exit(!bus(at + 50 * PAGE, false)); /* asked for while fs is dead, or dying */
    check_equal("a child's SIGBUS", spawned_wait(pid), 1);
    fails("fsync when fs has died", fsync(clean), EIO); /* here it dies */
    fails("fsync of what is dirty", fsync(fd), EIO);
    fails("msync", msync(at, DATA_PAGES * PAGE, MS_SYNC), EIO);
    check(at[0] == 1 && at[7 * PAGE] == 99 && own[8 * PAGE] == 99, "what is there stays", "%d",
          at[0]);
    check_equal("also by read", page_read(fd, 0), 0);
    check(bus(at + 60 * PAGE, false), "SIGBUS for what is not", "%p", bus_address);
    check_equal("and EIO", page_read(fd, 61), -EIO);
    fails("write", pwrite(fd, "z", 1, 0), EIO);
    fails("truncate", ftruncate(fd, 100), EIO);
    check(open("/data", O_RDONLY) < 0, "nothing is opened", "it is");
    check(unlink("/data") < 0, "nothing is removed", "it is");
    munmap(at, DATA_PAGES * PAGE);
    close(fd);
    memset(map(-1, 200, MAP_PRIVATE | MAP_ANONYMOUS), 1, 200 * PAGE);
    check_equal("memory is as ever", spawned_run("/bin/true", NULL, NULL), 0);
}

/* --- without memory ------------------------------------------------------------------------------ */

/* They are closed by this program's end, and the machine's follows. */
static void run_memory(void)
{
    struct message m = {.tag = PAGER_TUNE, .w = {PAGER_TUNE_FAIL, PAGER_FAIL_ALL}};
    char name[] = "/late0";

    memset(buffer, 'l', sizeof(buffer));
    for (; name[5] < '0' + LATE; name[5]++) {
        int fd = open(name, O_RDWR | O_CREAT, 0644);
        check_equal(name, write(fd, buffer, PAGE), PAGE);
    }
    check_equal("the pager has no memory", ipc_request(HANDLE_PAGER, &m), 0);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc > 1 && !strcmp(argv[1], "read"))
        run_read();
    else if (argc > 1 && !strcmp(argv[1], "write"))
        run_write();
    else if (argc > 1 && !strcmp(argv[1], "slow"))
        run_slow();
    else if (argc > 1 && !strcmp(argv[1], "server"))
        run_server();
    else if (argc > 1 && !strcmp(argv[1], "memory"))
        run_memory();
    return check_done();
}
