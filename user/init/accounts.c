/* SPDX-License-Identifier: MIT
 *
 * Division of the root account: see accounts.h. A share is taken out of the root whole, whether it is
 * used or not, so what is promised can be kept. */
#include "user/init/accounts.h"
#include "user/init/process.h"
#include <abi/info.h>
#include <octavo/syscall.h>

/* A process's frames are those it takes itself with page_alloc, which few do: its pages are its
 * pager's. Its kernel memory is page tables (a page per 2 MiB it touches), threads, handles. */
#define PROCESS_FRAMES 16ul
#define PROCESS_BYTES_MIN (160ul << 10)
#define PROCESS_BYTES_MAX (2ul << 20)

#define SERVER_FRAMES 256ul
#define PIPE_FRAMES 544ul /* the rings of all pipes, and some */
#define SERVER_BYTES (1ul << 20)

/* The root's memory is enough for so many processes beside the pager. */
#define PROCESSES_MEANT 128ul
#define PAGER_BYTES_SHARE 4 /* one in so many of the root's bytes is the pager's */
#define ROOT_FRAMES 1024ul  /* kept: wired images, and servers started later */

static uint64_t process_bytes;

static long root(struct info_task *task)
{
    return sys_info(INFO_SELF, 0, (unsigned long)task, sizeof *task);
}

int accounts_setup(void)
{
    struct info_task task;
    long result = root(&task);
    if (result < 0)
        return (int)result;
    uint64_t share = task.account_kernel_limit / (2 * PROCESSES_MEANT);
    process_bytes = share < PROCESS_BYTES_MIN   ? PROCESS_BYTES_MIN
                    : share > PROCESS_BYTES_MAX ? PROCESS_BYTES_MAX
                                                : share;
    return 0;
}

static long pager_account(void)
{
    struct info_task task;
    long result = root(&task);
    if (result < 0)
        return result;
    uint64_t free = task.account_frames_limit - task.account_frames;
    uint64_t keep = ROOT_FRAMES + PROCESSES_MEANT * PROCESS_FRAMES;
    return sys_account_create(HANDLE_ACCOUNT, free > 2 * keep ? free - keep : free / 2,
                              task.account_kernel_limit / PAGER_BYTES_SHARE);
}

long account_open(enum account_kind kind)
{
    switch (kind) {
    case ACCOUNT_PAGER:
        return pager_account();
    case ACCOUNT_PIPE:
        return sys_account_create(HANDLE_ACCOUNT, PIPE_FRAMES, SERVER_BYTES);
    case ACCOUNT_SERVER:
        return sys_account_create(HANDLE_ACCOUNT, SERVER_FRAMES, SERVER_BYTES);
    default:
        return sys_account_create(HANDLE_ACCOUNT, PROCESS_FRAMES, process_bytes);
    }
}
