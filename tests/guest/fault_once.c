/* SPDX-License-Identifier: MIT
 *
 * Takes one page fault at an address that nothing else uses, by an instruction at an address that
 * nothing else runs: what tests/guest/debugger.py watches from outside. By itself it tells that the
 * fault was one message.
 *
 *      fault_once          stores into anonymous memory that was never touched
 *      fault_once FILE     loads from the first page of a file that nobody has read yet */
#include <fcntl.h>
#include <octavo/query.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include "tests/guest/check.h"

#define CODE 0x2340000000ul
#define DATA 0x2350000000ul
#define PAGE 5 /* the one that faults; its page table and its neighbour's are there by then */

static unsigned long faults(void)
{
    static struct info_task task;

    query_kernel(INFO_SELF, 0, &task, sizeof(task));
    return task.faults;
}

static void *map(unsigned long address, unsigned long bytes)
{
    return mmap((void *)address, bytes, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

int main(int argc, char **argv)
{
    static const uint32_t store_and_return[] = {0x00050023, 0x00008067}; /* sb x0, 0(a0); ret */
    static const uint32_t load_and_return[] = {0x00050003, 0x00008067};  /* lb x0, 0(a0); ret */
    const uint32_t *code = argc > 1 ? load_and_return : store_and_return;
    void (*touch)(unsigned long) = (void (*)(unsigned long))CODE;
    unsigned char *data = map(DATA, 16 * PAGE_SIZE);

    if (argc > 1) {
        int file = open(argv[1], O_RDONLY);
        void *page =
            mmap(data + PAGE * PAGE_SIZE, PAGE_SIZE, PROT_READ, MAP_PRIVATE | MAP_FIXED, file, 0);
        check_equal("the file is mapped", page == data + PAGE * PAGE_SIZE, 1);
    }
    memcpy(map(CODE, PAGE_SIZE), code, sizeof(store_and_return));
    mprotect((void *)CODE, PAGE_SIZE, PROT_READ | PROT_EXEC);
    touch(DATA);
    nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL); /* zeroed frames are made meanwhile */
    unsigned long before = faults();
    before = faults();
    touch(DATA + PAGE * PAGE_SIZE);
    check_equal("one message", (long)(faults() - before), 1);
    check_equal("the page is there", data[PAGE * PAGE_SIZE] + data[PAGE * PAGE_SIZE + 4095],
                argc > 1 ? 2 * 'x' : 0);
    return check_done();
}
