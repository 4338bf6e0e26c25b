-- :Magellan migrate
local about = require('magellan.about')
local client_of = require('magellan.client')
local show = require('magellan.show')

local M = {}

---@param data any
---@param indent string
---@param lines string[]
local function describe(data, indent, lines)
  local names = vim.tbl_keys(data)
  table.sort(names, function(one, other)
    return tostring(one) < tostring(other)
  end)
  for _, name in ipairs(names) do
    local value = data[name]
    if type(value) == 'table' and not vim.tbl_isempty(value) then
      lines[#lines + 1] = ('%s%s:'):format(indent, name)
      describe(value, indent .. '  ', lines)
    elseif value ~= vim.NIL and type(value) ~= 'table' then
      vim.list_extend(lines, vim.split(('%s%s: %s'):format(indent, name, value), '\n'))
    end
  end
end

---@param report table
local function show_report(report)
  local lines = {}
  describe(report, '', lines)
  show.text('migration', lines)
end

--- Take over a Magellan index; without a file, show what was taken over when the folder was opened.
---@param file string
function M.migrate(file)
  if file == '' then
    local folder = about.folder()
    about.ask('magellan/migration', vim.tbl_isempty(folder) and client_of.NOTHING or folder, function(report)
      if report then
        show_report(report)
      else
        client_of.tell('nothing was migrated here; :Magellan migrate FILE migrates an index')
      end
    end)
    return
  end
  local input = vim.fn.fnamemodify(vim.fn.expand(file), ':p')
  about.ask('magellan/migrate', vim.tbl_extend('force', about.folder(), { input = input }), function(report)
    show_report(report or {})
  end)
end

return M
