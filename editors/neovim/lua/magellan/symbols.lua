-- :Magellan symbols, and finding a symbol by its name.
local client_of = require('magellan.client')
local show = require('magellan.show')

local M = {}

---@param symbol lsp.WorkspaceSymbol
---@return string
local function shown(symbol)
  local within = symbol.containerName or ''
  return within ~= '' and ('%s  %s'):format(symbol.name, within) or symbol.name
end

--- The place of a symbol, which the server may leave out of the list until it is asked for.
---@param client vim.lsp.Client
---@param symbol lsp.WorkspaceSymbol
---@param handle fun(symbol: lsp.WorkspaceSymbol)
local function resolved(client, symbol, handle)
  if symbol.location.range then
    handle(symbol)
  else
    client_of.ask(client, 'workspaceSymbol/resolve', symbol, handle)
  end
end

--- List the symbols that a pattern fits, best first.
---@param pattern string
function M.list(pattern)
  local client = client_of.get()
  if not client then
    return
  end
  if pattern == '' then
    pattern = vim.fn.expand('<cword>')
  end
  client_of.ask(client, 'workspace/symbol', { query = pattern }, function(symbols)
    symbols = symbols or {}
    if #symbols == 0 then
      client_of.tell(('no symbol fits %s'):format(pattern))
      return
    end
    local items, missing = {}, #symbols
    for index, symbol in ipairs(symbols) do
      resolved(client, symbol, function(whole)
        local text = ('[%s] %s'):format(vim.lsp.protocol.SymbolKind[whole.kind] or '?', shown(whole))
        items[index] = show.entry(whole.location.uri, whole.location.range, client.offset_encoding, text)
        missing = missing - 1
        if missing == 0 then
          show.places('Magellan: symbols like ' .. pattern, items)
        end
      end)
    end
  end)
end

--- Hand on the symbol of that name; where there are several, the person chooses.
---@param client vim.lsp.Client
---@param name string
---@param handle fun(symbol: lsp.WorkspaceSymbol)
function M.choose(client, name, handle)
  local last = name:match('[^.:/]+$') or name
  client_of.ask(client, 'workspace/symbol', { query = name }, function(symbols)
    local exact = vim.tbl_filter(function(symbol)
      return symbol.name == last
    end, symbols or {})
    if #exact == 0 then
      client_of.tell(('there is no symbol %s'):format(name), vim.log.levels.WARN)
    elseif #exact == 1 then
      resolved(client, exact[1], handle)
    else
      vim.ui.select(exact, { prompt = 'Which ' .. name .. '?', format_item = shown }, function(chosen)
        if chosen then
          resolved(client, chosen, handle)
        end
      end)
    end
  end)
end

--- Names that begin with what was typed, for the command line.
---@param lead string
---@return string[]
function M.complete(lead)
  local client = client_of.find()
  if not client or lead == '' then
    return {}
  end
  local names = {}
  for _, symbol in ipairs(client_of.ask_now(client, 'workspace/symbol', { query = lead }) or {}) do
    if vim.startswith(symbol.name:lower(), lead:lower()) then
      names[symbol.name] = true
    end
  end
  names = vim.tbl_keys(names)
  table.sort(names)
  return names
end

return M
