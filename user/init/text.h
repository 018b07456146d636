/* SPDX-License-Identifier: MIT
 *
 * A line of text that is put together piece by piece and is cut, never overrun. init's messages are
 * made with it: it must not need memory or stdio. */
#ifndef OCTAVO_INIT_TEXT_H
#define OCTAVO_INIT_TEXT_H

#include <stddef.h>
#include <stdint.h>

#define TEXT_BYTES 256u

struct text {
    size_t length;
    char byte[TEXT_BYTES];
};

void text_add(struct text *text, const char *string);
void text_add_byte(struct text *text, char byte);
void text_add_decimal(struct text *text, uint64_t value);
void text_add_hex(struct text *text, uint64_t value); /* with 0x */

#endif
