/* SPDX-License-Identifier: MIT
 *
 * The mmap family as requests to the pager, which checks all that can be checked there. Errors are
 * POSIX's where it names one, else Linux's. What has to be in memory at once (MAP_POPULATE, mlock) is
 * asked for piece by piece, so that no other program waits for it long. */
#include <errno.h>
#include <fcntl.h>
#include <proto/fs.h>
#include <proto/pager.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "user/lib/system/fd.h"

#define PROT_ALL (PROT_READ | PROT_WRITE | PROT_EXEC)

static long request(unsigned operation, uintptr_t address, size_t length, unsigned long argument)
{
    struct message m = {.tag = operation, .w = {address, length, argument}};

    return ipc_request(HANDLE_PAGER, &m);
}

long octavo_populate(uintptr_t address, size_t length)
{
    struct message m;

    for (size_t done = 0; done < length; done += m.w[0]) {
        m = (struct message){.tag = PAGER_POPULATE, .w = {address + done, length - done}};
        long result = ipc_request(HANDLE_PAGER, &m);
        if (result < 0 || m.w[0] == 0)
            return result;
    }
    return 0;
}

static size_t whole_pages(size_t length) { return (length + PAGE_MASK) & ~PAGE_MASK; }

/* What PAGER_MMAP or PAGER_MREMAP has answered. What cannot be brought in now is faulted in later. */
static void *mapped(long result, const struct message *m, size_t length, bool populate)
{
    if (octavo_result(result) < 0)
        return MAP_FAILED;
    if (m->w[1] || populate)
        octavo_populate(m->w[0], whole_pages(length));
    return (void *)m->w[0];
}

void *mmap(void *address, size_t length, int prot, int flags, int fd, off_t offset)
{
    struct message m = {.tag = PAGER_MMAP,
                        .w = {(uintptr_t)address, length,
                              (unsigned long)(unsigned)prot | (unsigned long)(unsigned)flags << 8,
                              (unsigned long)offset}};
    const struct fd *file = flags & MAP_ANONYMOUS ? NULL : fd_get(fd);
    long result = prot & ~PROT_ALL ? -EINVAL : 0;

    if (!(flags & MAP_ANONYMOUS) && (!file || file->kind != START_FD_FILE))
        result = file ? -ENODEV : -EBADF;
    if (file)
        ipc_attach_handle(&m, file->handle);
    return mapped(result < 0 ? result : ipc_request(HANDLE_PAGER, &m), &m, length,
                  flags & MAP_POPULATE);
}

void *mremap(void *old_address, size_t old_length, size_t new_length, int flags, ...)
{
    uintptr_t new_address = 0;
    va_list arguments;

    if (flags & MREMAP_FIXED) {
        va_start(arguments, flags);
        new_address = (uintptr_t)va_arg(arguments, void *);
        va_end(arguments);
    }
    bool wrong = new_address & PAGE_MASK || (unsigned)flags & ~(unsigned)PAGE_MASK;
    struct message m = {
        .tag = PAGER_MREMAP,
        .w = {(uintptr_t)old_address, old_length, new_length, new_address | (unsigned)flags}};
    return mapped(wrong ? -EINVAL : ipc_request(HANDLE_PAGER, &m), &m, new_length, false);
}

int munmap(void *address, size_t length)
{
    return (int)octavo_result(request(PAGER_MUNMAP, (uintptr_t)address, length, 0));
}

int mprotect(void *address, size_t length, int prot)
{
    return (int)octavo_result(request(PAGER_MPROTECT, (uintptr_t)address, length, (unsigned)prot));
}

int msync(void *address, size_t length, int flags)
{
    return (int)octavo_result(request(PAGER_MSYNC, (uintptr_t)address, length, (unsigned)flags));
}

int madvise(void *address, size_t length, int advice)
{
    return (int)octavo_result(request(PAGER_MADVISE, (uintptr_t)address, length, (unsigned)advice));
}

/* Returns the error. POSIX_MADV_DONTNEED must not lose data: it is a hint that nobody takes. */
int posix_madvise(void *address, size_t length, int advice)
{
    if (advice < POSIX_MADV_NORMAL || advice > POSIX_MADV_DONTNEED)
        return EINVAL;
    if (advice == POSIX_MADV_DONTNEED)
        advice = MADV_NORMAL; /* its checks are the same */
    return (int)-request(PAGER_MADVISE, (uintptr_t)address, length, (unsigned)advice);
}

/* vector: a byte a page, bit 0 set when it is resident (Linux, BSD). */
int mincore(void *address, size_t length, unsigned char *vector)
{
    struct message m = {.tag = PAGER_MINCORE,
                        .w = {(uintptr_t)address, length, 0, whole_pages(length) >> PAGE_SHIFT}};

    ipc_attach_out(&m, vector, m.w[3]);
    return (int)octavo_result(ipc_request(HANDLE_PAGER, &m));
}

/* As on Linux, an address within a page means the page. */
static int lock(const void *address, size_t length, bool lock)
{
    uintptr_t start = (uintptr_t)address & ~PAGE_MASK, before = (uintptr_t)address & PAGE_MASK;

    if (length == 0)
        return 0;
    if (length > SIZE_MAX - PAGE_MASK - before)
        return (int)octavo_result(-EINVAL);
    length = whole_pages(length + before);
    long result = request(PAGER_MLOCK, start, length, lock);
    return (int)octavo_result(result < 0 || !lock ? result : octavo_populate(start, length));
}

int mlock(const void *address, size_t length) { return lock(address, length, true); }
int munlock(const void *address, size_t length) { return lock(address, length, false); }

int mlockall(int flags)
{
    long result = flags ? request(PAGER_MLOCKALL, (unsigned)flags, 0, 0) : -EINVAL;

    if (result == 0 && flags & MCL_CURRENT)
        result = octavo_populate(USER_MIN, USER_MAX - USER_MIN);
    return (int)octavo_result(result);
}

int munlockall(void) { return (int)octavo_result(request(PAGER_MLOCKALL, 0, 0, 0)); }

static long shm_request(unsigned operation, const char *name, unsigned flags, unsigned mode)
{
    struct message m = {.tag = operation, .w = {strlen(name), flags, mode}};

    ipc_attach_in(&m, name, m.w[0]);
    ipc_accept(1);
    return ipc_request(HANDLE_PAGER, &m);
}

int shm_open(const char *name, int flags, mode_t mode)
{
    const int known = O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    const unsigned sent = FS_O_ACCESS | FS_O_CREATE | FS_O_EXCLUSIVE | FS_O_TRUNCATE;
    long result = flags & ~known ? -EINVAL
                                 : shm_request(PAGER_SHM_OPEN, name, (unsigned)flags & sent,
                                               mode & ~octavo_umask);

    if (octavo_result(result) < 0)
        return -1;
    struct fd file = {.kind = START_FD_FILE,
                      .close_on_exec = true,
                      .flags = (uint16_t)(flags & O_ACCMODE),
                      .handle = msg_page()->handle[0]};
    return fd_install(&file, 0);
}

int shm_unlink(const char *name)
{
    return (int)octavo_result(shm_request(PAGER_SHM_UNLINK, name, 0, 0));
}
