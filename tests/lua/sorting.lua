-- table.sort against an insertion sort, with comparison functions
local seed = 7
local function random() seed = (seed * 1103515245 + 12345) % 2147483648 return seed end
for _, n in ipairs{0, 1, 2, 3, 10, 100, 2000} do
    local a = {} for i = 1, n do a[i] = random() % 1000 end
    table.sort(a) local ok = true for i = 2, n do ok = ok and a[i - 1] <= a[i] end
    table.sort(a, function(x, y) return x > y end) for i = 2, n do ok = ok and a[i - 1] >= a[i] end
    print(n, ok, a[1], a[n])
end
local words = {} for w in ("the quick brown fox jumps over the lazy dog"):gmatch("%a+") do words[#words + 1] = w end
table.sort(words) print(table.concat(words, " ")) table.sort(words, function(a, b) return #a < #b or #a == #b and a < b end)
print(table.concat(words, " "), pcall(table.sort, {3, "x", 1}), pcall(table.sort, {1, 2, 3, 4, 5}, function() return true end))
