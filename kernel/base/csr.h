/* SPDX-License-Identifier: MIT
 *
 * Control and status registers that S-mode uses (RISC-V privileged spec 1.12, chapter 4). */
#ifndef OCTAVO_KERNEL_CSR_H
#define OCTAVO_KERNEL_CSR_H

#include <stdint.h>

#define csr_read(name)                                                \
    ({                                                                \
        uint64_t value_;                                              \
        __asm__ volatile("csrr %0, " #name : "=r"(value_)::"memory"); \
        value_;                                                       \
    })
#define csr_write(name, value) \
    __asm__ volatile("csrw " #name ", %0" ::"rK"((uint64_t)(value)) : "memory")
#define csr_set(name, bits) \
    __asm__ volatile("csrs " #name ", %0" ::"rK"((uint64_t)(bits)) : "memory")
#define csr_clear(name, bits) \
    __asm__ volatile("csrc " #name ", %0" ::"rK"((uint64_t)(bits)) : "memory")

#define SSTATUS_SPP (1ul << 8)
#define SSTATUS_FS (3ul << 13) /* 4.1.1: floating-point unit state */
#define SSTATUS_FS_CLEAN (2ul << 13)
#define SSTATUS_FS_DIRTY (3ul << 13)

#define SIP_SSIP (1ul << 1)
#define SIP_STIP (1ul << 5)
#define SIP_SEIP (1ul << 9)

/* scause, 4.1.8 */
#define CAUSE_INTERRUPT (1ul << 63)
#define CAUSE_ILLEGAL 2
#define CAUSE_FETCH_PAGE 12
#define CAUSE_LOAD_PAGE 13
#define CAUSE_STORE_PAGE 15

static inline void fence_page(uintptr_t va)
{
    __asm__ volatile("sfence.vma %0, zero" ::"r"(va) : "memory");
}

#endif
