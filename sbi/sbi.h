/* SPDX-License-Identifier: MIT */
/*
 * sbi/sbi.h - the services of the machine-mode firmware (RISC-V SBI specification v2.0).
 *
 * What it is for: one C function for each firmware call the kernel makes. What it must not do: keep
 * kernel state, print, allocate, or decide anything beyond which of two equivalent calls the
 * firmware offers.
 *
 * Harts are named by their hardware ids (mhartid, the device tree's `reg`). A set of harts is
 * (mask, base): bit i of mask is hart base + i; base SBI_ALL_HARTS means every hart that the
 * firmware knows, and mask is ignored (SBI chapter 3.1).
 *
 * Errors are negative errno values (abi/errno.h); a call whose extension the firmware lacks answers
 * -ENOSYS, one that the firmware fails without saying why -ENODEV.
 * Nothing here takes a lock: the firmware serialises what needs it.
 */
#ifndef OCTAVO_SBI_SBI_H
#define OCTAVO_SBI_SBI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SBI_ALL_HARTS (~0ul)
#define SBI_TIMER_NEVER UINT64_MAX

/* The extensions that sbi_init() probes for (SBI chapter 4.4). */
enum sbi_ext {
    SBI_TIME,
    SBI_IPI,
    SBI_RFENCE,
    SBI_HSM,
    SBI_SRST,
    SBI_DBCN,
    SBI_EXT_COUNT,
};

/* State of a hart (SBI chapter 9, table "HSM Hart States"). */
enum sbi_hart_state {
    SBI_HART_STARTED = 0,
    SBI_HART_STOPPED = 1,
    SBI_HART_START_PENDING = 2,
    SBI_HART_STOP_PENDING = 3,
    SBI_HART_SUSPENDED = 4,
    SBI_HART_SUSPEND_PENDING = 5,
    SBI_HART_RESUME_PENDING = 6,
};

/* Why the system is reset (SBI chapter 10.1). Firmware may ignore it: QEMU exits with 0 always. */
enum sbi_reset_reason {
    SBI_RESET_NO_REASON = 0,
    SBI_RESET_SYSTEM_FAILURE = 1,
};

/*
 * Probes the extensions once, on the boot hart, before any other call here; until then the console
 * uses the legacy call and everything else answers -ENOSYS. Returns 0, or -ENOSYS when the firmware
 * is older than SBI 0.2 and has no base extension (SBI chapter 4).
 */
int sbi_init(void);

/* Whether the firmware has the extension, and its name ("TIME") for messages. */
bool sbi_has(enum sbi_ext ext);
const char *sbi_ext_name(enum sbi_ext ext);

/* The firmware's version: major << 24 | minor of the SBI it implements (SBI chapter 4.1), and the
 * implementation id (1 is OpenSBI) with its own version number (4.2, 4.3). */
struct sbi_version {
    uint32_t spec;
    uint64_t impl_id;
    uint64_t impl_version;
};
struct sbi_version sbi_version_get(void);

/* Writes one byte to the firmware's console and waits for it to be taken: DBCN write_byte (SBI
 * chapter 12.3), else the legacy putchar (5.2). Callable before sbi_init(), from any context. A
 * byte that the firmware refuses is lost: there is nowhere left to report it. */
void sbi_console_putchar(char c);

/*
 * Chooses how this system's timers are set: by writing stimecmp when the kernel found Sstc in every
 * hart's ISA string (Sstc specification, chapter 2), else by the TIME extension (SBI chapter 6).
 * Called once, after sbi_init(), before the first sbi_timer_set(). Returns 0, or -ENOSYS when there
 * is neither.
 */
int sbi_timer_init(bool sstc);

/* Arms this hart's timer for the absolute `time` value `when` and clears a pending timer interrupt
 * unless `when` has passed. SBI_TIMER_NEVER disarms it. Returns 0 or a negative errno. */
int sbi_timer_set(uint64_t when);

/* Raises a supervisor software interrupt on each hart of the set (SBI chapter 7). Returns 0, or
 * -EINVAL when the set names a hart that S-mode may not use; some may have been interrupted. */
int sbi_send_ipi(unsigned long mask, unsigned long base);

/*
 * Fences on each hart of the set; with the calling hart in the set, on it too. OpenSBI returns only
 * when every hart has fenced, in M-mode, whatever its S-mode is doing; the kernel depends on both
 * (SBI chapter 8 itself promises neither). `start` and `size` are bytes; start == 0 with size == 0,
 * or size == ~0, means the whole address space. Return 0 or -EINVAL (a hart that is not there, or
 * an address range that is not valid).
 */
int sbi_remote_fence_i(unsigned long mask, unsigned long base);
int sbi_remote_sfence_vma(unsigned long mask, unsigned long base, uint64_t start, uint64_t size);
int sbi_remote_sfence_vma_asid(unsigned long mask, unsigned long base, uint64_t start,
                               uint64_t size, uint64_t asid);

/* Starts a stopped hart at physical address `entry` in S-mode with the MMU off, a0 = hart id and
 * a1 = `opaque` (SBI chapter 9.1). Returns 0, -EINVAL (no such hart or a bad address), -EBUSY (it runs
 * already) or -ENODEV (it failed). */
int sbi_hart_start(unsigned long hart, uint64_t entry, uint64_t opaque);

/* Returns the hart's enum sbi_hart_state, or -EINVAL when there is no such hart (SBI 9.3). */
int sbi_hart_status(unsigned long hart);

/* Shut the machine down or reboot it (SBI chapter 10.1). They return only on failure, with a
 * negative errno. Under QEMU a shutdown ends it with status 0 whatever the reason, so a panic leaves through
 * the device tree's test device instead. */
int sbi_shutdown(enum sbi_reset_reason reason);
int sbi_reboot(enum sbi_reset_reason reason);

#endif
