/* SPDX-License-Identifier: MIT
 *
 * Text pieces: see text.h. */
#include "user/init/text.h"

void text_add_byte(struct text *text, char byte)
{
    if (text->length < TEXT_BYTES)
        text->byte[text->length++] = byte;
}

void text_add(struct text *text, const char *string)
{
    while (*string)
        text_add_byte(text, *string++);
}

static void text_add_number(struct text *text, uint64_t value, unsigned base)
{
    char digit[20];
    unsigned n = 0;
    do
        digit[n++] = "0123456789abcdef"[value % base];
    while (value /= base);
    while (n)
        text_add_byte(text, digit[--n]);
}

void text_add_decimal(struct text *text, uint64_t value)
{
    text_add_number(text, value, 10);
}

void text_add_hex(struct text *text, uint64_t value)
{
    text_add(text, "0x");
    text_add_number(text, value, 16);
}
