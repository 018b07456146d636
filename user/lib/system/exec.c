/* SPDX-License-Identifier: MIT
 *
 * The exec family (POSIX). The pager lays the new program out beside the old one and then puts it into
 * this process's space; task, message page and handles stay. Init is told first, since afterwards nobody
 * is there who could: name, and signals that stay ignored or blocked. Upcalls are masked meanwhile, so
 * that no handler runs that is half gone; if the pager says no, all is as before.
 *     Only the first thread may call it, when it is alone: EBUSY. */
#include <abi/info.h>
#include <errno.h>
#include <proto/init.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "user/lib/system/spawn.h"

#define SHELL "/bin/sh"

/* Tells init; *handed gets what it was to hand over until now. */
static long exec_tell(const char *name, uint64_t kept, uint64_t *handed)
{
    size_t length = strnlen(name, 15);
    struct message m = {.tag = INIT_EXEC, .w = {(uint32_t)kept, kept >> 32, 0, length}};

    ipc_attach_in(&m, name, length);
    long result = ipc_request(HANDLE_INIT, &m);
    *handed = m.w[0];
    return result;
}

static void exec_untell(uint64_t handed, uint64_t kept, const char *old_name)
{
    uint64_t none;

    if (old_name[0])
        exec_tell(old_name, kept, &none);
    struct message m = {.tag = INIT_SIGNALS, .w = {handed, (uint32_t)kept}};
    ipc_request(HANDLE_INIT, &m);
}

static bool exec_is_alone(char old_name[INFO_NAME])
{
    struct info_task task;

    if (sys_info(INFO_SELF, 0, (uintptr_t)&task, sizeof(task)) < 0)
        return false;
    memcpy(old_name, task.name, INFO_NAME);
    return task.threads == 1;
}

static int exec(const char *name, char *const argv[], char *const envp[], bool search)
{
    static char *const nothing[] = {NULL};
    char old_name[INFO_NAME];
    struct start s;
    uint64_t handed;

    s.how = (struct start_how){
        .name = name, .argv = argv ? argv : nothing, .envp = envp ? envp : nothing};
    if (!*name)
        return (int)octavo_result(-ENOENT);
    if (!exec_is_alone(old_name))
        return (int)octavo_result(-EBUSY);
    start_copy_descriptors(&s);
    start_descriptors(&s, NULL);
    s.how.signals = octavo_signal_kept ? octavo_signal_kept() : 0;
    long old = sys_thread_control(0, THREAD_MASK, 1, 0);
    long result = exec_tell(start_name(&s), s.how.signals, &handed);
    if (result == 0) {
        result = search ? start_search(&s) : start_path(&s, name);
        exec_untell(handed, s.how.signals, old_name);
    }
    sys_thread_control(0, THREAD_MASK, (unsigned long)old, 0);
    if (result != -ENOEXEC || !search)
        return (int)octavo_result(result);
    size_t n = 0; /* a text without #!: POSIX's execvp gives it to the shell */
    while (s.how.argv[n])
        n++;
    char *shell[n + 3];
    shell[0] = "sh";
    shell[1] = s.path;
    memcpy(shell + 2, s.how.argv + (n > 0), (n + (n == 0)) * sizeof(*shell));
    return exec(SHELL, shell, envp, false);
}

int execve(const char *path, char *const argv[], char *const envp[])
{
    return exec(path, argv, envp, false);
}

int execvpe(const char *name, char *const argv[], char *const envp[])
{
    return exec(name, argv, envp, true);
}

int execv(const char *path, char *const argv[]) { return exec(path, argv, environ, false); }
int execvp(const char *name, char *const argv[]) { return exec(name, argv, environ, true); }

static size_t arguments_count(va_list list)
{
    size_t n = 1;

    while (va_arg(list, char *))
        n++;
    return n;
}

/* argv[] of the arguments from `first` to NULL; list then stands behind that. */
#define ARGUMENTS(first)                          \
    va_list list;                                 \
    va_start(list, first);                        \
    size_t n = first ? arguments_count(list) : 0; \
    va_end(list);                                 \
    char *argv[n + 1];                            \
    argv[0] = (char *)first;                      \
    va_start(list, first);                        \
    for (size_t i = 1; i <= n; i++)               \
    argv[i] = va_arg(list, char *)

int execl(const char *path, const char *argument, ...)
{
    ARGUMENTS(argument);
    va_end(list);
    return exec(path, argv, environ, false);
}

int execlp(const char *name, const char *argument, ...)
{
    ARGUMENTS(argument);
    va_end(list);
    return exec(name, argv, environ, true);
}

int execle(const char *path, const char *argument, ...)
{
    ARGUMENTS(argument);
    char **envp = va_arg(list, char **);
    va_end(list);
    return exec(path, argv, envp, false);
}
