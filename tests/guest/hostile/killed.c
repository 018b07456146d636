/* SPDX-License-Identifier: MIT
 *
 * A client that is killed at its k-th system call, for every k of a scripted workload, and at each of
 * its faults. Nothing stops a program at its k-th call, so a killer of a higher priority looks how many
 * it has made, and kills it at k; with several harts, or time that is not counted in instructions, it
 * comes late more often. Calls that follow each other at once may be missed. */
#include "tests/guest/hostile/hostile.h"

#include <octavo/thread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define TRIES 4u
#define MOST 400u
#define SOME 30u /* calls, where it cannot be exact */
#define PLACE 0x2b00000000ul
#define PAGES 12ul

#define NEAR_NS 1000ul  /* the child's time between two looks when it is about to make the call, */
#define LOOK_NS 10000ul /* and before that */
#define TICK_NS 100ul   /* of the time register, on QEMU's virt */
#define SPIN_LOOKS 4ul

/* What a pause takes longer than asked for, and how long the child spins after each call. The firmware sets the
 * timer, which takes it longer in some versions than NEAR_NS: the child would never come to run. */
static unsigned long pause_cost_ns, spin_ticks = SPIN_LOOKS * LOOK_NS / TICK_NS;

static unsigned long ticks(void)
{
    unsigned long now;

    __asm__ volatile("rdtime %0" : "=r"(now));
    return now;
}

/* Longer than from one look of the killer's to the next, and without a call. */
static void spin(void)
{
    unsigned long end = ticks() + spin_ticks;

    while (ticks() < end)
        ;
}

static int short_life(void *unused)
{
    (void)unused;
    spin();
    return 0;
}

/* Something of everything: memory, handles, threads, messages with buffers and handles, a child. */
static void workload(void)
{
    static unsigned word;
    struct thread *thread;
    struct message m;
    unsigned long n;

    sys_thread_control(0, THREAD_SET_PRIORITY, PRIORITY_USER - 1, 0); /* below who looks */
    char *memory = mmap((void *)PLACE, PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    spin();
    for (n = 0; n < PAGES; n++)
        memory[n * PAGE_SIZE] = 1;
    mprotect(memory, PAGE_SIZE, PROT_READ);
    spin();
    munmap(memory + PAGE_SIZE, PAGE_SIZE);
    spin();
    sys_page_alloc(0x2800000000ul, 2);
    spin();
    handle_t own = (handle_t)sys_port_create();
    spin();
    handle_t right = (handle_t)sys_right_create(own, 7, 1);
    spin();
    sys_notify(right, 1);
    spin();
    ipc_recv(own, DEADLINE_NOW, &m);
    spin();
    m = (struct message){.tag = PAGER_CREATE};
    ipc_accept(1);
    ipc_request(HANDLE_PAGER, &m);
    handle_t space = msg_page()->handle[0];
    spin();
    m = (struct message){.tag = PAGER_TRACE};
    ipc_attach_handle(&m, space);
    ipc_request(HANDLE_PAGER, &m);
    spin();
    sys_task_create(HANDLE_ACCOUNT, right, right, 8, 0, 0);
    spin();
    sys_futex_wait((uintptr_t)&word, 0, (unsigned long)sys_clock() + 100000);
    spin();
    m = (struct message){.tag = INIT_PROCESS};
    ipc_attach_out(&m, memory + 2 * PAGE_SIZE, sizeof(struct init_process));
    ipc_request(HANDLE_INIT, &m);
    spin();
    if (thread_start(&thread, short_life, NULL) == 0)
        thread_join(thread, NULL);
    spin();
    spawned_run(SELF, "nothing", NULL);
    printf("%s", "");
    sys_close(space);
    spin();
    sys_page_free(0x2800000000ul, 2);
}

/* work, nothing, and what the other files want of a child. */
void killed_child(const char *what, const char *ticks_to_spin)
{
    if (ticks_to_spin)
        spin_ticks = strtoul(ticks_to_spin, NULL, 10);
    if (!strcmp(what, "changing"))
        serving_changed();
    if (!strcmp(what, "work"))
        workload();
    if (!strcmp(what, "upcall"))
        upcall_child();
    exit(0);
}

/* Sets the two by what a pause takes here. */
static void measure_pause(void)
{
    const unsigned long times = 16, begin = (unsigned long)sys_clock();

    for (unsigned i = 0; i < times; i++)
        pause_ns(NEAR_NS);
    pause_cost_ns = ((unsigned long)sys_clock() - begin) / times - NEAR_NS;
    spin_ticks = SPIN_LOOKS * (LOOK_NS + pause_cost_ns) / TICK_NS;
}

static unsigned long calls_of(uint32_t id)
{
    static struct info_task task;

    return query_kernel(INFO_TASK, id, &task, sizeof(task)) && task.id == id ? task.syscalls : ~0ul;
}

/* Kills a new child when it has made k calls, sooner or later. The number that it had made when it was
 * killed; ~0 when it was over before. */
static unsigned long kill_at(unsigned long k)
{
    char spins[24], *argv[] = {SELF, "work", spins, NULL};
    struct init_process process;
    unsigned long calls = 0;

    snprintf(spins, sizeof(spins), "%lu", spin_ticks);
    pid_t pid = spawned_start(argv, NULL, NULL);

    if (pid < 0 || query_process((unsigned long)pid, &process) < 0)
        return ~0ul;
    while ((calls = calls_of(process.task)) < k)
        pause_ns(pause_cost_ns + (calls + 1 < k ? LOOK_NS : NEAR_NS));
    kill(pid, SIGKILL);
    int status = spawned_wait(pid);
    return calls == ~0ul || status == 0 ? ~0ul : calls;
}

static void at_each_call(void)
{
    static bool met[MOST];
    struct info_system system;
    unsigned long k, last = 0;
    unsigned missing = 0;

    query_kernel(INFO_SYSTEM, 0, &system, sizeof(system));
    for (k = 1; k < MOST; k++) {
        unsigned over = 0;
        for (unsigned i = 0; i < TRIES && !met[k] && over < 2; i++) {
            unsigned long at = kill_at(k);
            if (at < MOST) {
                met[at] = true;
                last = at > last ? at : last;
            }
            over += at == ~0ul;
        }
        if (system.harts == 1 ? over == 2 : k == SOME)
            break;
    }
    for (unsigned long i = 1; i <= last; i++)
        missing += !met[i];
    check(k < MOST && last >= (system.harts == 1 ? 25 : 1), "the workload has an end", "%lu calls",
          last);
    check(system.harts > 1 || missing <= last / 3, "killed at each of its calls",
          "%u of %lu not met", missing, last);
}

static long tune(handle_t space, unsigned long knob, unsigned long value)
{
    struct message m = {.tag = PAGER_TUNE, .w = {knob, value}};

    ipc_attach_handle(&m, space);
    return ipc_request(HANDLE_PAGER, &m);
}

/* Each page comes by a fault of its own, and this one not at all. */
static long refuse_page(handle_t space, unsigned long badge, void *address)
{
    (void)badge;
    long result = tune(space, PAGER_TUNE_AROUND, 1);
    return result < 0 ? result : tune(space, PAGER_TUNE_REFUSE, (unsigned long)address);
}

/* Each page of its image, its heap and its stack that it touches: refused, at that very fault. */
static void at_each_fault(void)
{
    char *argv[] = {SELF, "work", NULL};
    static struct pager_region region[16];
    unsigned long answer[4];
    unsigned ended = 0, run = 0;

    query_pager(PAGER_REGIONS, 0, 0, region, sizeof(region), answer);
    for (unsigned i = 0; i < answer[0] && i < 16; i++) {
        if (region[i].flags & PAGER_REGION_GUARD || region[i].start >= PLACE)
            continue; /* the stack was written before it runs */
        for (unsigned long at = region[i].start; at < region[i].end; at += PAGE_SIZE, run++)
            ended += spawned_wait(spawned_start(argv, refuse_page, (void *)at)) == 128 + SIGSEGV;
    }
    for (unsigned long n = 0; n < PAGES; n++, run++)
        ended += spawned_wait(spawned_start(argv, refuse_page, (void *)(PLACE + n * PAGE_SIZE))) ==
                 128 + SIGSEGV;
    check(ended >= PAGES - 1 + 8, "killed at its faults", "%u of %u pages", ended, run);
}

void killed_tests(void)
{
    measure_pause();
    at_each_call();
    at_each_fault();
}
