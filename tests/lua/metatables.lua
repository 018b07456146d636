-- metatables: arithmetic, comparison, indexing, calls, inheritance
local V = {} V.__index = V
local function new(x, y) return setmetatable({x = x, y = y}, V) end
V.__add = function(a, b) return new(a.x + b.x, a.y + b.y) end V.__eq = function(a, b) return a.x == b.x and a.y == b.y end
V.__lt = function(a, b) return a.x < b.x end V.__le = function(a, b) return a.x <= b.x end V.__unm = function(a) return new(-a.x, -a.y) end
V.__tostring = function(a) return "(" .. a.x .. "," .. a.y .. ")" end V.__len = function() return 2 end V.__concat = function(a, b) return tostring(a) .. tostring(b) end
V.__call = function(self, k) return self[k] end V.__idiv = function() return "idiv" end V.__shl = function() return "shl" end
local a, b = new(1, 2), new(3, 4) print(tostring(a + b), a == new(1, 2), a < b, a >= b, tostring(-a), #a, a .. b .. "!", a("y"), a // b, a << 1)
local Animal = {} Animal.__index = Animal function Animal.new(n) return setmetatable({name = n}, Animal) end function Animal:speak() return self.name .. " makes a noise" end
local Dog = setmetatable({}, {__index = Animal}) Dog.__index = Dog function Dog:speak() return Animal.speak(self) .. ": woof" end
print(setmetatable({name = "Rex"}, Dog):speak())
local log = {} local p = setmetatable({}, {__index = function(_, k) log[#log + 1] = k return k .. "?" end, __newindex = function(t, k, v) rawset(t, k, v * 2) end})
p.z = 21 print(p.z, p.missing, table.concat(log)) print(getmetatable("").__index == string, pcall(setmetatable, setmetatable({}, {__metatable = 1}), {}))
for k, v in pairs(setmetatable({}, {__pairs = function() return function(_, k) k = (k or 0) + 1 if k < 4 then return k, k * k end end, nil, nil end})) do io.write(k, "=", v, " ") end print()
