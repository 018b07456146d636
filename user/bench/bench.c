/* SPDX-License-Identifier: MIT
 *
 * bench [ROW...]: what operations cost, in instructions, everything counted: the program behind
 * `make bench` for what is not files, memory or processes. Nothing may idle inside a measurement (see
 * measure.h), which is checked.
 *
 * ipc_rtt_*: to a server in another address space, this program started anew with --echo. notify:
 * from the notifying thread's call to the first instruction of the waiting thread, which has a
 * higher priority. fault_*: 4,096 first writes in one fresh window, fault-around off; fault_anon
 * with frames that the pager has zeroed before, fault_anon_zero with none such. The table of rows
 * is at the foot. */
#include <fcntl.h>
#include <octavo/spawn.h>
#include <octavo/thread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "measure.h"

#define WARM_UP 100
#define SAMPLES 1000 /* of short operations */
#define SAMPLES_SPAWN 20
#define WINDOWS 5
#define WINDOW_PAGES 4096ul
#define WINDOW_BYTES (WINDOW_PAGES * PAGE_SIZE)
#define DRAIN_PAGES 64ul /* between two looks at how many zeroed frames are left */
#define ZERO_WAIT_NS 10000000l
#define ZERO_WAITS 200
#define ANSWER_NS 2000000000ul /* the helper must be there within */
#define ECHO_BADGE 1

extern char **environ;

static unsigned long sample[SAMPLES];

/* --- Short operations -------------------------------------------------------------------- */

static void bench_null(const char *name)
{
    for (int i = -WARM_UP; i < SAMPLES; i++) {
        unsigned long start = instructions();
        sys_null();
        unsigned long end = instructions();
        if (i >= 0)
            sample[i] = end - start - READ_COST;
    }
    report(name, sample, SAMPLES);
}

static void bench_mmap(const char *name)
{
    for (int i = -WARM_UP; i < SAMPLES; i++) {
        unsigned long start = instructions();
        void *page =
            mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        munmap(page, PAGE_SIZE);
        unsigned long end = instructions();
        if (page == MAP_FAILED)
            fail("mmap", 0);
        if (i >= 0)
            sample[i] = end - start - READ_COST;
    }
    report(name, sample, SAMPLES);
}

/* --- IPC --------------------------------------------------------------------------------- */

/* Answers with the words that came, until the right is closed. */
static long echo_serve(handle_t port)
{
    struct message m;
    long result = ipc_recv(port, DEADLINE_NEVER, &m);

    while (result >= 0 && MSG_KIND(m.tag) == MSG_KIND_CALL) {
        m.tag = 0;
        result = ipc_reply_recv(port, &m);
    }
    return result;
}

/* The helper: offers a right to its port to who started it, then answers until that is closed. */
static int echo_main(void)
{
    long port = sys_port_create();
    long right = port < 0 ? port : sys_right_create((unsigned long)port, ECHO_BADGE, 0);

    if (right < 0)
        fail("echo", right);
    struct message m = {.tag = 0};
    ipc_attach_handle(&m, (handle_t)right);
    long result = ipc_call(HANDLE_FIRST, &m);
    sys_close((unsigned long)right);
    if (result < 0)
        fail("echo", result);
    return echo_serve((handle_t)port) < 0;
}

/* Starts the helper; the right to it. */
static handle_t echo_start(pid_t *pid)
{
    char *argv[] = {"bench", "--echo", NULL};
    posix_spawnattr_t attributes;
    struct message m;
    long port = sys_port_create();
    long offer = port < 0 ? port : sys_right_create((unsigned long)port, ECHO_BADGE, 0);

    if (offer < 0)
        fail("port", offer);
    handle_t handle = (handle_t)offer;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_sethandles_np(&attributes, &handle, 1);
    int error = posix_spawnp(pid, argv[0], NULL, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    if (error)
        fail("helper", -error);
    ipc_accept(1);
    long result = ipc_recv((handle_t)port, (unsigned long)sys_clock() + ANSWER_NS, &m);
    if (result < 0 || MSG_HANDLES(m.tag) != 1)
        fail("helper", result);
    handle_t server = msg_page()->handle[0];
    m.tag = 0;
    ipc_reply(&m);
    sys_close(handle);
    sys_close((unsigned long)port);
    return server;
}

static void bench_ipc(const char *name, bool words)
{
    pid_t pid;
    handle_t server = echo_start(&pid);

    quiet();
    for (int i = -WARM_UP; i < SAMPLES; i++) {
        struct message m = {.tag = 1};
        if (words)
            m = (struct message){.tag = 1, .w = {1, 2, 3, 4}};
        unsigned long start = instructions();
        long result = ipc_call(server, &m);
        unsigned long end = instructions();
        if (result < 0 || (words && m.w[3] != 4))
            fail("call", result);
        if (i >= 0)
            sample[i] = end - start - READ_COST;
    }
    sys_close(server);
    waitpid(pid, NULL, 0);
    report(name, sample, SAMPLES);
}

static void bench_ipc_0(const char *name)
{
    bench_ipc(name, false);
}

static void bench_ipc_4(const char *name)
{
    bench_ipc(name, true);
}

/* --- Pipes ------------------------------------------------------------------------------- */

/* The helper: gives back each byte, until there are no more. */
static int pong_main(int in, int out)
{
    char byte;

    while (read(in, &byte, 1) == 1)
        if (write(out, &byte, 1) != 1)
            return 1;
    return 0;
}

static void bench_pipe(const char *name)
{
    int there[2], back[2];
    char in[8], out[8], byte = 0;
    char *argv[] = {"bench", "--pong", in, out, NULL};
    pid_t pid;

    if (pipe(there) < 0 || pipe(back) < 0 || fcntl(there[1], F_SETFD, FD_CLOEXEC) < 0)
        fail("pipe", 0);
    snprintf(in, sizeof(in), "%d", there[0]);
    snprintf(out, sizeof(out), "%d", back[1]);
    int error = posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ);
    if (error)
        fail("helper", -error);
    quiet();
    for (int i = -WARM_UP; i < SAMPLES; i++) {
        unsigned long start = instructions();
        ssize_t done = write(there[1], &byte, 1);
        done += read(back[0], &byte, 1);
        unsigned long end = instructions();
        if (done != 2)
            fail("pipe", 0);
        if (i >= 0)
            sample[i] = end - start - READ_COST;
    }
    for (int i = 0; i < 2; i++) {
        close(there[i]);
        close(back[i]);
    }
    waitpid(pid, NULL, 0);
    report(name, sample, SAMPLES);
}

/* --- Notification ------------------------------------------------------------------------ */

static struct {
    handle_t port;
    volatile unsigned long arrived;
} waiting;

static int waiter(void *argument)
{
    struct message m;

    (void)argument;
    for (;;) {
        long result = ipc_recv(waiting.port, DEADLINE_NEVER, &m);
        waiting.arrived = instructions();
        if (result < 0 || MSG_KIND(m.tag) != MSG_KIND_NOTIFY)
            return 0;
    }
}

static void bench_notify(const char *name)
{
    struct thread *thread;
    long port = sys_port_create();
    long right = port < 0 ? port : sys_right_create((unsigned long)port, ECHO_BADGE, 1);

    if (right < 0)
        fail("port", right);
    waiting.port = (handle_t)port;
    int error = thread_start(&thread, waiter, NULL);
    if (error)
        fail("thread", -error);
    sys_yield(); /* it runs up to its recv, being above this thread */
    for (int i = -WARM_UP; i < SAMPLES; i++) {
        waiting.arrived = 0;
        unsigned long start = instructions();
        sys_notify((unsigned long)right, 1);
        if (waiting.arrived == 0)
            fail("the waiting thread did not run at once", 0);
        if (i >= 0)
            sample[i] = waiting.arrived - start - READ_COST;
    }
    sys_close((unsigned long)right); /* CLOSED ends the thread */
    thread_join(thread, NULL);
    sys_close((unsigned long)port);
    report(name, sample, SAMPLES);
}

/* --- Faults ------------------------------------------------------------------------------ */

static char *window_open(size_t bytes)
{
    char *window = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (window == MAP_FAILED)
        fail("no memory for a window", 0);
    return window;
}

static void touch(char *at, unsigned long pages)
{
    for (volatile char *end = at + pages * PAGE_SIZE, *p = at; p < end; p += PAGE_SIZE)
        *p = 1;
}

/* Sleeps until the pager has zeroed that many frames: its thread for it runs when nothing else
 * does. */
static void wait_for_zeroed(unsigned long frames)
{
    for (int i = 0; i < ZERO_WAITS && pager_stat().frames_zeroed < frames; i++)
        nanosleep(&(struct timespec){.tv_nsec = ZERO_WAIT_NS}, NULL);
}

/* Takes all zeroed frames; the mapping that holds them. */
static char *drain_zeroed(size_t *bytes)
{
    size_t pages = pager_stat().frames_zeroed + WINDOW_PAGES;

    *bytes = pages * PAGE_SIZE;
    char *hold = window_open(*bytes);
    for (size_t at = 0; at + DRAIN_PAGES <= pages && pager_stat().frames_zeroed > 0;
         at += DRAIN_PAGES)
        touch(hold + at * PAGE_SIZE, DRAIN_PAGES);
    return hold;
}

static void measure_window(const char *name, int i)
{
    char *window = window_open(WINDOW_BYTES);
    struct pager_stat before = pager_stat();
    unsigned long idle = idle_time();
    unsigned long start = instructions();

    touch(window, WINDOW_PAGES);
    unsigned long end = instructions();
    idle = idle_time() - idle;
    struct pager_stat after = pager_stat();
    unsigned long used = after.zero_fills_ready - before.zero_fills_ready;
    fprintf(stderr, "# %s: %lu faults, %lu frames were zero before, %lu refilled meanwhile%s\n",
            name, (unsigned long)(after.faults - before.faults), used,
            (unsigned long)(after.frames_zeroed + used - before.frames_zeroed),
            idle ? ", IDLE INSIDE" : "");
    sample[i] = (end - start + WINDOW_PAGES / 2) / WINDOW_PAGES;
    munmap(window, WINDOW_BYTES);
}

static void bench_fault_ready(const char *name)
{
    for (int i = 0; i < WINDOWS; i++) {
        wait_for_zeroed(WINDOW_PAGES);
        measure_window(name, i);
    }
    report(name, sample, WINDOWS);
}

static void bench_fault_zero(const char *name)
{
    size_t bytes;
    char *hold = drain_zeroed(&bytes);

    for (int i = 0; i < WINDOWS; i++)
        measure_window(name, i);
    munmap(hold, bytes);
    report(name, sample, WINDOWS);
}

/* --- Processes --------------------------------------------------------------------------- */

static void bench_spawn(const char *name)
{
    char *argv[] = {"true", NULL};

    for (int i = -2; i < SAMPLES_SPAWN; i++) {
        pid_t pid;
        int status;
        unsigned long start = busy_instructions();
        int error = posix_spawn(&pid, "/bin/true", NULL, NULL, argv, environ);
        if (error)
            fail("/bin/true", -error);
        waitpid(pid, &status, 0);
        unsigned long end = busy_instructions();
        if (i >= 0)
            sample[i] = end - start - READ_COST;
    }
    report(name, sample, SAMPLES_SPAWN);
}

static const struct row rows[] = {
    {"null_syscall", bench_null},          /* a system call that does nothing */
    {"ipc_rtt_0", bench_ipc_0},            /* call and answer, two address spaces, no words */
    {"ipc_rtt_4", bench_ipc_4},            /* with four words */
    {"pipe_rtt", bench_pipe},              /* a byte there and back, two pipes, two processes */
    {"notify", bench_notify},              /* one way, to a waiting thread of this task */
    {"fault_anon", bench_fault_ready},     /* first write to a page, its frame zeroed before */
    {"fault_anon_zero", bench_fault_zero}, /* and zeroed in the fault */
    {"mmap_munmap", bench_mmap},           /* one untouched page */
    {"spawn_wait", bench_spawn},           /* posix_spawn of /bin/true, and waitpid */
};

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--echo") == 0)
        return echo_main();
    if (argc == 4 && strcmp(argv[1], "--pong") == 0)
        return pong_main(atoi(argv[2]), atoi(argv[3]));
    fault_around(1);
    MEASURE_ROWS(argc, argv, rows);
    return 0;
}
