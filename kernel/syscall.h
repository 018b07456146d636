/* SPDX-License-Identifier: MIT
 *
 * The handlers of the system calls, one for each line of <abi/syscalls.h>. They get a0-a6 as
 * arguments, run under the kernel lock, and return a result for a0, or SYS_KEEP (kernel/offsets.h). */
#ifndef OCTAVO_KERNEL_SYSCALL_H
#define OCTAVO_KERNEL_SYSCALL_H

#include "kernel/offsets.h"

#include <stdint.h>

typedef uint64_t word;

long sys_call(word right, word tag, word w0, word w1, word w2, word w3);
long sys_reply_recv(word port, word tag, word w0, word w1, word w2, word w3, word token);
long sys_recv(word port, word deadline);
long sys_reply(word unused, word tag, word w0, word w1, word w2, word w3, word token);
long sys_notify(word right, word bits);
long sys_copy(word token, word direction, word offset, word address, word length);
long sys_close(word handle);
long sys_dup(word handle, word rights);
long sys_port_create(void);
long sys_right_create(word port, word badge, word mask);
long sys_task_create(word account, word pager, word exception, word ceiling, word name0,
                     word name1);
long sys_task_grant(word task, word handle, word rights);
long sys_task_control(word task, word operation, word a, word b);
long sys_thread_create(word task, word pc, word sp, word argument, word priority);
long sys_thread_control(word thread, word operation, word a, word b);
long sys_account_create(word parent, word frames, word bytes);
long sys_page_alloc(word va, word pages);
long sys_page_free(word va, word pages);
long sys_vm(word port, word badge, word ops, word count, word done);
long sys_device_map(word device, word va, word flags);
long sys_irq_bind(word device, word right, word bits);
long sys_irq_ack(word device);
long sys_dma_address(word va);
long sys_yield(void);
long sys_clock(void);
long sys_futex_wait(word va, word value, word deadline);
long sys_futex_wake(word va, word count);
long sys_info(word kind, word index, word va, word length);
long sys_system(word device, word operation, word a, word b);
long sys_null(void);

#endif
