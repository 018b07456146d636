/* SPDX-License-Identifier: MIT
 *
 * The kernel's own output, to the firmware's console. */
#ifndef OCTAVO_KERNEL_PRINT_H
#define OCTAVO_KERNEL_PRINT_H

#include <stdarg.h>

/* %d %u %x %p %s, with #, l and z; no widths. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void print_va(const char *format, va_list args);

#endif
