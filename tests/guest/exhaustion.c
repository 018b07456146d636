/* SPDX-License-Identifier: MIT
 *
 * Taking until there is no more: each kind of thing ends in the error that is its own, for its author
 * alone; with one given back, there is one again; and everything works afterwards. A neighbour that
 * computes, allocates, opens and reads a file all the while must not notice.
 *
 *     exhaustion         the test
 *     exhaustion MODE    a child that takes one kind of thing: see takers[]
 *
 * octavo-test: SMP=1,4 FRAMES=3000 SWAP=64K TIMEOUT=300 */
#include <errno.h>
#include <fcntl.h>
#include <octavo/query.h>
#include <octavo/thread.h>
#include <proto/fs.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "tests/guest/check.h"
#include "tests/guest/spawned.h"

#define SELF "/test/exhaustion"
#define MS 1000000ul
#define MOST 100000ul
#define TRIES 500u
#define WINDOW 0x2800000000ul
#define FAR 0x1000000000ul

static unsigned nothing; /* a futex nobody wakes */
static handle_t port;

static void pause_ms(unsigned long ms)
{
    sys_futex_wait((uintptr_t)&nothing, 0, (unsigned long)sys_clock() + ms * MS);
}

/* --- Takers: the n-th thing, its name or a negative errno; and giving it back ------------------ */

static long take_port(unsigned long n)
{
    (void)n;
    return sys_port_create();
}

static long take_right(unsigned long n)
{
    return sys_right_create(port, n, 0);
}

static long take_copy(unsigned long n)
{
    (void)n;
    return sys_dup(HANDLE_FIRST, H_ALL); /* a descriptor's */
}

/* Rights whose CLOSED nobody takes: the last one's badge is what comes back. */
static long take_closed(unsigned long n)
{
    long right = sys_right_create(port, n, 0);

    return right < 0 ? right : sys_close((unsigned long)right);
}

static void give_closed(long name)
{
    struct message m;

    (void)name;
    ipc_recv(port, DEADLINE_NOW, &m);
}

static long take_account(unsigned long n)
{
    (void)n;
    return sys_account_create(HANDLE_ACCOUNT, 0, 1024);
}

static long take_task(unsigned long n)
{
    static unsigned long badge; /* comes back only with its CLOSED */
    long right = sys_right_create(port, badge++, 0);

    (void)n;
    if (right < 0)
        return right;
    long task =
        sys_task_create(HANDLE_ACCOUNT, (unsigned long)right, (unsigned long)right, 8, 0, 0);
    sys_close((unsigned long)right);
    return task;
}

static void give_task(long task)
{
    sys_close((unsigned long)task);
    pause_ms(20);
}

static long thread_task;

/* In a task of its own, or it would be this program that runs out of message pages. */
static long take_thread(unsigned long n)
{
    if (n == 0)
        thread_task = take_task(0);
    return sys_thread_create((unsigned long)thread_task, 0x10000, 0, 0, 8);
}

static void give_threads(long thread)
{
    (void)thread;
    give_task(thread_task);
    thread_task = take_task(1);
}

static long take_frame(unsigned long n)
{
    return sys_page_alloc(WINDOW + n * PAGE_SIZE, 1);
}

static void give_frame(long name)
{
    (void)name;
    sys_page_free(WINDOW, 1);
}

static long take_space(unsigned long n)
{
    struct message m = {.tag = PAGER_CREATE};

    (void)n;
    ipc_accept(1);
    long result = ipc_request(HANDLE_PAGER, &m);
    return result < 0 ? result : (long)msg_page()->handle[0];
}

static void give_space(long space)
{
    sys_close((unsigned long)space);
    pause_ms(20);
}

/* 1 MiB that is written: what the pager does not refuse it has to give. */
static long take_memory(unsigned long n)
{
    (void)n;
    char *memory = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return -errno;
    memset(memory, 1, 1 << 20);
    return 0;
}

/* One page in each 2 MiB: page tables, which its own account pays for. */
static long take_table(unsigned long n)
{
    char *memory = mmap((void *)(FAR + n * MEGAPAGE_SIZE), PAGE_SIZE, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (memory == MAP_FAILED)
        return -errno;
    *memory = 1;
    return 0;
}

static long take_heap(unsigned long n)
{
    (void)n;
    return sbrk(1 << 18) != (void *)-1 ? 0 : -errno; /* not malloc, which writes to what it gives */
}

/* A single promise of more than there is. */
static long take_much(unsigned long n)
{
    void *memory =
        mmap(NULL, 1ul << (24 + n), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return memory == MAP_FAILED ? -errno : munmap(memory, 1ul << (24 + n));
}

#define KEPT "kept" /* a file, in the folder that the test works in */

extern handle_t octavo_place;

/* Without the library, whose table of descriptors would be full first. */
static long take_file(unsigned long n)
{
    struct message m = {.tag = PAGER_OPEN, .w = {strlen(KEPT), FS_O_RDWR}};

    (void)n;
    ipc_attach_handle(&m, octavo_place);
    ipc_attach_in(&m, KEPT, strlen(KEPT));
    ipc_accept(1);
    long result = ipc_request(HANDLE_PAGER, &m);
    ipc_accept(0);
    return result < 0 ? result : (long)msg_page()->handle[0];
}

/* A gigabyte of the file at a time, until there are no more addresses. */
static long take_mapping(unsigned long n)
{
    int fd = open(KEPT, O_RDWR);
    void *at = mmap(NULL, 1ul << 30, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    int error = errno;

    (void)n;
    close(fd);
    return at == MAP_FAILED ? -error : (long)at;
}

static void give_mapping(long at)
{
    munmap((void *)at, 1ul << 30);
}

static long take_child(unsigned long n)
{
    char *argv[] = {SELF, "sleep", NULL};

    (void)n;
    return spawned_start(argv, NULL, NULL);
}

static void give_child(long pid)
{
    kill((pid_t)pid, SIGKILL);
    spawned_wait((pid_t)pid);
}

static void give_nothing(long name)
{
    (void)name;
}

static void give_handle(long handle)
{
    sys_close((unsigned long)handle);
}

/* Its memory comes back when its CLOSED has been taken. */
static void give_right(long handle)
{
    give_handle(handle);
    give_closed(handle);
}

static const struct taker {
    const char *name;
    long (*take)(unsigned long n);
    void (*give)(long name); /* NULL: it is not expected to live so long */
    int status;              /* of the child: an errno, or 128 + a signal */
    unsigned long least;     /* that there must have been */
    unsigned long most;      /* its limit, where one is known; 0: memory is */
} takers[] = {
    {"ports", take_port, give_handle, ENOMEM, 100, 0},
    {"rights", take_right, give_right, ENOMEM, 100, 0},
    {"handles", take_copy, give_handle, EMFILE, 1000, 0},
    {"rights whose CLOSED nobody takes", take_closed, give_closed, ENOMEM, 100, 0},
    {"accounts", take_account, give_handle, ENOMEM, 10, 0},
    {"tasks", take_task, give_task, ENOMEM, 5, 0},
    {"threads", take_thread, give_threads, ENOMEM, 5, 0},
    {"own frames", take_frame, give_frame, ENOMEM, 8, 16},
    {"spaces", take_space, give_space, EAGAIN, 500, 1024},
    {"promises of memory", take_much, give_nothing, ENOMEM, 0, 0},
    {"heap", take_heap, give_nothing, ENOMEM, 4, 0},
    {"open files", take_file, give_space, EMFILE, 500, 512},
    {"mappings of a file", take_mapping, give_mapping, ENOMEM, 200, 256},
    {"children", take_child, give_child, EAGAIN, 20, 64},
    {"memory", take_memory, NULL, 128 + SIGKILL, 0, 0},
    {"page tables", take_table, NULL, 128 + SIGKILL, 0, 0},
};
#define TAKERS (sizeof(takers) / sizeof(takers[0]))

/* Takes until it fails; gives one back and takes again. Status: the errno, or what went wrong. */
static int take_all(const struct taker *taker)
{
    unsigned long n = 0;
    long last = -EIO, name;

    port = (handle_t)sys_port_create();
    for (; n < MOST && (name = taker->take(n)) >= 0; n++)
        last = name;
    if (n == MOST)
        return 101; /* no end */
    if (n < taker->least)
        return 102; /* too soon */
    if (taker->most && n > taker->most)
        return 105; /* too late */
    int error = (int)-name;
    if (taker->take(n) != name)
        return 103; /* not the same again */
    taker->give(last);
    for (unsigned tries = 0; taker->give != give_nothing && taker->take(n + 1) < 0; tries++) {
        if (tries == TRIES)
            return 104; /* nothing came back */
        pause_ms(20);
    }
    return error;
}

/* --- The bomb: each starts two more, of a generation fewer; there is no place for all ---------- */

#define GENERATIONS "7" /* 255 processes, did they all fit */

static int bomb(const char *generations)
{
    char fewer[2] = {(char)(generations[0] - 1), 0};
    char *argv[] = {SELF, "bomb", fewer, NULL};
    pid_t pid[2];

    if (fewer[0] < '0')
        return 0;

    for (unsigned i = 0; i < 2; i++)
        pid[i] = spawned_start(argv, NULL, NULL);
    for (unsigned i = 0; i < 2; i++) {
        int status = pid[i] < 0 ? -pid[i] : spawned_wait(pid[i]);
        if (status && status != EAGAIN && status != ENOMEM)
            return status;
    }
    return pid[0] < 0 || pid[1] < 0 ? EAGAIN : 0;
}

/* --- The neighbour ---------------------------------------------------------------------------- */

static unsigned stop;
static unsigned long rounds, harm;

static int live(void *unused)
{
    static volatile char memory[64 * PAGE_SIZE];

    (void)unused;
    for (; !__atomic_load_n(&stop, __ATOMIC_ACQUIRE); rounds++) {
        for (unsigned long i = 0; i < sizeof(memory); i += PAGE_SIZE)
            harm += memory[i] != (char)rounds;
        for (unsigned long i = 0; i < sizeof(memory); i += PAGE_SIZE)
            memory[i] = (char)(rounds + 1);
        handle_t one = (handle_t)sys_port_create();
        harm += sys_close(one) != 0;
        int file = open(KEPT, O_RDONLY);
        char byte = 0;
        harm += read(file, &byte, 1) != 1 || byte != 'k';
        close(file);
        pause_ms(2);
    }
    return 0;
}

int main(int argc, char **argv)
{
    char folder[] = "/exhaustion-XXXXXX";
    struct thread *neighbour;

    while (argc > 1 && !strcmp(argv[1], "sleep") && getppid() != 1) /* init's: nobody wants it */
        pause_ms(200);
    if (argc > 2 && !strcmp(argv[1], "bomb"))
        return bomb(argv[2]);
    for (unsigned i = 0; argc > 1 && i < TAKERS; i++)
        if (!strcmp(takers[i].name, argv[1]))
            return take_all(&takers[i]);
    if (argc > 1)
        return 0;
    check(mkdtemp(folder) && chdir(folder) == 0, "a folder", "errno %d", errno);
    int kept = open(KEPT, O_RDWR | O_CREAT, 0600);
    check_equal("a file in it", write(kept, "kept", 4), 4);
    check_equal("a neighbour", thread_start(&neighbour, live, NULL), 0);
    for (unsigned i = 0; i < TAKERS; i++) {
        check_equal(takers[i].name, spawned_run(SELF, takers[i].name, NULL), takers[i].status);
        check_equal("a program afterwards", spawned_run(SELF, "nothing", NULL), 0);
    }
    int status = spawned_run(SELF, "bomb", GENERATIONS);
    check(status == 0 || status == EAGAIN, "a bomb ends", "%d", status);
    check_equal("a program afterwards", spawned_run(SELF, "nothing", NULL), 0);
    __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
    thread_join(neighbour, NULL);
    check(rounds > 10 && harm == 0, "the neighbour did not notice", "%lu rounds, %lu wrong", rounds,
          harm);
    close(kept);
    check(unlink(KEPT) == 0 && chdir("/") == 0 && rmdir(folder) == 0, "the file is to remove",
          "errno %d", errno);
    return check_done();
}
