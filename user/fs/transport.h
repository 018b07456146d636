/* SPDX-License-Identifier: MIT
 *
 * 9P over virtio: one ring, a fixed part of it and two buffers for each thread that asks. */
#ifndef OCTAVO_FS_TRANSPORT_H
#define OCTAVO_FS_TRANSPORT_H

#include "user/fs/p9.h"
#include <abi/handle.h>

#define TRANSPORT_SLOTS 8u /* requests in flight at most */

/* Takes the device and starts the thread that hears its interrupts. How many slots there are, or a
 * negative errno. */
int transport_setup(handle_t device);

/* The slot's requests; one thread has it. */
struct p9 *transport_slot(unsigned slot);

/* Makes the device forget all buffers. Nothing can be asked any more. */
void transport_stop(void);

#endif
