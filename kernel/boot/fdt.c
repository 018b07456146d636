/* SPDX-License-Identifier: MIT
 *
 * Walks a flattened device tree. See fdt.h. It knows the format only: what the nodes mean is
 * probe.c's business. */
#include "kernel/boot/fdt.h"

#include <abi/errno.h>
#include <string.h>

/* Devicetree Specification 0.4, 5.2 and 5.4.1. */
#define FDT_MAGIC 0xd00dfeedu
#define FDT_BEGIN_NODE 1u
#define FDT_END_NODE 2u
#define FDT_PROP 3u
#define FDT_NOP 4u

static bool same(const char *a, const char *b)
{
    size_t n = strlen(a);
    return n == strlen(b) && memcmp(a, b, n) == 0;
}

uint32_t fdt_cell(const void *value, uint32_t i)
{
    const uint8_t *b = (const uint8_t *)value + 4 * i;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

int fdt_open(struct fdt *fdt, const void *blob)
{
    if (fdt_cell(blob, 0) != FDT_MAGIC || fdt_cell(blob, 6) > 17 || fdt_cell(blob, 5) < 17)
        return -EINVAL;
    fdt->blob = blob;
    fdt->size = fdt_cell(blob, 1);
    fdt->structs = fdt_cell(blob, 2);
    fdt->strings = fdt_cell(blob, 3);
    fdt->reserve = fdt_cell(blob, 4);
    fdt->strings_end = fdt->strings + fdt_cell(blob, 8);
    fdt->structs_end = fdt->structs + fdt_cell(blob, 9);
    if (fdt->structs_end > fdt->size || fdt->strings_end > fdt->size || fdt->reserve > fdt->size ||
        fdt->structs_end < fdt->structs || fdt->strings_end < fdt->strings || fdt->structs % 4)
        return -EINVAL;
    return 0;
}

/* The token at `at`; FDT_END (9) stands for anything outside the structure block. */
static uint32_t token(const struct fdt *fdt, uint32_t at)
{
    return at + 4 <= fdt->structs_end ? fdt_cell(fdt->blob + at, 0) : 9;
}

static uint32_t property_end(const struct fdt *fdt, uint32_t at)
{
    uint32_t length = at + 12 <= fdt->structs_end ? fdt_cell(fdt->blob + at, 1) : UINT32_MAX;
    if (length > fdt->structs_end - at - 12)
        return fdt->structs_end;
    return at + 12 + ((length + 3) & ~3u);
}

const void *fdt_property(const struct fdt_node *node, const char *name, uint32_t *length)
{
    const struct fdt *fdt = node->fdt;
    uint32_t at = node->at;

    for (;;) {
        uint32_t what = token(fdt, at);
        if (what == FDT_NOP) {
            at += 4;
            continue;
        }
        uint32_t end = what == FDT_PROP ? property_end(fdt, at) : fdt->structs_end;
        if (end >= fdt->structs_end)
            return NULL;
        uint32_t string = fdt->strings + fdt_cell(fdt->blob + at, 2);
        if (string < fdt->strings_end && same(fdt->blob + string, name)) {
            if (length)
                *length = fdt_cell(fdt->blob + at, 1);
            return fdt->blob + at + 12;
        }
        at = end;
    }
}

uint64_t fdt_number(const struct fdt_node *node, const char *name, uint64_t otherwise)
{
    uint32_t length;
    const void *value = fdt_property(node, name, &length);

    if (value && length == 4)
        return fdt_cell(value, 0);
    if (value && length == 8)
        return (uint64_t)fdt_cell(value, 0) << 32 | fdt_cell(value, 1);
    return otherwise;
}

static uint64_t cells(const void *value, uint32_t first, uint32_t count)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < count; i++)
        n = n << 32 | fdt_cell(value, first + i);
    return n;
}

bool fdt_reg(const struct fdt_node *node, unsigned i, uint64_t *address, uint64_t *size)
{
    uint32_t length, a = node->address_cells[node->depth], s = node->size_cells[node->depth];
    const void *value = fdt_property(node, "reg", &length);

    if (!value || a > 2 || s > 2 || (a + s) * 4 * (i + 1) > length)
        return false;
    *address = cells(value, (a + s) * i, a);
    *size = cells(value, (a + s) * i + a, s);
    return true;
}

bool fdt_compatible(const struct fdt_node *node, const char *name)
{
    uint32_t length;
    const char *status = fdt_property(node, "status", &length);
    if (status && !same(status, "okay") && !same(status, "ok"))
        return false;
    const char *list = fdt_property(node, "compatible", &length);
    for (uint32_t at = 0; list && at < length; at += strlen(list + at) + 1)
        if (same(list + at, name))
            return true;
    return false;
}

/* Notes what the children and the path need to know of a node just entered. */
static void enter(struct fdt_node *node)
{
    int d = node->depth;
    uint64_t size;

    node->address_cells[d + 1] = (uint32_t)fdt_number(node, "#address-cells", 2);
    node->size_cells[d + 1] = (uint32_t)fdt_number(node, "#size-cells", 1);
    node->phandle[d] = (uint32_t)fdt_number(node, "phandle", 0);
    if (d == 0 || !fdt_reg(node, 0, &node->reg0[d], &size))
        node->reg0[d] = 0;
}

bool fdt_next(struct fdt_node *node)
{
    const struct fdt *fdt = node->fdt;

    if (!node->next) {
        node->next = fdt->structs;
        node->depth = -1;
    }
    for (;;) {
        uint32_t at = node->next;
        switch (token(fdt, at)) {
        case FDT_BEGIN_NODE:
            node->name = fdt->blob + at + 4;
            node->at = (at + 4 + (uint32_t)strlen(node->name) + 1 + 3) & ~3u;
            node->next = node->at;
            if (++node->depth > FDT_DEPTH)
                continue;
            enter(node);
            return true;
        case FDT_END_NODE:
            node->depth--;
            node->next = at + 4;
            continue;
        case FDT_PROP:
            node->next = property_end(fdt, at);
            continue;
        case FDT_NOP:
            node->next = at + 4;
            continue;
        default:
            return false;
        }
    }
}

bool fdt_reserved(const struct fdt *fdt, unsigned i, uint64_t *address, uint64_t *size)
{
    const char *entry = fdt->blob + fdt->reserve + 16 * i;
    if (fdt->reserve + 16 * (i + 1) > fdt->size)
        return false;
    *address = cells(entry, 0, 2);
    *size = cells(entry, 2, 2);
    return *address || *size;
}
