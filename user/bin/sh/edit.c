/* SPDX-License-Identifier: MIT
 *
 * Reading a line from the console: the terminal is raw meanwhile, and every key is handled here.
 * Emacs keys, arrows, history, completion of program names. The line is shown in one row of the
 * screen; a longer one is shown in part, around the cursor. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include "user/bin/sh/shell.h"

#define EDIT_ROOM 1024
#define EDIT_COLUMNS 80
#define HISTORY_LINES 100

#define CONTROL(key) ((key) - '@')
#define KEY_ESCAPE 0x1b
#define KEY_DELETE 0x7f

/* Keys that come as escape sequences; above all bytes. */
enum {
    KEY_UP = 256,
    KEY_DOWN,
    KEY_RIGHT,
    KEY_LEFT,
    KEY_HOME,
    KEY_END,
    KEY_ERASE,
    KEY_NONE,
    KEY_EOF
};

static struct {
    char text[EDIT_ROOM];
    size_t length, cursor;
    const char *prompt;
    char output[EDIT_ROOM];
    size_t written;
} edit;

static struct {
    char *line[HISTORY_LINES]; /* a ring: number n is at n mod HISTORY_LINES */
    unsigned long count;       /* of all ever added */
    unsigned long shown;       /* while walking; == count: the new line */
    char *unfinished;          /* the new line, kept while walking */
} history;

static unsigned long history_first(void)
{
    return history.count > HISTORY_LINES ? history.count - HISTORY_LINES : 0;
}

void history_add(const char *line)
{
    if (!line[strspn(line, " \t")])
        return;
    if (history.count > 0 && strcmp(history.line[(history.count - 1) % HISTORY_LINES], line) == 0)
        return;
    char *copy = strdup(line);
    if (!copy)
        return;
    char **slot = &history.line[history.count++ % HISTORY_LINES];
    free(*slot);
    *slot = copy;
}

void history_print(void)
{
    for (unsigned long n = history_first(); n < history.count; n++)
        printf("%5lu  %s\n", n + 1, history.line[n % HISTORY_LINES]);
}

/* --- Output: collected, so that a key costs one write ------------------------------------- */

static void output_flush(void)
{
    for (size_t done = 0; done < edit.written;) {
        ssize_t n = write(STDOUT_FILENO, edit.output + done, edit.written - done);
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    edit.written = 0;
}

static void output(const char *text, size_t length)
{
    if (edit.written + length > sizeof(edit.output))
        output_flush();
    if (length > sizeof(edit.output))
        return;
    memcpy(edit.output + edit.written, text, length);
    edit.written += length;
}

static void output_string(const char *text)
{
    output(text, strlen(text));
}

/* Draws, from the left edge, the prompt and the part of the line that has the cursor in it. */
static void draw(void)
{
    size_t width = EDIT_COLUMNS - 1 - strlen(edit.prompt) % EDIT_COLUMNS, start = 0;
    char move[16];

    if (edit.cursor > width)
        start = edit.cursor - width;
    size_t visible = edit.length - start < width ? edit.length - start : width;
    output_string(edit.prompt);
    output(edit.text + start, visible);
    output_string("\x1b[K");
    if (edit.cursor - start < visible) {
        snprintf(move, sizeof(move), "\x1b[%zuD", visible - (edit.cursor - start));
        output_string(move);
    }
}

static void show(void)
{
    output_string("\r");
    draw();
}

/* --- Changes --------------------------------------------------------------------------- */

static void insert(const char *text, size_t length)
{
    if (edit.length + length >= EDIT_ROOM)
        return;
    memmove(edit.text + edit.cursor + length, edit.text + edit.cursor, edit.length - edit.cursor);
    memcpy(edit.text + edit.cursor, text, length);
    edit.length += length;
    edit.cursor += length;
    if (edit.cursor == edit.length && strlen(edit.prompt) + edit.length < EDIT_COLUMNS - 1)
        output(text, length);
    else
        show();
}

/* Removes the bytes [from, to); the cursor goes to from. */
static void erase(size_t from, size_t to)
{
    memmove(edit.text + from, edit.text + to, edit.length - to);
    edit.length -= to - from;
    edit.cursor = from;
    show();
}

static size_t word_start(void)
{
    size_t at = edit.cursor;

    while (at > 0 && edit.text[at - 1] == ' ')
        at--;
    while (at > 0 && edit.text[at - 1] != ' ')
        at--;
    return at;
}

static void replace(const char *text)
{
    edit.length = strlen(text) < EDIT_ROOM ? strlen(text) : EDIT_ROOM - 1;
    memcpy(edit.text, text, edit.length);
    edit.cursor = edit.length;
    show();
}

/* Shows the older (step -1) or newer (+1) line. */
static void history_walk(int step)
{
    if (step < 0 ? history.shown == history_first() : history.shown == history.count)
        return;
    if (history.shown == history.count) {
        edit.text[edit.length] = '\0';
        free(history.unfinished);
        history.unfinished = strdup(edit.text);
    }
    history.shown += (unsigned long)(long)step;
    if (history.shown < history.count)
        replace(history.line[history.shown % HISTORY_LINES]);
    else
        replace(history.unfinished ? history.unfinished : "");
}

/* Adds to *common what all candidates share beyond the typed text; count grows. */
static void candidate(const char *name, const char *typed, size_t length, char *common,
                      unsigned *count)
{
    if (strncmp(name, typed, length) != 0)
        return;
    if ((*count)++ == 0) {
        snprintf(common, 64, "%s", name);
        return;
    }
    size_t same = 0;
    while (common[same] && common[same] == name[same])
        same++;
    common[same] = '\0';
}

/* Completes the word before the cursor to a program's or built-in's name, as far as unique. */
static void complete(void)
{
    size_t start = word_start(), length = edit.cursor - start;
    char name[64], common[64];
    unsigned count = 0;

    if (length == 0 || edit.text[edit.cursor - 1] == ' ')
        return;
    const char *typed = edit.text + start;
    for (unsigned i = 0; *typed != '/' && builtin_name(i); i++)
        candidate(builtin_name(i), typed, length, common, &count);
    for (unsigned i = 0; program_name(i, name, sizeof(name)); i++) {
        const char *base = strrchr(name, '/');
        candidate(*typed == '/' || !base ? name : base + 1, typed, length, common, &count);
    }
    if (count == 0)
        return;
    insert(common + length, strlen(common) - length);
    if (count == 1)
        insert(" ", 1);
}

/* --- Keys ------------------------------------------------------------------------------ */

/* One at a time: what is typed ahead is for the program that the line starts. */
static int key_byte(void)
{
    unsigned char byte;

    output_flush();
    return read(STDIN_FILENO, &byte, 1) == 1 ? byte : KEY_EOF;
}

/* ESC [ or ESC O, a number perhaps, and a final byte (ECMA-48; xterm's keys). */
static int key_escape(void)
{
    int number = 0, c = key_byte();

    if (c != '[' && c != 'O')
        return KEY_NONE;
    while (isdigit(c = key_byte()) || c == ';')
        number = c == ';' ? number : 10 * number + c - '0';
    switch (c) {
    case 'A':
        return KEY_UP;
    case 'B':
        return KEY_DOWN;
    case 'C':
        return KEY_RIGHT;
    case 'D':
        return KEY_LEFT;
    case 'H':
        return KEY_HOME;
    case 'F':
        return KEY_END;
    case '~':
        return number == 3                  ? KEY_ERASE
               : number == 1 || number == 7 ? KEY_HOME
               : number == 4 || number == 8 ? KEY_END
                                            : KEY_NONE;
    }
    return KEY_NONE;
}

static void cursor_move(size_t to)
{
    edit.cursor = to;
    show();
}

/* Keys that change the line or move in it. */
static void key_edit(int key)
{
    char c = (char)key;

    if (key == KEY_LEFT || key == CONTROL('B')) {
        if (edit.cursor > 0)
            cursor_move(edit.cursor - 1);
    } else if (key == KEY_RIGHT || key == CONTROL('F')) {
        if (edit.cursor < edit.length)
            cursor_move(edit.cursor + 1);
    } else if (key == KEY_HOME || key == CONTROL('A')) {
        cursor_move(0);
    } else if (key == KEY_END || key == CONTROL('E')) {
        cursor_move(edit.length);
    } else if (key == KEY_UP || key == CONTROL('P')) {
        history_walk(-1);
    } else if (key == KEY_DOWN || key == CONTROL('N')) {
        history_walk(1);
    } else if (key == KEY_DELETE || key == CONTROL('H')) {
        if (edit.cursor > 0)
            erase(edit.cursor - 1, edit.cursor);
    } else if (key == KEY_ERASE || key == CONTROL('D')) {
        if (edit.cursor < edit.length)
            erase(edit.cursor, edit.cursor + 1);
    } else if (key == CONTROL('K')) {
        size_t at = edit.cursor;
        erase(at, edit.length);
    } else if (key == CONTROL('U')) {
        erase(0, edit.cursor);
    } else if (key == CONTROL('W')) {
        erase(word_start(), edit.cursor);
    } else if (key == CONTROL('L')) {
        output_string("\x1b[H\x1b[2J");
        show();
    } else if (key == CONTROL('I')) {
        complete();
    } else if (key >= ' ' && key < KEY_UP) {
        insert(&c, 1);
    }
}

/* Keys until the line is done: '\r' or '\n', ^C, or the end of input on an empty line. */
static int keys_until_done(void)
{
    for (;;) {
        int key = key_byte();
        if (key == KEY_ESCAPE)
            key = key_escape();
        if (key == '\r' || key == '\n' || key == CONTROL('C') || key == KEY_EOF)
            return key;
        if (key == CONTROL('D') && edit.length == 0)
            return KEY_EOF;
        key_edit(key);
    }
}

/* The modes that programs find, whatever one that died has left; and those for editing. */
static int terminal_modes(struct termios *sane, struct termios *raw)
{
    if (tcgetattr(STDIN_FILENO, sane) < 0)
        return -1;
    sane->c_iflag |= ICRNL;
    sane->c_oflag |= OPOST | ONLCR;
    sane->c_lflag |= ICANON | ECHO | ISIG;
    *raw = *sane;
    raw->c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
    return 0;
}

char *edit_line(const char *prompt, bool *interrupted)
{
    struct termios sane, raw;

    if (terminal_modes(&sane, &raw) < 0)
        return NULL;
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    edit.length = edit.cursor = 0;
    edit.prompt = prompt;
    history.shown = history.count;
    draw();
    int key = keys_until_done();
    *interrupted = key == CONTROL('C');
    if (edit.cursor != edit.length)
        cursor_move(edit.length);
    output_string(key == KEY_EOF ? "exit\n" : *interrupted ? "^C\n" : "\n");
    output_flush();
    tcsetattr(STDIN_FILENO, TCSANOW, &sane);
    if (*interrupted)
        edit.length = 0;
    edit.text[edit.length] = '\0';
    return key == KEY_EOF ? NULL : edit.text;
}
