/* SPDX-License-Identifier: MIT
 *
 * What a program did that it may not do: one clear line, and the end of the process. */
#ifndef OCTAVO_INIT_EXCEPTION_H
#define OCTAVO_INIT_EXCEPTION_H

#include "user/init/process.h"
#include <octavo/ipc.h>

/* m: an EXCEPTION message (<abi/msg.h>) of the process. */
void exception_handle(struct process *process, const struct message *m);

#endif
