/* SPDX-License-Identifier: MIT
 *
 * What needs processes of its own: pipes, ( ), $( ), &. A program is spawned by this shell; anything
 * else runs in a copy of it, made by fork. */
#include <errno.h>
#include <fcntl.h>
#include "user/lib/tool/tool.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "user/bin/sh/expand.h"
#include "user/bin/sh/jobs.h"
#include "user/bin/sh/shell.h"
#include "user/bin/sh/variables.h"

pid_t fork(void) __attribute__((weak));
int pipe(int fds[2]) __attribute__((weak));

/* Ends a child as the shell ends. */
static _Noreturn void child_exit(void)
{
    trap_exit();
    fflush(stdout);
    _exit(parameters.status);
}

/* In the parent the child's pid, or -1 after a message; 0 in the child. */
static pid_t shell_fork(void)
{
    fflush(stdout);
    variable_get("$"); /* the child has the same */
    pid_t pid = -1;
    errno = ENOSYS;
    if (fork)
        pid = fork();
    if (pid < 0)
        shell_error("cannot fork: %s", strerror(errno));
    if (pid == 0) {
        shell.interactive = false;
        shell.subshell = true;
        shell.loops = 0;
        traps_forget();
        jobs_forget();
    }
    return pid;
}

/* Is it one program, with nothing that this shell would have to do in its place? */
static bool is_program(const struct node *node)
{
    const struct word *word = STAILQ_FIRST(&node->words);
    bool special;

    return node->kind == NODE_SIMPLE && word && !strpbrk(word->text, "$`'\"\\*?[~") &&
           !builtin_find(word->text, &special) && !function_exists(word->text);
}

/* Starts the program of a simple command. Its pid, or -1 with $?. */
static pid_t spawn_simple(struct node *node)
{
    struct arguments a = {0};
    struct saved saved = {0};
    struct word *word;
    bool good = true;
    int pid = -1;

    STAILQ_FOREACH (word, &node->words, link)
        good = good && expand_word(word->text, &a) == 0;
    if (!good || !redirections_apply(&node->redirections, &saved))
        parameters.status = STATUS_SYNTAX;
    else
        parameters.status = program_start(a.v, &node->assignments, &pid);
    redirections_restore(&saved);
    arguments_free(&a);
    return pid;
}

/* Starts a command in the background with these as standard input and output (-1: as they are); both
 * are closed here. close_too: a descriptor that only this shell keeps. Its pid, or -1 with $?. */
static pid_t start(struct node *node, int in, int out, int close_too)
{
    struct saved saved = {0};
    pid_t pid;

    bool good = (in < 0 || redirect_to(in, STDIN_FILENO, &saved)) &&
                (out < 0 || redirect_to(out, STDOUT_FILENO, &saved));
    if (!good) {
        parameters.status = 1;
        pid = -1;
    } else if (is_program(node)) {
        pid = spawn_simple(node);
    } else {
        pid = shell_fork();
        if (pid < 0)
            parameters.status = STATUS_SYNTAX;
        if (pid == 0) {
            if (close_too >= 0)
                close(close_too);
            for (int i = 0; i < saved.count; i++)
                if (saved.fds[i].copy >= 0)
                    close(saved.fds[i].copy);
            run_node(node);
            child_exit();
        }
    }
    redirections_restore(&saved);
    return pid;
}

/* A pipe whose ends programs do not inherit. False after a message. */
static bool make_pipe(int fds[2])
{
    errno = ENOSYS;
    if (!pipe || pipe(fds) < 0) {
        shell_error("cannot make a pipe: %s", strerror(errno));
        parameters.status = STATUS_SYNTAX;
        return false;
    }
    fcntl(fds[0], F_SETFD, FD_CLOEXEC);
    fcntl(fds[1], F_SETFD, FD_CLOEXEC);
    return true;
}

/* Starts all commands of a pipeline; pids in malloc's memory, *count of them. The last one's pid is
 * the last; -1 there when it did not start, with $?. */
static int *start_pipeline(struct node *node, int *count)
{
    int stages = 1, in = -1, fds[2];

    for (struct node *n = node; n->kind == NODE_PIPE; n = n->left)
        stages++;
    struct node **stage = tool_memory(NULL, (size_t)stages * sizeof(*stage));
    int *pids = tool_memory(NULL, (size_t)stages * sizeof(*pids));
    for (int i = stages; i-- > 0; node = node->left)
        stage[i] = i ? node->right : node;
    *count = 0;
    for (int i = 0; i < stages; i++) {
        fds[0] = fds[1] = -1;
        if (i < stages - 1 && !make_pipe(fds)) {
            if (in >= 0)
                close(in);
            pids[(*count)++] = -1;
            break;
        }
        int pid = start(stage[i], in, fds[1], fds[0]);
        if (pid > 0 || i == stages - 1)
            pids[(*count)++] = pid;
        in = fds[0];
    }
    free(stage);
    return pids;
}

void run_pipe(struct node *node)
{
    int count;
    int *pids = start_pipeline(node, &count);

    if (pids[count - 1] < 0) {
        int status = parameters.status;
        jobs_wait_foreground(pids, count - 1);
        parameters.status = status;
    } else {
        parameters.status = jobs_wait_foreground(pids, count);
    }
    free(pids);
}

void run_subshell(struct node *node)
{
    int pid = shell_fork();

    if (pid == 0) {
        run_node(node);
        child_exit();
    }
    parameters.status = pid < 0 ? STATUS_SYNTAX : jobs_wait_foreground(&pid, 1);
}

/* Without fork: in another shell, which knows the text only. */
static int start_shell(char *text)
{
    static char name[] = "sh", option[] = "-c";
    char *argv[] = {name, option, text, NULL};
    struct word_list none = STAILQ_HEAD_INITIALIZER(none);
    int pid = -1;

    parameters.status = program_start(argv, &none, &pid);
    return pid;
}

void run_background(struct node *node)
{
    int count = 1, *pids = NULL, pid = -1, in = -1;

    if (!shell.interactive)
        in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (node->left->kind == NODE_PIPE) {
        struct saved saved = {0};
        if (in >= 0)
            redirect_to(in, STDIN_FILENO, &saved);
        pids = start_pipeline(node->left, &count);
        redirections_restore(&saved);
    } else if (fork || is_program(node->left)) {
        pid = start(node->left, in, -1, -1);
    } else {
        pid = start_shell(node->text);
        if (in >= 0)
            close(in);
    }
    if (pids ? pids[count - 1] > 0 : pid > 0) {
        jobs_add(pids ? pids : &pid, count, node->text);
        parameters.status = 0;
    }
    free(pids);
}

/* --- $(...) ------------------------------------------------------------------------------------- */

static char *read_all(int fd)
{
    size_t length = 0, room = 512;
    char *text = tool_memory(NULL, room);
    ssize_t n;

    while ((n = read(fd, text + length, room - length - 1)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            break;
        length += (size_t)n;
        if (length + 1 == room)
            text = tool_memory(text, room *= 2);
    }
    size_t end = 0; /* bytes of value 0 have no place in words */
    for (size_t i = 0; i < length; i++)
        if (text[i])
            text[end++] = text[i];
    while (end > 0 && text[end - 1] == '\n')
        end--;
    text[end] = '\0';
    return text;
}

char *run_capture(struct node *node)
{
    int fds[2];

    if (!make_pipe(fds))
        return NULL;
    int pid = start(node, -1, fds[1], fds[0]);
    if (pid > 0)
        jobs_put_in_front(pid);
    char *text = read_all(fds[0]);
    close(fds[0]);
    if (pid > 0)
        parameters.status = jobs_wait_foreground(&pid, 1);
    shell.substituted = parameters.status;
    return text;
}
