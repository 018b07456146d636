/* SPDX-License-Identifier: MIT
 *
 * Small jobs that nobody waits for, and names for files that are gone. */
#ifndef PAGER_ERRAND_H
#define PAGER_ERRAND_H

#include <stddef.h>
#include <stdint.h>

/* Tells init that all is written. */
void errand_synced(void);

/* A line for the console, lost when there is no memory for it; at most 95 bytes; printf's format. */
void errand_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Where a file goes that is removed while it is in use: a name in the share's root. Bytes written. */
#define HIDDEN_NAME_MAX 64u
size_t hidden_name(uint64_t number, char name[HIDDEN_NAME_MAX]);

/* A number that no hidden name has had. */
uint64_t hidden_number(void);

#endif
