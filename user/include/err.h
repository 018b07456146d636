/* SPDX-License-Identifier: MIT
 *
 * Messages of failing programs (BSD <err.h>): "program: text: error\n" to standard error. */
#ifndef OCTAVO_ERR_H
#define OCTAVO_ERR_H

#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif

/* err: with strerror(errno); errx: without; errc: with the given error. They exit with `status`, the
 * warn family goes on. format may be NULL. */
void err(int status, const char *format, ...) __attribute__((noreturn, format(printf, 2, 3)));
void errx(int status, const char *format, ...) __attribute__((noreturn, format(printf, 2, 3)));
void errc(int status, int error, const char *format, ...)
    __attribute__((noreturn, format(printf, 3, 4)));
void verr(int status, const char *format, va_list arguments)
    __attribute__((noreturn, format(printf, 2, 0)));
void verrx(int status, const char *format, va_list arguments)
    __attribute__((noreturn, format(printf, 2, 0)));
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void warnx(const char *format, ...) __attribute__((format(printf, 1, 2)));
void warnc(int error, const char *format, ...) __attribute__((format(printf, 2, 3)));
void vwarn(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));
void vwarnx(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));

#ifdef __cplusplus
}
#endif

#endif
