/* SPDX-License-Identifier: MIT
 * octavo-test: helper
 *
 * A program whose references are known: to an array of pages, in an order that tests/guest/trace.py makes
 * for itself too. Prints where the array begins. `refs_do walk N STEPS` reads and writes pages by
 * dice; `refs_do odd` does what lies across pages; `refs_do call` has the kernel touch them; `refs_do fork`
 * walks in parent and child. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096ul

static uint64_t state;

/* An easy one to write twice: a linear congruential generator (Knuth's MMIX). */
static uint64_t dice(uint64_t sides)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % sides;
}

static volatile uint8_t *map(uint64_t pages)
{
    uint8_t *at =
        mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (at == MAP_FAILED)
        exit(2);
    printf("array %lx\n", (unsigned long)(uintptr_t)at / PAGE);
    fflush(stdout);
    return at;
}

static void walk(volatile uint8_t *at, uint64_t pages, uint64_t steps)
{
    for (uint64_t i = 0; i < steps; i++) {
        uint64_t page = dice(pages);
        if (dice(3) == 0)
            at[page * PAGE + i % PAGE] = (uint8_t)i;
        else
            (void)at[page * PAGE + i % PAGE];
    }
}

/* Loads and stores that lie across a border, in both directions, and a loop that ends on one. */
static void odd(void)
{
    volatile uint8_t *at = map(8);

    for (unsigned i = 0; i < 6; i++) {
        volatile uint64_t *across = (volatile uint64_t *)(at + (i + 1) * PAGE - 3);
        *across = i;
        if (*across != i)
            exit(1);
    }
    for (unsigned i = 6; i-- > 0;)
        *(volatile uint32_t *)(at + (i + 1) * PAGE - 2) += 1;
    memset((void *)(uintptr_t)at, 1, 8 * PAGE);
}

static int call(void)
{
    uint8_t *at = (uint8_t *)(uintptr_t)map(40);
    int fd = open("/refs_do.data", O_RDWR | O_CREAT | O_TRUNC, 0644), good;

    for (uint64_t i = 0; i < 40 * PAGE; i++)
        at[i] = (uint8_t)(i / PAGE + i);
    good = write(fd, at + 5, 39 * PAGE) == (ssize_t)(39 * PAGE);
    memset(at, 0, 40 * PAGE);
    good &= pread(fd, at + 5, 39 * PAGE, 0) == (ssize_t)(39 * PAGE);
    for (uint64_t i = 5; i < 39 * PAGE + 5; i++)
        good &= at[i] == (uint8_t)(i / PAGE + i);
    unlink("/refs_do.data");
    return !good;
}

int main(int argc, char **argv)
{
    if (argc > 3 && !strcmp(argv[1], "walk")) {
        walk(map(strtoul(argv[2], NULL, 0)), strtoul(argv[2], NULL, 0), strtoul(argv[3], NULL, 0));
    } else if (argc > 1 && !strcmp(argv[1], "odd")) {
        odd();
    } else if (argc > 1 && !strcmp(argv[1], "call")) {
        return call();
    } else if (argc > 1 && !strcmp(argv[1], "fork")) {
        volatile uint8_t *at = map(20);
        int status = 0;
        pid_t child = fork();
        state = child == 0;
        walk(at, 20, 60);
        return child == 0 ? 0 : waitpid(child, &status, 0) == child ? status : 3;
    } else {
        return 2;
    }
    return 0;
}
