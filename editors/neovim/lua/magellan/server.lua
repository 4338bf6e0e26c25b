-- :Magellan status, reindex and restart.
local client_of = require('magellan.client')
local show = require('magellan.show')

local M = {}

function M.status()
  local client = client_of.get()
  if not client then
    return
  end
  client_of.ask(client, 'magellan/status', client_of.NOTHING, function(status)
    local health = status.health .. (status.quiescent and '' or ', indexing')
    local lines = {
      ('magellan-lsp %s: %s'):format(status.version, health),
      ('process %d, up %d s, %d open documents, columns in %s'):format(
        status.pid,
        status.uptimeSeconds,
        status.openDocuments,
        status.positionEncoding
      ),
    }
    local function add_message(message, indent)
      if message and message ~= vim.NIL then
        vim.list_extend(lines, vim.split(indent .. message, '\n'))
      end
    end
    add_message(status.message, '')
    for _, folder in ipairs(status.folders) do
      lines[#lines + 1] = ''
      lines[#lines + 1] = vim.uri_to_fname(folder.uri)
      lines[#lines + 1] = folder.phase == 'indexing'
          and ('  indexing: %s, %d of %d'):format(folder.step, folder.done, folder.total)
        or '  ' .. folder.phase
      if folder.files then
        lines[#lines + 1] = ('  %d files, %d symbols'):format(folder.files, folder.symbols)
      end
      add_message(folder.message, '  ')
    end
    show.text('status', lines)
  end)
end

function M.reindex()
  local client = client_of.get()
  if not client then
    return
  end
  client_of.ask(client, 'magellan/reindex', client_of.NOTHING, function()
    client_of.tell('comparing all folders with the disk')
  end)
end

--- End the servers that run, and start one for every buffer that wants one. After a crash there is none to end.
function M.restart()
  local running = vim.lsp.get_clients({ name = client_of.NAME })
  for _, client in ipairs(running) do
    client:stop()
  end
  local function gone()
    for _, client in ipairs(running) do
      if vim.lsp.get_client_by_id(client.id) then
        return false
      end
    end
    return true
  end
  if not vim.wait(5000, gone, 20) then
    for _, client in ipairs(running) do
      client:stop(true)
    end
    vim.wait(2000, gone, 20)
  end
  -- looks at all loaded buffers, as when it was called first
  vim.lsp.enable(client_of.NAME)
end

return M
