/* SPDX-License-Identifier: MIT
 *
 * Record locks: fcntl's F_SETLK, F_SETLKW and F_GETLK, lockf, and flock by them. init keeps them
 * (proto/init.h); who has to wait asks again. As POSIX has it, a process loses its locks of a file when
 * it closes any descriptor of that file. */
#include <errno.h>
#include <fcntl.h>
#include <proto/init.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>
#include "user/lib/system/fd.h"

#define LOCK_PAUSE_FIRST 200000l /* ns */
#define LOCK_PAUSE_LONGEST 10000000l

static long lock_request(const struct fd *fd, unsigned long type, uint64_t first, uint64_t last,
                         struct message *answer)
{
    struct stat status = {0};
    long result = fd_ops(fd)->status(fd, &status);

    if (result < 0)
        return result;
    *answer = (struct message){.tag = INIT_LOCK, .w = {status.st_ino, first, last, type}};
    return ipc_request(HANDLE_INIT, answer);
}

/* The range in bytes from the start of the file. */
static long lock_range(int number, const struct flock *lock, uint64_t *first, uint64_t *last)
{
    const struct fd *fd = fd_get(number);
    struct stat status = {0};
    long base = 0, start;

    if (lock->l_whence == SEEK_CUR)
        base = fd_ops(fd)->seek ? fd_ops(fd)->seek(fd, 0, SEEK_CUR) : 0;
    else if (lock->l_whence == SEEK_END)
        base = fd_ops(fd)->status(fd, &status);
    else if (lock->l_whence != SEEK_SET)
        return -EINVAL;
    if (base < 0)
        return base;
    if (lock->l_whence == SEEK_END)
        base = status.st_size;
    if (__builtin_add_overflow(base, lock->l_start, &start))
        return -EOVERFLOW;
    long end = start;
    if (lock->l_len < 0)
        start += lock->l_len, end -= 1;
    else if (lock->l_len > 0 && __builtin_add_overflow(start, lock->l_len - 1, &end))
        return -EOVERFLOW;
    *first = (uint64_t)start;
    *last = lock->l_len ? (uint64_t)end : ~0ul;
    return start < 0 ? -EINVAL : 0;
}

/* Asks again until it is granted, a signal comes, or something else is wrong. */
static long lock_wait(const struct fd *fd, unsigned long type, uint64_t first, uint64_t last)
{
    struct timespec pause = {.tv_nsec = LOCK_PAUSE_FIRST};
    struct message answer;
    long result;

    while ((result = lock_request(fd, type, first, last, &answer)) == -EAGAIN) {
        if (nanosleep(&pause, NULL) < 0)
            return -EINTR;
        if (pause.tv_nsec < LOCK_PAUSE_LONGEST)
            pause.tv_nsec *= 2;
    }
    return result;
}

static long lock_ask(const struct fd *fd, struct flock *lock, unsigned long type, uint64_t first,
                     uint64_t last)
{
    struct message answer;
    long result = lock_request(fd, type | INIT_LOCK_ASK, first, last, &answer);

    if (result < 0)
        return result;
    lock->l_type = F_UNLCK;
    if (answer.w[0] == INIT_LOCK_NONE)
        return 0;
    *lock =
        (struct flock){.l_type = answer.w[0] == INIT_LOCK_WRITE ? F_WRLCK : F_RDLCK,
                       .l_whence = SEEK_SET,
                       .l_start = (off_t)answer.w[1],
                       .l_len = answer.w[2] == ~0ul ? 0 : (off_t)(answer.w[2] - answer.w[1] + 1),
                       .l_pid = (pid_t)answer.w[3]};
    return 0;
}

/* From the first lock on, close looks (fd.h). */
static void lock_drop(const struct fd *fd)
{
    struct message answer;

    if (fd->kind == START_FD_FILE)
        lock_request(fd, INIT_LOCK_NONE, 0, ~0ul, &answer);
}

long octavo_record_lock(int number, int command, struct flock *lock)
{
    const struct fd *fd = fd_get(number);
    int access = fd->flags & O_ACCMODE;
    unsigned long type = INIT_LOCK_NONE;
    uint64_t first, last;
    struct message answer;
    long result = lock_range(number, lock, &first, &last);

    if (result < 0)
        return result;
    if (lock->l_type == F_RDLCK || lock->l_type == F_WRLCK)
        type = lock->l_type == F_RDLCK ? INIT_LOCK_READ : INIT_LOCK_WRITE;
    else if (lock->l_type != F_UNLCK)
        return -EINVAL;
    if (command == F_GETLK)
        return lock_ask(fd, lock, type, first, last);
    if ((type == INIT_LOCK_READ && access == O_WRONLY) ||
        (type == INIT_LOCK_WRITE && access == O_RDONLY))
        return -EBADF;
    if (type != INIT_LOCK_NONE)
        fd_before_close = lock_drop;
    if (command == F_SETLKW)
        return lock_wait(fd, type, first, last);
    return lock_request(fd, type, first, last, &answer);
}

int lockf(int fd, int command, off_t length)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_CUR, .l_len = length};

    switch (command) {
    case F_ULOCK:
        lock.l_type = F_UNLCK;
        return fcntl(fd, F_SETLK, &lock);
    case F_LOCK:
        return fcntl(fd, F_SETLKW, &lock);
    case F_TLOCK:
        return fcntl(fd, F_SETLK, &lock);
    case F_TEST:
        if (fcntl(fd, F_GETLK, &lock) < 0)
            return -1;
        return lock.l_type == F_UNLCK ? 0 : (int)octavo_result(-EACCES);
    }
    return (int)octavo_result(-EINVAL);
}

/* A lock of the whole file, so it belongs to the process, not to the open file. */
int flock(int number, int operation)
{
    const struct fd *fd = fd_get(number);
    int wanted = operation & ~LOCK_NB;
    struct message answer;

    if (!fd)
        return -1;
    if (wanted != LOCK_SH && wanted != LOCK_EX && wanted != LOCK_UN)
        return (int)octavo_result(-EINVAL);
    unsigned long type = wanted == LOCK_UN   ? INIT_LOCK_NONE
                         : wanted == LOCK_SH ? INIT_LOCK_READ
                                             : INIT_LOCK_WRITE;
    if (type != INIT_LOCK_NONE)
        fd_before_close = lock_drop;
    long result = operation & LOCK_NB ? lock_request(fd, type, 0, ~0ul, &answer)
                                      : lock_wait(fd, type, 0, ~0ul);
    return (int)octavo_result(result == -EAGAIN ? -EWOULDBLOCK : result);
}
