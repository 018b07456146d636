/* SPDX-License-Identifier: MIT
 *
 * progress.h - a sign of life on stderr while something takes long.
 */
#ifndef SIM_PROGRESS_H
#define SIM_PROGRESS_H

/* Prints the line, but at most one every two seconds, and none in the first two. Cheap. */
void progress(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
