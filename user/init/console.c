/* SPDX-License-Identifier: MIT
 *
 * init's messages: see console.h. */
#include "user/init/console.h"
#include "user/init/machine.h"
#include <abi/layout.h>
#include <octavo/syscall.h>
#include <proto/con.h>
#include <proto/run.h>

static struct con_log *const ring = (struct con_log *)CON_LOG_BASE;
static handle_t con_control;

int console_setup(void)
{
    long result = sys_page_alloc(CON_LOG_BASE, sizeof *ring / PAGE_SIZE);
    return result < 0 ? (int)result : 0;
}

/* con's index, or what makes the ring full when con has written nonsense there. */
static uint64_t ring_tail(void)
{
    uint64_t tail = __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE);
    return ring->head - tail <= CON_LOG_BYTES ? tail : ring->head - CON_LOG_BYTES;
}

static void ring_put(const char *byte, size_t length)
{
    uint64_t head = ring->head;
    if (CON_LOG_BYTES - (head - ring_tail()) < length) {
        ring->dropped += length;
        return;
    }
    for (size_t i = 0; i < length; i++)
        ring->text[(head + i) % CON_LOG_BYTES] = (uint8_t)byte[i];
    __atomic_store_n(&ring->head, head + length, __ATOMIC_RELEASE);
}

/* To the kernel's console, as the kernel's own lines go there: octavo-run must know them from what
 * programs write (proto/run.h). */
static void write_line(const char *byte, size_t length)
{
    static const char mark[] = {RUN_ESC, RUN_OUT_KERNEL};
    size_t ignored;
    if (machine_argument("run", 3, &ignored))
        machine_write(mark, sizeof mark);
    machine_write(byte, length);
}

/* What con left behind, line by line. */
static void ring_rescue(void)
{
    struct text line = {0};
    for (uint64_t tail = ring_tail(); tail != ring->head; tail++) {
        char byte = (char)ring->text[tail % CON_LOG_BYTES];
        text_add_byte(&line, byte);
        if (byte != '\n' && line.length < TEXT_BYTES)
            continue;
        write_line(line.byte, line.length);
        line.length = 0;
    }
    ring->tail = ring->head;
}

void console_attach(handle_t control)
{
    con_control = control;
    if (control == HANDLE_NONE)
        ring_rescue();
}

void console_line(const struct text *text)
{
    struct text line = *text;
    if (line.length == TEXT_BYTES)
        line.length--;
    text_add_byte(&line, '\n');
    if (con_control == HANDLE_NONE) {
        write_line(line.byte, line.length);
        return;
    }
    ring_put(line.byte, line.length);
    sys_notify(con_control, CON_ASK_LOG);
}

void console_say(const char *string)
{
    struct text text = {0};
    text_add(&text, string);
    console_line(&text);
}

bool console_ask_drain(void)
{
    return con_control != HANDLE_NONE && sys_notify(con_control, CON_ASK_DRAIN) >= 0;
}
