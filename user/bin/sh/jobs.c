/* SPDX-License-Identifier: MIT
 *
 * Children: see jobs.h. A job is no process group: posix_spawn puts a child into its parent's. */
#include "user/bin/sh/jobs.h"

#include <errno.h>
#include "user/lib/tool/tool.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/wait.h>
#include <unistd.h>
#include "user/bin/sh/shell.h"
#include "user/bin/sh/variables.h"

struct job {
    TAILQ_ENTRY(job) link;
    unsigned number;
    pid_t pid; /* the last one of the pipeline */
    int *rest; /* the others' pids, 0 once ended */
    int rest_count;
    bool ended;
    int status; /* $?, once ended */
    char text[];
};

static TAILQ_HEAD(job_list, job) jobs = TAILQ_HEAD_INITIALIZER(jobs);

/* Those that init reports by itself, with address and pc. */
static bool signal_is_reported(int signal)
{
    return signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE ||
           signal == SIGTRAP;
}

/* $? for a status of waitpid: 0..255, 128 + signal. Says what ended it unless init has said so. */
static int status_of(int wait_status)
{
    if (!WIFSIGNALED(wait_status))
        return WEXITSTATUS(wait_status);
    int signal = WTERMSIG(wait_status);
    if (signal == SIGINT) {
        fprintf(stderr, "\n");
        if (shell.interactive)
            shell_stop(STATUS_SIGNAL + signal); /* the whole line is given up */
    } else if (!signal_is_reported(signal) && signal != SIGPIPE) {
        fprintf(stderr, "%s\n", strsignal(signal));
    }
    return STATUS_SIGNAL + signal;
}

static struct job *job_find(pid_t pid)
{
    struct job *job;

    TAILQ_FOREACH (job, &jobs, link)
        if (job->pid == pid)
            return job;
    return NULL;
}

static void job_remove(struct job *job)
{
    TAILQ_REMOVE(&jobs, job, link);
    free(job->rest);
    free(job);
}

static void job_end(pid_t pid, int wait_status)
{
    struct job *job = job_find(pid);

    if (!job)
        return;
    job->ended = true;
    job->status =
        WIFSIGNALED(wait_status) ? STATUS_SIGNAL + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

/* Waits for exactly this child; -1 when there is none such. */
static int wait_for(pid_t pid, int *wait_status)
{
    pid_t result;

    do
        result = waitpid(pid, wait_status, 0);
    while (result < 0 && errno == EINTR);
    return result < 0 ? -1 : 0;
}

static void job_wait(struct job *job)
{
    int status;

    for (int i = 0; i < job->rest_count; i++)
        wait_for(job->rest[i], &status);
    if (!job->ended && wait_for(job->pid, &status) == 0)
        job_end(job->pid, status);
}

void jobs_put_in_front(int pid)
{
    if (shell.interactive)
        tcsetpgrp(STDIN_FILENO, pid);
}

static bool is_interrupted(int wait_status)
{
    return WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGINT;
}

/* ^C goes to the last one of a pipeline, and then, one after the other, to those that are left. */
int jobs_wait_foreground(const int *pids, int count)
{
    int status = 0, other = 0;

    if (count == 0)
        return 0;
    jobs_put_in_front(pids[count - 1]);
    int result = wait_for(pids[count - 1], &status);
    bool interrupted = result == 0 && is_interrupted(status);
    for (int i = 0; i < count - 1; i++) {
        if (shell.interactive && interrupted)
            kill(pids[i], SIGINT);
        else
            jobs_put_in_front(pids[i]);
        interrupted |= wait_for(pids[i], &other) == 0 && is_interrupted(other);
    }
    jobs_put_in_front(getpid());
    return result < 0 ? STATUS_NOT_FOUND : status_of(status);
}

void jobs_add(const int *pids, int count, const char *text)
{
    struct job *last = TAILQ_LAST(&jobs, job_list);
    struct job *job = tool_memory(NULL, sizeof(*job) + strlen(text) + 1);

    *job = (struct job){.number = last ? last->number + 1 : 1, .pid = pids[count - 1]};
    job->rest_count = count - 1;
    job->rest = tool_memory(NULL, (size_t)count * sizeof(*pids));
    memcpy(job->rest, pids, (size_t)(count - 1) * sizeof(*pids));
    parameters.last_background = job->pid;
    strcpy(job->text, text);
    TAILQ_INSERT_TAIL(&jobs, job, link);
    if (shell.interactive)
        fprintf(stderr, "[%u] %d\n", job->number, (int)job->pid);
}

static void job_print(FILE *out, const struct job *job)
{
    char state[24] = "Running";

    if (job->ended && job->status > STATUS_SIGNAL)
        snprintf(state, sizeof(state), "%s", strsignal(job->status - STATUS_SIGNAL));
    else if (job->ended && job->status)
        snprintf(state, sizeof(state), "Done(%d)", job->status);
    else if (job->ended)
        strcpy(state, "Done");
    fprintf(out, "[%u] %-16s %s\n", job->number, state, job->text);
}

void jobs_reap(bool announce)
{
    struct job *job, *next;
    int status;
    pid_t pid;

    if (TAILQ_EMPTY(&jobs))
        return;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        job_end(pid, status);
    if (!announce)
        return;
    TAILQ_FOREACH_SAFE (job, &jobs, link, next)
        if (job->ended) {
            job_print(stderr, job);
            job_remove(job);
        }
}

void jobs_forget(void)
{
    struct job *job;

    while ((job = TAILQ_FIRST(&jobs)))
        job_remove(job);
}

int jobs_list(void)
{
    struct job *job, *next;

    jobs_reap(false);
    TAILQ_FOREACH_SAFE (job, &jobs, link, next) {
        job_print(stdout, job);
        if (job->ended)
            job_remove(job);
    }
    return 0;
}

/* One operand: a pid, or %number. Its status; 127 for what is no child (POSIX XCU wait). */
static int wait_operand(const char *operand)
{
    struct job *job;
    int number = atoi(*operand == '%' ? operand + 1 : operand);

    TAILQ_FOREACH (job, &jobs, link)
        if (*operand == '%' ? job->number == (unsigned)number : job->pid == number)
            break;
    if (!job)
        return STATUS_NOT_FOUND;
    job_wait(job);
    int result = job->ended ? job->status : STATUS_NOT_FOUND;
    job_remove(job);
    return result;
}

int jobs_wait(int argc, char **argv)
{
    struct job *job;
    int result = 0;

    for (int i = 1; i < argc; i++)
        result = wait_operand(argv[i]);
    if (argc > 1)
        return result;
    while ((job = TAILQ_FIRST(&jobs))) {
        job_wait(job);
        job_remove(job);
    }
    return 0;
}
