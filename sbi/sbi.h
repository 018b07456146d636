/* SPDX-License-Identifier: MIT */
/*
 * sbi/sbi.h - the services of the machine-mode firmware (RISC-V SBI specification v2.0).
 *
 * What it is for: one C function for each firmware call the kernel makes. What it must not do: keep
 * kernel state, print, allocate, or decide anything beyond which of two equivalent calls the
 * firmware offers.
 *
 * Harts are named by their hardware ids (mhartid, the device tree's `reg`). A set of harts is
 * (mask, base): bit i of mask is hart base + i (SBI chapter 3.1).
 *
 * Results are 0 or the SBI's negative error (chapter 3, table "Standard SBI Errors"), for messages; a call
 * whose extension the firmware lacks gives SBI_ERR_NOT_SUPPORTED.
 * Nothing here takes a lock: the firmware serialises what needs it.
 */
#ifndef OCTAVO_SBI_SBI_H
#define OCTAVO_SBI_SBI_H

#include <stdbool.h>
#include <stdint.h>

/* How and why the system is reset (SBI chapter 10.1). Firmware may ignore it: QEMU exits with 0 always. */
enum sbi_reset_type { SBI_RESET_SHUTDOWN = 0, SBI_RESET_COLD_REBOOT = 1 };
enum sbi_reset_reason {
    SBI_RESET_NO_REASON = 0,
    SBI_RESET_SYSTEM_FAILURE = 1,
};

/*
 * Probes the extensions once, on the boot hart, before any other call here; until then the console
 * uses the legacy call and everything else fails. Returns 0, or SBI_ERR_NOT_SUPPORTED when the firmware is
 * older than SBI 0.2 and has no base extension (SBI chapter 4).
 */
int sbi_init(void);

/* Writes one byte to the firmware's console and waits for it to be taken: DBCN write_byte (SBI
 * chapter 12.3), else the legacy putchar (5.2). Callable before sbi_init(), from any context. A
 * byte that the firmware refuses is lost: there is nowhere left to report it. */
void sbi_console_putchar(char c);

/*
 * Chooses how this system's timers are set: by writing stimecmp when the kernel found Sstc in every
 * hart's ISA string (Sstc specification, chapter 2), else by the TIME extension (SBI chapter 6).
 * Called once, after sbi_init(), before the first sbi_timer_set(). False when there is neither.
 */
bool sbi_timer_init(bool sstc);

/* Arms this hart's timer for the absolute `time` value `when` and clears a pending timer interrupt
 * unless `when` has passed; ~0 disarms it. */
void sbi_timer_set(uint64_t when);

/* Whether a timer that has expired stays disarmed (without Sstc). OpenSBI up to 1.8 leaves it alone; 1.9 arms it
 * for the end of time, to which QEMU's -icount sleep=off jumps as soon as all harts wait. By the implementation's
 * version (SBI chapter 4.3), which is of OpenSBI 1.0 and later here: other firmware counts its own. */
bool sbi_timer_rests(void);

/* Raises a supervisor software interrupt on each hart of the set (SBI chapter 7). Fails when it
 * names a hart that S-mode may not use; some may have been interrupted. */
int sbi_send_ipi(unsigned long mask, unsigned long base);

/*
 * Fences on each hart of the set; with the calling hart in the set, on it too. OpenSBI returns only
 * when every hart has fenced, in M-mode, whatever its S-mode is doing; the kernel depends on both
 * (SBI chapter 8 itself promises neither). `start` and `size` are bytes; start == 0 with size == 0,
 * or size == ~0, means the whole address space; asid SBI_ASID_ANY all of them. They fail for a hart that is not there,
 * or an address range that is not valid.
 */
int sbi_remote_fence_i(unsigned long mask, unsigned long base);
#define SBI_ASID_ANY UINT32_MAX
int sbi_remote_sfence_vma(unsigned long mask, unsigned long base, uint64_t start, uint64_t size,
                          uint32_t asid);

/* Starts a stopped hart at physical address `entry` in S-mode with the MMU off, a0 = hart id and
 * a1 = `opaque` (SBI chapter 9.1). */
int sbi_hart_start(unsigned long hart, uint64_t entry, uint64_t opaque);

/* Shuts the machine down or reboots it (SBI chapter 10.1). It returns only on failure. Under QEMU a shutdown ends
 * it with status 0 whatever the reason, so a panic leaves through the device tree's test device instead. */
void sbi_reset(enum sbi_reset_type type, enum sbi_reset_reason reason);

#endif
