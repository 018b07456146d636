/* SPDX-License-Identifier: MIT
 *
 * init's messages: one line each, through the ring that it shares with con (proto/con.h), or to the
 * kernel's console while con is not there. It must never wait for con: con may be the one that has
 * just faulted and waits for init. */
#ifndef OCTAVO_INIT_CONSOLE_H
#define OCTAVO_INIT_CONSOLE_H

#include "user/init/text.h"
#include <abi/handle.h>
#include <stdbool.h>

/* Makes the ring. 0 or a negative errno. */
int console_setup(void);

/* con has registered: tell it of text in the ring through `control`. HANDLE_NONE: con is gone; what it
 * did not take goes to the kernel's console. */
void console_attach(handle_t control);

/* Writes text and a newline. */
void console_line(const struct text *text);
void console_say(const char *string);

/* Asks con to notify CON_NOTIFY_DRAINED when all output has left. False: there is no con. */
bool console_ask_drain(void);

#endif
