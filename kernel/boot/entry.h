/* SPDX-License-Identifier: MIT
 *
 * Between entry.S and the C code of boot. */
#ifndef OCTAVO_KERNEL_ENTRY_H
#define OCTAVO_KERNEL_ENTRY_H

#include "kernel/run/hart.h"

extern uint64_t entry_image_pa; /* where the image lies */
extern char entry_hart[]; /* where a hart begins that sbi_hart_start starts, a1 = its record */

/* What entry.S calls: on the boot hart, and on the others. */
_Noreturn void boot_main(uint64_t hart_id, uint64_t fdt);
_Noreturn void start_hart(struct hart *hart);

#endif
