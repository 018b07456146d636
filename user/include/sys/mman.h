/* SPDX-License-Identifier: MIT
 *
 * Memory management declarations (POSIX.1-2017 <sys/mman.h>), which picolibc lacks. PROT_* equal
 * the pager protocol's VM_*, MAP_* go to the pager as they are (proto/pager.h). */
#ifndef OCTAVO_SYS_MMAN_H
#define OCTAVO_SYS_MMAN_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROT_NONE 0
#define PROT_READ 1
#define PROT_WRITE 2
#define PROT_EXEC 4

#define MAP_SHARED 0x01
#define MAP_PRIVATE 0x02
#define MAP_FIXED 0x10
#define MAP_ANONYMOUS 0x20
#define MAP_ANON MAP_ANONYMOUS

#define MAP_FAILED ((void *)-1)

void *mmap(void *address, size_t length, int prot, int flags, int fd, off_t offset);
int munmap(void *address, size_t length);
int mprotect(void *address, size_t length, int prot);
int mincore(void *address, size_t length, unsigned char *vector);

#ifdef __cplusplus
}
#endif

#endif
