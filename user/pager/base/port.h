/* SPDX-License-Identifier: MIT
 *
 * The port at which the main thread receives: page faults and calls through rights to it, each with a badge of
 * its own, and notifications from the pager's other threads. */
#ifndef PAGER_PORT_H
#define PAGER_PORT_H

#include <abi/handle.h>

extern handle_t port_handle;

/* Makes the port. Once, at the start. */
void port_setup(void);

/* A new right to the port with this badge: its handle, or -ENOMEM. */
long port_right(unsigned long badge);

/* From any thread of the pager: the main loop gets a notification with these bits. */
void port_notify(unsigned long bits);

#endif
