/* SPDX-License-Identifier: MIT
 *
 * 9P's integers and strings: see wire.h. */
#include "user/fs/wire.h"
#include <string.h>

/* The place of the next `length` bytes, or NULL. */
static uint8_t *wire_take(struct wire *wire, size_t length)
{
    if (wire->broken || length > wire->limit - wire->at) {
        wire->broken = true;
        return NULL;
    }
    uint8_t *bytes = wire->bytes + wire->at;
    wire->at += length;
    return bytes;
}

static void put(struct wire *wire, uint64_t value, size_t size)
{
    uint8_t *to = wire_take(wire, size);
    for (size_t i = 0; to && i < size; i++)
        to[i] = (uint8_t)(value >> 8 * i);
}

static uint64_t get(struct wire *wire, size_t size)
{
    const uint8_t *from = wire_take(wire, size);
    uint64_t value = 0;
    for (size_t i = 0; from && i < size; i++)
        value |= (uint64_t)from[i] << 8 * i;
    return value;
}

void wire_put8(struct wire *wire, uint8_t value)
{
    put(wire, value, 1);
}

void wire_put16(struct wire *wire, uint16_t value)
{
    put(wire, value, 2);
}

void wire_put32(struct wire *wire, uint32_t value)
{
    put(wire, value, 4);
}

void wire_put64(struct wire *wire, uint64_t value)
{
    put(wire, value, 8);
}

void wire_put_name(struct wire *wire, struct wire_name name)
{
    if (name.length > UINT16_MAX)
        wire->broken = true;
    put(wire, name.length, 2);
    uint8_t *to = wire_take(wire, name.length);
    if (to)
        memcpy(to, name.bytes, name.length);
}

uint8_t wire_get8(struct wire *wire)
{
    return (uint8_t)get(wire, 1);
}

uint16_t wire_get16(struct wire *wire)
{
    return (uint16_t)get(wire, 2);
}

uint32_t wire_get32(struct wire *wire)
{
    return (uint32_t)get(wire, 4);
}

uint64_t wire_get64(struct wire *wire)
{
    return get(wire, 8);
}

const uint8_t *wire_get_bytes(struct wire *wire, size_t length)
{
    return wire_take(wire, length);
}

struct wire_name wire_get_name(struct wire *wire)
{
    size_t length = wire_get16(wire);
    const uint8_t *bytes = wire_take(wire, length);
    return (struct wire_name){bytes ? (const char *)bytes : "", bytes ? length : 0};
}

struct wire_qid wire_get_qid(struct wire *wire)
{
    struct wire_qid qid;
    qid.type = wire_get8(wire);
    qid.version = wire_get32(wire);
    qid.path = wire_get64(wire);
    return qid;
}
