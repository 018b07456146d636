-- eight queens, and the sieve: plain computing
local function queens(n)
    local cols, d1, d2, count = {}, {}, {}, 0
    local function place(r) if r > n then count = count + 1 return end
        for c = 1, n do if not cols[c] and not d1[r + c] and not d2[r - c] then
            cols[c], d1[r + c], d2[r - c] = true, true, true place(r + 1) cols[c], d1[r + c], d2[r - c] = nil, nil, nil end end end
    place(1) return count
end
print(queens(4), queens(6), queens(7))
local sieve, primes = {}, 0 for i = 2, 20000 do if not sieve[i] then primes = primes + 1 for j = i * i, 20000, i do sieve[j] = true end end end print(primes)
local function ack(m, n) if m == 0 then return n + 1 elseif n == 0 then return ack(m - 1, 1) else return ack(m - 1, ack(m, n - 1)) end end print(ack(2, 6))
