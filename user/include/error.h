/* SPDX-License-Identifier: MIT
 *
 * GNU's error(): flushes standard output, writes "program: text[: strerror(number)]\n" to standard
 * error, and exits if status is not 0. */
#ifndef OCTAVO_ERROR_H
#define OCTAVO_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

extern unsigned int error_message_count;

void error(int status, int number, const char *format, ...) __attribute__((format(printf, 3, 4)));

#ifdef __cplusplus
}
#endif

#endif
