/* SPDX-License-Identifier: MIT
 *
 * Backtraces, for panic (kernel/base/panic.h says what the arguments are). */
#ifndef OCTAVO_KERNEL_BACKTRACE_H
#define OCTAVO_KERNEL_BACKTRACE_H

#include <stdint.h>

void backtrace_print(uintptr_t pc, uintptr_t ra_now, uintptr_t fp);

#endif
