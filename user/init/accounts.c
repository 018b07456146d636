/* SPDX-License-Identifier: MIT
 *
 * Division of the root account: see accounts.h. A share is taken out of the root whole, whether it is
 * used or not, so what is promised can be kept. */
#include "user/init/accounts.h"
#include "user/init/process.h"
#include <abi/info.h>
#include <errno.h>
#include <octavo/syscall.h>

/* A process's frames are those it takes itself with page_alloc, which few do: its pages are its
 * pager's. Its kernel memory is page tables (a page per 2 MiB it touches), threads, handles. */
#define PROCESS_FRAMES 16ul
#define PROCESS_BYTES_MIN (160ul << 10)
#define PROCESS_BYTES_MAX (2ul << 20)

#define SERVER_FRAMES 384ul
#define PIPE_FRAMES 544ul /* the rings of all pipes, and some */
#define SERVER_BYTES (1ul << 20)

/* The root's memory is enough for so many processes beside the pager. */
#define PROCESSES_MEANT 128ul
#define PAGER_BYTES_SHARE 4 /* one in so many of the root's bytes is the pager's */
#define ROOT_FRAMES 1536ul  /* kept: wired images; */
#define ROOT_PART 12ul      /* and such a part of all for those of pagers started later */
#define ROOT_SPARE 256ul    /* of them never for such pagers */

/* What a pager needs beside its programs' pages: descriptors and metadata in proportion to them, its bss,
 * stacks, buffers, and room for regions and records of mappings. */
#define PAGER_FRAMES_MORE 544ul
#define PAGER_FRAMES_PART 8ul
#define PAGER_BYTES (1ul << 20)

static uint64_t process_bytes;
static handle_t pager_account; /* the system pager's: where others are split off */

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

static long system_pager_open(void)
{
    struct info_task task;
    long result = root(&task);
    if (result < 0)
        return result;
    uint64_t free = task.account_frames_limit - task.account_frames;
    uint64_t keep =
        ROOT_FRAMES + task.account_frames_limit / ROOT_PART + PROCESSES_MEANT * PROCESS_FRAMES;
    result = sys_account_create(HANDLE_ACCOUNT, free > 2 * keep ? free - keep : free / 2,
                                task.account_kernel_limit / PAGER_BYTES_SHARE);
    if (result >= 0) {
        long kept = sys_dup((handle_t)result, H_ALL);
        pager_account = kept < 0 ? HANDLE_NONE : (handle_t)kept;
    }
    return result;
}

void account_forget_pager(void)
{
    if (pager_account != HANDLE_NONE)
        sys_close(pager_account);
    pager_account = HANDLE_NONE;
}

uint64_t account_pager_frames(uint64_t frames)
{
    return frames + frames / PAGER_FRAMES_PART + PAGER_FRAMES_MORE;
}

long account_open_pager(uint64_t frames)
{
    return pager_account == HANDLE_NONE
               ? -ENOMEM
               : sys_account_create(pager_account, account_pager_frames(frames), PAGER_BYTES);
}

uint64_t account_image_room(unsigned processes)
{
    struct info_task task;
    uint64_t meant = processes < PROCESSES_MEANT ? PROCESSES_MEANT - processes : 0;
    uint64_t keep = ROOT_SPARE + meant * PROCESS_FRAMES;

    if (root(&task) < 0)
        return 0;
    uint64_t free = task.account_frames_limit - task.account_frames;
    return free > keep ? free - keep : 0;
}

long account_open(enum account_kind kind)
{
    switch (kind) {
    case ACCOUNT_PAGER:
        return system_pager_open();
    case ACCOUNT_PIPE:
        return sys_account_create(HANDLE_ACCOUNT, PIPE_FRAMES, SERVER_BYTES);
    case ACCOUNT_SERVER:
        return sys_account_create(HANDLE_ACCOUNT, SERVER_FRAMES, SERVER_BYTES);
    default:
        return sys_account_create(HANDLE_ACCOUNT, PROCESS_FRAMES, process_bytes);
    }
}
