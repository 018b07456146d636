/* SPDX-License-Identifier: MIT */
/*
 * sbi/sbi.c - calls to the machine-mode firmware; sbi.h says what each one does.
 *
 * It must not depend on anything of the kernel but the errno numbers: it runs before there is a
 * page table, and when the kernel panics.
 *
 * Locks: none. The probed facts are written by sbi_init() and sbi_timer_init() on the boot hart
 * while it is alone, and read-only after that.
 */
#include "sbi/sbi.h"

#include <abi/errno.h>

/* Extension ids, and function ids within them (SBI chapters 4 to 12). */
#define EID_LEGACY_PUTCHAR 0x01
#define EID_BASE 0x10
#define BASE_GET_SPEC_VERSION 0
#define BASE_GET_IMPL_ID 1
#define BASE_GET_IMPL_VERSION 2
#define BASE_PROBE_EXTENSION 3
#define EID_TIME 0x54494d45
#define TIME_SET_TIMER 0
#define EID_IPI 0x735049
#define IPI_SEND_IPI 0
#define EID_RFENCE 0x52464e43
#define RFENCE_FENCE_I 0
#define RFENCE_SFENCE_VMA 1
#define RFENCE_SFENCE_VMA_ASID 2
#define EID_HSM 0x48534d
#define HSM_HART_START 0
#define HSM_HART_GET_STATUS 2
#define EID_SRST 0x53525354
#define SRST_SYSTEM_RESET 0
#define SRST_TYPE_SHUTDOWN 0
#define SRST_TYPE_COLD_REBOOT 1
#define EID_DBCN 0x4442434e
#define DBCN_WRITE_BYTE 2

/* stimecmp by number: GCC 12's assembler has no name for it (Sstc specification, chapter 2). */
#define CSR_STIMECMP "0x14d"

/* What an ecall leaves in a0 and a1 (SBI chapter 3). */
struct sbi_ret {
    long error;
    long value;
};

static const struct {
    const char *name;
    uint32_t eid;
} exts[SBI_EXT_COUNT] = {
    [SBI_TIME] = {"TIME", EID_TIME},       [SBI_IPI] = {"IPI", EID_IPI},
    [SBI_RFENCE] = {"RFENCE", EID_RFENCE}, [SBI_HSM] = {"HSM", EID_HSM},
    [SBI_SRST] = {"SRST", EID_SRST},       [SBI_DBCN] = {"DBCN", EID_DBCN},
};

static bool ext_present[SBI_EXT_COUNT];
static bool timer_is_sstc;

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

/* The errno for an SBI error code (SBI chapter 3, table "Standard SBI Errors"). */
static int sbi_errno(long error)
{
    switch (error) {
    case 0: /* SBI_SUCCESS */
        return 0;
    case -2: /* SBI_ERR_NOT_SUPPORTED */
        return -ENOSYS;
    case -3: /* SBI_ERR_INVALID_PARAM */
        return -EINVAL;
    case -4: /* SBI_ERR_DENIED */
        return -EPERM;
    case -5: /* SBI_ERR_INVALID_ADDRESS */
        return -EINVAL;
    case -6: /* SBI_ERR_ALREADY_AVAILABLE */
    case -7: /* SBI_ERR_ALREADY_STARTED */
    case -8: /* SBI_ERR_ALREADY_STOPPED */
        return -EBUSY;
    default: /* SBI_ERR_FAILED, and codes newer than this file */
        return -ENODEV;
    }
}

/* An ecall to an extension that may be absent; the call's value is dropped. */
static inline int sbi_call(enum sbi_ext ext, unsigned long fid, unsigned long arg0,
                           unsigned long arg1, unsigned long arg2, unsigned long arg3,
                           unsigned long arg4)
{
    if (!ext_present[ext]) {
        return -ENOSYS;
    }
    return sbi_errno(sbi_ecall(exts[ext].eid, fid, arg0, arg1, arg2, arg3, arg4).error);
}

static struct sbi_ret sbi_base(unsigned long fid, unsigned long arg)
{
    return sbi_ecall(EID_BASE, fid, arg, 0, 0, 0, 0);
}

int sbi_init(void)
{
    if (sbi_base(BASE_GET_SPEC_VERSION, 0).error) {
        return -ENOSYS;
    }
    for (int i = 0; i < SBI_EXT_COUNT; i++) {
        struct sbi_ret ret = sbi_base(BASE_PROBE_EXTENSION, exts[i].eid);

        ext_present[i] = !ret.error && ret.value;
    }
    return 0;
}

bool sbi_has(enum sbi_ext ext)
{
    return ext_present[ext];
}

const char *sbi_ext_name(enum sbi_ext ext)
{
    return exts[ext].name;
}

struct sbi_version sbi_version_get(void)
{
    struct sbi_ret spec = sbi_base(BASE_GET_SPEC_VERSION, 0);
    struct sbi_ret id = sbi_base(BASE_GET_IMPL_ID, 0);
    struct sbi_ret version = sbi_base(BASE_GET_IMPL_VERSION, 0);

    return (struct sbi_version){
        .spec = spec.error ? 0 : (uint32_t)spec.value,
        .impl_id = id.error ? 0 : (uint64_t)id.value,
        .impl_version = version.error ? 0 : (uint64_t)version.value,
    };
}

void sbi_console_putchar(char c)
{
    unsigned long byte = (unsigned char)c;

    if (sbi_call(SBI_DBCN, DBCN_WRITE_BYTE, byte, 0, 0, 0, 0) != 0) {
        sbi_ecall(EID_LEGACY_PUTCHAR, 0, byte, 0, 0, 0, 0);
    }
}

int sbi_timer_init(bool sstc)
{
    if (!sstc && !ext_present[SBI_TIME]) {
        return -ENOSYS;
    }
    timer_is_sstc = sstc;
    return 0;
}

int sbi_timer_set(uint64_t when)
{
    if (timer_is_sstc) {
        asm volatile("csrw " CSR_STIMECMP ", %0" : : "r"(when) : "memory");
        return 0;
    }
    return sbi_call(SBI_TIME, TIME_SET_TIMER, when, 0, 0, 0, 0);
}

int sbi_send_ipi(unsigned long mask, unsigned long base)
{
    return sbi_call(SBI_IPI, IPI_SEND_IPI, mask, base, 0, 0, 0);
}

int sbi_remote_fence_i(unsigned long mask, unsigned long base)
{
    return sbi_call(SBI_RFENCE, RFENCE_FENCE_I, mask, base, 0, 0, 0);
}

int sbi_remote_sfence_vma(unsigned long mask, unsigned long base, uint64_t start, uint64_t size)
{
    return sbi_call(SBI_RFENCE, RFENCE_SFENCE_VMA, mask, base, start, size, 0);
}

int sbi_remote_sfence_vma_asid(unsigned long mask, unsigned long base, uint64_t start,
                               uint64_t size, uint64_t asid)
{
    return sbi_call(SBI_RFENCE, RFENCE_SFENCE_VMA_ASID, mask, base, start, size, asid);
}

int sbi_hart_start(unsigned long hart, uint64_t entry, uint64_t opaque)
{
    return sbi_call(SBI_HSM, HSM_HART_START, hart, entry, opaque, 0, 0);
}

int sbi_hart_status(unsigned long hart)
{
    if (!ext_present[SBI_HSM]) {
        return -ENOSYS;
    }
    struct sbi_ret ret = sbi_ecall(EID_HSM, HSM_HART_GET_STATUS, hart, 0, 0, 0, 0);

    return ret.error ? sbi_errno(ret.error) : (int)ret.value;
}

int sbi_shutdown(enum sbi_reset_reason reason)
{
    return sbi_call(SBI_SRST, SRST_SYSTEM_RESET, SRST_TYPE_SHUTDOWN, reason, 0, 0, 0);
}

int sbi_reboot(enum sbi_reset_reason reason)
{
    return sbi_call(SBI_SRST, SRST_SYSTEM_RESET, SRST_TYPE_COLD_REBOOT, reason, 0, 0, 0);
}
