/* SPDX-License-Identifier: MIT
 *
 * The servers' protocols with bad words, buffers and handles: exact errors, and the servers stand
 * afterwards. What init says to bad words is in tests/guest/init_requests.c. */
#include <errno.h>
#include "tests/guest/crimes/crimes.h"

#include <abi/info.h>
#include <octavo/query.h>
#include <proto/con.h>
#include <proto/start.h>
#include <string.h>
#include <sys/mman.h>
#include "tests/guest/check.h"

#define CON ((handle_t)0x10000) /* in the table: standard output's handle, not known before */
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define MMAP_WORD(prot, flags) ((prot) | (unsigned long)(flags) << 8)
#define TOO_MUCH (USER_MAX + PAGE_SIZE)

enum buffers { IN = 1, OUT = 2, HANDLE = 4, SPACE = 8, EMPTY = 16 };

static const struct request_case {
    const char *name;
    handle_t right;
    unsigned label;
    unsigned long w[4];
    /* enum buffers: `page`, both pages of it; a right of nobody's; of a new space; an `in` of no
     * bytes */
    unsigned with;
    long result;
} cases[] = {
#define P HANDLE_PAGER
    {"pager label 0", P, 0, {0}, 0, -ENOSYS},
    {"pager label 999", P, 999, {0}, 0, -ENOSYS},
    {"pager label ffff", P, 0xffff, {0}, 0, -ENOSYS},
    {"policy without its name", P, PAGER_POLICY, {4}, 0, -EINVAL},
    {"policy longer than its buffer", P, PAGER_POLICY, {100}, IN | EMPTY, -EINVAL},
    {"policy much too long", P, PAGER_POLICY, {~0ul}, IN, -ENAMETOOLONG},
    {"policies without a buffer", P, PAGER_POLICIES, {0}, 0, -EINVAL},
    {"policy beyond the last", P, PAGER_POLICIES, {~0ul, 0, 0, 8}, OUT, -ENOENT},
    {"working set of nobody", P, PAGER_WORKING_SET, {~0ul}, 0, -ESRCH},
    {"dump without a buffer", P, PAGER_DUMP, {0}, 0, -EINVAL},
    {"record nothing", P, PAGER_RECORD, {1, 1, 0}, IN, -EINVAL},
    {"record all ones", P, PAGER_RECORD, {1, 1, ~0ul}, IN, -EINVAL},
    {"record neither on nor off", P, PAGER_RECORD, {1, 2, 1}, IN, -EINVAL},
    {"record without a path", P, PAGER_RECORD, {1, 1, 1}, 0, -EINVAL},
    {"record without a place", P, PAGER_RECORD, {1, 1, 1}, IN, -EBADF},
    {"record at nobody's place", P, PAGER_RECORD, {1, 1, 1}, IN | HANDLE, -EINVAL},
    {"record at a space", P, PAGER_RECORD, {1, 1, 1}, IN | SPACE, -EBADF},
    {"record, path too long", P, PAGER_RECORD, {~0ul, 1, 1}, IN | HANDLE, -ENAMETOOLONG},
    {"record, path beyond its buffer", P, PAGER_RECORD, {100, 1, 1}, IN | EMPTY | HANDLE, -EINVAL},
    {"record to nobody's file", P, PAGER_RECORD, {0, 1, 1}, HANDLE, -EBADF},
    {"record to no file", P, PAGER_RECORD, {0, 1, 1}, 0, -EBADF},
    {"end what is not recorded", P, PAGER_RECORD, {0, 0, 0}, 0, -ENOENT},
    {"references of nobody", P, PAGER_REFS, {1}, HANDLE, -EBADF},
    {"references of no space", P, PAGER_REFS, {1}, 0, -EBADF},
    {"references all ones", P, PAGER_REFS, {~0ul}, SPACE, -EINVAL},
    {"mmap nothing", P, PAGER_MMAP, {0, 0, MMAP_WORD(1, ANON)}, 0, -EINVAL},
    {"mmap bad prot", P, PAGER_MMAP, {0, 1, MMAP_WORD(8, ANON)}, 0, -EINVAL},
    {"mmap neither shared nor private",
     P,
     PAGER_MMAP,
     {0, 1, MMAP_WORD(1, MAP_ANONYMOUS)},
     0,
     -EINVAL},
    {"mmap both", P, PAGER_MMAP, {0, 1, MMAP_WORD(1, ANON | MAP_SHARED)}, 0, -EINVAL},
    {"mmap odd offset", P, PAGER_MMAP, {0, 1, MMAP_WORD(1, ANON), 8}, 0, -EINVAL},
    {"mmap a file", P, PAGER_MMAP, {0, 1, MMAP_WORD(1, MAP_PRIVATE)}, HANDLE, -ENODEV},
    {"mmap all", P, PAGER_MMAP, {0, ~0ul, MMAP_WORD(1, ANON)}, 0, -ENOMEM},
    {"mmap more than user space", P, PAGER_MMAP, {0, TOO_MUCH, MMAP_WORD(1, ANON)}, 0, -ENOMEM},
    {"mmap more than memory", P, PAGER_MMAP, {0, 1ul << 36, MMAP_WORD(3, ANON)}, 0, -ENOMEM},
    {"mmap page 0", P, PAGER_MMAP, {0, 1, MMAP_WORD(1, ANON | MAP_FIXED)}, 0, -ENOMEM},
    {"mmap misaligned",
     P,
     PAGER_MMAP,
     {FREE_PAGE + 8, 1, MMAP_WORD(1, ANON | MAP_FIXED)},
     0,
     -EINVAL},
    {"mmap message pages",
     P,
     PAGER_MMAP,
     {MSG_BASE, 1, MMAP_WORD(1, ANON | MAP_FIXED)},
     0,
     -ENOMEM},
    {"mmap across the top",
     P,
     PAGER_MMAP,
     {USER_MAX - PAGE_SIZE, 2 * PAGE_SIZE, MMAP_WORD(1, ANON | MAP_FIXED)},
     0,
     -ENOMEM},
    {"mmap into the kernel",
     P,
     PAGER_MMAP,
     {0xffffffff80200000ul, 1, MMAP_WORD(1, ANON | MAP_FIXED)},
     0,
     -ENOMEM},
    {"munmap nothing", P, PAGER_MUNMAP, {FREE_PAGE, 0}, 0, -EINVAL},
    {"munmap misaligned", P, PAGER_MUNMAP, {FREE_PAGE + 8, 1}, 0, -EINVAL},
    {"munmap too much", P, PAGER_MUNMAP, {FREE_PAGE, ~0ul}, 0, -EINVAL},
    {"munmap message pages", P, PAGER_MUNMAP, {MSG_BASE, PAGE_SIZE}, 0, -EINVAL},
    {"munmap the kernel", P, PAGER_MUNMAP, {0xffffffff80200000ul, 1}, 0, -EINVAL},
    {"munmap what is not", P, PAGER_MUNMAP, {FREE_PAGE, PAGE_SIZE}, 0, 0},
    {"munmap with a handle", P, PAGER_MUNMAP, {FREE_PAGE, PAGE_SIZE}, HANDLE, -EINVAL},
    {"mprotect misaligned", P, PAGER_MPROTECT, {FREE_PAGE + 8, 1, 1}, 0, -EINVAL},
    {"mprotect bad prot", P, PAGER_MPROTECT, {FREE_PAGE, PAGE_SIZE, 8}, 0, -EINVAL},
    {"mprotect what is not", P, PAGER_MPROTECT, {FREE_PAGE, PAGE_SIZE, 1}, 0, -ENOMEM},
    {"mprotect too much", P, PAGER_MPROTECT, {FREE_PAGE, ~0ul, 1}, 0, -ENOMEM},
    {"mprotect message pages", P, PAGER_MPROTECT, {MSG_BASE, PAGE_SIZE, 1}, 0, -ENOMEM},
    {"brk below", P, PAGER_BRK, {0x1000}, 0, -ENOMEM},
    {"brk above", P, PAGER_BRK, {USER_TOP}, 0, -ENOMEM},
    {"brk wraps", P, PAGER_BRK, {~0ul}, 0, -ENOMEM},
    {"brk more than memory", P, PAGER_BRK, {1ul << 36}, 0, -ENOMEM},
    {"create, handle not taken", P, PAGER_CREATE, {0}, 0, -E2BIG},
    {"create with a handle", P, PAGER_CREATE, {0}, HANDLE, -EINVAL},
    {"exec without a space", P, PAGER_EXEC, {64}, IN, -EBADF},
    {"exec without a block", P, PAGER_EXEC, {64}, SPACE, -EINVAL},
    {"exec garbage in its own space", P, PAGER_EXEC, {64, 1}, IN, -EINVAL},
    {"exec in what is no space", P, PAGER_EXEC, {64}, IN | HANDLE, -EBADF},
    {"exec nothing", P, PAGER_EXEC, {0}, IN | SPACE, -EINVAL},
    {"exec too little", P, PAGER_EXEC, {sizeof(struct start_block) - 1}, IN | SPACE, -EINVAL},
    {"exec too much", P, PAGER_EXEC, {START_MAX + 1}, IN | SPACE, -E2BIG},
    {"exec all ones", P, PAGER_EXEC, {~0ul}, IN | SPACE, -E2BIG},
    {"exec beyond its buffer", P, PAGER_EXEC, {START_MAX}, IN | SPACE, -EINVAL},
    {"exec garbage", P, PAGER_EXEC, {64}, IN | SPACE, -EINVAL},
    {"stat without a buffer", P, PAGER_STAT, {0}, 0, -EINVAL},
    {"stat, wrong buffer", P, PAGER_STAT, {0}, IN, -EINVAL},
    {"stat nothing", P, PAGER_STAT, {0, 0, 0, 0}, OUT, 0},
    {"stat with a handle", P, PAGER_STAT, {0, 0, 0, 8}, OUT | HANDLE, -EINVAL},
    {"space of nobody", P, PAGER_SPACE, {~0ul, 0, 0, 8}, OUT, -ESRCH},
    {"space of the factory", P, PAGER_SPACE, {1, 0, 0, 8}, OUT, -ESRCH},
    {"regions of nobody", P, PAGER_REGIONS, {12345, 0, 0, 8}, OUT, -ESRCH},
    {"regions beyond the last", P, PAGER_REGIONS, {0, ~0ul, 0, 4096}, OUT, 0},
    {"regions, more than the buffer", P, PAGER_REGIONS, {0, 0, 0, ~0ul}, OUT, 0},
    {"trace what is no space", P, PAGER_TRACE, {1}, HANDLE, -EBADF},
    {"faults to come", P, PAGER_FAULTS, {~0ul, 0, 0, 4096}, OUT, 0},
    {"tune nothing", P, PAGER_TUNE, {0, 1}, 0, -EINVAL},
    {"tune all", P, PAGER_TUNE, {~0ul, 1}, 0, -EINVAL},
    {"tune around 0", P, PAGER_TUNE, {PAGER_TUNE_AROUND, 0}, 0, -EINVAL},
    {"tune around 17", P, PAGER_TUNE, {PAGER_TUNE_AROUND, 17}, 0, -EINVAL},
    {"tune what is no space", P, PAGER_TUNE, {PAGER_TUNE_AROUND, 1}, HANDLE, -EBADF},
    {"images beyond the last", P, PAGER_IMAGES, {~0ul, 0, 0, 64}, OUT, -ENOENT},
    {"images, 2^32", P, PAGER_IMAGES, {1ul << 32, 0, 0, 64}, OUT, -ENOENT},
    {"mincore misaligned", P, PAGER_MINCORE, {8, PAGE_SIZE, 0, 1}, OUT, -EINVAL},
    {"mincore what is not", P, PAGER_MINCORE, {FREE_PAGE, PAGE_SIZE, 0, 1}, OUT, -ENOMEM},
    {"mincore without room", P, PAGER_MINCORE, {FORBIDDEN_PAGE, PAGE_SIZE, 0, 0}, OUT, -EINVAL},
    {"mincore wraps", P, PAGER_MINCORE, {FORBIDDEN_PAGE, ~0ul, 0, 1}, OUT, -ENOMEM},
    {"con label 0", CON, 0, {0}, 0, -ENOSYS},
    {"con label 999", CON, 999, {0}, 0, -ENOSYS},
    {"con label ffff", CON, 0xffff, {0}, 0, -ENOSYS},
    {"con takes no handle", CON, CON_WRITE, {1}, IN | HANDLE, -E2BIG},
    {"write without a buffer", CON, CON_WRITE, {1}, 0, -EINVAL},
    {"write, wrong buffer", CON, CON_WRITE, {1}, OUT, -EINVAL},
    {"write beyond its buffer", CON, CON_WRITE, {1}, EMPTY, -EINVAL},
    {"write all ones", CON, CON_WRITE, {~0ul}, EMPTY, -EINVAL},
    {"write nothing", CON, CON_WRITE, {0}, IN, 0},
    {"read without a buffer", CON, CON_READ, {1}, 0, -EINVAL},
    {"read nothing", CON, CON_READ, {0}, OUT, 0},
    {"mode of bits that are not", CON, CON_MODE, {1ul << 40}, 0, -EINVAL},
    {"log beyond its buffer", CON, CON_LOG, {1}, EMPTY, -EINVAL},
    {"run by a program", CON, CON_RUN, {1}, 0, -EPERM},
    {"init label 0", HANDLE_INIT, 0, {0}, 0, -ENOSYS},
    {"init label 999", HANDLE_INIT, 999, {0}, 0, -ENOSYS},
    {"spawn in what is no space of a pager",
     HANDLE_INIT,
     INIT_SPAWN,
     {0x10000, 0, 4, 1},
     IN | HANDLE,
     -EINVAL},
    {"spawn at an address of the kernel",
     HANDLE_INIT,
     INIT_SPAWN,
     {1ul << 63, 0, 0, 1},
     IN | SPACE,
     -EINVAL},
    {"spawn without a name", HANDLE_INIT, INIT_SPAWN, {0x10000, 0, 0, 0}, IN | SPACE, -EINVAL},
    {"grant to nobody", HANDLE_INIT, INIT_GRANT, {~0ul}, HANDLE, -ESRCH},
    {"register", HANDLE_INIT, INIT_REGISTER, {1}, HANDLE, -EPERM},
};

static handle_t con; /* where printf goes */

static handle_t new_space(void)
{
    struct message m = {.tag = PAGER_CREATE};

    ipc_accept(1);
    return ipc_request(HANDLE_PAGER, &m) == 0 ? msg_page()->handle[0] : HANDLE_NONE;
}

static long request(const struct request_case *c)
{
    struct message m = {.tag = c->label, .w = {c->w[0], c->w[1], c->w[2], c->w[3]}};
    handle_t space = c->with & SPACE ? new_space() : HANDLE_NONE;

    ipc_accept(0);
    memset(page, 0xff, 256);
    if (c->with & IN)
        ipc_attach_in(&m, page, sizeof(page));
    if (c->with & EMPTY)
        ipc_attach_in(&m, page, 0);
    if (c->with & OUT)
        ipc_attach_out(&m, page, sizeof(page));
    if (c->with & HANDLE)
        ipc_attach_handle(&m, world.right);
    if (c->with & SPACE)
        ipc_attach_handle(&m, space);
    long result = ipc_request(c->right == CON ? con : c->right, &m);
    if (c->with & SPACE)
        sys_close(space);
    return result;
}

/* Each request that has a buffer, with the buffer at each place where there is none. */
static void bad_buffers(void)
{
    static const struct {
        const char *name;
        handle_t right;
        unsigned label;
        unsigned long w[4];
        bool out;
    } requests[] = {
        {"stat to nowhere", P, PAGER_STAT, {0, 0, 0, 64}, true},
        {"space to nowhere", P, PAGER_SPACE, {0, 0, 0, 64}, true},
        {"regions to nowhere", P, PAGER_REGIONS, {0, 0, 0, 4096}, true},
        {"images to nowhere", P, PAGER_IMAGES, {0, 0, 0, 64}, true},
        {"mincore to nowhere", P, PAGER_MINCORE, {FORBIDDEN_PAGE, PAGE_SIZE, 0, 1}, true},
        {"write from nowhere", CON, CON_WRITE, {64}, false},
        {"argument from nowhere", HANDLE_INIT, INIT_ARGUMENT, {8, 0}, false},
        {"process to nowhere", HANDLE_INIT, INIT_PROCESS, {0}, true},
        {"log from nowhere", HANDLE_INIT, INIT_LOG, {64}, false},
    };
    static const unsigned long places[] = {0,
                                           8,
                                           FREE_PAGE,
                                           FORBIDDEN_PAGE,
                                           0x3ffff00000,
                                           USER_TOP,
                                           1ul << 50,
                                           0xffffffff80200000ul,
                                           0xffffffc080200000ul,
                                           ~7ul,
                                           ~0ul,
                                           ~PAGE_MASK};

    for (unsigned i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        unsigned wrong = 0;
        unsigned long where = 0;
        for (unsigned k = 0; k < sizeof(places) / sizeof(places[0]); k++) {
            struct message m = {.tag = requests[i].label};
            memcpy(m.w, requests[i].w, sizeof(m.w));
            if (requests[i].out)
                ipc_attach_out(&m, (void *)places[k], 4096);
            else
                ipc_attach_in(&m, (void *)places[k], 4096);
            if (ipc_request(requests[i].right == CON ? con : requests[i].right, &m) != -EFAULT) {
                wrong++;
                where = places[k];
            }
        }
        check(!wrong, requests[i].name, "%u times not EFAULT, at %#lx for one", wrong, where);
    }
}

/* The first right of ours that answers CON_MODE as con does. */
static handle_t find_con(void)
{
    for (handle_t h = HANDLE_FIRST; h < HANDLE_FIRST + 3; h++) {
        struct message m = {.tag = CON_MODE, .w = {~0ul}};
        if (ipc_request(h, &m) == 0)
            return h;
    }
    return HANDLE_NONE;
}

void protocol_crimes(void)
{
    static struct pager_stat before, after;

    con = find_con();
    check(con != HANDLE_NONE, "standard output is con's", "no");
    world_up(0);
    query_pager(PAGER_STAT, 0, 0, &before, sizeof(before), NULL);
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_equal(cases[i].name, request(&cases[i]), cases[i].result);
    bad_buffers();
    file_crimes(con);
    for (unsigned i = 0; i < 100; i++) { /* the last CLOSED may be on its way */
        query_pager(PAGER_STAT, 0, 0, &after, sizeof(after), NULL);
        if (after.spaces == before.spaces)
            break;
        sys_futex_wait((uintptr_t)&word, FUTEX_VALUE, (unsigned long)sys_clock() + 1000000);
    }
    check_equal("spaces afterwards", (long)after.spaces, (long)before.spaces);
    world_down();
}
