/* SPDX-License-Identifier: MIT
 *
 * Nothing is lost: each case runs 20 times, and after the 2nd and the 20th everything that the kernel,
 * the pager and init count is the same, to the frame and to the object (counts.h). That slabs do not grow
 * all the same is a check of its own.
 * Cases with files work in a folder of their own in the share; what they have cached stays the same
 * because one file is held open and the others are removed.
 *
 *     leaks          the test
 *     leaks MODE     a child: see child()
 *
 * octavo-test: SMP=1,4 TIMEOUT=240 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <octavo/query.h>
#include <octavo/thread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "tests/guest/check.h"
#include "tests/guest/counts.h"
#include "tests/guest/spawned.h"

#define SELF "/test/leaks"
#define RUNS 20u
#define FIRST 2u  /* the run after which it is counted: what is made once is there then */
#define ROUNDS 3u /* a leak is there in each; a busy host can make one begin with a wrong count */
#define BIG (2ul << 20)
#define WINDOW 0x2800000000ul

static struct counts at_first, at_last;

/* --- The child's side ---------------------------------------------------------------------- */

static int wait_for_ever(void *unused)
{
    struct message m = {.tag = 1};

    (void)unused;
    ipc_call((handle_t)nothing, &m);
    for (;;)
        pause_ms(1000);
    return 0;
}

/* To a port of this task, which stays. */
static handle_t own_right(void)
{
    long port = sys_port_create();

    return (handle_t)sys_right_create((unsigned long)port, 7, 3);
}

static int call_right(void *right)
{
    struct message m = {.tag = 1};

    ipc_attach_handle(&m, (handle_t)(uintptr_t)right);
    return (int)ipc_call((handle_t)(uintptr_t)right, &m);
}

/* Takes all sorts of things and leaves them. */
static void take(void)
{
    static const struct vm_op map = {
        .src = WINDOW, .dst = 0x10000, .count = 1, .op = VM_MAP, .prot = VM_R};
    struct thread *thread;
    struct message m = {.tag = PAGER_CREATE};

    for (unsigned i = 0; i < 20; i++)
        own_right();
    sys_page_alloc(WINDOW, 4);
    sys_account_create(HANDLE_ACCOUNT, 1, 4096);
    ipc_accept(1);
    ipc_request(HANDLE_PAGER, &m);
    long port = sys_port_create();
    long right = sys_right_create((unsigned long)port, 9, 0);
    long task =
        sys_task_create(HANDLE_ACCOUNT, (unsigned long)right, (unsigned long)right, 8, 0, 0);
    sys_vm((unsigned long)port, 9, (uintptr_t)&map, 1, 0);
    sys_thread_create((unsigned long)task, 0x10000, 0, 0, 8);
    sys_task_grant((unsigned long)task, (unsigned long)right, H_ALL);
    for (unsigned i = 0; i < 3; i++)
        thread_start(&thread, wait_for_ever, NULL);
    thread_start(&thread, call_right, (void *)(uintptr_t)own_right());
    memset(malloc(BIG), 1, BIG);
    pause_ms(2);
}

static void fork_and_talk(void)
{
    char *argv[] = {SELF, "n", NULL}, byte;
    int end[2];

    pipe(end);
    pid_t pid = fork();
    if (pid == 0) {
        write(end[1], "x", 1);
        execv(SELF, argv);
    }
    close(end[1]);
    read(end[0], &byte, 1);
    close(end[0]);
    spawned_wait(pid);
}

#define KEPT "kept" /* a file that is cached whole and held open by the test */
#define KEPT_PAGES 16u
#define SHARED "/leaks"

static char *map_file(int fd, int flags)
{
    return mmap(NULL, KEPT_PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE, flags, fd, 0);
}

/* Opens, maps, reads, writes, renames and removes, and leaves all of it as it is. */
static void use_files(void)
{
    static char buffer[3 * PAGE_SIZE];
    int kept = open(KEPT, O_RDWR), fresh = open("fresh", O_RDWR | O_CREAT | O_TRUNC, 0600);
    int memory = shm_open(SHARED, O_RDWR | O_CREAT, 0600);
    int removed = open("removed", O_RDWR | O_CREAT, 0600);

    for (unsigned i = 0; i < 20; i++)
        open(KEPT, i % 2 ? O_RDONLY : O_RDWR);
    opendir(".");
    char *shared = map_file(kept, MAP_SHARED), *own = map_file(kept, MAP_PRIVATE);
    pread(kept, buffer, sizeof(buffer), 100);
    pwrite(kept, buffer, sizeof(buffer), 5 * PAGE_SIZE - 7);
    memset(shared, 1, PAGE_SIZE);
    memset(own, 2, 2 * PAGE_SIZE);
    ftruncate(memory, KEPT_PAGES * PAGE_SIZE);
    memset(map_file(memory, MAP_SHARED), 3, KEPT_PAGES * PAGE_SIZE);
    write(fresh, buffer, sizeof(buffer));
    ftruncate(fresh, PAGE_SIZE + 1);
    memset(map_file(fresh, MAP_SHARED), 4, PAGE_SIZE);
    write(removed, buffer, sizeof(buffer));
    rename("fresh", "renamed");
    unlink("removed");
    memset(map_file(removed, MAP_SHARED), 5, PAGE_SIZE);
    shared[3 * PAGE_SIZE] = own[3 * PAGE_SIZE] = 1;
}

static void use_files_for_ever(void)
{
    static char buffer[8 * PAGE_SIZE];

    for (;;) {
        int fd = open("fresh", O_RDWR | O_CREAT, 0600), kept = open(KEPT, O_RDWR);
        char *own = map_file(kept, MAP_PRIVATE);
        pwrite(fd, buffer, sizeof(buffer), 77);
        pread(kept, buffer, sizeof(buffer), 7);
        own[0] = buffer[1];
        fsync(fd);
        rename("fresh", "renamed");
        unlink("renamed");
        munmap(own, KEPT_PAGES * PAGE_SIZE);
        close(fd);
        close(kept);
    }
}

static _Noreturn void child(const char *mode)
{
    struct message m;

    switch (mode[0]) {
    case 't': /* take, and leave all of it */
        take();
        break;
    case 'b': /* big */
        memset(malloc(BIG), 1, BIG);
        break;
    case 'f': /* a fault of each kind */
        *(volatile char *)(uintptr_t)strtoul(mode + 1, NULL, 0) = 1;
        break;
    case 'i':
        __asm__ volatile("unimp");
        break;
    case 'j':
        ((void (*)(void))(uintptr_t)0x2c00000000ul)();
        break;
    case 's':
        for (;;)
            ;
    case 'r': /* blocked in recv */
        ipc_recv((handle_t)sys_port_create(), DEADLINE_NEVER, &m);
        break;
    case 'c': /* blocked in a call */
        call_right((void *)(uintptr_t)own_right());
        break;
    case 'h': /* no exit: its only thread ends */
        sys_thread_control(0, THREAD_EXIT, 0, 0);
        break;
    case 'm': /* mapping and unmapping for ever */
        for (;;) {
            char *memory =
                mmap(NULL, BIG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            memory[0] = memory[BIG / 2] = 1;
            munmap(memory, BIG);
        }
    case 'p': /* spawning for ever */
        for (;;)
            spawned_run(SELF, "n", NULL);
    case 'k': /* forking, starting and talking to it for ever */
        for (;;)
            fork_and_talk();
    case 'o': /* files, left as they are */
        use_files();
        break;
    case 'd': /* the same, dying of a fault */
        use_files();
        *(volatile char *)strtoul("8", NULL, 0) = 1;
        break;
    case 'e': /* as many as it may have */
        while (open(KEPT, O_RDWR) >= 0)
            ;
        break;
    case 'w':
        use_files_for_ever();
        break;
    default:
        break;
    }
    exit(0);
}

/* --- The cases ----------------------------------------------------------------------------- */

static void run_child(const char *mode)
{
    spawned_run(SELF, mode, NULL);
}

/* Killed after so many thousandths of a second. */
static void kill_child(const char *mode)
{
    static unsigned long run;
    char *argv[] = {SELF, (char *)mode, NULL};
    pid_t pid = spawned_start(argv, NULL, NULL);

    pause_ms(run++ % 5 * 3);
    kill(pid, SIGKILL);
    spawned_wait(pid);
}

static int kept;

/* What a child has left with a name goes, and what it has written to the kept file is written back. */
static void tidy(void)
{
    static const char *const names[] = {"fresh", "renamed", "removed"};

    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        unlink(names[i]);
    shm_unlink(SHARED);
    fsync(kept);
}

static void file_child(const char *mode)
{
    run_child(mode);
    tidy();
}

static void kill_file_child(const char *mode)
{
    kill_child(mode);
    tidy();
}

/* A folder for this run, and the file, whose pages are all cached from now on. */
static void files_up(char *folder)
{
    static char page[PAGE_SIZE];

    check(mkdtemp(folder) && chdir(folder) == 0, "a folder", "errno %d", errno);
    kept = open(KEPT, O_RDWR | O_CREAT, 0600);
    for (unsigned i = 0; i < KEPT_PAGES; i++)
        pwrite(kept, page, sizeof(page), i * PAGE_SIZE);
    check(fsync(kept) == 0, "a file", "errno %d", errno);
}

static void files_down(const char *folder)
{
    tidy();
    close(kept);
    check(unlink(KEPT) == 0 && chdir("/") == 0 && rmdir(folder) == 0,
          "nothing else is in the folder", "errno %d", errno);
}

static void forked(const char *path)
{
    char *argv[] = {(char *)path, "n", NULL};
    pid_t pid = fork();

    if (pid == 0 && *path)
        execv(path, argv);
    if (pid == 0)
        _exit(0);
    spawned_wait(pid);
}

static void pipes(const char *unused)
{
    int end[2][2];
    char buffer[4000] = "";

    (void)unused;
    for (int i = 0; i < 2; i++) {
        pipe(end[i]);
        write(end[i][1], buffer, sizeof(buffer));
    }
    close(end[0][0]);
    close(end[1][1]);
    read(end[1][0], buffer, 100);
    close(end[0][1]);
    close(end[1][0]);
}

static void no_such_program(const char *path)
{
    char *argv[] = {(char *)path, NULL};

    spawned_start(argv, NULL, NULL);
}

static long fail(handle_t space, unsigned long badge, void *context)
{
    (void)space, (void)badge, (void)context;
    return -EIO;
}

static void given_up(const char *path)
{
    char *argv[] = {(char *)path, NULL};

    spawned_start(argv, fail, NULL);
}

/* A process that is made and never started: its parent takes it back. */
static void suspended(const char *unused)
{
    struct message m = {.tag = PAGER_CREATE};

    (void)unused;
    ipc_accept(1);
    ipc_request(HANDLE_PAGER, &m);
    handle_t space = msg_page()->handle[0];
    m = (struct message){.tag = INIT_SPAWN, .w = {0x10000, 0, SPAWN_SUSPENDED, 4}};
    ipc_attach_handle(&m, space);
    ipc_attach_in(&m, "idle", 4);
    ipc_request(HANDLE_INIT, &m);
    sys_close(space);
    kill((pid_t)m.w[0], SIGKILL);
    spawned_wait((pid_t)m.w[0]);
}

static void map_and_unmap(const char *unused)
{
    (void)unused;
    char *memory = mmap(NULL, BIG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(memory, 1, BIG / 2);
    mprotect(memory + BIG / 4, BIG / 8, PROT_READ);
    mprotect(memory + BIG / 8, PAGE_SIZE, PROT_NONE);
    munmap(memory + BIG / 8, BIG / 2);
    munmap(memory, BIG);
}

static void ports_and_rights(const char *unused)
{
    struct message m;

    (void)unused;
    handle_t port = (handle_t)sys_port_create();
    for (unsigned long badge = 0; badge < 40; badge++)
        sys_close((unsigned long)sys_right_create(port, badge, 1));
    for (unsigned i = 0; i < 20; i++) /* half of the CLOSED; the others go with the port */
        ipc_recv(port, DEADLINE_NOW, &m);
    handle_t right = (handle_t)sys_right_create(port, 50, 1);
    for (unsigned i = 0; i < 10; i++)
        sys_close((unsigned long)sys_dup(right, H_CALL));
    sys_notify(right, 1);
    sys_close(port);
    sys_close(right);
}

static void threads(const char *unused)
{
    struct thread *thread[4];

    (void)unused;
    for (unsigned i = 0; i < 4; i++)
        thread_start(&thread[i], call_right, (void *)0xdeadul);
    for (unsigned i = 0; i < 4; i++)
        thread_join(thread[i], NULL);
}

/* A task made here, with a page of ours and a thread that faults into our port; all is then closed. */
static void task_by_hand(const char *unused)
{
    static const struct vm_op map = {
        .src = WINDOW, .dst = 0x10000, .count = 1, .op = VM_MAP, .prot = VM_R};
    struct message m;

    (void)unused;
    sys_page_alloc(WINDOW, 1);
    handle_t port = (handle_t)sys_port_create();
    handle_t right = (handle_t)sys_right_create(port, 1, 0);
    handle_t task = (handle_t)sys_task_create(HANDLE_ACCOUNT, right, right, 8, 0, 0);
    sys_vm(port, 1, (uintptr_t)&map, 1, 0);
    sys_close((unsigned long)sys_thread_create(task, 0x10000, 0, 0, 8));
    ipc_recv(port, (unsigned long)sys_clock() + 100 * MS, &m);
    sys_page_free(WINDOW, 1);
    sys_close(right);
    sys_close(task);
    ipc_recv(port, (unsigned long)sys_clock() + 100 * MS, &m);
    sys_close(port);
}

static void accounts(const char *unused)
{
    (void)unused;
    handle_t account = (handle_t)sys_account_create(HANDLE_ACCOUNT, 2, 8192);
    handle_t below = (handle_t)sys_account_create(account, 1, 4096);
    sys_close(account);
    sys_close(below);
}

static void own_frames(const char *unused)
{
    (void)unused;
    sys_page_alloc(WINDOW, 100); /* more than there are: what came is given back */
    sys_page_free(WINDOW, 100);
}

static void refused_calls(const char *unused)
{
    struct message m = {.tag = PAGER_CREATE};

    (void)unused;
    ipc_accept(0);
    ipc_request(HANDLE_PAGER, &m); /* its right cannot be taken */
    handle_t port = (handle_t)sys_port_create(), right = (handle_t)sys_right_create(port, 1, 0);
    m = (struct message){.tag = PAGER_MUNMAP};
    ipc_attach_handle(&m, right); /* a handle that does not belong */
    ipc_request(HANDLE_PAGER, &m);
    sys_close(right);
    sys_close(port);
}

static const struct leak_case {
    const char *name;
    void (*run)(const char *argument);
    const char *argument;
} cases[] = {
    {"spawn and exit", run_child, "n"},
    {"spawn, 2 MiB, exit", run_child, "b"},
    {"spawn, leave all sorts of things", run_child, "t"},
    {"spawn, end the only thread", run_child, "h"},
    {"die writing page 0", run_child, "f0"},
    {"die writing text", run_child, "f0x10000"},
    {"die writing the kernel", run_child, "f0xffffffff80200000"},
    {"die fetching", run_child, "j"},
    {"die of an illegal instruction", run_child, "i"},
    {"kill what spins", kill_child, "s"},
    {"kill what receives", kill_child, "r"},
    {"kill what calls", kill_child, "c"},
    {"kill what maps and unmaps", kill_child, "m"},
    {"kill what takes all sorts of things", kill_child, "t"},
    {"kill what spawns", kill_child, "p"},
    {"kill what has 2 MiB", kill_child, "b"},
    {"kill what forks, execs and pipes", kill_child, "k"},
    {"exit with files open and mapped", file_child, "o"},
    {"die with files open and mapped", file_child, "d"},
    {"exit with as many open as may be", file_child, "e"},
    {"kill what has files open and mapped", kill_file_child, "o"},
    {"kill what writes, renames and removes", kill_file_child, "w"},
    {"fork and exit", forked, ""},
    {"fork, exec, exit", forked, SELF},
    {"pipes", pipes, ""},
    {"start no program", no_such_program, "/no/such/program"},
    {"start a program, but give up", given_up, SELF},
    {"take back what never ran", suspended, ""},
    {"map and unmap", map_and_unmap, ""},
    {"ports and rights", ports_and_rights, ""},
    {"threads", threads, ""},
    {"a task made by hand", task_by_hand, ""},
    {"accounts", accounts, ""},
    {"own frames", own_frames, ""},
    {"calls that are refused", refused_calls, ""},
};

static void run_case(const struct leak_case *c)
{
    const struct count *wrong;

    for (unsigned run = 1; run <= FIRST; run++)
        c->run(c->argument);
    settle(&at_last);
    for (unsigned round = 0; round < ROUNDS; round++) {
        at_first = at_last;
        for (unsigned run = FIRST; run < RUNS; run++)
            c->run(c->argument);
        settle(&at_last);
        for (unsigned i = 0; i < 20 && difference(&at_first, &at_last); i++) {
            pause_ms(20);
            settle(&at_last);
        }
        if (!difference(&at_first, &at_last))
            break;
    }
    wrong = difference(&at_first, &at_last);
    check(!wrong, c->name, "%s is %lu after %u runs, not %lu", wrong ? wrong->name : "",
          wrong ? (unsigned long)wrong->value : 0, RUNS,
          wrong ? (unsigned long)at_first.count[wrong - at_last.count].value : 0);
}

int main(int argc, char **argv)
{
    static struct info_system system;
    char folder[] = "/leaks-XXXXXX";
    int end[8][2];

    if (argc > 1)
        child(argv[1]);
    for (unsigned i = 0; i < 8; i++) /* the pipe server keeps the frames of so many */
        pipe(end[i]);
    for (unsigned i = 0; i < 8; i++) {
        close(end[i][0]);
        close(end[i][1]);
    }
    files_up(folder);
    run_child("t");
    settle(&at_last); /* its memory is there from now on */
    settle(&at_first);
    uint64_t slabs = at_first.slab_frames;
    query_kernel(INFO_SYSTEM, 0, &system, sizeof(system));
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        run_case(&cases[i]);
    /* Objects are counted exactly by each case; this is about slabs that are kept half empty. The 16 are
     * for the case with as many files open as may be. */
    check(at_last.slab_frames <= slabs + 16 + 8 * system.harts, "slabs are used again",
          "%lu frames, then %lu", (unsigned long)slabs, (unsigned long)at_last.slab_frames);
    files_down(folder);
    return check_done();
}
