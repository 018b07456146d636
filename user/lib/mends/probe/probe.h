/* SPDX-License-Identifier: MIT
 *
 * What a probe is: PROBE(NAME) looks for the faults of the picolibc that is installed that user/lib/mends/NAME.c mends,
 * whose head tells of them. It says in a few words what is wrong, or NULL when all is right, and then the mend is
 * not compiled. Probes are linked with picolibc alone and run on the bare machine when the toolchain is new
 * (tests/tools/toolchain); there are no files but the one below, no clock and no other way to write than to say what is
 * wrong. */
#ifndef OCTAVO_MENDS_PROBE_H
#define OCTAVO_MENDS_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROBE(name) const char *probe_##name(void)

/* At the beginning of a line: picolibc may have no such function; then it is NULL. */
#define MAY_LACK(name) extern __typeof__(name) name __attribute__((weak))

/* The one file that probes of streams see, whatever its name, and what happens to those who use it. */
extern struct probe_file {
    char bytes[4096];
    size_t size;
    size_t most;     /* bytes that one write takes; 0: ENOSPC */
    int interrupted; /* so many reads and writes are EINTR */
    int calls;       /* reads and writes */
} probe_file;

/* Gives the file this text, and makes all go well. */
void probe_file_set(const char *text);

bool probe_file_is(const char *text);

#endif
