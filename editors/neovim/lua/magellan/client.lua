-- Which server to ask, and asking it.
local M = {}

M.NAME = 'magellan_lsp'

---@param message string
---@param level? integer
function M.tell(message, level)
  vim.notify('magellan: ' .. message, level or vim.log.levels.INFO)
end

--- The server of this buffer; from a window that shows no file (help, quickfix), the only one that runs.
---@return vim.lsp.Client?
function M.find()
  local here = vim.lsp.get_clients({ bufnr = 0, name = M.NAME })
  if here[1] or vim.bo.buftype == '' then
    return here[1]
  end
  local all = vim.lsp.get_clients({ name = M.NAME })
  return #all == 1 and all[1] or nil
end

--- Like find(), but says what to do when there is none.
---@return vim.lsp.Client?
function M.get()
  local client = M.find()
  if not client then
    M.tell('no server is attached to this buffer; see :checkhealth magellan', vim.log.levels.WARN)
  end
  return client
end

--- Send a request and hand its result on; an error is shown, with what was asked.
---@param client vim.lsp.Client
---@param method string
---@param params table?
---@param handle fun(result: any)
function M.ask(client, method, params, handle)
  local sent = client:request(method, params, function(err, result)
    if err then
      M.tell(('%s: %s'):format(method, err.message), vim.log.levels.ERROR)
    else
      handle(result)
    end
  end)
  if not sent then
    M.tell('the server has ended; :Magellan restart starts it again', vim.log.levels.ERROR)
  end
end

--- Send a request and wait a moment for its result: for command-line completion, which has to answer at once.
---@param client vim.lsp.Client
---@param method string
---@param params table
---@return any
function M.ask_now(client, method, params)
  local reply = client:request_sync(method, params, 1000)
  return reply and reply.result
end

--- What a request without params sends: an empty object, and not the empty list that an empty table becomes.
M.NOTHING = vim.empty_dict()

return M
