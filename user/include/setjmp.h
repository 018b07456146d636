/* SPDX-License-Identifier: MIT
 *
 * picolibc's <setjmp.h>, and the pair that also keeps the signal mask (POSIX). */
#ifndef OCTAVO_SETJMP_H
#define OCTAVO_SETJMP_H

#include_next <setjmp.h>
#include <sys/features.h>

#if __POSIX_VISIBLE
#ifdef __cplusplus
extern "C" {
#endif

/* Some versions have a pair that keeps no mask. */
#define sigjmp_buf octavo_sigjmp_buf
#undef sigsetjmp
#undef siglongjmp

typedef struct {
    jmp_buf __registers;
    unsigned long __mask;
    int __saved;
} sigjmp_buf[1];

/* Not for programs: keeps the mask, if save is not 0. */
void octavo_sigsave(sigjmp_buf environment, int save);

#define sigsetjmp(environment, save) \
    (octavo_sigsave(environment, save), setjmp((environment)->__registers))
void siglongjmp(sigjmp_buf environment, int value) __attribute__((__noreturn__));

#define _setjmp(environment) setjmp(environment)
#define _longjmp(environment, value) longjmp(environment, value)

#ifdef __cplusplus
}
#endif
#endif

#endif
