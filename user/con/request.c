/* SPDX-License-Identifier: MIT
 *
 * The requests of proto/con.h: one table, who may ask what, and the queues of those who wait. It must
 * not wait for anyone: a request that cannot be served now is parked. */
#include "user/con/con.h"
#include "user/con/uart.h"
#include <errno.h>
#include <proto/run.h>
#include <string.h>

#define CHUNK 2048u /* bytes moved by one copy */
#define TURNS 8u    /* of them for writers, before messages are looked at again */

static uint8_t chunk[CHUNK];

static enum output_stream stream_of(unsigned long badge)
{
    return badge == CON_BADGE_STDERR || badge == CON_BADGE_CONTROL ? OUTPUT_STDERR : OUTPUT_STDOUT;
}

static int park(struct parked_queue *queue, const struct server_request *r, unsigned long length)
{
    const struct parked entry = {r->token, length, 0, stream_of(r->badge)};

    return parked_add(queue, &entry) ? SERVER_ANSWERED : -EAGAIN;
}

/* --- Handlers: each request waits its turn in a queue, and request_serve() does the work ---- */

static int read_handle(struct server_request *r)
{
    return r->w[0] ? park(&con.readers, r, r->w[0]) : 0;
}

static int write_handle(struct server_request *r)
{
    return r->w[0] ? park(&con.writers, r, r->w[0]) : 0;
}

static int drain_handle(struct server_request *r)
{
    return park(&con.drains, r, 0);
}

static int ready_handle(struct server_request *r)
{
    bool has_input = !con.readers.count && line_peek(&con.line, chunk, 1) >= 0;
    bool has_room = !con.writers.count && output_room(&con.output, OUTPUT_KEEP_FOR_LOG) > 0;

    r->word[0] = (has_input ? CON_IS_READABLE : 0u) | (has_room ? CON_IS_WRITABLE : 0u);
    return 0;
}

static unsigned mode_now(void)
{
    return con.line.mode | (con.output.framed ? CON_MODE_FRAMED : 0);
}

static int mode_handle(struct server_request *r)
{
    unsigned long mode = r->w[0];

    r->word[0] = mode_now();
    if (mode == ~0ul)
        return 0;
    if (mode & ~(unsigned long)(CON_MODE_ALL | CON_MODE_FRAMED))
        return -EINVAL;
    if (!con.output.framed) { /* octavo-run's bytes stay as they are, whatever a program asks */
        if (mode & CON_MODE_FRAMED)
            return -EINVAL;
        con_event(line_set_mode(&con.line, (unsigned)mode));
        con.output.crlf = mode & CON_MODE_CRLF;
    }
    return 0;
}

/* Takes at most one chunk, and of it what fits. */
static int log_handle(struct server_request *r)
{
    size_t room = output_room(&con.output, OUTPUT_KEEP_FOR_ECHO);
    unsigned long n = r->w[0] < CHUNK ? r->w[0] : CHUNK;
    int result = server_copy_in(r, 0, chunk, n);

    if (result != 0)
        return result;
    for (unsigned long i = 0; i < n && room > 0; i++, room--)
        output_put(&con.output, OUTPUT_STDERR, chunk[i]);
    r->word[0] = n;
    return 0;
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

static int run_handle(struct server_request *r)
{
    char mark[64] = RUN_MARK_BEGIN;
    size_t length = sizeof RUN_MARK_BEGIN - 1;
    bool ends = r->w[0] == CON_RUN_END;

    if (r->w[0] > CON_RUN_END || ends != con.output.framed)
        return -EINVAL;
    if (ends) {
        memcpy(mark, RUN_MARK_END, length = sizeof RUN_MARK_END - 1);
        length += decimal(mark + length, r->w[1]);
        mark[length++] = '\n';
    }
    if (!output_put_raw(&con.output, mark, length))
        return -EAGAIN;
    if (ends)
        return drain_handle(r);
    run_begin(r->w[1]);
    return 0;
}

/* --- The table ------------------------------------------------------------------------- */

#define ANYONE (1u << CON_BADGE_STDIN | 1u << CON_BADGE_STDOUT | 1u << CON_BADGE_STDERR | CONTROL)
#define CONTROL (1u << CON_BADGE_CONTROL)

/* who: a bit a badge. A read or write of nothing needs no buffer, which the table cannot say. */
const struct server_operation request_operations[] = {
    [CON_READ] = {.handle = read_handle, .who = ANYONE},
    [CON_WRITE] = {.handle = write_handle, .who = ANYONE},
    [CON_MODE] = {.handle = mode_handle, .who = ANYONE},
    [CON_LOG] = {.handle = log_handle, .who = ANYONE},
    [CON_DRAIN] = {.handle = drain_handle, .who = ANYONE},
    [CON_RUN] = {.handle = run_handle, .who = CONTROL},
    [CON_READY] = {.handle = ready_handle, .who = ANYONE},
};

const unsigned request_count = sizeof(request_operations) / sizeof(request_operations[0]);

int request_admit(struct server_request *r, unsigned who)
{
    static const unsigned long buffer[] = {
        [CON_READ] = MSG_OUT, [CON_WRITE] = MSG_IN, [CON_LOG] = MSG_IN};
    unsigned long label = MSG_LABEL(r->tag);

    if (r->badge > CON_BADGE_CONTROL || !(who >> r->badge & 1))
        return -EPERM;
    if (label < sizeof(buffer) / sizeof(buffer[0]) && buffer[label] && !(r->tag & buffer[label]) &&
        r->w[0])
        return -EINVAL;
    return 0;
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
        parked_answer_first(&con.writers, n, 0);
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
        parked_answer_first(&con.readers, n, 0);
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
