/* SPDX-License-Identifier: MIT
 *
 * The end of objects: each type has its own. See object.h. */
#include "kernel/object/object.h"

#include "kernel/object/account.h"
#include "kernel/base/panic.h"
#include "kernel/run/port.h"
#include "kernel/run/task.h"
#include "kernel/run/thread.h"

void object_named(struct object *object, const struct handle_table *table)
{
    if (object->type == OBJECT_TASK && table != &((struct task *)object)->handles)
        ((struct task *)object)->names++;
}

void object_unnamed(struct object *object, const struct handle_table *table)
{
    struct task *task = (struct task *)object;

    if (object->type == OBJECT_TASK && table != &task->handles && --task->names == 0)
        task_kill(task); /* nobody could end it any more */
}

void object_unref(struct object *object)
{
    if (--object->refs)
        return;
    switch ((enum object_type)object->type) {
    case OBJECT_TASK:
        task_release((struct task *)object);
        break;
    case OBJECT_THREAD:
        thread_release(thread_of(object));
        break;
    case OBJECT_PORT:
        port_release((struct port *)object);
        break;
    case OBJECT_RIGHT:
        right_release((struct right *)object);
        break;
    case OBJECT_ACCOUNT:
        account_release((struct account *)object);
        break;
    case OBJECT_DEVICE:
        panic("a device object cannot end"); /* the machine holds a reference */
    }
}
