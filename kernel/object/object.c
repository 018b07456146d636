/* SPDX-License-Identifier: MIT
 *
 * The end of objects: each type has its own. See object.h. */
#include "kernel/object/object.h"

#include "kernel/base/panic.h"

struct object_kind object_kinds[OBJECT_TYPES];

void object_unref(struct object *object)
{
    if (--object->refs)
        return;
    if (!object_kinds[object->type].release)
        panic("an object of type %u cannot end", object->type);
    object_kinds[object->type].release(object);
}
