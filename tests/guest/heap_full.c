/* SPDX-License-Identifier: MIT
 *
 * All of a small machine's memory by malloc, in blocks of several sizes: what was given stays whole, and when
 * the program has ended the memory is there again. Linked twice, as heap.c is.
 *
 * octavo-test: SMP=1 MEM=48M SWAP=1M
 * octavo-test: SMP=4 MEM=48M SWAP=1M PROGRAM=heap_full-bin */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "tests/guest/check.h"
#include "tests/guest/spawned.h"

#define MEBIBYTE 0x100000ul

/* In a child. Writes what it gets until it gets no more. Which of the two comes first is the pager's choice:
 * ENOMEM, or the end of the one that has most. */
static int exhausted(unsigned long bytes)
{
    struct list {
        struct list *next;
        unsigned char byte[];
    } *list = NULL, *next;
    unsigned long wrong = 0;

    errno = 0;
    while ((next = malloc(bytes))) {
        next->next = list;
        list = next;
        memset(list->byte, 0x3c, bytes - sizeof(*list));
    }
    if (errno != ENOMEM)
        return 1;
    for (; list; list = next) {
        next = list->next;
        for (unsigned long at = 0; at < bytes - sizeof(*list); at++)
            wrong += list->byte[at] != 0x3c;
        free(list);
    }
    return wrong || !(list = malloc(bytes)) ? 2 : 0;
}

static int exhausted_child(unsigned long bytes)
{
    fflush(stdout);
    pid_t pid = fork();

    if (pid == 0)
        _exit(exhausted(bytes));
    return spawned_wait(pid);
}

int main(void)
{
    static const unsigned long sizes[] = {100, 30000, 5 * MEBIBYTE};
    char name[64];

    for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        int status = exhausted_child(sizes[i]);
        snprintf(name, sizeof(name), "all memory in blocks of %lu", sizes[i]);
        check(status == 0 || status == 128 + SIGKILL, name, "status %d", status);
    }
    void *memory = malloc(MEBIBYTE);
    check(memory != NULL, "and there is memory again", "errno %d", errno);
    free(memory);
    return check_done();
}
