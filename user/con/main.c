/* SPDX-License-Identifier: MIT
 *
 * con: the console server. It owns the serial line and gives it to programs as a terminal.
 *
 *     uart.c     the device        line.c     what typed bytes mean     output.c   what leaves
 *     request.c  what programs ask parked.c   those who wait            main.c     the receive loop
 *
 * It must not wait for anything but the next message, and must not call anyone once it has registered:
 * programs of every kind stand in its queues, and init must be able to rely on it. */
#include "user/con/con.h"
#include "user/con/uart.h"
#include <abi/device.h>
#include <octavo/wired.h>
#include <proto/init.h>
#include <stdlib.h>

OCTAVO_WIRED_PROGRAM;

#define NOTIFY_UART (1ul << 16) /* beside init's CON_ASK_* */
#define POLL_IDLE 1000000ul     /* ns: no interrupt tells that the last byte has left */

struct con con;

static struct con_log *const init_log = (struct con_log *)CON_LOG_BASE;

void con_event(unsigned events)
{
    if (events & LINE_INTERRUPT)
        sys_notify(CON_INIT, CON_NOTIFY_INTERRUPT);
    if (events & LINE_DUMP)
        sys_system(CON_SYSTEM, SYSTEM_DUMP, 0, 0);
}

void log_serve(void)
{
    uint64_t head = __atomic_load_n(&init_log->head, __ATOMIC_ACQUIRE);
    uint64_t tail = init_log->tail;
    size_t room = output_room(&con.output, OUTPUT_KEEP_FOR_ECHO);

    for (; tail != head && room > 0; tail++, room--)
        output_put(&con.output, OUTPUT_STDERR, init_log->text[tail % CON_LOG_BYTES]);
    __atomic_store_n(&init_log->tail, tail, __ATOMIC_RELEASE);
}

/* Whether another typed byte can be taken without losing it. In canonical mode all are, because ^C
 * must be seen; the discipline rings the bell for those it cannot keep. */
static bool wants_input(void)
{
    bool keeps_all = con.output.framed || !(con.line.mode & CON_MODE_CANONICAL);
    return !keeps_all || line_room(&con.line) > 0;
}

static void receive_bytes(void)
{
    int byte;
    while (wants_input() && (byte = uart_receive()) >= 0) {
        if (con.output.framed)
            line_input_framed(&con.line, (uint8_t)byte);
        else
            con_event(line_input(&con.line, (uint8_t)byte));
    }
}

static void notified(void *context, unsigned long bits)
{
    (void)context;
    if (bits & NOTIFY_UART) {
        receive_bytes();
        uart_listen(wants_input());
        uart_acknowledge();
    }
    if (bits & CON_ASK_DRAIN)
        con.init_drain = true;
}

/* What init said is older than what a program says now. */
static int admit(struct server_request *r, unsigned who)
{
    log_serve();
    return request_admit(r, who);
}

/* What this message brought may be what others wait for. */
static unsigned long before_wait(void *context)
{
    (void)context;
    log_serve();
    bool is_ready = request_serve();
    uart_listen(wants_input());
    if (is_ready)
        return DEADLINE_NOW;
    if ((!con.drains.count && !con.init_drain) || output_pending(&con.output))
        return DEADLINE_NEVER;
    return (unsigned long)sys_clock() + POLL_IDLE;
}

/* The four rights that init hands out. */
static const struct server_right rights[] = {
    {.badge = CON_BADGE_STDIN},
    {.badge = CON_BADGE_STDOUT},
    {.badge = CON_BADGE_STDERR},
    {.badge = CON_BADGE_CONTROL, .notify = CON_ASK_LOG | CON_ASK_DRAIN},
};

/* The port, or a negative errno. */
static long con_setup(void)
{
    long port = sys_port_create();
    if (port < 0)
        return port;
    output_setup(&con.output);
    line_setup(&con.line, &con.output, CON_MODE_DEFAULT);
    long right = sys_right_create((handle_t)port, 0, NOTIFY_UART);
    if (right < 0)
        return right;
    long result = uart_setup(CON_UART, (handle_t)right, NOTIFY_UART);
    if (result < 0)
        return result;
    result =
        server_register(SERVICE_CON, (handle_t)port, rights, sizeof(rights) / sizeof(rights[0]));
    return result < 0 ? result : port;
}

int main(void)
{
    const struct server server = {.operations = request_operations,
                                  .count = request_count,
                                  .admit = admit,
                                  .notified = notified,
                                  .before_wait = before_wait};
    long port = con_setup();

    if (port < 0)
        exit((int)-port);
    server_run(&server, (handle_t)port, NULL);
}
