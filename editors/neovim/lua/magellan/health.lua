-- :checkhealth magellan
local client_of = require('magellan.client')

local M = {}

local function check_neovim()
  if vim.fn.has('nvim-0.11') == 1 then
    vim.health.ok('Neovim ' .. tostring(vim.version()))
  else
    vim.health.error('Neovim is older than 0.11', 'Install Neovim 0.11 or newer.')
  end
end

--- The command of the configuration, when a program can be run from it.
---@param config vim.lsp.Config
---@return string[]?
local function check_command(config)
  local cmd = config.cmd
  if type(cmd) ~= 'table' then
    vim.health.info('The server is started by a function; whether that works is not checked.')
    return nil
  end
  if vim.fn.executable(cmd[1]) == 0 then
    vim.health.error(('`%s` cannot be run'):format(cmd[1]), {
      'Install the server, see README.md of magellan-lsp.',
      'If it is installed but not on the PATH, say where it is: '
        .. "vim.lsp.config('magellan_lsp', { cmd = { '/path/to/magellan-lsp', '--stdio' } })",
    })
    return nil
  end
  vim.health.ok(('`%s` is %s'):format(cmd[1], vim.fn.exepath(cmd[1])))
  return cmd
end

---@param cmd string[]
local function check_version(cmd)
  local asked = vim.tbl_filter(function(word)
    return word ~= '--stdio'
  end, cmd)
  local ok, done = pcall(function()
    return vim.system(vim.list_extend(asked, { '--version' }), { text = true }):wait(10000)
  end)
  if ok and done.code == 0 then
    vim.health.ok('It answers: ' .. vim.trim(done.stdout))
  else
    local said = ok and vim.trim(done.stderr or '') or tostring(done)
    vim.health.error('It does not answer to --version: ' .. said, 'Run it in a terminal to see what is wrong.')
  end
end

local function check_clients()
  local clients = vim.lsp.get_clients({ name = client_of.NAME })
  if #clients == 0 then
    vim.health.warn('No server is running', {
      'It starts when a source file is opened (see :set filetype?).',
      'What went wrong is in the log: ' .. vim.lsp.log.get_filename(),
    })
  end
  for _, client in ipairs(clients) do
    local status = client_of.ask_now(client, 'magellan/status', client_of.NOTHING)
    local where = client.root_dir or 'no workspace (single files)'
    if not status then
      vim.health.error(('The server of %s does not answer'):format(where), 'Start it anew: :Magellan restart')
    else
      local files, n_symbols = 0, 0
      for _, folder in ipairs(status.folders) do
        files, n_symbols = files + (folder.files or 0), n_symbols + (folder.symbols or 0)
      end
      local say = status.health == 'ok' and vim.health.ok or vim.health.warn
      say(('%s: %s, %s, %d files, %d symbols'):format(
        where,
        status.health,
        status.quiescent and 'ready' or 'indexing',
        files,
        n_symbols
      ))
      if status.message and status.message ~= vim.NIL then
        vim.health.info(status.message)
      end
    end
  end
end

function M.check()
  vim.health.start('magellan')
  check_neovim()
  local config = vim.lsp.config and vim.lsp.config[client_of.NAME]
  if not config then
    vim.health.error(
      'There is no configuration magellan_lsp',
      "Put editors/neovim of magellan-lsp on the 'runtimepath', see :help magellan-install."
    )
    return
  end
  if vim.lsp.is_enabled and not vim.lsp.is_enabled(client_of.NAME) then
    vim.health.warn('The server is not enabled', "Put vim.lsp.enable('magellan_lsp') into your init.lua.")
  end
  local cmd = check_command(config)
  if cmd then
    check_version(cmd)
  end
  check_clients()
end

return M
