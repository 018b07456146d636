-- a text of some MB: made, split, counted; long strings and buffers
local parts, seed = {}, 1
for i = 1, 60000 do seed = (seed * 16807) % 2147483647 parts[i] = "w" .. seed % 997 .. (i % 12 == 0 and "\n" or " ") end
local text = table.concat(parts):rep(4) print(#text)
local count, lines = {}, 0 for w in text:gmatch("%w+") do count[w] = (count[w] or 0) + 1 end for _ in text:gmatch("\n") do lines = lines + 1 end
local order = {} for w, n in pairs(count) do order[#order + 1] = w end table.sort(order, function(a, b) return count[a] > count[b] or count[a] == count[b] and a < b end)
print(lines, #order) for i = 1, 5 do print(order[i], count[order[i]]) end
local crc = 0 for i = 1, #text, 97 do crc = (crc * 31 + text:byte(i)) & 0xffffffff end print(("%08x"):format(crc), #text:gsub("w", "WW"))
