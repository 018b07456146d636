/* SPDX-License-Identifier: MIT
 *
 * The line discipline: see line.h. */
#include "user/con/line.h"
#include <proto/con.h>
#include <proto/run.h>
#include <string.h>

#define TAB_STOP 8u
#define BELL 0x07

void line_setup(struct line *line, struct output *output, unsigned mode)
{
    *line = (struct line){.output = output, .mode = mode};
}

size_t line_room(const struct line *line)
{
    return LINE_BYTES - (line->head - line->tail);
}

static uint8_t line_at(const struct line *line, size_t position)
{
    return line->byte[position % LINE_BYTES];
}

static bool line_is_marked(const struct line *line, size_t position)
{
    size_t slot = position % LINE_BYTES;
    return line->marked[slot / 8] >> slot % 8 & 1;
}

/* There must be room. */
static void line_append(struct line *line, uint8_t byte, bool mark)
{
    size_t slot = line->head++ % LINE_BYTES;
    line->byte[slot] = byte;
    line->marked[slot / 8] &= (uint8_t) ~(1u << slot % 8);
    if (mark)
        line->marked[slot / 8] |= (uint8_t)(1u << slot % 8);
}

/* --- Echo ------------------------------------------------------------------------------ */

/* Echo that does not fit is lost, as on any terminal. */
static void line_emit(struct line *line, uint8_t byte)
{
    if (output_room(line->output, 0))
        output_put(line->output, OUTPUT_STDOUT, byte);
}

static bool line_shows_caret(uint8_t byte)
{
    return (byte < ' ' && byte != '\t' && byte != '\n') || byte == 0x7f;
}

static void line_echo(struct line *line, uint8_t byte)
{
    if (!(line->mode & CON_MODE_ECHO))
        return;
    if (line_shows_caret(byte)) {
        line_emit(line, '^');
        byte ^= 0x40;
    }
    line_emit(line, byte);
}

/* Columns that the byte at position took, when it began in `column`. */
static unsigned line_width(const struct line *line, size_t position, unsigned column)
{
    uint8_t byte = line_at(line, position);
    if (byte == '\t')
        return TAB_STOP - column % TAB_STOP;
    if (line_shows_caret(byte))
        return 2;
    return (byte & 0xc0) == 0x80 ? 0 : 1; /* the first byte of a UTF-8 character stands for it */
}

/* --- Editing --------------------------------------------------------------------------- */

/* Takes back the edited line's bytes from `position` on, on the screen too. */
static void line_erase_from(struct line *line, size_t position)
{
    unsigned column = line->start, width = 0;
    for (size_t i = line->committed; i < line->head; i++) {
        unsigned w = line_width(line, i, column);
        column += w;
        width += i >= position ? w : 0;
    }
    line->head = position;
    if (line->mode & CON_MODE_ECHO)
        while (width--) {
            line_emit(line, '\b');
            line_emit(line, ' ');
            line_emit(line, '\b');
        }
}

/* Where the last character of the edited line begins. */
static size_t line_last_character(const struct line *line)
{
    size_t position = line->head;
    while (position > line->committed && (line_at(line, --position) & 0xc0) == 0x80)
        ;
    return position;
}

static bool line_is_blank(const struct line *line, size_t position)
{
    return line_at(line, position) == ' ' || line_at(line, position) == '\t';
}

/* Where the last word begins: blanks behind it go with it. */
static size_t line_last_word(const struct line *line)
{
    size_t position = line->head;
    while (position > line->committed && line_is_blank(line, position - 1))
        position--;
    while (position > line->committed && !line_is_blank(line, position - 1))
        position--;
    return position;
}

static void line_reprint(struct line *line)
{
    line_echo(line, LINE_KEY_REPRINT);
    line_echo(line, '\n');
    line->start = line->output->column;
    for (size_t i = line->committed; i < line->head; i++)
        line_echo(line, line_at(line, i));
}

/* An ordinary byte, a newline or a ^D in canonical mode. The last place in the ring is for what ends a
 * line, so that a line that filled it can still be read. */
static void line_take(struct line *line, uint8_t byte)
{
    bool ends = byte == '\n' || byte == LINE_KEY_EOF;
    if (line_room(line) < (ends ? 1 : 2)) {
        line_emit(line, BELL);
        return;
    }
    if (line->head == line->committed)
        line->start = line->output->column;
    line_append(line, byte, byte == LINE_KEY_EOF);
    if (byte != LINE_KEY_EOF)
        line_echo(line, byte);
    if (ends)
        line->committed = line->head;
}

static void line_edit(struct line *line, uint8_t byte)
{
    switch (byte) {
    case LINE_KEY_ERASE:
    case LINE_KEY_ERASE_BS:
        line_erase_from(line, line_last_character(line));
        break;
    case LINE_KEY_WORD:
        line_erase_from(line, line_last_word(line));
        break;
    case LINE_KEY_KILL:
        line_erase_from(line, line->committed);
        break;
    case LINE_KEY_REPRINT:
        line_reprint(line);
        break;
    default:
        line_take(line, byte);
    }
}

/* --- Input ----------------------------------------------------------------------------- */

unsigned line_input(struct line *line, uint8_t byte)
{
    if (byte == LINE_KEY_DUMP)
        return LINE_DUMP;
    if (byte == LINE_KEY_INTERRUPT && line->mode & CON_MODE_SIGNALS) {
        line_flush(line);
        line_echo(line, byte); /* the shell begins a new line */
        return LINE_INTERRUPT;
    }
    if (byte == '\r' && line->mode & CON_MODE_CRLF)
        byte = '\n';
    if (line->mode & CON_MODE_CANONICAL) {
        line_edit(line, byte);
    } else if (line_room(line)) {
        line_append(line, byte, false);
        line->committed = line->head;
        line_echo(line, byte);
    }
    return 0;
}

void line_input_framed(struct line *line, uint8_t byte)
{
    if (!line->escaped && byte == RUN_IN_DLE) {
        line->escaped = true;
        return;
    }
    bool is_end = line->escaped && byte == RUN_IN_EOF;
    line->escaped = false;
    if (is_end) {
        line->ended = true;
    } else if (line_room(line)) {
        line_append(line, byte, false);
        line->committed = line->head;
    }
}

void line_flush(struct line *line)
{
    line->tail = line->committed = line->head;
}

unsigned line_set_mode(struct line *line, unsigned mode)
{
    unsigned old = line->mode, events = 0;
    size_t end = line->head;

    line->mode = mode;
    if (!((old ^ mode) & CON_MODE_CANONICAL))
        return 0;
    /* Written again where it lies: the new bytes never overtake the old ones. */
    line->head = line->committed = line->tail;
    if (old & CON_MODE_ECHO)
        line->mode &= ~CON_MODE_ECHO; /* they are on the screen already */
    for (size_t i = line->tail; i < end; i++) {
        uint8_t byte = line_at(line, i);
        if (mode & CON_MODE_CANONICAL)
            events |= line_input(line, byte);
        else if (!line_is_marked(line, i))
            line_append(line, byte, false);
    }
    if (!(mode & CON_MODE_CANONICAL))
        line->committed = line->head;
    line->mode = mode;
    return events;
}

/* --- Output to readers ----------------------------------------------------------------- */

long line_peek(const struct line *line, uint8_t *bytes, size_t max)
{
    size_t n = 0;
    if (line->tail == line->committed)
        return line->ended ? 0 : -1;
    for (size_t i = line->tail; i < line->committed && n < max; i++) {
        if (line_is_marked(line, i))
            break;
        bytes[n++] = line_at(line, i);
        if (line->mode & CON_MODE_CANONICAL && bytes[n - 1] == '\n')
            break;
    }
    return (long)n;
}

void line_consume(struct line *line, size_t n)
{
    line->tail += n;
    /* A ^D behind text has done its work once the text is read. */
    if (line->tail < line->committed && line_is_marked(line, line->tail) &&
        (n == 0 || line_at(line, line->tail - 1) != '\n'))
        line->tail++;
}
