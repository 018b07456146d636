/* SPDX-License-Identifier: MIT
 *
 * The system calls, and what each bad value of each argument must give. A letter of an outcome stands
 * for the value at its place in values.c, and means
 *
 *     0 result 0           + a positive result     w it waits (and is rescued)    X the program ends
 *     a EAGAIN  b EBADF  d ENODEV  e EEXIST  f EFAULT  i EINVAL  m ENOMEM  M EMFILE  n ENOENT
 *     p EPERM   s ESTALE t ETIMEDOUT  u EMFILE  y EBUSY  2 E2BIG  | EPIPE */
#include "tests/guest/crimes/crimes.h"

#define SYSTEM_PLACE ((uintptr_t)page + 256)

static struct vm_op map_op(void)
{
    return (struct vm_op){.src = WINDOW, .dst = 0x10000, .count = 1, .op = VM_MAP, .prot = VM_R};
}

/* An operation in ordinary memory, freshly written. */
static unsigned long one_op(void)
{
    *(struct vm_op *)page = map_op();
    return (uintptr_t)page;
}

#define BASE(name, ...)                                       \
    static unsigned long base_##name(unsigned argument)       \
    {                                                         \
        const unsigned long value[ARGUMENTS] = {__VA_ARGS__}; \
        return value[argument];                               \
    }

BASE(call, world.right)
BASE(reply_recv, world.port, 0, 0, 0, 0, 0, world.token)
BASE(recv, world.port)
BASE(reply, 0, 0, 0, 0, 0, 0, world.token)
BASE(notify, world.right, 1)
BASE(copy, world.token, COPY_IN, 0, (uintptr_t)page, 16)
BASE(close, world.right)
BASE(dup, world.right, H_CALL)
BASE(right_create, world.port, 77, 1)
BASE(task_create, HANDLE_ACCOUNT, world.right, world.right, PRIORITY_USER, 'x')
BASE(task_grant, world.task, world.right, H_ALL)
BASE(task_kill, world.task, TASK_KILL)
BASE(task_pressure, world.task, TASK_PRESSURE, world.right, 1)
BASE(task_upcall, world.task, TASK_SET_UPCALL, 0x10000)
BASE(task_inherit, world.task, TASK_INHERIT, HANDLE_SELF)
BASE(thread_create, world.task, (uintptr_t)idle_entry, 0, (uintptr_t)&idle_word, PRIORITY_USER)
BASE(thread_number, world.thread, THREAD_NUMBER)
BASE(thread_priority, world.thread, THREAD_SET_PRIORITY, PRIORITY_USER)
BASE(thread_return, 0, THREAD_RETURN, (uintptr_t)page)
BASE(account_create, HANDLE_ACCOUNT, 1, 64)
BASE(page_alloc, FREE_PAGE, 1)
BASE(page_free, WINDOW, 1)
BASE(vm, server_port, world.space_badge, one_op(), 1)
BASE(device, world.right, FREE_PAGE)
BASE(irq_bind, world.right, world.right, 1)
BASE(none, 0)
BASE(futex_wait, (uintptr_t)&word, FUTEX_VALUE)
BASE(futex_wake, (uintptr_t)&word, 1)
BASE(info, 1, 0, SYSTEM_PLACE, 8)

const struct row rows[] = {
    {.number = SYS_call,
     .kinds = "hgnnnn",
     .base = base_call,
     .outcome = {"bbbbbbbbb0pbbbb0", "0000bii0000000i", "000000000000", "000000000000",
                 "000000000000", "000000000000"}},
    {.number = SYS_reply_recv,
     .kinds = "hgnnnnt",
     .base = base_reply_recv,
     .with = WITH_TOKEN | WITH_NOTICE,
     .outcome = {"bbbbbbbb0bbbbbbb", "0000biipppi000i", "000000000000", "000000000000",
                 "000000000000", "000000000000", "ssssssss"}},
    {.number = SYS_recv,
     .kinds = "hd",
     .base = base_recv,
     .rescue = true,
     .outcome = {"bbbbbbbbabbbbbbb", "atttwwww"}},
    {.number = SYS_reply,
     .kinds = "ngnnnnt",
     .base = base_reply,
     .with = WITH_TOKEN,
     .outcome = {"000000000000", "0000biipppi000i", "000000000000", "000000000000", "000000000000",
                 "000000000000", "ssssssss"}},
    {.number = SYS_notify,
     .kinds = "hn",
     .base = base_notify,
     .outcome = {"bbbbbbbbb0pbbbbp", "0000pppppppp"}},
    {.number = SYS_copy,
     .kinds = "tnnan",
     .base = base_copy,
     .with = WITH_TOKEN,
     .outcome = {"ssssssss", "++iiiiiiiiii", "++++iiiiiiii", "ff++++ffffffffff", "0++++iiiiiii"}},
    {.number = SYS_close,
     .kinds = "h",
     .base = base_close,
     .in_child = true,
     .outcome = {"bbbbbbbb00000000"}},
    {.number = SYS_dup,
     .kinds = "hn",
     .base = base_dup,
     .outcome = {"bbbbbbbbp+p+++pp", "++++++++++++"}},
    {.number = SYS_port_create, .kinds = "", .base = base_none},
    {.number = SYS_right_create,
     .kinds = "hnn",
     .base = base_right_create,
     .outcome = {"bbbbbbbb+bbbbbbb", "++++++++++ii", "++++++++++++"}},
    {.number = SYS_task_create,
     .kinds = "hhhnnn",
     .base = base_task_create,
     .outcome = {"bbbbbbbbbbbbb+bb", "bbbbbbbbb+pbbbbp", "bbbbbbbbb+pbbbbp", "++++pppppppp",
                 "++++++++++++", "++++++++++++"}},
    {.number = SYS_task_grant,
     .kinds = "hhn",
     .base = base_task_grant,
     .outcome = {"bbbbbbbbbbbb+b+b", "bbbbbbbb++p+++pp", "++++++++++++"}},
    {.number = SYS_task_control,
     .name = "kill",
     .kinds = "hnnn",
     .base = base_task_kill,
     .in_child = true,
     .outcome = {"bbbbbbbbbbbb0bXb", "i0b0iiiiiiii", "000000000000", "000000000000"}},
    {.number = SYS_task_control,
     .name = "pressure",
     .kinds = "h.hn",
     .base = base_task_pressure,
     .outcome = {"bbbbbbbbbbbb0b0b", NULL, "bbbbbbbbb0pbbbbp", "0000pppppppp"}},
    {.number = SYS_task_control,
     .name = "upcall",
     .kinds = "..an",
     .base = base_task_upcall,
     .outcome = {NULL, NULL, "000000000iiiiiii", "000000000000"}},
    {.number = SYS_task_control,
     .name = "inherit",
     .kinds = "h.hn",
     .base = base_task_inherit,
     .outcome = {"bbbbbbbbbbbb0byb", NULL, "bbbbbbbbbbbb0b0b", "0yyy0000yyyy"}},
    {.number = SYS_thread_create,
     .kinds = "hannn",
     .base = base_thread_create,
     .outcome = {"bbbbbbbbbbbb+b+b", "++i++++++iiiiiii", "++++++++++++", "++++++++++++",
                 "++++pppppppp"}},
    {.number = SYS_thread_control,
     .name = "number",
     .kinds = "hnnn",
     .base = base_thread_number,
     .outcome = {"0bbbbbbbbbb+bbbb", "iiiiiiiiiiii", "++++++++++++", "++++++++++++"}},
    {.number = SYS_thread_control,
     .name = "priority",
     .kinds = "h.nn",
     .base = base_thread_priority,
     .outcome = {"+bbbbbbbbbb+bbbb", NULL, "+0++pppppppp", "++++++++++++"}},
    {.number = SYS_thread_control,
     .name = "return",
     .kinds = "h.a.",
     .base = base_thread_return,
     .in_child = true,
     .outcome = {"Kbbbbbbbbbbibbbb", NULL, "ffKKKKffKfffffff", NULL}},
    {.number = SYS_account_create,
     .kinds = "hnn",
     .base = base_account_create,
     .outcome = {"bbbbbbbbbbbbbmbb", "++++mmmmmmmm", "+++++++mmmmm"}},
    {.number = SYS_page_alloc,
     .kinds = "an",
     .base = base_page_alloc,
     .outcome = {"iiiiee00eiiiiiii", "0000mmmiiiii"}},
    {.number = SYS_page_free,
     .kinds = "an",
     .base = base_page_free,
     .outcome = {"iiiii000iiiiiiii", "0000000iiiii"}},
    {.number = SYS_vm,
     .kinds = "hnann",
     .base = base_vm,
     .outcome = {"bbbbbbbbnbbbbbbb", "nnnnnnnnnnnn", "ffi+++ffifffffff", "0+++++++++++",
                 "++++++++++++"}},
    {.number = SYS_device_map,
     .kinds = "han",
     .base = base_device,
     .outcome = {"bbbbbbbbbbbbbbbb", "bbbbbbbbbbbbbbbb", "bbbbbbbbbbbb"}},
    {.number = SYS_irq_bind,
     .kinds = "hhn",
     .base = base_irq_bind,
     .outcome = {"bbbbbbbbbbbbbbbb", "bbbbbbbbbbbbbbbb", "bbbbbbbbbbbb"}},
    {.number = SYS_irq_ack,
     .kinds = "hn",
     .base = base_device,
     .outcome = {"bbbbbbbbbbbbbbbb", "bbbbbbbbbbbb"}},
    {.number = SYS_dma_address,
     .kinds = "a",
     .base = base_page_free,
     .outcome = {"ffppp+ffpfffffff"}},
    {.number = SYS_yield, .kinds = "", .base = base_none},
    {.number = SYS_clock, .kinds = "", .base = base_none},
    {.number = SYS_futex_wait,
     .kinds = "and",
     .base = base_futex_wait,
     .rescue = true,
     .outcome = {"ffiaaaffafffffif", "aaaaaaaaaaaa", "ttttwwww"}},
    {.number = SYS_futex_wake,
     .kinds = "an",
     .base = base_futex_wake,
     .outcome = {"00i00000000000i0", "000000000000"}},
    {.number = SYS_info,
     .kinds = "nnan",
     .base = base_info,
     .outcome = {"i+++iiiiiiii", "+nnnnnnnnnnn", "ff++++ffffffffff", "++++++++++++"}},
    {.number = SYS_system,
     .kinds = "hnnn",
     .base = base_irq_bind,
     .outcome = {"bbbbbbbbbbbbbbbb", "bbbbbbbbbbbb", "bbbbbbbbbbbb", "bbbbbbbbbbbb"}},
    {.number = SYS_null, .kinds = "", .base = base_none},
};
const unsigned row_count = sizeof(rows) / sizeof(rows[0]);
