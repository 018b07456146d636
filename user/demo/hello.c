/* SPDX-License-Identifier: MIT
 *
 * hello: the smallest C program. `faults hello` shows what it takes. */
#include <stdio.h>

int main(void)
{
    printf("hello, world\n");
    return 0;
}
