/* SPDX-License-Identifier: MIT
 *
 * Memory management declarations (POSIX.1-2017 <sys/mman.h>), which picolibc lacks. PROT_* equal
 * the pager protocol's VM_*, MAP_* go to the pager as they are (proto/pager.h). */
#ifndef OCTAVO_SYS_MMAN_H
#define OCTAVO_SYS_MMAN_H

#include <sys/types.h>

/* Values are Linux's. What each call may answer is in docs/memory.md. */

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
#define MAP_LOCKED 0x2000            /* as mlock afterwards */
#define MAP_NORESERVE 0x4000         /* promise more than there is memory */
#define MAP_POPULATE 0x8000          /* bring the pages in at once */
#define MAP_STACK 0x20000            /* as MAP_NORESERVE: a stack is seldom full */
#define MAP_FIXED_NOREPLACE 0x100000 /* EEXIST where something is mapped */

#define MAP_FAILED ((void *)-1)

#define MS_ASYNC 1
#define MS_INVALIDATE 2
#define MS_SYNC 4

#define MCL_CURRENT 1
#define MCL_FUTURE 2

#define MREMAP_MAYMOVE 1
#define MREMAP_FIXED 2

#define MADV_NORMAL 0
#define MADV_RANDOM 1
#define MADV_SEQUENTIAL 2
#define MADV_WILLNEED 3
#define MADV_DONTNEED 4 /* private memory reads as zero, or as in the file, afterwards */
#define MADV_FREE 8     /* private anonymous memory that may read as zero afterwards */

#define POSIX_MADV_NORMAL 0
#define POSIX_MADV_RANDOM 1
#define POSIX_MADV_SEQUENTIAL 2
#define POSIX_MADV_WILLNEED 3
#define POSIX_MADV_DONTNEED 4

void *mmap(void *address, size_t length, int prot, int flags, int fd, off_t offset);
int munmap(void *address, size_t length);
int mprotect(void *address, size_t length, int prot);
void *mremap(void *old_address, size_t old_length, size_t new_length, int flags, ...);
int msync(void *address, size_t length, int flags);
int madvise(void *address, size_t length, int advice);
int posix_madvise(void *address, size_t length, int advice);
int mincore(void *address, size_t length, unsigned char *vector);
int mlock(const void *address, size_t length);
int munlock(const void *address, size_t length);
int mlockall(int flags);
int munlockall(void);
int shm_open(const char *name, int flags, mode_t mode);
int shm_unlink(const char *name);

#ifdef __cplusplus
}
#endif

#endif
