-- Asking a request beyond LSP about a symbol: the one under the cursor, or one by name.
local client_of = require('magellan.client')
local show = require('magellan.show')

local M = {}

---@class magellan.Symbol
---@field id string?
---@field name string
---@field displayFqn string
---@field kind string
---@field uri string
---@field range lsp.Range
---@field selectionRange lsp.Range

--- Whether the server answers a request; says so when it does not.
---@param client vim.lsp.Client
---@param method string
---@return boolean
function M.offered(client, method)
  local experimental = client.server_capabilities.experimental
  local requests = experimental and experimental.magellan and experimental.magellan.requests or {}
  if vim.tbl_contains(requests, method) then
    return true
  end
  client_of.tell(('this server does not answer %s'):format(method), vim.log.levels.ERROR)
  return false
end

--- Send a request beyond LSP, and hand its result on.
---@param method string
---@param params table
---@param handle fun(result: any, client: vim.lsp.Client) result is nil for null
function M.ask(method, params, handle)
  local client = client_of.get()
  if client and M.offered(client, method) then
    client_of.ask(client, method, params, function(result)
      handle(result ~= vim.NIL and result or nil, client)
    end)
  end
end

--- Where the cursor is, as a choice of a symbol.
---@param client vim.lsp.Client
---@return table
function M.here(client)
  return vim.lsp.util.make_position_params(0, client.offset_encoding)
end

--- Ask about a symbol. A name that stands for several is settled by asking the person.
---@param method string
---@param name string the symbol under the cursor if empty
---@param more table further params
---@param handle fun(result: any, client: vim.lsp.Client) not called when there is no such symbol
function M.symbol(method, name, more, handle)
  local client = client_of.get()
  if not client or not M.offered(client, method) then
    return
  end
  local function ask(choice)
    client:request(method, vim.tbl_extend('force', choice, more), function(err, result)
      local candidates = err and type(err.data) == 'table' and err.data.candidates
      if candidates then
        vim.ui.select(candidates, {
          prompt = ('Which %s?'):format(name),
          format_item = function(symbol)
            return ('%s %s  %s'):format(symbol.kind, symbol.displayFqn, show.short(symbol.uri))
          end,
        }, function(chosen)
          if chosen then
            ask(M.choice(chosen))
          end
        end)
      elseif err then
        client_of.tell(('%s: %s'):format(method, err.message), vim.log.levels.ERROR)
      elseif result == nil or result == vim.NIL then
        local what = name == '' and 'the cursor is on none' or ('no symbol %s'):format(name)
        client_of.tell(('nothing to show: %s'):format(what), vim.log.levels.WARN)
      else
        handle(result, client)
      end
    end)
  end
  ask(name == '' and M.here(client) or vim.tbl_extend('force', { symbol = name }, M.folder()))
end

--- A symbol that the server named, as a choice: by its id, or by its place where it has none.
---@param symbol magellan.Symbol
---@return table
function M.choice(symbol)
  if type(symbol.id) == 'string' then
    return vim.tbl_extend('force', { symbol = symbol.id }, M.folder())
  end
  return { textDocument = { uri = symbol.uri }, position = symbol.selectionRange.start }
end

--- A symbol as a line of the quickfix list.
---@param symbol magellan.Symbol
---@param client vim.lsp.Client
---@param text? string
---@return vim.quickfix.entry
function M.entry(symbol, client, text)
  text = text or ('[%s] %s'):format(symbol.kind, symbol.displayFqn)
  return show.entry(symbol.uri, symbol.selectionRange, client.offset_encoding, text)
end

--- The workspace folder of the buffer, for questions about a whole graph.
---@return { folder: string? }
function M.folder()
  local client = client_of.find()
  local file = vim.api.nvim_buf_get_name(0)
  for _, folder in ipairs(client and client.workspace_folders or {}) do
    if file ~= '' and vim.startswith(file, vim.uri_to_fname(folder.uri)) then
      return { folder = folder.uri }
    end
  end
  return {}
end

return M
