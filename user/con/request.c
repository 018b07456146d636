/* SPDX-License-Identifier: MIT
 *
 * The requests of proto/con.h: one table, who may ask what, and the queues of those who wait. It must
 * not wait for anyone: a request that cannot be served now is parked. */
#include "user/con/con.h"
#include "user/con/uart.h"
#include <proto/run.h>
#include <string.h>

#define CHUNK 2048u /* bytes moved by one copy */
#define TURNS 8u    /* of them for writers, before messages are looked at again */

static uint8_t chunk[CHUNK];

static enum con_result answer(struct message *m, unsigned long status, unsigned long word)
{
    m->tag = status;
    m->w[0] = word;
    m->w[1] = m->w[2] = m->w[3] = 0;
    return CON_ANSWER;
}

static enum output_stream stream_of(unsigned long badge)
{
    return badge == CON_BADGE_STDERR || badge == CON_BADGE_CONTROL ? OUTPUT_STDERR : OUTPUT_STDOUT;
}

static enum con_result park(struct parked_queue *queue, struct message *m, unsigned long length)
{
    struct parked entry = {m->token, length, 0, stream_of(m->badge)};
    return parked_add(queue, &entry) ? CON_PARKED : answer(m, EAGAIN, 0);
}

/* --- Handlers: each request waits its turn in a queue, and request_serve() does the work ---- */

static enum con_result handle_read(struct message *m)
{
    return m->w[0] ? park(&con.readers, m, m->w[0]) : answer(m, 0, 0);
}

static enum con_result handle_write(struct message *m)
{
    return m->w[0] ? park(&con.writers, m, m->w[0]) : answer(m, 0, 0);
}

static enum con_result handle_drain(struct message *m)
{
    return park(&con.drains, m, 0);
}

static enum con_result handle_ready(struct message *m)
{
    bool has_input = !con.readers.count && line_peek(&con.line, chunk, 1) >= 0;
    bool has_room = !con.writers.count && output_room(&con.output, OUTPUT_KEEP_FOR_LOG) > 0;

    return answer(m, 0, (has_input ? CON_IS_READABLE : 0u) | (has_room ? CON_IS_WRITABLE : 0u));
}

static unsigned mode_now(void)
{
    return con.line.mode | (con.output.framed ? CON_MODE_FRAMED : 0);
}

static enum con_result handle_mode(struct message *m)
{
    unsigned old = mode_now();
    unsigned long mode = m->w[0];
    if (mode == ~0ul)
        return answer(m, 0, old);
    if (mode & ~(unsigned long)(CON_MODE_ALL | CON_MODE_FRAMED))
        return answer(m, EINVAL, 0);
    if (!con.output.framed) { /* octavo-run's bytes stay as they are, whatever a program asks */
        if (mode & CON_MODE_FRAMED)
            return answer(m, EINVAL, 0);
        con_event(line_set_mode(&con.line, (unsigned)mode));
        con.output.crlf = mode & CON_MODE_CRLF;
    }
    return answer(m, 0, old);
}

/* Takes at most one chunk, and of it what fits. A buffer that is not all there is made present by its
 * owner's pager, and the call comes again; where nothing can be, the kernel says EFAULT. */
static enum con_result handle_log(struct message *m)
{
    size_t room = output_room(&con.output, OUTPUT_KEEP_FOR_ECHO);
    unsigned long want = m->w[0] < CHUNK ? m->w[0] : CHUNK;
    long n = sys_copy(m->token, COPY_IN, 0, (unsigned long)chunk, want);
    if (n < 0)
        return answer(m, (unsigned long)-n, 0);
    if (n < (long)want) {
        answer(m, MSG_RESTART, COPY_IN);
        m->w[2] = want;
        return CON_ANSWER;
    }
    for (long i = 0; i < n && room > 0; i++, room--)
        output_put(&con.output, OUTPUT_STDERR, chunk[i]);
    return answer(m, 0, (unsigned long)n);
}

static void run_begin(bool input_is_empty)
{
    line_flush(&con.line);
    con.line.mode = 0;
    con.line.ended = input_is_empty;
    con.output.framed = true;
    con.output.stream = OUTPUT_STDOUT;
}

static size_t decimal(char *to, unsigned long value)
{
    char digit[20];
    size_t n = 0;
    do
        digit[n++] = (char)('0' + value % 10);
    while (value /= 10);
    for (size_t i = 0; i < n; i++)
        to[i] = digit[n - 1 - i];
    return n;
}

static enum con_result handle_run(struct message *m)
{
    char mark[64] = RUN_MARK_BEGIN;
    size_t length = sizeof RUN_MARK_BEGIN - 1;
    bool ends = m->w[0] == CON_RUN_END;

    if (m->w[0] > CON_RUN_END || ends != con.output.framed)
        return answer(m, EINVAL, 0);
    if (ends) {
        memcpy(mark, RUN_MARK_END, length = sizeof RUN_MARK_END - 1);
        length += decimal(mark + length, m->w[1]);
        mark[length++] = '\n';
    }
    if (!output_put_raw(&con.output, mark, length))
        return answer(m, EAGAIN, 0);
    if (ends)
        return handle_drain(m);
    run_begin(m->w[1]);
    return answer(m, 0, 0);
}

/* --- Dispatch -------------------------------------------------------------------------- */

#define ANYONE (1u << CON_BADGE_STDIN | 1u << CON_BADGE_STDOUT | 1u << CON_BADGE_STDERR | CONTROL)
#define CONTROL (1u << CON_BADGE_CONTROL)

static const struct operation {
    enum con_result (*handle)(struct message *m);
    unsigned long buffer; /* MSG_IN or MSG_OUT must come with it */
    unsigned who;         /* a bit a badge */
} operations[] = {
    [CON_READ] = {handle_read, MSG_OUT, ANYONE}, [CON_WRITE] = {handle_write, MSG_IN, ANYONE},
    [CON_MODE] = {handle_mode, 0, ANYONE},       [CON_LOG] = {handle_log, MSG_IN, ANYONE},
    [CON_DRAIN] = {handle_drain, 0, ANYONE},     [CON_RUN] = {handle_run, 0, CONTROL},
    [CON_READY] = {handle_ready, 0, ANYONE},
};

enum con_result request_handle(struct message *m)
{
    unsigned long label = MSG_LABEL(m->tag);
    if (label >= sizeof operations / sizeof operations[0] || !operations[label].handle)
        return answer(m, ENOSYS, 0);
    if (m->badge > CON_BADGE_CONTROL || !(operations[label].who >> m->badge & 1))
        return answer(m, EPERM, 0);
    if (operations[label].buffer && !(m->tag & operations[label].buffer) && m->w[0])
        return answer(m, EINVAL, 0);
    return operations[label].handle(m);
}

/* --- Serving those who wait ------------------------------------------------------------ */

/* Moves a piece of the first writer's text; false when there is no room. A writer is served to its
 * end, so that two programs' lines do not mix. */
static bool serve_writer(void)
{
    struct parked *writer = &con.writers.entry[0];
    size_t room = output_room(&con.output, OUTPUT_KEEP_FOR_LOG);
    unsigned long left = writer->length - writer->done;

    if (room < CHUNK && room < left && output_pending(&con.output))
        return false; /* so that it is not woken for every few bytes */
    unsigned long want = left < CHUNK ? left : CHUNK;
    want = want < room ? want : room;
    long n = sys_copy(writer->token, COPY_IN, writer->done, (unsigned long)chunk, want);
    if (n == -ESTALE) {
        parked_remove_first(&con.writers);
        return true;
    }
    for (long i = 0; i < n; i++)
        output_put(&con.output, writer->stream, chunk[i]);
    writer->done += n > 0 ? (unsigned long)n : 0;
    if (writer->done == writer->length || (n < (long)want && writer->done))
        parked_answer_first(&con.writers, 0, writer->done);
    else if (n < 0)
        parked_answer_first(&con.writers, (unsigned long)-n, 0);
    else if (n < (long)want)
        parked_restart_first(&con.writers, COPY_IN, want);
    uart_transmit(&con.output);
    return true;
}

/* Gives the first reader what there is; false when it has to wait. The input is consumed only when
 * the answer has arrived: a reader that died leaves it to the next. */
static bool serve_reader(void)
{
    struct parked *reader = &con.readers.entry[0];
    long ready = line_peek(&con.line, chunk, reader->length < CHUNK ? reader->length : CHUNK);
    long n = ready;

    if (ready < 0)
        return false;
    if (ready > 0)
        n = sys_copy(reader->token, COPY_OUT, 0, (unsigned long)chunk, (unsigned long)ready);
    if (n == -ESTALE)
        parked_remove_first(&con.readers);
    else if (n < 0)
        parked_answer_first(&con.readers, (unsigned long)-n, 0);
    else if (n == 0 && ready > 0)
        parked_restart_first(&con.readers, COPY_OUT, (unsigned long)ready);
    else if (parked_answer_first(&con.readers, 0, (unsigned long)n))
        line_consume(&con.line, (size_t)n);
    return true;
}

static void serve_drains(void)
{
    if (!con.drains.count && !con.init_drain)
        return;
    if (output_pending(&con.output) || con.writers.count || !uart_is_idle())
        return;
    while (con.drains.count)
        parked_answer_first(&con.drains, 0, 0);
    if (con.init_drain)
        sys_notify(CON_INIT, CON_NOTIFY_DRAINED);
    con.init_drain = false;
}

bool request_serve(void)
{
    bool is_ready = false;
    for (unsigned turn = 0; turn < TURNS && con.writers.count; turn++)
        if (!(is_ready = serve_writer()))
            break;
    while (con.readers.count && serve_reader())
        ;
    uart_transmit(&con.output);
    serve_drains();
    return is_ready && con.writers.count;
}
