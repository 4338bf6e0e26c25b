-- :Magellan paths, dead, hotspots and impact: questions about the graph of a whole folder, answered in the quickfix list.
local about = require('magellan.about')
local client_of = require('magellan.client')
local show = require('magellan.show')

local M = {}

local LIMIT = 1000

---@param client vim.lsp.Client
---@param symbols magellan.Symbol[]
---@param text fun(symbol: table): string?
---@return vim.quickfix.entry[]
local function entries(client, symbols, text)
  return vim.tbl_map(function(symbol)
    return about.entry(symbol, client, text(symbol))
  end, symbols)
end

---@param params table
---@return table params with the folder of the buffer
local function in_folder(params)
  local folder = about.folder()
  return vim.tbl_isempty(folder) and vim.tbl_isempty(params) and client_of.NOTHING
    or vim.tbl_extend('force', params, folder)
end

--- The chains of calls that lead from one symbol to another, one after the other, shortest first.
---@param names string "FROM TO", or "TO" from what is under the cursor
function M.paths(names)
  local from, to = names:match('^(%S+)%s+(%S+)$')
  to = to or names
  if to == '' then
    client_of.tell('paths to which symbol? :Magellan paths [FROM] TO', vim.log.levels.WARN)
    return
  end
  local client = client_of.get()
  if not client then
    return
  end
  local params = { from = from and { symbol = from } or about.here(client), to = { symbol = to }, k = 10 }
  about.ask('magellan/paths', in_folder(params), function(result)
    local paths = result and result.paths or {}
    if #paths == 0 then
      client_of.tell(('no chain of calls leads to %s'):format(to))
      return
    end
    local items = {}
    for number, path in ipairs(paths) do
      for step, symbol in ipairs(path) do
        items[#items + 1] = about.entry(symbol, client, ('path %d, %d: %s'):format(number, step, symbol.displayFqn))
      end
    end
    show.places(('Magellan: paths to %s'):format(to), items)
  end)
end

--- Functions and types that no entry point leads to.
function M.dead()
  about.ask('magellan/deadCode', in_folder({ limit = LIMIT }), function(result, client)
    if not result or #result.dead == 0 then
      client_of.tell('no dead code')
      return
    end
    local words = { isolated = 'isolated', unused = 'unused', used_by_dead = 'used by dead code', dead_cycle = 'in a dead cycle' }
    local title = ('Magellan: dead code, %d of %d'):format(#result.dead, result.deadCount)
    show.places(title, entries(client, result.dead, function(symbol)
      return ('[%s] %s: %s'):format(symbol.kind, symbol.displayFqn, words[symbol.reason] or symbol.reason)
    end))
  end)
end

--- What stands out.
---@param by string complexity (if empty), fanIn, fanOut, loc or churn
function M.hotspots(by)
  by = by == '' and 'complexity' or by
  about.ask('magellan/hotspots', in_folder({ by = by, limit = 50 }), function(result, client)
    local top = { start = { line = 0, character = 0 }, ['end'] = { line = 0, character = 0 } }
    local items = vim.tbl_map(function(spot)
      if spot.symbol then
        return about.entry(spot.symbol, client, ('%g  %s'):format(spot.score, spot.symbol.displayFqn))
      end
      return show.entry(spot.file, top, client.offset_encoding, ('%g'):format(spot.score))
    end, result and result.hotspots or {})
    if #items == 0 then
      client_of.tell('no hotspots by ' .. by)
    else
      show.places('Magellan: hotspots by ' .. by, items)
    end
  end)
end

M.ORDERS = { 'churn', 'complexity', 'fanIn', 'fanOut', 'loc' }

--- What a change touches, and what depends on it.
---@param range string of git, as main..HEAD; what is not committed if empty
function M.impact(range)
  local params = in_folder({ limit = LIMIT, range = range ~= '' and range or nil })
  about.ask('magellan/impact', params, function(result, client)
    if not result or #result.changed == 0 then
      client_of.tell('nothing changed that the index knows')
      return
    end
    local items = entries(client, result.changed, function(symbol)
      return ('changed: %s'):format(symbol.displayFqn)
    end)
    vim.list_extend(items, entries(client, result.affected, function(symbol)
      return ('affected, %d away: %s'):format(symbol.depth, symbol.displayFqn)
    end))
    show.places('Magellan: impact of ' .. (range ~= '' and range or 'what is not committed'), items)
  end)
end

return M
