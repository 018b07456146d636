/* SPDX-License-Identifier: MIT
 *
 * The dump behind the console key. */
#ifndef OCTAVO_KERNEL_DUMP_H
#define OCTAVO_KERNEL_DUMP_H

void dump_all(void);

#endif
