-- Conway's life: a glider on a torus, keyed by strings and by integers
local W, H, live = 16, 12, {} for _, p in ipairs{{2, 1}, {3, 2}, {1, 3}, {2, 3}, {3, 3}, {8, 8}, {9, 8}, {10, 8}} do live[p[1] * H + p[2]] = true end
for generation = 1, 30 do local n = {}
    for k in pairs(live) do local x, y = k // H, k % H for dx = -1, 1 do for dy = -1, 1 do if dx ~= 0 or dy ~= 0 then
        local q = (x + dx) % W * H + (y + dy) % H n[q] = (n[q] or 0) + 1 end end end end
    local new = {} for k, c in pairs(n) do if c == 3 or c == 2 and live[k] then new[k] = true end end live = new end
for y = 0, H - 1 do local row = {} for x = 0, W - 1 do row[#row + 1] = live[x * H + y] and "#" or "." end print(table.concat(row)) end
