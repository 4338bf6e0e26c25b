-- :Magellan cfg, chunk and metrics: what one function, symbol or file is made of, in a scratch window.
local about = require('magellan.about')
local client_of = require('magellan.client')
local show = require('magellan.show')

local M = {}

---@param text any
---@return string the first line, without indentation
local function first_line(text)
  return type(text) == 'string' and vim.trim(text:match('^%s*([^\n]*)') or '') or ''
end

--- The blocks of a function, one a line, with where control goes from each.
---@param name string
function M.cfg(name)
  about.symbol('magellan/cfg', name, {}, function(cfg, client)
    local onward = {}
    for _, edge in ipairs(cfg.edges) do
      local word = edge.kind == 'fallthrough' and '' or ' ' .. edge.kind
      onward[edge.source] = onward[edge.source] or {}
      table.insert(onward[edge.source], ('%d%s'):format(edge.target, word))
    end
    local lines = { ('%s: %d blocks, cyclomatic complexity %d'):format(cfg.name, #cfg.blocks, cfg.cyclomatic), '' }
    local places = {}
    for _, block in ipairs(cfg.blocks) do
      local text = first_line(block.condition) ~= '' and first_line(block.condition) or first_line(block.text)
      local to = table.concat(onward[block.id] or {}, ', ')
      lines[#lines + 1] = ('%3d  %-10s %5d  %s%s%s'):format(
        block.id,
        block.kind,
        block.range.start.line + 1,
        text,
        to ~= '' and '  -> ' .. to or '',
        block.reachable and '' or '  (unreachable)'
      )
      places[#lines] = block
    end
    show.text('cfg', lines, 'magellan-cfg', { places = places, encoding = client.offset_encoding })
  end)
end

--- The source of a symbol, also of one that is defined elsewhere.
---@param name string
function M.chunk(name)
  about.symbol('magellan/chunks', name, {}, function(result)
    local lines, language = {}, nil
    for _, chunk in ipairs(result.chunks) do
      if type(chunk.content) == 'string' then
        if #lines > 0 then
          lines[#lines + 1] = ''
        end
        vim.list_extend(lines, vim.split((chunk.content:gsub('\n$', '')), '\r?\n'))
        language = language or vim.filetype.match({ filename = vim.uri_to_fname(chunk.uri) })
      end
    end
    if #lines == 0 then
      client_of.tell('its text is not kept')
    else
      show.text('chunk', lines, language)
    end
  end)
end

local COLUMNS = { 'loc', 'cyclomatic', 'cognitive', 'nesting', 'fanIn', 'fanOut' }

---@param numbers table
---@param name string
---@return string
local function row(numbers, name)
  local cells = vim.tbl_map(function(column)
    local value = numbers[column]
    return ('%10s'):format(type(value) == 'number' and ('%g'):format(value) or value == column and column or '')
  end, COLUMNS)
  return table.concat(cells) .. '  ' .. name
end

--- Measures of a symbol, or of the file and all of its symbols.
---@param name string
function M.metrics(name)
  local function handle(result, client)
    local head = {}
    for _, column in ipairs(COLUMNS) do
      head[column] = column
    end
    local lines, places = { row(head, '') }, {}
    if type(result.file) == 'table' then
      lines[#lines + 1] = row(result.file, show.short(result.file.uri))
    end
    for _, one in ipairs(result.symbols) do
      lines[#lines + 1] = row(one, one.symbol.displayFqn)
      places[#lines] = { uri = one.symbol.uri, range = one.symbol.selectionRange }
    end
    show.text('metrics', lines, 'magellan-metrics', { places = places, encoding = client.offset_encoding })
  end
  if name ~= '' then
    about.symbol('magellan/metrics', name, {}, handle)
    return
  end
  about.ask('magellan/metrics', { textDocument = { uri = vim.uri_from_bufnr(0) } }, function(result, client)
    if result then
      handle(result, client)
    else
      client_of.tell('there are no measures of this file')
    end
  end)
end

return M
