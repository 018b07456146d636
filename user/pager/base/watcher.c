/* SPDX-License-Identifier: MIT
 *
 * See watcher.h. */
#include "user/pager/base/watcher.h"

struct watcher watcher;
