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

/* Bytes from the start of the file. */
struct lock_range {
    uint64_t first, last;
};
static const struct lock_range lock_whole = {0, ~0ul};

static long lock_request(const struct fd *fd, unsigned long type, const struct lock_range *range,
                         struct message *answer)
{
    struct stat status = {0};
    long result = fd_ops(fd)->status(fd, &status);

    *answer =
        (struct message){.tag = INIT_LOCK, .w = {status.st_ino, range->first, range->last, type}};
    return result < 0 ? result : ipc_request(HANDLE_INIT, answer);
}

static long lock_range(const struct fd *fd, const struct flock *lock, struct lock_range *range)
{
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
    if (__builtin_add_overflow(base + status.st_size, lock->l_start, &start))
        return -EOVERFLOW;
    long end = start;
    if (lock->l_len < 0)
        start += lock->l_len, end -= 1;
    else if (lock->l_len > 0 && __builtin_add_overflow(start, lock->l_len - 1, &end))
        return -EOVERFLOW;
    *range = (struct lock_range){(uint64_t)start, lock->l_len ? (uint64_t)end : ~0ul};
    return start < 0 ? -EINVAL : 0;
}

/* From the first lock on, close looks (fd.h). */
static void lock_drop(const struct fd *fd)
{
    struct message answer;

    if (fd->kind == START_FD_FILE)
        lock_request(fd, INIT_LOCK_NONE, &lock_whole, &answer);
}

/* waits: asks again until it is granted, a signal comes, or something else is wrong. */
static long lock_set(const struct fd *fd, unsigned long type, const struct lock_range *range,
                     bool waits)
{
    struct timespec pause = {.tv_nsec = LOCK_PAUSE_FIRST};
    struct message answer;
    long result;

    if (type != INIT_LOCK_NONE)
        fd_before_close = lock_drop;
    while ((result = lock_request(fd, type, range, &answer)) == -EAGAIN && waits) {
        if (nanosleep(&pause, NULL) < 0)
            return -EINTR;
        if (pause.tv_nsec < LOCK_PAUSE_LONGEST)
            pause.tv_nsec *= 2;
    }
    return result;
}

static long lock_ask(const struct fd *fd, struct flock *lock, unsigned long type,
                     const struct lock_range *range)
{
    struct message answer;
    long result = lock_request(fd, type | INIT_LOCK_ASK, range, &answer);

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

long octavo_record_lock(int number, int command, struct flock *lock)
{
    const struct fd *fd = fd_get(number);
    unsigned long type = lock->l_type == F_RDLCK   ? INIT_LOCK_READ
                         : lock->l_type == F_WRLCK ? INIT_LOCK_WRITE
                                                   : INIT_LOCK_NONE;
    struct lock_range range;
    long result = lock_range(fd, lock, &range);

    if (result < 0)
        return result;
    if (type == INIT_LOCK_NONE && lock->l_type != F_UNLCK)
        return -EINVAL;
    if (command == F_GETLK)
        return lock_ask(fd, lock, type, &range);
    if ((type == INIT_LOCK_READ && (fd->flags & O_ACCMODE) == O_WRONLY) ||
        (type == INIT_LOCK_WRITE && (fd->flags & O_ACCMODE) == O_RDONLY))
        return -EBADF;
    return lock_set(fd, type, &range, command == F_SETLKW);
}

int lockf(int fd, int command, off_t length)
{
    struct flock lock = {
        .l_type = command == F_ULOCK ? F_UNLCK : F_WRLCK, .l_whence = SEEK_CUR, .l_len = length};

    if (command == F_ULOCK || command == F_LOCK || command == F_TLOCK)
        return fcntl(fd, command == F_LOCK ? F_SETLKW : F_SETLK, &lock);
    if (command != F_TEST)
        return (int)octavo_result(-EINVAL);
    if (fcntl(fd, F_GETLK, &lock) < 0)
        return -1;
    return (int)octavo_result(lock.l_type == F_UNLCK ? 0 : -EACCES);
}

/* A lock of the whole file, so it belongs to the process, not to the open file. */
int flock(int number, int operation)
{
    const struct fd *fd = fd_get(number);
    int wanted = operation & ~LOCK_NB;

    if (!fd)
        return -1;
    if (wanted != LOCK_SH && wanted != LOCK_EX && wanted != LOCK_UN)
        return (int)octavo_result(-EINVAL);
    unsigned long type = wanted == LOCK_UN   ? INIT_LOCK_NONE
                         : wanted == LOCK_SH ? INIT_LOCK_READ
                                             : INIT_LOCK_WRITE;
    long result = lock_set(fd, type, &lock_whole, !(operation & LOCK_NB));
    return (int)octavo_result(result == -EAGAIN ? -EWOULDBLOCK : result);
}
