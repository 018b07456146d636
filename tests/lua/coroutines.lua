-- coroutines: generators, errors, wrap, close, deep nesting
local function range(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end) end
local s = 0 for i in range(1000) do s = s + i end print(s)
local co = coroutine.create(function(a, b) local c = coroutine.yield(a + b) local d, e = coroutine.yield(c * 2) return d + e end)
print(coroutine.resume(co, 1, 2)) print(coroutine.resume(co, 10)) print(coroutine.resume(co, 3, 4)) print(coroutine.resume(co), coroutine.status(co))
print(coroutine.resume(coroutine.create(function() error({code = 7}) end)), coroutine.isyieldable(), coroutine.running() ~= nil)
local function permgen(a, n) n = n or #a if n <= 1 then coroutine.yield(table.concat(a)) else for i = 1, n do
    a[n], a[i] = a[i], a[n] permgen(a, n - 1) a[n], a[i] = a[i], a[n] end end end
for p in coroutine.wrap(function() permgen{"a", "b", "c"} end) do io.write(p, " ") end print()
local all = {} for i = 1, 2000 do all[i] = coroutine.wrap(function() local n = i while true do coroutine.yield(n) n = n + 1 end end) end
local t = 0 for r = 1, 3 do for i = 1, #all do t = t + all[i]() end end print(t)
local c = coroutine.create(function() local x <close> = setmetatable({}, {__close = function() print("closed") end}) coroutine.yield() end)
coroutine.resume(c) print(coroutine.close(c), coroutine.status(c))
print(pcall(coroutine.wrap(function() return pcall(function() coroutine.yield(1) error("x", 0) end) end)))
