/* SPDX-License-Identifier: MIT
 *
 * ns16550a (National Semiconductor PC16550D data sheet, section 8: registers). The line's speed and
 * format stay as the firmware set them. */
#include "user/con/uart.h"
#include <octavo/syscall.h>
#include <octavo/wired.h>

#define UART_BASE WIRED_HEAP_END

#define RBR 0 /* receiver buffer, read */
#define THR 0 /* transmitter holding, write */
#define IER 1 /* interrupt enable */
#define IIR 2 /* interrupt identification, read: also clears "transmitter empty" */
#define FCR 2 /* FIFO control, write */
#define LSR 5 /* line status */
#define MCR 4 /* modem control */

#define IER_ERBFI 0x01 /* received data */
#define IER_ETBEI 0x02 /* transmitter holding register empty */
/* Interrupt at 14 bytes, or when fewer have waited for four characters' time (section 8.6.5). With a
 * trigger level of 1, QEMU hands over one byte at a time, however many there are. */
#define FCR_ENABLE 0xc1
#define LSR_DR 0x01
#define LSR_THRE 0x20
#define LSR_TEMT 0x40
#define MCR_DTR_RTS_OUT2 0x0b /* OUT2 gates the interrupt line on PC boards */

#define FIFO_BYTES 16 /* that may be written when THRE is set */

static struct {
    volatile uint8_t *reg;
    handle_t device;
    uint8_t enabled; /* what IER holds */
} uart;

static void uart_enable(uint8_t enabled)
{
    if (enabled == uart.enabled)
        return;
    uart.enabled = enabled;
    uart.reg[IER] = enabled;
}

long uart_setup(handle_t device, handle_t right, unsigned long bits)
{
    long result = sys_device_map(device, UART_BASE, 0);
    if (result < 0)
        return result;
    uart.device = device;
    uart.reg = (volatile uint8_t *)UART_BASE;
    uart.reg[IER] = 0;
    uart.reg[FCR] = FCR_ENABLE; /* keeps what came in while nobody listened */
    uart.reg[MCR] = MCR_DTR_RTS_OUT2;
    result = sys_irq_bind(device, right, bits);
    if (result < 0)
        return result;
    uart_listen(true);
    return 0;
}

int uart_receive(void)
{
    return uart.reg[LSR] & LSR_DR ? uart.reg[RBR] : -1;
}

void uart_transmit(struct output *output)
{
    while (output_pending(output) && uart.reg[LSR] & LSR_THRE)
        for (unsigned i = 0; i < FIFO_BYTES && output_pending(output); i++)
            uart.reg[THR] = output_take(output);
    uart_enable((uint8_t)((uart.enabled & ~IER_ETBEI) | (output_pending(output) ? IER_ETBEI : 0)));
}

void uart_listen(bool on)
{
    uart_enable((uint8_t)((uart.enabled & ~IER_ERBFI) | (on ? IER_ERBFI : 0)));
}

bool uart_is_idle(void)
{
    return uart.reg[LSR] & LSR_TEMT;
}

void uart_acknowledge(void)
{
    (void)uart.reg[IIR];
    sys_irq_ack(uart.device, 0);
}
