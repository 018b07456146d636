/* SPDX-License-Identifier: MIT
 *
 * trace-refs FILE PROGRAM [ARGUMENT...]: runs a program and writes its reference string to FILE: which pages
 * it used, in order, with r, w or x. Its pager keeps only those pages mapped that the instruction under way
 * needs, so each use of another page is a fault, and is recorded; docs/tracing.md tells what is left out.
 * So it runs slowly. Its children are recorded, too. `pagesim FILE` on the host reads it; the program's
 * status is this one's. */
#include <errno.h>
#include <octavo/ipc.h>
#include <octavo/spawn.h>
#include "user/lib/tool/tool.h"
#include <octavo/trace.h>
#include <proto/pager.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define USAGE "trace-refs file program [argument...]"
#define STATUS_NOT_FOUND 127
#define STATUS_NOT_EXECUTABLE 126
#define STATUS_SIGNAL 128

extern char **environ;

/* Before the child's first instruction. */
static long prepare(handle_t space, unsigned long badge, void *unused)
{
    struct message m = {.tag = PAGER_REFS, .w = {1}};

    (void)badge, (void)unused;
    ipc_attach_handle(&m, space);
    return ipc_request(HANDLE_PAGER, &m);
}

static int start(char **argv, pid_t *pid)
{
    posix_spawnattr_t attributes;
    int error = posix_spawnattr_init(&attributes);

    if (!error)
        error = posix_spawnattr_setprepare_np(&attributes, prepare, NULL);
    if (!error)
        error = posix_spawnp(pid, argv[0], NULL, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    return error;
}

int main(int argc, char **argv)
{
    struct trace_result result;
    int status = 0;
    pid_t pid;

    tool_arguments(argc, argv, 2, -1, USAGE);
    long begun = trace_begin(HANDLE_PAGER, argv[1], PAGER_RECORD_REFERENCES);
    if (begun < 0)
        tool_fail("trace-refs", argv[1], (int)-begun);
    int error = start(argv + 2, &pid);
    if (!error && waitpid(pid, &status, 0) < 0)
        error = errno;
    long ended = trace_end(HANDLE_PAGER, &result);
    if (error) {
        fprintf(stderr, "trace-refs: %s: %s\n", argv[2], strerror(error));
        return error == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE;
    }
    if (ended < 0)
        tool_fail("trace-refs", argv[1], (int)-ended);
    fprintf(stderr, "trace-refs: %lu events, %lu bytes\n", result.events, result.bytes);
    return WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}
