/* SPDX-License-Identifier: MIT
 *
 * alloc.h - memory for the simulator itself (never for a policy: those use policy_alloc()).
 *
 * These end the program with status 1 and a message when there is none, so results need no check.
 */
#ifndef SIM_ALLOC_H
#define SIM_ALLOC_H

#include <stddef.h>

void *alloc_array(size_t count, size_t size); /* zeroed */
void *alloc_resize(void *old, size_t count, size_t size);
void alloc_free(void *memory);

/* An unnamed temporary file (in TMPDIR or /tmp), for what grows with the length of a trace. */
int alloc_temporary_file(void);

/* Maps a file, made `bytes` long with zeroes, and closes it. */
void *alloc_map(int fd, size_t bytes);
void alloc_unmap(const void *memory, size_t bytes);

#endif
