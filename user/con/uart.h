/* SPDX-License-Identifier: MIT
 *
 * The serial line: an ns16550a with 16-byte FIFOs, driven by its interrupts. It moves bytes and knows
 * nothing of lines; it must not wait for the device. */
#ifndef OCTAVO_CON_UART_H
#define OCTAVO_CON_UART_H

#include "user/con/output.h"
#include <abi/handle.h>
#include <stdbool.h>

/* Maps the device and has it notify `right` with `bits`. 0 or a negative errno. */
long uart_setup(handle_t device, handle_t right, unsigned long bits);

/* The next received byte, or -1. */
int uart_receive(void);

/* Moves bytes from the ring to the device until the ring is empty or the device is full; then the
 * device interrupts when it wants more. */
void uart_transmit(struct output *output);

/* Whether the device interrupts for received bytes; off, they stay in its FIFO and behind it. */
void uart_listen(bool on);

/* Whether the last bit has left. */
bool uart_is_idle(void);

/* The interrupt was handled. */
void uart_acknowledge(void);

#endif
