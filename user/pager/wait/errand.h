/* SPDX-License-Identifier: MIT
 *
 * Small jobs that nobody waits for. */
#ifndef PAGER_ERRAND_H
#define PAGER_ERRAND_H

/* Tells init that all is written. */
void errand_synced(void);

/* A line for the console, lost when there is no memory for it; at most 95 bytes; printf's format. */
void errand_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
