/* SPDX-License-Identifier: MIT */
/*
 * sbi/sbi.c - calls to the machine-mode firmware; sbi.h says what each one does.
 *
 * It must not depend on anything of the kernel: it runs before there is a
 * page table, and when the kernel panics.
 *
 * Locks: none. The probed facts are written by sbi_init() and sbi_timer_init() on the boot hart
 * while it is alone, and read-only after that.
 */
#include "sbi/sbi.h"

/* Extension ids of what has no probe, and function ids (SBI chapters 4 to 12). */
#define EID_LEGACY_PUTCHAR 0x01
#define EID_BASE 0x10
#define BASE_GET_SPEC_VERSION 0
#define BASE_GET_IMPL_VERSION 2
#define BASE_PROBE_EXTENSION 3
#define TIME_SET_TIMER 0
#define IPI_SEND_IPI 0
#define RFENCE_FENCE_I 0
#define RFENCE_SFENCE_VMA 1
#define RFENCE_SFENCE_VMA_ASID 2
#define HSM_HART_START 0
#define SRST_SYSTEM_RESET 0
#define DBCN_WRITE_BYTE 2

#define OPENSBI_1_9 (1 << 16 | 9) /* implementation version, OpenSBI's */

/* stimecmp by number: GCC 12's assembler has no name for it (Sstc specification, chapter 2). */
#define CSR_STIMECMP "0x14d"

/* What an ecall leaves in a0 and a1 (SBI chapter 3). */
struct sbi_ret {
    long error, value;
};

#define ERR_NOT_SUPPORTED (-2) /* SBI chapter 3, table "Standard SBI Errors" */

/* The extensions that may be absent. */
enum extension { TIME, IPI, RFENCE, HSM, SRST, DBCN, EXTENSIONS };
static const uint32_t ids[EXTENSIONS] = {
    [TIME] = 0x54494d45, [IPI] = 0x735049,    [RFENCE] = 0x52464e43,
    [HSM] = 0x48534d,    [SRST] = 0x53525354, [DBCN] = 0x4442434e};
static bool present[EXTENSIONS], timer_is_sstc;

/* Every register but a0 and a1 survives the call (SBI chapter 3). */
static inline struct sbi_ret sbi_ecall(unsigned long eid, unsigned long fid, unsigned long arg0,
                                       unsigned long arg1, unsigned long arg2, unsigned long arg3,
                                       unsigned long arg4)
{
    register unsigned long a0 asm("a0") = arg0;
    register unsigned long a1 asm("a1") = arg1;
    register unsigned long a2 asm("a2") = arg2;
    register unsigned long a3 asm("a3") = arg3;
    register unsigned long a4 asm("a4") = arg4;
    register unsigned long a6 asm("a6") = fid;
    register unsigned long a7 asm("a7") = eid;

    asm volatile("ecall"
                 : "+r"(a0), "+r"(a1)
                 : "r"(a2), "r"(a3), "r"(a4), "r"(a6), "r"(a7)
                 : "memory");
    return (struct sbi_ret){(long)a0, (long)a1};
}

/* An ecall to an extension that may be absent: its error; the value is dropped. */
static inline int sbi_call(enum extension extension, unsigned long fid, unsigned long arg0,
                           unsigned long arg1, unsigned long arg2, unsigned long arg3,
                           unsigned long arg4)
{
    if (!present[extension])
        return ERR_NOT_SUPPORTED;
    return (int)sbi_ecall(ids[extension], fid, arg0, arg1, arg2, arg3, arg4).error;
}

int sbi_init(void)
{
    long error = sbi_ecall(EID_BASE, BASE_GET_SPEC_VERSION, 0, 0, 0, 0, 0).error;

    for (unsigned i = 0; i < EXTENSIONS && !error; i++)
        present[i] = sbi_ecall(EID_BASE, BASE_PROBE_EXTENSION, ids[i], 0, 0, 0, 0).value != 0;
    return (int)error;
}

void sbi_console_putchar(char c)
{
    unsigned long byte = (unsigned char)c;

    if (sbi_call(DBCN, DBCN_WRITE_BYTE, byte, 0, 0, 0, 0) != 0)
        sbi_ecall(EID_LEGACY_PUTCHAR, 0, byte, 0, 0, 0, 0);
}

bool sbi_timer_init(bool sstc)
{
    timer_is_sstc = sstc;
    return sstc || present[TIME];
}

void sbi_timer_set(uint64_t when)
{
    if (timer_is_sstc)
        asm volatile("csrw " CSR_STIMECMP ", %0" : : "r"(when) : "memory");
    else
        sbi_call(TIME, TIME_SET_TIMER, when, 0, 0, 0, 0);
}

bool sbi_timer_rests(void)
{
    return sbi_ecall(EID_BASE, BASE_GET_IMPL_VERSION, 0, 0, 0, 0, 0).value < OPENSBI_1_9;
}

int sbi_send_ipi(unsigned long mask, unsigned long base)
{
    return sbi_call(IPI, IPI_SEND_IPI, mask, base, 0, 0, 0);
}

int sbi_remote_fence_i(unsigned long mask, unsigned long base)
{
    return sbi_call(RFENCE, RFENCE_FENCE_I, mask, base, 0, 0, 0);
}

int sbi_remote_sfence_vma(unsigned long mask, unsigned long base, uint64_t start, uint64_t size,
                          uint32_t asid)
{
    return asid == SBI_ASID_ANY
               ? sbi_call(RFENCE, RFENCE_SFENCE_VMA, mask, base, start, size, 0)
               : sbi_call(RFENCE, RFENCE_SFENCE_VMA_ASID, mask, base, start, size, asid);
}

int sbi_hart_start(unsigned long hart, uint64_t entry, uint64_t opaque)
{
    return sbi_call(HSM, HSM_HART_START, hart, entry, opaque, 0, 0);
}

void sbi_reset(enum sbi_reset_type type, enum sbi_reset_reason reason)
{
    sbi_call(SRST, SRST_SYSTEM_RESET, type, reason, 0, 0, 0);
}
