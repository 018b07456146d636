/* SPDX-License-Identifier: MIT
 *
 * malloc_usable_size: of NULL it is 0, as in glibc. picolibc to 1.8.12 reads in front of address 0. It is called
 * octavo_libc_malloc_usable_size here (tests/tools/libc-malloc). */
#include <malloc.h>

size_t octavo_libc_malloc_usable_size(void *memory);

size_t malloc_usable_size(void *memory)
{
    return memory ? octavo_libc_malloc_usable_size(memory) : 0;
}
