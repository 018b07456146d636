/* SPDX-License-Identifier: MIT
 *
 * The console's line discipline against a naive model that keeps a list of lines, and its echo against
 * a terminal: after every key the screen must show exactly the line that is being edited. */
// SOURCES: user/con/line.c user/con/output.c
// CPPFLAGS: -idirafter user/include
#include "harness.h"

#include <proto/con.h>
#include <proto/run.h>
#include <string.h>

#include "user/con/line.h"

#define COOKED (CON_MODE_ECHO | CON_MODE_CANONICAL | CON_MODE_SIGNALS | CON_MODE_CRLF)

static struct output output;
static struct line line;

/* --- A terminal, as wide as it takes ------------------------------------------------------ */

#define COLUMNS 40000

static struct {
    char cell[COLUMNS][4];
    unsigned column, used;
} screen;

static void screen_byte(uint8_t byte)
{
    if (byte == '\b') {
        screen.column -= screen.column > 0;
    } else if (byte == '\r') {
        screen.column = 0;
    } else if (byte == '\n') {
        memset(screen.cell, 0, screen.used * sizeof screen.cell[0]); /* only the last line counts */
        screen.used = 0;
    } else if (byte == '\t') {
        screen.column = (screen.column / 8 + 1) * 8;
    } else if ((byte & 0xc0) == 0x80) {
        if (screen.column)
            screen.cell[screen.column - 1][1] = (char)byte;
    } else if (byte >= ' ') {
        memset(screen.cell[screen.column], 0, 4);
        screen.cell[screen.column++][0] = byte == ' ' ? 0 : (char)byte;
    }
    CHECK(screen.column < COLUMNS - 100);
    screen.used = screen.column > screen.used ? screen.column : screen.used;
}

static void screen_drain(void)
{
    while (output_pending(&output))
        screen_byte(output_take(&output));
}

/* --- The model ---------------------------------------------------------------------------- */

#define MODEL_BYTES 20000
#define MODEL_LINES 20000

struct text {
    size_t length;
    uint8_t byte[MODEL_BYTES];
};

static struct {
    bool canonical;
    struct {
        size_t length;
        bool ended; /* by ^D */
    } lines[MODEL_LINES];
    size_t count;
    struct text ready; /* bytes of all lines; raw: all there is */
    struct text edited;
    unsigned start; /* where the edited line begins on the screen */
} model;

static void model_push(struct text *text, uint8_t byte)
{
    CHECK(text->length < MODEL_BYTES);
    text->byte[text->length++] = byte;
}

static void model_pop(struct text *text, size_t n)
{
    text->length -= n;
    memmove(text->byte, text->byte + n, text->length);
}

static void model_end_line(bool by_eof)
{
    CHECK(model.count < MODEL_LINES);
    model.lines[model.count].length = model.edited.length;
    model.lines[model.count++].ended = by_eof;
    for (size_t i = 0; i < model.edited.length; i++)
        model_push(&model.ready, model.edited.byte[i]);
    model.edited.length = 0;
}

static void model_erase(void)
{
    struct text *e = &model.edited;
    while (e->length && (e->byte[e->length - 1] & 0xc0) == 0x80)
        e->length--;
    e->length -= e->length > 0;
}

static bool blank_at_end(void)
{
    uint8_t last = model.edited.byte[model.edited.length - 1];
    return last == ' ' || last == '\t';
}

static void model_input(uint8_t byte)
{
    if (!model.canonical) {
        model_push(&model.ready, byte == '\r' ? '\n' : byte);
        return;
    }
    switch (byte) {
    case 0x7f:
    case 0x08:
        model_erase();
        break;
    case 0x15:
        model.edited.length = 0;
        break;
    case 0x17:
        while (model.edited.length && blank_at_end())
            model.edited.length--;
        while (model.edited.length && !blank_at_end())
            model.edited.length--;
        break;
    case 0x12:
        model.start = 0;
        break;
    case 0x04:
        model_end_line(true);
        break;
    case '\r':
    case '\n':
        model_push(&model.edited, '\n');
        model_end_line(false);
        model.start = 0;
        break;
    default:
        model_push(&model.edited, byte);
    }
}

static void model_flush(void)
{
    model.count = model.ready.length = model.edited.length = 0;
    model.start = 0;
}

static void model_set_mode(bool canonical)
{
    static struct text old;
    if (canonical == model.canonical)
        return;
    model.canonical = canonical;
    if (!canonical) {
        for (size_t i = 0; i < model.edited.length; i++)
            model_push(&model.ready, model.edited.byte[i]);
        model.edited.length = model.count = 0;
        return;
    }
    old = model.ready;
    model.ready.length = 0;
    for (size_t i = 0; i < old.length; i++)
        model_input(old.byte[i]);
}

/* What a read of at most max bytes should give; -1 = wait. */
static long model_read(size_t max)
{
    size_t there = model.canonical ? model.count ? model.lines[0].length : 0 : model.ready.length;
    if (model.canonical ? !model.count : !there)
        return -1;
    return (long)(there < max ? there : max);
}

static void model_consume(size_t n)
{
    model_pop(&model.ready, n);
    if (!model.canonical)
        return;
    model.lines[0].length -= n;
    if (model.lines[0].length == 0)
        memmove(model.lines, model.lines + 1, --model.count * sizeof model.lines[0]);
}

/* --- Comparing ---------------------------------------------------------------------------- */

/* The screen: from `start` on the edited line, then nothing. */
static void check_screen(void)
{
    unsigned column = model.start;
    for (size_t i = 0; i < model.edited.length; i++) {
        uint8_t byte = model.edited.byte[i];
        if (byte == '\t') {
            column = (column / 8 + 1) * 8;
        } else if ((byte & 0xc0) == 0x80) {
            if (i > 0) /* its first byte may have been read in raw mode */
                CHECK_EQ(screen.cell[column - 1][1], (char)byte);
        } else if (byte < ' ') {
            CHECK_EQ(screen.cell[column++][0], '^');
            CHECK_EQ(screen.cell[column++][0], (char)(byte + '@'));
        } else {
            CHECK_EQ(screen.cell[column++][0], byte == ' ' ? 0 : (char)byte);
        }
    }
    CHECK_EQ(screen.column, column);
    for (unsigned i = column; i < column + 100; i++)
        CHECK_EQ(screen.cell[i][0], 0);
}

static void check_read(size_t max)
{
    static uint8_t bytes[64];
    long n = line_peek(&line, bytes, max);
    CHECK_EQ(n, model_read(max));
    if (n < 0)
        return;
    CHECK(!memcmp(bytes, model.ready.byte, (size_t)n));
    if (n > 0 && rnd_chance(10))
        return; /* the reader died: nothing is consumed */
    size_t taken = n > 0 ? 1 + rnd_below((uint64_t)n) : 0;
    line_consume(&line, taken);
    model_consume(taken);
}

static void start_over(unsigned mode)
{
    memset(&screen, 0, sizeof screen);
    memset(&model, 0, sizeof model);
    model.canonical = mode & CON_MODE_CANONICAL;
    output_setup(&output);
    line_setup(&line, &output, mode);
}

static void type(const char *text)
{
    for (; *text; text++)
        CHECK_EQ(line_input(&line, (uint8_t)*text), 0);
}

static void expect(const char *text)
{
    static uint8_t bytes[256];
    long n = line_peek(&line, bytes, sizeof bytes);
    CHECK_EQ(n, strlen(text));
    CHECK(!memcmp(bytes, text, (size_t)n));
    line_consume(&line, (size_t)n);
}

static void expect_nothing(void)
{
    uint8_t byte;
    CHECK_EQ(line_peek(&line, &byte, 1), -1);
}

/* --- Tests -------------------------------------------------------------------------------- */

static const uint8_t keys[] = {'a',  'b',  ' ',  ' ',  '\t', '\n', '\r', 0x7f, 0x08,
                               0x15, 0x17, 0x12, 0x04, 0x04, 0x01, 0x1b, '~'};

static void prompt(void)
{
    if (model.edited.length || !model.canonical)
        return;
    for (const char *p = "$ "; *p; p++)
        output_put(&output, OUTPUT_STDOUT, (uint8_t)*p);
    screen_drain();
    model.start = screen.column;
}

static void press(void)
{
    if (rnd_chance(10)) { /* e acute, in its two bytes */
        line_input(&line, 0xc3);
        line_input(&line, 0xa9);
        model_input(0xc3);
        model_input(0xa9);
    } else {
        uint8_t key =
            rnd_chance(50) ? (uint8_t)('a' + rnd_below(26)) : keys[rnd_below(sizeof keys)];
        CHECK_EQ(line_input(&line, key), 0);
        model_input(key);
    }
    screen_drain();
    if (!model.edited.length) /* the next line begins where the cursor is: after a ^D, anywhere */
        model.start = screen.column;
    check_screen();
}

TEST(random)
{
    unsigned long n = test_operations();
    start_over(COOKED);
    for (unsigned long i = 0; i < n; i++) {
        unsigned what = (unsigned)rnd_below(1000);
        bool quiet = !model.edited.length;
        if (what < 600) {
            press();
        } else if (what < 980) {
            check_read(1 + rnd_below(40));
        } else if (what < 990) {
            prompt();
        } else if (what < 995 || model.ready.length + model.edited.length > 4000) {
            CHECK_EQ(line_input(&line, 0x03), LINE_INTERRUPT);
            screen_drain();
            model_flush();
            model.start = screen.column;
        } else if (quiet) {
            /* Lines that move between the modes are echoed twice or not at all: start a new one. */
            bool canonical = rnd_chance(50);
            unsigned mode = COOKED & ~(canonical ? 0u : CON_MODE_CANONICAL | CON_MODE_ECHO);
            line_set_mode(&line, mode);
            model_set_mode(canonical);
            screen_drain();
            model.start = model.edited.length ? 0 : screen.column;
            if (model.edited.length)
                line_input(&line, LINE_KEY_REPRINT);
            screen_drain();
        }
    }
}

TEST(lines)
{
    start_over(COOKED);
    type("hello");
    expect_nothing();
    type("\r");
    expect("hello\n");
    type("one\ntwo\nthr");
    expect("one\n");
    expect("two\n");
    expect_nothing();
    type("ee\n");
    expect("three\n");
}

TEST(part_of_a_line)
{
    uint8_t bytes[3];
    start_over(COOKED);
    type("hello\nx\n");
    CHECK_EQ(line_peek(&line, bytes, 3), 3);
    line_consume(&line, 3);
    expect("lo\n");
    expect("x\n");
}

TEST(end_of_file)
{
    uint8_t bytes[8];
    start_over(COOKED);
    type("\x04");
    CHECK_EQ(line_peek(&line, bytes, 8), 0);
    CHECK_EQ(line_peek(&line, bytes, 8), 0); /* until it is consumed */
    line_consume(&line, 0);
    expect_nothing();
    type("ab\x04");
    expect("ab"); /* without a newline, and no end of file behind it */
    expect_nothing();
    type("ab\x04\x04");
    expect("ab");
    CHECK_EQ(line_peek(&line, bytes, 8), 0);
    line_consume(&line, 0);
    type("a\n\x04");
    expect("a\n");
    CHECK_EQ(line_peek(&line, bytes, 8), 0);
}

TEST(keys)
{
    start_over(COOKED);
    type("xy\x7f\x7f\x7fz\n");
    expect("z\n");
    type("one two  \x17three\n");
    expect("one three\n");
    type("gone\x15here\n");
    expect("here\n");
    type("kept\n");
    CHECK_EQ(line_input(&line, 0x03), LINE_INTERRUPT);
    expect_nothing();
    CHECK_EQ(line_input(&line, 0x1c), LINE_DUMP);
    line_set_mode(&line, 0);
    CHECK_EQ(line_input(&line, 0x03), 0); /* raw, no signals: a byte */
    CHECK_EQ(line_input(&line, 0x1c), LINE_DUMP);
    expect("\x03");
}

/* What is typed ahead at a shell's raw prompt is edited once the program it starts wants lines. */
TEST(raw_then_lines)
{
    start_over(0);
    type("cat\rhellp\x7fo\r");
    uint8_t bytes[4];
    CHECK_EQ(line_peek(&line, bytes, 4), 4);
    line_consume(&line, 4);
    line_set_mode(&line, COOKED);
    expect("hello\n");
    expect_nothing();
    type("x\x04y");
    line_set_mode(&line, CON_MODE_CRLF);
    expect("xy"); /* the ^D is no byte */
}

TEST(full)
{
    start_over(COOKED);
    for (unsigned i = 0; i < 3 * LINE_BYTES; i++) {
        line_input(&line, 'x');
        output.tail = output.head;
    }
    CHECK_EQ(line_room(&line), 1);
    line_input(&line, 'x');
    CHECK_EQ(output_pending(&output), 1);
    CHECK_EQ(output_take(&output), 7);
    type("\n");
    CHECK_EQ(line_room(&line), 0);
    type("\n\x04");
    static uint8_t all[LINE_BYTES];
    CHECK_EQ(line_peek(&line, all, sizeof all), LINE_BYTES);
    CHECK_EQ(all[LINE_BYTES - 1], '\n');
    line_consume(&line, LINE_BYTES);
    expect_nothing();
}

/* octavo-run's stdin: any bytes, and an end that stays. */
TEST(framed_input)
{
    static uint8_t sent[4000], got[4000];
    start_over(0);
    for (unsigned i = 0; i < sizeof sent; i++) {
        sent[i] = (uint8_t)(rnd_chance(10) ? RUN_IN_DLE : rnd());
        line_input_framed(&line, sent[i]);
        if (sent[i] == RUN_IN_DLE)
            line_input_framed(&line, RUN_IN_DLE);
    }
    line_input_framed(&line, RUN_IN_DLE);
    line_input_framed(&line, RUN_IN_EOF);
    CHECK_EQ(line_peek(&line, got, sizeof got), sizeof sent);
    CHECK(!memcmp(sent, got, sizeof sent));
    line_consume(&line, sizeof sent);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(line_peek(&line, got, sizeof got), 0);
        line_consume(&line, 0);
    }
}

/* octavo-run's stdout and stderr: what the host decodes is what was written. */
TEST(framed_output)
{
    unsigned long n = test_operations() / 10;
    enum output_stream decoded = OUTPUT_STDOUT;
    bool after_escape = false;
    output_setup(&output);
    output.framed = true;
    for (unsigned long i = 0; i < n; i++) {
        enum output_stream stream = rnd_chance(30) ? OUTPUT_STDERR : OUTPUT_STDOUT;
        uint8_t byte = (uint8_t)(rnd_chance(20) ? RUN_ESC : rnd_chance(20) ? 'e' : rnd());
        int literal = -1;
        CHECK(output_room(&output, 0) > 0);
        output_put(&output, stream, byte);
        CHECK(output_pending(&output) <= OUTPUT_WORST);
        while (output_pending(&output)) {
            uint8_t c = output_take(&output);
            if (!after_escape && c == RUN_ESC) {
                after_escape = true;
                continue;
            }
            if (after_escape && c == RUN_OUT_STDERR)
                decoded = OUTPUT_STDERR;
            else if (after_escape && c == RUN_OUT_STDOUT)
                decoded = OUTPUT_STDOUT;
            else if (after_escape)
                literal = (CHECK_EQ(c, RUN_OUT_LITERAL), RUN_ESC);
            else
                literal = c;
            after_escape = false;
        }
        CHECK_EQ(literal, byte);
        CHECK_EQ(decoded, stream);
    }
}

TEST(output_room)
{
    output_setup(&output);
    CHECK_EQ(output_room(&output, OUTPUT_BYTES), 0);
    size_t room = output_room(&output, 100);
    output.framed = true;
    for (size_t i = 0; i < room; i++) /* the worst there is */
        output_put(&output, i % 2 ? OUTPUT_STDOUT : OUTPUT_STDERR, RUN_ESC);
    CHECK(output_pending(&output) <= OUTPUT_BYTES - 100);
    CHECK_EQ(output_room(&output, 100), 0);
    CHECK(output_put_raw(&output, "x", 1));
    static char much[OUTPUT_BYTES];
    CHECK(!output_put_raw(&output, much, sizeof much));
}
