/* SPDX-License-Identifier: MIT
 *
 * The output ring: see output.h. */
#include "user/con/output.h"
#include <proto/run.h>

#define TAB_STOP 8u

void output_setup(struct output *output)
{
    *output = (struct output){.crlf = true};
}

size_t output_room(const struct output *output, size_t keep)
{
    size_t free = OUTPUT_BYTES - output_pending(output);
    return free > keep ? (free - keep) / OUTPUT_WORST : 0;
}

static void output_append(struct output *output, uint8_t byte)
{
    output->byte[output->head++ % OUTPUT_BYTES] = byte;
}

static void output_put_framed(struct output *output, enum output_stream stream, uint8_t byte)
{
    if (stream != output->stream) {
        output->stream = stream;
        output_append(output, RUN_ESC);
        output_append(output, stream == OUTPUT_STDERR ? RUN_OUT_STDERR : RUN_OUT_STDOUT);
    }
    output_append(output, byte);
    if (byte == RUN_ESC)
        output_append(output, RUN_OUT_LITERAL);
}

/* Where the cursor is after this byte. Escape sequences are not understood: they put it too far to the
 * right, and all that suffers is how far erasing a tab goes back. */
static unsigned output_column(const struct output *output, uint8_t byte)
{
    if (byte == '\r' || (byte == '\n' && output->crlf))
        return 0;
    if (byte == '\b')
        return output->column ? output->column - 1 : 0;
    if (byte == '\t')
        return (output->column / TAB_STOP + 1) * TAB_STOP;
    if (byte < ' ' || byte == 0x7f ||
        (byte & 0xc0) == 0x80) /* control, or inside a UTF-8 character */
        return output->column;
    return output->column + 1;
}

void output_put(struct output *output, enum output_stream stream, uint8_t byte)
{
    if (output->framed) {
        output_put_framed(output, stream, byte);
        return;
    }
    if (byte == '\n' && output->crlf)
        output_append(output, '\r');
    output_append(output, byte);
    output->column = output_column(output, byte);
}

bool output_put_raw(struct output *output, const char *bytes, size_t length)
{
    if (OUTPUT_BYTES - output_pending(output) < length)
        return false;
    for (size_t i = 0; i < length; i++)
        output_append(output, (uint8_t)bytes[i]);
    return true;
}
