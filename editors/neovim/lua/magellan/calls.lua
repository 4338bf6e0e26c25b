-- :Magellan callers and :Magellan callees.
local client_of = require('magellan.client')
local show = require('magellan.show')

local M = {}

---@class magellan.Direction
---@field method string
---@field word string
---@field item string which end of a call is the answer
---@field in_caller boolean whether the calls are in the file of that end

---@type magellan.Direction
local CALLERS = { method = 'callHierarchy/incomingCalls', word = 'callers', item = 'from', in_caller = true }
---@type magellan.Direction
local CALLEES = { method = 'callHierarchy/outgoingCalls', word = 'callees', item = 'to', in_caller = false }

--- The calls of one symbol, one line for each place of a call, headed by the symbol at the other end.
---@param client vim.lsp.Client
---@param direction magellan.Direction
---@param symbol lsp.CallHierarchyItem
local function list(client, direction, symbol)
  client_of.ask(client, direction.method, { item = symbol }, function(calls)
    local items = {}
    for _, call in ipairs(calls or {}) do
      local other = call[direction.item]
      local uri = direction.in_caller and other.uri or symbol.uri
      for _, range in ipairs(call.fromRanges) do
        local entry = show.entry(uri, range, client.offset_encoding)
        entry.text = ('%s: %s'):format(other.name, vim.trim(entry.text))
        items[#items + 1] = entry
      end
    end
    if #items == 0 then
      client_of.tell(('no %s of %s'):format(direction.word, symbol.name))
    else
      show.places(('Magellan: %s of %s'):format(direction.word, symbol.name), items)
    end
  end)
end

---@param client vim.lsp.Client
---@param direction magellan.Direction
---@param place lsp.TextDocumentPositionParams
local function at(client, direction, place)
  client_of.ask(client, 'textDocument/prepareCallHierarchy', place, function(symbols)
    symbols = symbols or {}
    if #symbols == 0 then
      client_of.tell('there is no name here', vim.log.levels.WARN)
    elseif #symbols == 1 then
      list(client, direction, symbols[1])
    else
      vim.ui.select(symbols, {
        prompt = direction.word .. ' of which?',
        format_item = function(symbol)
          return ('%s  %s'):format(symbol.name, symbol.detail or '')
        end,
      }, function(chosen)
        if chosen then
          list(client, direction, chosen)
        end
      end)
    end
  end)
end

--- Of the name under the cursor, or of the symbol that is named.
---@param direction magellan.Direction
---@param name string
local function run(direction, name)
  local client = client_of.get()
  if not client then
    return
  end
  if name == '' then
    at(client, direction, vim.lsp.util.make_position_params(0, client.offset_encoding))
    return
  end
  require('magellan.symbols').choose(client, name, function(symbol)
    local place = { textDocument = { uri = symbol.location.uri }, position = symbol.location.range.start }
    at(client, direction, place)
  end)
end

---@param name string
function M.callers(name)
  run(CALLERS, name)
end

---@param name string
function M.callees(name)
  run(CALLEES, name)
end

return M
