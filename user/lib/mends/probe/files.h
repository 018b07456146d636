/* SPDX-License-Identifier: MIT
 *
 * The one file that probes of streams see, whatever its name, and what happens to those who use it. */
#ifndef OCTAVO_MENDS_PROBE_FILES_H
#define OCTAVO_MENDS_PROBE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct probe_file {
    char bytes[4096];
    size_t size;
    size_t fails_at; /* a write from here on is ENOSPC */
    size_t most;     /* bytes that one write takes */
    int interrupted; /* so many reads and writes are EINTR */
    int calls;       /* reads and writes */
};

extern struct probe_file probe_file;

/* The lock that was taken last. */
extern const void *probe_lock_taken;

/* Gives the file this text, and makes all go well. */
void probe_file_set(const char *text);

bool probe_file_is(const char *text);

#endif
