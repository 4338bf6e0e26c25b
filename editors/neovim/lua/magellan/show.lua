-- Where answers are shown: the quickfix list for places, a scratch window for texts.
local M = {}

--- Show places in the quickfix window.
---@param title string
---@param items vim.quickfix.entry[]
function M.places(title, items)
  vim.fn.setqflist({}, ' ', { title = title, items = items })
  vim.cmd('botright copen')
end

---@class magellan.Places
---@field places table<integer, { uri: string, range: lsp.Range }> by line of the text
---@field encoding string what the ranges count in

--- Show a text in a window of its own; `q` closes it. A second text under the same name takes its place.
---@param name string
---@param lines string[]
---@param filetype? string
---@param linked? magellan.Places where <CR> leads to on a line, in the window that one came from
function M.text(name, lines, filetype, linked)
  local full = 'magellan://' .. name
  local buffer = vim.fn.bufnr('^' .. full .. '$')
  if buffer == -1 then
    buffer = vim.api.nvim_create_buf(false, true)
    vim.api.nvim_buf_set_name(buffer, full)
    vim.bo[buffer].bufhidden = 'wipe'
    vim.keymap.set('n', 'q', '<cmd>close<cr>', { buffer = buffer, nowait = true })
  end
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].filetype = filetype or ''
  if linked then
    vim.keymap.set('n', '<CR>', function()
      local place = linked.places[vim.api.nvim_win_get_cursor(0)[1]]
      if place then
        vim.cmd.wincmd('p')
        vim.lsp.util.show_document(place, linked.encoding, { focus = true, reuse_win = false })
      end
    end, { buffer = buffer, desc = 'Go to the source of this line' })
  end
  local window = vim.fn.bufwinid(buffer)
  if window ~= -1 then
    vim.api.nvim_set_current_win(window)
  else
    vim.cmd('botright sbuffer ' .. buffer)
    vim.api.nvim_win_set_height(0, math.max(1, math.min(#lines, math.floor(vim.o.lines / 3))))
  end
end

--- A file's path as people know it here.
---@param uri string
---@return string
function M.short(uri)
  return vim.fn.fnamemodify(vim.uri_to_fname(uri), ':.')
end

--- A range of LSP in a file as an entry of the quickfix list. The file is loaded: columns are bytes there, and what
--- the server counts in (`encoding`) can be turned into bytes only with the text at hand.
---@param uri string
---@param range lsp.Range
---@param encoding string
---@param text? string shown instead of the line itself
---@return vim.quickfix.entry
function M.entry(uri, range, encoding, text)
  local item = vim.lsp.util.locations_to_items({ { uri = uri, range = range } }, encoding)[1]
  return {
    filename = item.filename,
    lnum = item.lnum,
    col = item.col,
    end_lnum = item.end_lnum,
    end_col = item.end_col,
    text = text or item.text,
  }
end

return M
