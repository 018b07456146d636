/* SPDX-License-Identifier: MIT
 *
 * primes: a pager with a file that no disk could hold a copy of for long, and none has to: byte n of
 * /made/primes/SIZE is '*' if n is a prime number, else '.'. A page of it is sieved when somebody
 * touches it, is dropped when frames are short, and is sieved again when it is wanted again.
 *
 *     make run CMD='with-pager --prog /lib/pager/primes clock 64 head -c 100 /made/primes/1000000' */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "user/pager/pager.h"

#define PREFIX "/made/"
#define PRIMES "primes/"
#define SIZE_MOST (1ul << 32) /* a page's sieving takes up to the size's square root of steps */

static int primes_open(const char *name, uint64_t *size, uint64_t *number)
{
    const char *digits = name + strlen(PRIMES);
    char *end;

    if (strncmp(name, PRIMES, strlen(PRIMES)) != 0 || *digits < '1' || *digits > '9')
        return -ENOENT;
    *size = strtoul(digits, &end, 10);
    if (*end || *size > SIZE_MOST)
        return -ENOENT;
    *number = 1; /* the same contents for all sizes: the size tells them apart */
    return 0;
}

/* The sieve of Eratosthenes for the numbers of one page. */
static int primes_make(uint64_t number, uint64_t index, void *page)
{
    uint64_t first = index * PAGER_PAGE, end = first + PAGER_PAGE;
    char *byte = page;

    (void)number;
    memset(byte, '*', PAGER_PAGE);
    for (uint64_t n = 0; n < 2; n++)
        if (n >= first)
            byte[n - first] = '.';
    for (uint64_t d = 2; d * d < end; d += d == 2 ? 1 : 2) {
        uint64_t multiple = (first + d - 1) / d * d;
        for (multiple = multiple > d * d ? multiple : d * d; multiple < end; multiple += d)
            byte[multiple - first] = '.';
    }
    return 0;
}

int main(int argc, char **argv, char **envp)
{
    static const struct pager_content content = {
        .prefix = PREFIX, .open = primes_open, .make = primes_make};
    static const struct pager_config config = {.content = &content};

    (void)argc, (void)argv;
    pager_main(envp, &config);
}
