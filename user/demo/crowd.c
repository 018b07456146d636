/* SPDX-License-Identifier: MIT
 *
 * crowd PROGRAMS PAGES [ROUNDS]: programs that share memory which is, or is not, enough for all: thrashing.
 *
 * Each program has PAGES pages of a file of its own (crowd-N.tmp), and works on them in turns: a turn visits every page once,
 * in a random order, reads it and computes a little. A turn ends before the next program's begins, as if one
 * processor went round, and nothing is written: so little happens at a time that a disk chooses, and
 * with ICOUNT=1 the faults are the same in each run. The last line tells of ROUNDS (4), after a few that are not counted: visits,
 * ns that harts were busy with them (under ICOUNT=1 these are instructions), faults, pages read.
 *
 *     make run FRAMES=256 ICOUNT=1 CMD='crowd 3 60'      fits
 *     make run FRAMES=256 ICOUNT=1 CMD='crowd 6 60'      does not
 *     make thrashing                                     the picture of it */
#include <fcntl.h>
#include <octavo/query.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST 64
#define WORDS (PAGE_SIZE / sizeof(uint64_t))
#define COMPUTING 200 /* steps for each visit */
#define WARM 2        /* rounds that are not counted */

static struct {
    pid_t pid;
    int to, from; /* pipes: a byte each way is a turn */
} program[MOST];

static void fail(const char *what)
{
    perror(what);
    exit(2);
}

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint64_t dice(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static const char *path_of(int n)
{
    static char path[32];

    snprintf(path, sizeof(path), "crowd-%d.tmp", n);
    return path;
}

/* The file of a program: each page begins with its number. */
static void make_file(int n, uint32_t pages)
{
    static uint64_t page[WORDS];
    FILE *file = fopen(path_of(n), "w");

    for (uint32_t i = 0; file && i < pages; i++) {
        page[0] = i;
        if (fwrite(page, sizeof(page), 1, file) != 1)
            fail(path_of(n));
    }
    if (!file || fclose(file) != 0)
        fail(path_of(n));
}

/* --- a program --- */

static void visit(const volatile uint64_t *memory, uint32_t page, uint64_t number)
{
    uint64_t sum = memory[page * WORDS + number % WORDS];

    if (memory[page * WORDS] != page)
        exit(1); /* a page has come back wrong */
    for (volatile int i = 0; i < COMPUTING; i++)
        sum = sum * 0x9e3779b97f4a7c15 + 1;
}

static void turn(const uint64_t *memory, uint32_t *order, uint32_t pages, uint64_t *state)
{
    for (uint32_t i = 0; i < pages; i++) {
        uint32_t other = i + (uint32_t)(dice(state) % (pages - i)), page = order[other];
        order[other] = order[i];
        order[i] = page;
        visit(memory, page, i);
    }
}

static _Noreturn void work(int n, uint32_t pages, int in, int out)
{
    uint32_t *order = malloc(pages * sizeof(*order));
    uint64_t state = (uint64_t)n + 1;
    char token;
    int file = open(path_of(n), O_RDONLY);
    const uint64_t *memory = mmap(NULL, pages * PAGE_SIZE, PROT_READ, MAP_SHARED, file, 0);

    if (file < 0 || memory == MAP_FAILED || !order)
        fail("crowd: memory");
    madvise((void *)(uintptr_t)memory, pages * PAGE_SIZE, MADV_RANDOM);
    for (uint32_t i = 0; i < pages; i++)
        order[i] = i;
    while (read(in, &token, 1) == 1) {
        turn(memory, order, pages, &state);
        if (write(out, &token, 1) != 1)
            break;
    }
    _exit(0);
}

/* --- who gives the turns --- */

static void start(int n, uint32_t pages)
{
    int there[2], back[2];

    make_file(n, pages);
    if (pipe(there) < 0 || pipe(back) < 0)
        fail("crowd: pipe");
    program[n].pid = fork();
    if (program[n].pid < 0)
        fail("crowd: fork");
    if (program[n].pid == 0) {
        for (int i = 0; i < n; i++)
            close(program[i].to); /* so that its end is seen */
        close(there[1]);
        work(n, pages, there[0], back[1]);
    }
    close(there[0]);
    close(back[1]);
    program[n].to = there[1];
    program[n].from = back[0];
}

static void round_of(int programs)
{
    char token = 't';

    for (int n = 0; n < programs; n++) {
        if (write(program[n].to, &token, 1) != 1 || read(program[n].from, &token, 1) != 1) {
            fprintf(stderr, "crowd: program %d has ended\n", n + 1);
            exit(1);
        }
    }
}

static uint64_t busy(void)
{
    struct info_hart hart;
    uint64_t ns = 0;

    for (unsigned long i = 0; query_kernel(INFO_HART, i, &hart, sizeof(hart)); i++)
        ns += hart.run_time;
    return ns;
}

static struct pager_stat stat_now(void)
{
    struct pager_stat stat;

    if (query_pager(PAGER_STAT, 0, 0, &stat, sizeof(stat), NULL) < 0)
        fail("crowd: pager");
    return stat;
}

int main(int argc, char **argv)
{
    long programs = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
    long pages = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
    long rounds = argc > 3 ? strtol(argv[3], NULL, 10) : 4;

    if (programs < 1 || programs > MOST || pages < 1 || pages > 1 << 20 || rounds < 1) {
        fprintf(stderr, "usage: crowd programs pages [rounds]\n");
        return 2;
    }
    for (int n = 0; n < programs; n++)
        start(n, (uint32_t)pages);
    sync();
    for (int i = 0; i < WARM; i++)
        round_of((int)programs);
    struct pager_stat before = stat_now();
    uint64_t began = busy();
    for (long i = 0; i < rounds; i++)
        round_of((int)programs);
    uint64_t took = busy() - began;
    struct pager_stat after = stat_now();
    for (int n = 0; n < programs; n++)
        close(program[n].to);
    for (int n = 0, status = 0; n < programs; n++)
        if (waitpid(program[n].pid, &status, 0) < 0 || status != 0)
            fail("crowd: a program");
    for (int n = 0; n < programs; n++)
        unlink(path_of(n));
    printf("programs %ld pages %ld frames %lu policy %s visits %ld ns %lu faults %lu reads %lu\n",
           programs, pages, (unsigned long)after.frames_limit, after.policy,
           programs * pages * rounds, (unsigned long)took,
           (unsigned long)(after.faults - before.faults),
           (unsigned long)(after.file_reads - before.file_reads));
    return 0;
}
