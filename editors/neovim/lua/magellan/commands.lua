-- What :Magellan can do: one entry a command. A new request of the server becomes a command by an entry here, with a
-- line in doc/magellan.txt.
local M = {}

---@class magellan.Command
---@field run fun(argument: string) called with what stands after the command's name, or ''
---@field complete? fun(lead: string): string[] completes an argument
---@field arguments? integer how many are completed, 1 if absent

local function symbols(lead)
  return require('magellan.symbols').complete(lead)
end

---@type table<string, magellan.Command>
M.COMMANDS = {
  callers = {
    run = function(name)
      require('magellan.calls').callers(name)
    end,
    complete = symbols,
  },
  callees = {
    run = function(name)
      require('magellan.calls').callees(name)
    end,
    complete = symbols,
  },
  cfg = {
    run = function(name)
      require('magellan.details').cfg(name)
    end,
    complete = symbols,
  },
  chunk = {
    run = function(name)
      require('magellan.details').chunk(name)
    end,
    complete = symbols,
  },
  metrics = {
    run = function(name)
      require('magellan.details').metrics(name)
    end,
    complete = symbols,
  },
  paths = {
    run = function(names)
      require('magellan.graph').paths(names)
    end,
    complete = symbols,
    arguments = 2,
  },
  dead = {
    run = function()
      require('magellan.graph').dead()
    end,
  },
  hotspots = {
    run = function(by)
      require('magellan.graph').hotspots(by)
    end,
    complete = function(lead)
      return vim.tbl_filter(function(order)
        return vim.startswith(order, lead)
      end, require('magellan.graph').ORDERS)
    end,
  },
  impact = {
    run = function(range)
      require('magellan.graph').impact(range)
    end,
  },
  migrate = {
    run = function(file)
      require('magellan.migration').migrate(file)
    end,
    complete = function(lead)
      return vim.fn.getcompletion(lead, 'file')
    end,
  },
  symbols = {
    run = function(pattern)
      require('magellan.symbols').list(pattern)
    end,
    complete = symbols,
  },
  status = {
    run = function()
      require('magellan.server').status()
    end,
  },
  reindex = {
    run = function()
      require('magellan.server').reindex()
    end,
  },
  restart = {
    run = function()
      require('magellan.server').restart()
    end,
  },
}

---@return string[]
local function names()
  local all = vim.tbl_keys(M.COMMANDS)
  table.sort(all)
  return all
end

--- Runs `:Magellan COMMAND [ARGUMENT]`; without a command, `status`.
---@param args vim.api.keyset.create_user_command.command_args
function M.run(args)
  local name = args.fargs[1] or 'status'
  local command = M.COMMANDS[name]
  if not command then
    local known = table.concat(names(), ', ')
    require('magellan.client').tell(('there is no command %s, only %s'):format(name, known), vim.log.levels.ERROR)
    return
  end
  command.run(table.concat(args.fargs, ' ', 2))
end

---@param lead string what stands before the cursor, of the present word
---@param line string the whole command line
---@return string[]
function M.complete(lead, line)
  local before = vim.split(line:sub(1, #line - #lead), '%s+', { trimempty = true })
  -- the last `Magellan`, since modifiers and ranges may stand before it
  local typed = 0
  for index, word in ipairs(before) do
    if word:match('Magellan!?$') then
      typed = #before - index
    end
  end
  if typed == 0 then
    return vim.tbl_filter(function(name)
      return vim.startswith(name, lead)
    end, names())
  end
  local command = M.COMMANDS[before[#before - typed + 1]]
  return command and command.complete and typed <= (command.arguments or 1) and command.complete(lead) or {}
end

return M
