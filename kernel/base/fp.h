/* SPDX-License-Identifier: MIT
 *
 * The floating-point registers, f0 to f31 and fcsr, in this order; sstatus.FS must not be Off. */
#ifndef OCTAVO_KERNEL_FP_H
#define OCTAVO_KERNEL_FP_H

#include <stdint.h>

#define FP_WORDS 33

void fp_save(uint64_t registers[FP_WORDS]);
void fp_load(const uint64_t registers[FP_WORDS]);

#endif
