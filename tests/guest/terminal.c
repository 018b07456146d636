/* SPDX-License-Identifier: MIT
 *
 * con as its clients see it: what it answers to bad requests, and buffers that are not there yet. With
 * an argument it is what console.py types to. */
#include "check.h"
#include <errno.h>
#include <octavo/ipc.h>
#include <octavo/thread.h>
#include <proto/con.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#define STDOUT (HANDLE_FIRST + 1) /* as login and posix_spawn give them */
#define STDERR (HANDLE_FIRST + 2)

static long request(handle_t right, unsigned operation, unsigned long w0)
{
    struct message m = {.tag = operation, .w = {w0}};
    return ipc_request(right, &m);
}

static long request_in(unsigned operation, unsigned long w0, const void *address, size_t length)
{
    struct message m = {.tag = operation, .w = {w0}};
    ipc_attach_in(&m, address, length);
    return ipc_request(STDERR, &m);
}

static void bad_requests(void)
{
    struct message m = {.tag = CON_DRAIN};

    check_equal("label 0", request(STDOUT, 0, 0), -ENOSYS);
    check_equal("label 99", request(STDOUT, 99, 0), -ENOSYS);
    check_equal("octavo-run's mark", request(STDOUT, CON_RUN, CON_RUN_END), -EPERM);
    check_equal("read without buffer", request(STDOUT, CON_READ, 1), -EINVAL);
    check_equal("write without buffer", request(STDOUT, CON_WRITE, 1), -EINVAL);
    check_equal("write nothing", request(STDOUT, CON_WRITE, 0), 0);
    check_equal("write more than the buffer", request_in(CON_WRITE, 5, "four", 4), -EINVAL);
    check_equal("write 2^60 bytes", request_in(CON_WRITE, 1ul << 60, "four", 4), -EINVAL);
    check_equal("write from nowhere", request_in(CON_WRITE, 4, (void *)8, 4), -EFAULT);
    check_equal("write from the kernel", request_in(CON_WRITE, 4, (void *)(3ul << 62), 4), -EFAULT);
    check_equal("log from nowhere", request_in(CON_LOG, 4, (void *)8, 4), -EFAULT);
    check_equal("log more than the buffer", request_in(CON_LOG, 5, "four", 4), -EINVAL);
    check_equal("mode of unknown bits", request(STDOUT, CON_MODE, 1u << 20), -EINVAL);
    ipc_attach_handle(&m, STDOUT);
    check_equal("with a handle", ipc_request(STDOUT, &m), -E2BIG);
    check_equal("drain", request(STDOUT, CON_DRAIN, 0), 0);
}

/* Text in pages that are not there: the kernel brings them and repeats the call. */
static void absent_buffer(void)
{
    const size_t size = 3 * 4096 + 100;
    char *fresh = malloc(1 << 20);
    size_t done = 0;

    while (done < size) {
        ssize_t n = write(STDERR_FILENO, fresh + 4096 + done, size - done);
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    check_equal("text in absent pages", (long)done, (long)size);
    free(fresh);
}

/* Says what each read gives. */
static int show_reads(void)
{
    char byte[64];
    ssize_t n;

    setbuf(stdout, NULL);
    printf("ready\n");
    while ((n = read(STDIN_FILENO, byte, sizeof byte)) > 0) {
        if (byte[n - 1] == '\n')
            byte[n - 1] = '$';
        printf("read %zd [%.*s]\n", n, (int)n, byte);
    }
    printf("end %zd\n", n);
    return 0;
}

static int read_one(void *nothing)
{
    char byte;
    (void)nothing;
    return (int)read(STDIN_FILENO, &byte, 1);
}

/* Dies with a read under way. */
static int die_reading(void)
{
    struct thread *thread;
    thread_start(&thread, read_one, NULL);
    usleep(300000);
    return 0;
}

static volatile sig_atomic_t ticks;

static void tick(int number)
{
    (void)number;
    if (++ticks == 3) {
        setitimer(ITIMER_REAL, &(struct itimerval){.it_value.tv_sec = 0}, NULL);
        write(STDOUT_FILENO, "three\n", 6);
    }
}

/* A read that is interrupted begins again if the handlers say so, and else ends with EINTR. */
static int interrupted_read(int flags)
{
    struct sigaction action = {.sa_handler = tick, .sa_flags = flags};
    struct itimerval often = {{.tv_usec = 20000}, {.tv_usec = 20000}};
    char byte[16];

    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    ssize_t n = read(STDIN_FILENO, byte, sizeof(byte));
    printf("read %zd, %s\n", n,
           n < 0 && errno == EINTR ? "EINTR"
           : ticks == 3            ? "after three"
                                   : "");
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "restarts"))
        return interrupted_read(SA_RESTART);
    if (argc > 1 && !strcmp(argv[1], "interrupted"))
        return interrupted_read(0);
    if (argc > 1)
        return strcmp(argv[1], "reads") ? die_reading() : show_reads();
    bad_requests();
    absent_buffer();
    return check_done();
}
