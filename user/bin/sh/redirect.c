/* SPDX-License-Identifier: MIT
 *
 * Redirections, in this process: programs inherit what is there, built-ins use it, and then it is put
 * back. Copies that are kept meanwhile are from COPY_FIRST on and are closed in programs. */
#include <errno.h>
#include <fcntl.h>
#include "user/lib/tool/tool.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "user/bin/sh/expand.h"
#include "user/bin/sh/shell.h"

#define COPY_FIRST 10
#define HERE_PIPE 4096 /* bytes that any pipe takes without a reader (POSIX's PIPE_BUF and more) */

int pipe(int fds[2]) __attribute__((weak));

static void save(struct saved *saved, int fd)
{
    if (!saved)
        return;
    for (int i = 0; i < saved->count; i++)
        if (saved->fds[i].fd == fd)
            return;
    saved->fds = tool_memory(saved->fds, ((size_t)saved->count + 1) * sizeof(*saved->fds));
    saved->fds[saved->count].fd = fd;
    saved->fds[saved->count++].copy = fcntl(fd, F_DUPFD_CLOEXEC, COPY_FIRST);
}

bool redirect_to(int source, int fd, struct saved *saved)
{
    if (source == fd) { /* it was free, and stays open in programs */
        if (saved) {
            saved->fds = tool_memory(saved->fds, ((size_t)saved->count + 1) * sizeof(*saved->fds));
            saved->fds[saved->count++] = (struct saved_fd){fd, -1};
        }
        return true;
    }
    save(saved, fd);
    int result = dup2(source, fd);
    close(source);
    return result >= 0;
}

void redirections_restore(struct saved *saved)
{
    fflush(stdout);
    for (int i = saved->count - 1; i >= 0; i--)
        if (saved->fds[i].copy < 0) {
            close(saved->fds[i].fd);
        } else {
            dup2(saved->fds[i].copy, saved->fds[i].fd);
            close(saved->fds[i].copy);
        }
    free(saved->fds);
    *saved = (struct saved){0};
}

/* A file with the text, to be read from its beginning; -1 with errno. */
static int here_file(const char *text, size_t length)
{
    char name[] = "/tmp/sh.XXXXXX";
    int fd = mkstemp(name);

    if (fd < 0 && errno == ENOENT && mkdir("/tmp", 01777) == 0)
        fd = mkstemp(strcpy(name, "/tmp/sh.XXXXXX"));
    if (fd < 0)
        return -1;
    unlink(name);
    if (write(fd, text, length) == (ssize_t)length && lseek(fd, 0, SEEK_SET) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static int here_open(const struct redirection *r)
{
    char *text = r->quoted ? NULL : expand_here(r->body);
    const char *body = r->quoted ? r->body : text;
    int fds[2], result = -1;

    if (!body) {
        errno = EINVAL;
        return -1;
    }
    size_t length = strlen(body);
    if (length <= HERE_PIPE && pipe && pipe(fds) == 0) {
        result = write(fds[1], body, length) == (ssize_t)length || length == 0 ? fds[0] : -1;
        close(fds[1]);
        if (result < 0)
            close(fds[0]);
    }
    if (result < 0)
        result = here_file(body, length);
    free(text);
    return result;
}

static int file_open(const struct redirection *r, const char *name)
{
    struct stat status;

    switch (r->kind) {
    case REDIRECT_READ:
        return open(name, O_RDONLY);
    case REDIRECT_APPEND:
        return open(name, O_WRONLY | O_CREAT | O_APPEND, 0666);
    case REDIRECT_READ_WRITE:
        return open(name, O_RDWR | O_CREAT, 0666);
    default:
        if (shell.no_clobber && r->kind == REDIRECT_WRITE && stat(name, &status) == 0 &&
            S_ISREG(status.st_mode)) {
            errno = EEXIST;
            return -1;
        }
        return open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    }
}

/* n>&m and n>&-. */
static bool duplicate(const struct redirection *r, const char *word, struct saved *saved)
{
    long source = tool_number(word, 255);

    if (strcmp(word, "-") == 0) {
        save(saved, r->fd);
        close(r->fd);
        return true;
    }
    if (source < 0) {
        shell_error("%s: bad fd number", word);
        return false;
    }
    save(saved, r->fd);
    if ((source == r->fd ? fcntl(r->fd, F_GETFD) : dup2((int)source, r->fd)) >= 0)
        return true;
    shell_error("%s: %s", word, strerror(errno));
    return false;
}

static bool apply(const struct redirection *r, struct saved *saved)
{
    if (r->kind == REDIRECT_HERE) {
        int fd = here_open(r);
        if (fd >= 0)
            return redirect_to(fd, r->fd, saved);
        shell_error("here-document: %s", strerror(errno));
        return false;
    }
    char *word = expand_string(r->word);
    bool good = word != NULL;
    if (good && r->kind == REDIRECT_DUP) {
        good = duplicate(r, word, saved);
    } else if (good) {
        int fd = file_open(r, word);
        good = fd >= 0 && redirect_to(fd, r->fd, saved);
        if (!good)
            shell_error("cannot %s %s: %s", r->kind == REDIRECT_READ ? "open" : "create", word,
                        strerror(errno));
    }
    free(word);
    return good;
}

bool redirections_apply(struct redirection_list *list, struct saved *saved)
{
    struct redirection *r;

    if (STAILQ_EMPTY(list))
        return true;
    fflush(stdout);
    STAILQ_FOREACH (r, list, link)
        if (!apply(r, saved))
            return false;
    return true;
}
