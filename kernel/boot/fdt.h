/* SPDX-License-Identifier: MIT
 *
 * A reader of flattened device trees (Devicetree Specification 0.4, chapter 5). It walks the blob in
 * place, checks every offset against the blob's size and allocates nothing. */
#ifndef OCTAVO_KERNEL_FDT_H
#define OCTAVO_KERNEL_FDT_H

#include <stdbool.h>
#include <stdint.h>

#define FDT_DEPTH 8 /* deeper nodes are skipped */

struct fdt {
    const char *blob;
    uint32_t size; /* bytes, header included */
    uint32_t structs, structs_end, strings, strings_end, reserve;
};

/* One node, as the walk meets it; valid until the next step. */
struct fdt_node {
    const struct fdt *fdt;
    const char *name;
    uint32_t at;                           /* offset of its first property */
    uint32_t next;                         /* where the walk goes on */
    int depth;                             /* root = 0 */
    uint32_t phandle[FDT_DEPTH + 1];       /* of the nodes on the path */
    uint32_t address_cells[FDT_DEPTH + 2]; /* [d]: for `reg` of nodes at depth d */
    uint32_t size_cells[FDT_DEPTH + 2];
    uint64_t reg0[FDT_DEPTH + 1]; /* first address of the nodes on the path */
};

/* Checks the header; -EINVAL if it is no device tree of version 17. */
int fdt_open(struct fdt *fdt, const void *blob);

/* Steps to the next node in document order; false at the end or at a malformed token. Start with a
 * zeroed node whose fdt is set. */
bool fdt_next(struct fdt_node *node);

/* The property's value and length in bytes, or NULL. */
const void *fdt_property(const struct fdt_node *node, const char *name, uint32_t *length);

/* The property as one big-endian number of 1 or 2 cells, or `otherwise`. */
uint64_t fdt_number(const struct fdt_node *node, const char *name, uint64_t otherwise);

/* The i-th big-endian cell of a property's value. */
uint32_t fdt_cell(const void *value, uint32_t i);

/* The i-th (address, size) pair of `reg`; false if there is none. */
bool fdt_reg(const struct fdt_node *node, unsigned i, uint64_t *address, uint64_t *size);

/* Whether `compatible` lists the name, and the node is not disabled. */
bool fdt_compatible(const struct fdt_node *node, const char *name);

/* The i-th entry of the memory reservation block; false at its end. */
bool fdt_reserved(const struct fdt *fdt, unsigned i, uint64_t *address, uint64_t *size);

#endif
