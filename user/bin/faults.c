/* SPDX-License-Identifier: MIT
 *
 * faults [-a] PROGRAM [ARGUMENT...]: runs a program and shows every fault of it as the pager
 * answered it: the lesson of the whole system in one command.
 *
 * A line: number, what it wanted (read, write, execute), address, pc, region, what the pager did,
 * pages it mapped; and a line that sums up, when the program has ended. -a leaves fault-around on;
 * without it each page has its own fault. The program's status is this one's.
 *
 * The pager keeps the records in a ring, which is read while the program runs. */
#include <errno.h>
#include <octavo/query.h>
#include <octavo/spawn.h>
#include "user/lib/tool/tool.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#define USAGE "faults [-a] program [argument...]"
#define BATCH 64
#define POLL_NS 5000000l /* between two looks into the ring */
#define STATUS_NOT_FOUND 127
#define STATUS_NOT_EXECUTABLE 126
#define STATUS_SIGNAL 128

extern char **environ;

static struct {
    bool around;
    unsigned long space; /* badge */
    unsigned long next;  /* sequence number */
    unsigned long faults, pages, lost;
    struct pager_fault *record; /* all of the program's, `kept` of them */
    size_t kept, room;
    unsigned long by_action[PAGER_DID_SHARE_ZERO + 1];
} trace;

static const char *const actions[PAGER_DID_SHARE_ZERO + 1] = {
    [PAGER_DID_ZERO] = "zeroed a frame",  [PAGER_DID_CACHE] = "from the cache",
    [PAGER_DID_READ] = "read from image", [PAGER_DID_COPY] = "copied a page",
    [PAGER_DID_MAP] = "mapped again",     [PAGER_DID_GROW] = "grew the stack",
    [PAGER_DID_REFUSE] = "refused",       [PAGER_DID_SHARE_ZERO] = "shared zero page",
};

static const char *action_name(unsigned action)
{
    return action <= PAGER_DID_SHARE_ZERO && actions[action] ? actions[action] : "?";
}

/* PAGER_TRACE or PAGER_TUNE of the child's space. */
static long space_request(handle_t space, enum pager_operation operation, unsigned long w0,
                          unsigned long w1)
{
    struct message m = {.tag = operation, .w = {w0, w1}};

    ipc_attach_handle(&m, space);
    return ipc_request(HANDLE_PAGER, &m);
}

/* Before the child's first instruction. */
static long prepare(handle_t space, unsigned long badge, void *context)
{
    struct pager_fault record;
    unsigned long answer[4];

    (void)context;
    trace.space = badge;
    long result = query_pager(PAGER_FAULTS, ~0ul, 0, &record, sizeof(record), answer);
    if (result < 0)
        return result;
    trace.next = answer[2];
    if (!trace.around)
        result = space_request(space, PAGER_TUNE, PAGER_TUNE_AROUND, 1);
    return result < 0 ? result : space_request(space, PAGER_TRACE, 1, 0);
}

static void print_fault(const struct pager_fault *f)
{
    char access[4] = "";

    strcat(access, f->access & ACCESS_READ ? "r" : "");
    strcat(access, f->access & ACCESS_WRITE ? "w" : "");
    strcat(access, f->access & ACCESS_EXECUTE ? "x" : "");
    printf("%5lu %-2s %010lx pc %010lx %-20.32s %-16s %2u\n", ++trace.faults, access,
           (unsigned long)f->address, (unsigned long)f->pc, f->region[0] ? f->region : "-",
           action_name(f->action), f->pages);
    trace.pages += f->pages;
    if (f->action <= PAGER_DID_SHARE_ZERO)
        trace.by_action[f->action]++;
}

static void keep(const struct pager_fault *f)
{
    if (trace.kept == trace.room) {
        trace.room = trace.room ? 2 * trace.room : BATCH;
        trace.record = realloc(trace.record, trace.room * sizeof(*f));
        if (!trace.record)
            tool_fail("faults", "too many faults", ENOMEM);
    }
    trace.record[trace.kept++] = *f;
}

/* Takes what the ring has of the child since last time. */
static long collect(void)
{
    static struct pager_fault record[BATCH];
    unsigned long answer[4];

    do {
        long result = query_pager(PAGER_FAULTS, trace.next, 0, record, sizeof(record), answer);
        if (result < 0)
            return result;
        if (answer[0] > 0 && answer[1] > trace.next)
            trace.lost += answer[1] - trace.next;
        for (unsigned long i = 0; i < answer[0] && i < BATCH; i++)
            if (record[i].space == trace.space)
                keep(&record[i]);
        trace.next = answer[0] > 0 ? answer[1] + answer[0] : answer[2];
    } while (trace.next < answer[2]);
    return 0;
}

static void print_summary(void)
{
    printf("%lu faults, %lu pages mapped", trace.faults, trace.pages);
    for (unsigned i = 0; i <= PAGER_DID_SHARE_ZERO; i++)
        if (trace.by_action[i])
            printf(", %lu %s", trace.by_action[i], action_name(i));
    printf("\n");
    if (trace.lost)
        printf("(%lu older records were overwritten before they could be shown)\n", trace.lost);
}

static pid_t start(char **argv)
{
    posix_spawnattr_t attributes;
    pid_t pid;

    int error = posix_spawnattr_init(&attributes);
    if (!error)
        error = posix_spawnattr_setprepare_np(&attributes, prepare, NULL);
    if (!error)
        error = posix_spawnp(&pid, argv[0], NULL, &attributes, argv, environ);
    if (error) {
        fprintf(stderr, "faults: %s: %s\n", argv[0], strerror(error));
        exit(error == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE);
    }
    posix_spawnattr_destroy(&attributes);
    return pid;
}

/* Collects until the child has ended. */
static void watch(pid_t pid, int *status)
{
    pid_t ended;

    do {
        ended = waitpid(pid, status, WNOHANG);
        if (ended < 0)
            tool_fail("faults", "wait", errno);
        long result = collect();
        if (result < 0)
            tool_fail("faults", "pager", (int)-result);
        if (ended == 0)
            nanosleep(&(struct timespec){.tv_nsec = POLL_NS}, NULL);
    } while (ended == 0);
}

int main(int argc, char **argv)
{
    int first = 1, status = 0;

    if (argc > 1 && strcmp(argv[1], "-a") == 0) {
        trace.around = true;
        first = 2;
    }
    tool_arguments(argc, argv, first, -1, USAGE);
    watch(start(argv + first), &status);
    printf("%5s %-2s %-10s    %-10s %-20s %-16s %2s\n", "fault", "", "address", "pc", "region",
           "the pager", "pages");
    for (size_t i = 0; i < trace.kept; i++)
        print_fault(&trace.record[i]);
    print_summary();
    return WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}
