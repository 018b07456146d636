/* SPDX-License-Identifier: MIT
 *
 * Runs all probes in machine mode of QEMU's virt machine and writes a line for each fault to the UART:
 * "NAME what is wrong". A probe that traps has found a fault, too. */
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>

#define UART ((volatile uint8_t *)0x10000000)         /* 16550, transmitter holding register */
#define TEST_FINISHER ((volatile uint32_t *)0x100000) /* sifive,test1 */
#define FINISHER_PASS 0x5555

/* Made by tests/tools/toolchain; ends with a NULL name. */
extern const struct probe {
    const char *name;
    const char *(*run)(void);
} probes[];

FILE *const stdin = NULL, *const stdout = NULL, *const stderr = NULL; /* picolibc has none */

static jmp_buf trapped;

__attribute__((aligned(4))) static void trap(void)
{
    longjmp(trapped, 1);
}

static void say(const char *text)
{
    while (*text)
        *UART = (uint8_t)*text++;
}

void _exit(int status);
void _exit(int status)
{
    for (*TEST_FINISHER = FINISHER_PASS;;)
        ;
}

int main(void)
{
    __asm__ volatile("csrw mtvec, %0" : : "r"(trap));
    for (const struct probe *volatile p = probes; p->name; p++) {
        const char *wrong = setjmp(trapped) ? "it traps" : p->run();
        const char *words[] = {p->name, " ", wrong, "\n"};
        for (int i = 0; wrong && i < 4; i++)
            say(words[i]);
    }
    say("end of probes\n");
    _exit(0);
}
