/* SPDX-License-Identifier: MIT
 *
 * Filling a page, which is aligned as one. */
#ifndef PAGER_PAGE_H
#define PAGER_PAGE_H

/* A page in some 530 and some 1,040 instructions. */
void page_zero(void *page);
void page_copy(void *to, const void *from);

#endif
