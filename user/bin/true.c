/* SPDX-License-Identifier: MIT
 *
 * true: status 0 (POSIX XCU true). */

int main(void)
{
    return 0;
}
