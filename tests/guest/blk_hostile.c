/* SPDX-License-Identifier: MIT
 *
 * The block server and those who mean harm, die, or keep what is no longer theirs. The right to the disk is
 * what any program can get: a part of it, which the pager lends (PAGER_SWAP_RANGE). Only sectors of that
 * part are written, and the pager itself must go on swapping beside it. */
#include "check.h"
#include "spawned.h"
#include <errno.h>
#include <octavo/ipc.h>
#include <octavo/thread.h>
#include <proto/blk.h>
#include <proto/pager.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

#define SELF "/test/blk_hostile"
#define PAGES 32u
#define SECTORS (PAGES * (4096 / BLK_SECTOR))
#define PATIENCE 100000u
#define THREADS 6
#define ROUNDS 20
#define KILLED 6

static handle_t space, disk;
static char data[BLK_IO_MAX], back[BLK_IO_MAX];

/* A request whose answer gives a handle. */
static long ask_handle(handle_t whom, struct message *m, handle_t *handle)
{
    ipc_accept(1);
    long result = ipc_request(whom, m);
    *handle = result == 0 && MSG_HANDLES(m->tag) > 0 ? msg_page()->handle[0] : HANDLE_NONE;
    ipc_accept(0);
    return result;
}

static long ask(handle_t right, unsigned long label, unsigned long a, unsigned long b)
{
    struct message m = {.tag = label, .w = {a, b}};
    return ipc_request(right, &m);
}

static long range(handle_t of, unsigned long first, unsigned long count, unsigned long how,
                  handle_t *right, unsigned long *name)
{
    struct message m = {.tag = BLK_RANGE, .w = {first, count, how}};
    long result = ask_handle(of, &m, right);

    *name = result == 0 ? m.w[0] : 0;
    return result;
}

static long transfer(handle_t right, unsigned long label, unsigned long first, unsigned long count,
                     void *buffer, size_t length)
{
    struct message m = {.tag = label, .w = {first, count}};

    if (label == BLK_READ)
        ipc_attach_out(&m, buffer, length);
    else
        ipc_attach_in(&m, buffer, length);
    return ipc_request(right, &m);
}

static long read_sectors(handle_t right, unsigned long first, unsigned long count)
{
    return transfer(right, BLK_READ, first, count, back, count * BLK_SECTOR);
}

static long write_sectors(handle_t right, unsigned long first, unsigned long count)
{
    return transfer(right, BLK_WRITE, first, count, data, count * BLK_SECTOR);
}

/* A part of the disk that belongs to *of. */
static long borrow(handle_t *of, handle_t *right)
{
    struct message m = {.tag = PAGER_CREATE};
    long result = ask_handle(HANDLE_PAGER, &m, of);

    if (result < 0)
        return result;
    m = (struct message){.tag = PAGER_SWAP_RANGE, .w = {PAGES}};
    ipc_attach_handle(&m, *of);
    return ask_handle(HANDLE_PAGER, &m, right);
}

static void test_lies(void)
{
    check_equal("label 0", ask(disk, 0, 0, 0), -ENOSYS);
    check_equal("label 7", ask(disk, BLK_END + 1, 0, 0), -ENOSYS);
    check_equal("label 65535", ask(disk, 0xffff, 0, 0), -ENOSYS);
    check_equal("read without a buffer", ask(disk, BLK_READ, 0, 1), -EINVAL);
    check_equal("write without a buffer", ask(disk, BLK_WRITE, 0, 1), -EINVAL);
    check_equal("no sectors", read_sectors(disk, 0, 0), -EINVAL);
    check_equal("one beyond the last", read_sectors(disk, SECTORS, 1), -EINVAL);
    check_equal("across the end", write_sectors(disk, SECTORS - 1, 2), -EINVAL);
    check_equal("a first sector that wraps", read_sectors(disk, ~0ul, 1), -EINVAL);
    check_equal("a first byte that wraps", read_sectors(disk, 1ul << 55, 1), -EINVAL);
    check_equal("the sector before", write_sectors(disk, 0ul - 8, 8), -EINVAL);
    check_equal("an end that wraps", transfer(disk, BLK_READ, 8, ~0ul - 7, back, sizeof back),
                -EINVAL);
    check_equal("more than goes at once",
                transfer(disk, BLK_READ, 0, BLK_IO_MAX / BLK_SECTOR + 1, back, sizeof back),
                -EINVAL);
    check_equal("a count of 2^32 and one", transfer(disk, BLK_READ, 0, (1ul << 32) + 1, back, 512),
                -EINVAL);
    check_equal("read beyond the buffer", transfer(disk, BLK_READ, 0, 2, back, 512), -EINVAL);
    check_equal("write beyond the buffer", transfer(disk, BLK_WRITE, 0, 2, data, 512), -EINVAL);
    check_equal("read to nowhere", transfer(disk, BLK_READ, 0, 1, (void *)16, 512), -EFAULT);
    check_equal("write from nowhere", transfer(disk, BLK_WRITE, 0, 1, (void *)16, 512), -EFAULT);
    check_equal("read to a kernel address",
                transfer(disk, BLK_READ, 0, 1, (void *)0xffffffff80200000, 512), -EFAULT);
    struct message m = {.tag = BLK_FLUSH};
    ipc_attach_handle(&m, disk);
    check_equal("a handle that nobody asked for", ipc_request(disk, &m), -E2BIG);
}

static void test_data(void)
{
    struct message m = {.tag = BLK_INFO};
    char *fresh =
        mmap(NULL, sizeof data, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long strange = 0;

    check_equal("info", ipc_request(disk, &m), 0);
    check_equal("of the part", (long)m.w[0], SECTORS);
    for (unsigned first = 0; first < SECTORS; first += BLK_IO_MAX / BLK_SECTOR) {
        strange += read_sectors(disk, first, BLK_IO_MAX / BLK_SECTOR) != 0;
        for (size_t i = 0; i < sizeof back; i++)
            strange += back[i] != 0;
    }
    check_equal("nothing of others is in it", strange, 0);
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)(i * 7 + i / BLK_SECTOR);
    check_equal("writes as much as goes", write_sectors(disk, 8, BLK_IO_MAX / BLK_SECTOR), 0);
    check_equal("reads it into absent pages",
                transfer(disk, BLK_READ, 8, BLK_IO_MAX / BLK_SECTOR, fresh, sizeof data), 0);
    check_equal("the same", memcmp(data, fresh, sizeof data), 0);
    check_equal("flushes", ask(disk, BLK_FLUSH, 0, 0), 0);
    munmap(fresh, sizeof data);
}

static void test_ranges(void)
{
    handle_t part, small, none;
    unsigned long name, small_name, none_name;

    check_equal("a range beyond", range(disk, SECTORS, 1, 0, &none, &none_name), -EINVAL);
    check_equal("a range that wraps", range(disk, 8, ~0ul - 7, 0, &none, &none_name), -EINVAL);
    check_equal("a range with unknown flags", range(disk, 0, 1, 2, &none, &none_name), -EINVAL);
    check_equal("a read-only range", range(disk, 8, 16, BLK_IS_READ_ONLY, &part, &name), 0);
    check_equal("is written", write_sectors(part, 0, 1), -EROFS);
    check_equal("is read", read_sectors(part, 0, 1), 0);
    check_equal("from its start", memcmp(data, back, BLK_SECTOR), 0);
    check_equal("and no further", read_sectors(part, 16, 1), -EINVAL);
    check_equal("one of it", range(part, 8, 8, 0, &small, &small_name), 0);
    check_equal("is read-only, too", write_sectors(small, 0, 1), -EROFS);
    check_equal("from there", read_sectors(small, 0, 1), 0);
    check_equal("its start", memcmp(data + 8 * BLK_SECTOR, back, BLK_SECTOR), 0);
    check_equal("ends what others made", ask(disk, BLK_END, small_name, 0), -ENOENT);
    check_equal("ends itself", ask(part, BLK_END, name, 0), -ENOENT);
    check_equal("ends the whole disk", ask(part, BLK_END, BLK_WHOLE_BADGE, 0), -ENOENT);
    check_equal("ends nothing", ask(disk, BLK_END, 0, 0), -ENOENT);
    check_equal("all are there", read_sectors(small, 0, 1), 0);
    check_equal("ends its own", ask(disk, BLK_END, name, 0), 0);
    check_equal("it is no more", read_sectors(part, 0, 1), -EPERM);
    check_equal("nor what was made of it", read_sectors(small, 0, 1), -EPERM);
    check_equal("nor can any be", range(part, 0, 1, 0, &none, &none_name), -EPERM);
    check_equal("twice", ask(disk, BLK_END, name, 0), -ENOENT);
    sys_close(part);
    sys_close(small);
}

static void test_limits(void)
{
    static handle_t held[BLK_RANGES];
    unsigned long name;
    unsigned n = 0, tries = 0;
    long error = 0;

    while (n < BLK_RANGES && (error = range(disk, 0, 1, 0, &held[n], &name)) == 0)
        n++;
    check(error == -ENFILE && n > 8, "ranges end in ENFILE", "%ld after %u", error, n);
    while (n > 0)
        sys_close(held[--n]);
    while ((error = range(disk, 0, 1, 0, &held[0], &name)) == -ENFILE && tries++ < PATIENCE)
        sys_yield();
    check_equal("and come back", error, 0);
    sys_close(held[0]);
}

/* --- All at once, and the dying ----------------------------------------------------------- */

static int one_of_many(void *argument)
{
    unsigned long first = 8 * (unsigned long)(uintptr_t)argument;
    char mine[4096], again[4096];

    for (unsigned round = 0; round < ROUNDS; round++) {
        memset(mine, (int)(first + round), sizeof mine);
        if (transfer(disk, BLK_WRITE, first, 8, mine, sizeof mine) != 0 ||
            transfer(disk, BLK_READ, first, 8, again, sizeof again) != 0 ||
            memcmp(mine, again, sizeof mine) != 0)
            return 1;
    }
    return 0;
}

static void test_many(void)
{
    struct thread *threads[THREADS] = {0};
    long wrong = 0;

    for (uintptr_t i = 0; i < THREADS; i++)
        thread_start(&threads[i], one_of_many, (void *)i);
    for (unsigned i = 0; i < THREADS; i++) {
        int result = 1;
        if (threads[i])
            thread_join(threads[i], &result);
        wrong += result != 0;
    }
    check_equal("threads that write and read at once", wrong, 0);
}

/* Asks without end, for a part of its own. */
static int child_ask(void)
{
    if (borrow(&space, &disk) < 0)
        return 1;
    for (;;) {
        write_sectors(disk, 0, 64);
        read_sectors(disk, 0, 64);
    }
}

static void test_dying(void)
{
    char *argv[] = {SELF, "ask", NULL};
    long wrong = 0;

    for (unsigned i = 0; i < KILLED; i++) {
        pid_t pid = spawned_start(argv, NULL, NULL);
        while (spawned_run_time(pid) < 1000000ul * i) /* each a little further */
            sys_yield();
        kill(pid, SIGKILL);
        wrong += spawned_wait(pid) != 128 + SIGKILL;
    }
    check_equal("killed while they ask", wrong, 0);
    check_equal("the disk is there", read_sectors(disk, 8, 8), 0);
}

/* What is lent goes to others when its space has ended: whoever kept the right must have nothing of it. */
static void test_kept(void)
{
    handle_t part;
    unsigned long name;
    unsigned tries = 0;
    long error;

    check_equal("a range of its own", range(disk, 0, 8, 0, &part, &name), 0);
    sys_close(space);
    while ((error = read_sectors(disk, 0, 1)) == 0 && tries++ < PATIENCE)
        sys_yield();
    check_equal("what was lent is read when it is not any longer", error, -EPERM);
    check_equal("and written", write_sectors(disk, 0, 1), -EPERM);
    check_equal("through a range of it", write_sectors(part, 0, 1), -EPERM);
    sys_close(part);
    sys_close(disk);
    check_equal("lent anew", borrow(&space, &disk), 0);
    check_equal("is read", read_sectors(disk, 0, 1), 0);
    sys_close(disk);
    sys_close(space);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return child_ask();
    check_equal("a part of the disk", borrow(&space, &disk), 0);
    test_lies();
    test_data();
    test_ranges();
    test_limits();
    test_many();
    test_dying();
    test_kept();
    return check_done();
}
