-- closures, upvalues, varargs, tail calls, to-be-closed variables
local function counter() local n = 0 return function(k) n = n + (k or 1) return n end end
local a, b = counter(), counter() a() a(10) b() print(a(), b())
local fs = {} for i = 1, 3 do fs[i] = function() i = i + 1 return i end end print(fs[1](), fs[1](), fs[2](), fs[3]())
local function sum(...) local s = 0 for _, v in ipairs{...} do s = s + v end return s, select("#", ...) end print(sum(1, 2, 3))
local function loop(n) if n == 0 then return "done" end return loop(n - 1) end print(loop(1000000))
local function fix(f) return (function(x) return x(x) end)(function(x) return f(function(...) return x(x)(...) end) end) end
print(fix(function(self) return function(n) return n < 2 and 1 or n * self(n - 1) end end)(20))
do local x <close> = setmetatable({}, {__close = function(_, e) print("closed", e) end}) local y <const> = 5 print(y) end
print(pcall(function() local x <close> = setmetatable({}, {__close = function(_, e) print("closing", e) end}) error("oops", 0) end))
goto over print("never") ::over:: print(select(-1, 1, 2, 3), (function(...) return ... end)(1, nil, 3))
