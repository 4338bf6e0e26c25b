-- Runs inside Neovim, see nvim_smoke.sh. Prints a line for each check and a closing count.
local passed, failed = 0, 0
local function check(name, ok, detail)
  if ok then
    passed = passed + 1
  else
    failed = failed + 1
  end
  io.stdout:write(('%s %s%s\n'):format(ok and 'ok  ' or 'FAIL', name, ok and '' or (': ' .. tostring(detail))))
end

local function equal(name, want, got)
  check(name, want == got, ('want %s, got %s'):format(want, tostring(got)))
end

-- Every wait polls a condition while the event loop runs; a bare sleep would not serve the client.
local function eventually(name, want, get)
  vim.wait(15000, function()
    return get() == want
  end, 20)
  equal(name, want, get())
end

local function keys(lhs) -- as typed: mappings apply, and 'x' runs them to the end
  vim.api.nvim_feedkeys(vim.keycode(lhs), 'xm', false)
end

local function client()
  local found = vim.lsp.get_clients({ bufnr = 0, name = 'magellan_lsp' })[1]
  return found and found.initialized and found or nil
end

local function attached()
  vim.wait(20000, function()
    return client() ~= nil
  end, 20)
  return client() ~= nil
end

--- Line and column (in bytes) where `text` stands in a file for the n-th time. Places are found by text, so that the
--- fixture may change.
local function find(file, text, nth)
  nth = nth or 1
  for number, line in ipairs(vim.fn.readfile(file)) do
    local from = 1
    while true do
      local start = line:find(text, from, true)
      if not start then
        break
      end
      nth = nth - 1
      if nth == 0 then
        return number, start
      end
      from = start + 1
    end
  end
  error(('%s has no %s'):format(file, text))
end

local function place(file, text, nth)
  return ('%s:%d:%d'):format(file, find(file, text, nth))
end

local function open_at(file, text, nth)
  local line, column = find(file, text, nth)
  vim.cmd.edit(file)
  vim.api.nvim_win_set_cursor(0, { line, column - 1 })
end

local function relative(name)
  return vim.fs.relpath(assert(vim.uv.fs_realpath('.')), vim.uv.fs_realpath(name) or name) or name
end

local function here()
  local at = vim.api.nvim_win_get_cursor(0)
  return ('%s:%d:%d'):format(relative(vim.api.nvim_buf_get_name(0)), at[1], at[2] + 1)
end

local function quickfix()
  local found = {}
  for _, item in ipairs(vim.fn.getqflist()) do
    found[#found + 1] = ('%s:%d:%d'):format(relative(vim.api.nvim_buf_get_name(item.bufnr)), item.lnum, item.col)
  end
  table.sort(found)
  return table.concat(found, ' ')
end

local function quickfix_title()
  return vim.fn.getqflist({ title = 1 }).title
end

local function close_lists()
  vim.cmd('cclose | lclose | only')
  vim.fn.setqflist({}, 'r')
end

local function sorted(...)
  local all = { ... }
  table.sort(all)
  return table.concat(all, ' ')
end

local function ask(method, params)
  local reply, problem = client():request_sync(method, params, 20000, 0)
  assert(reply and not reply.err, problem or (reply and vim.inspect(reply.err)))
  return reply.result
end

local messages, progress = {}, {}
vim.notify = function(text)
  messages[#messages + 1] = text
end
vim.api.nvim_create_autocmd('LspProgress', {
  callback = function(event)
    progress[#progress + 1] = event.data.params.value.kind
  end,
})
local ok, problem = xpcall(function()
  check('Neovim is 0.11 or newer', vim.fn.has('nvim-0.11') == 1, tostring(vim.version()))

  -- starting
  open_at('main.py', 'label(total', 1)
  check('the server starts and is attached', attached(), vim.lsp.log.get_filename())
  equal('the workspace is the folder with the project file', vim.uv.cwd(), vim.uv.fs_realpath(client().root_dir))
  vim.lsp.buf.definition()
  eventually('definition, at once and past astral characters', place('shop/stock.py', 'label'), here)
  eventually('progress is shown and ends', 'begin end', function()
    return #progress > 1 and progress[1] .. ' ' .. progress[#progress] or ''
  end)
  ask('magellan/synchronize', vim.empty_dict())

  -- definitions in each language
  local languages = {
    { 'rust/src/main.rs', 'sum_up', 'rust/src/stock.rs', 'sum_up' },
    { 'go/main.go', 'SumUp', 'go/stock/stock.go', 'SumUp(' },
    { 'java/shop/Main.java', 'sumUp', 'java/shop/Stock.java', 'sumUp' },
    { 'c/main.c', 'stock_sum', 'c/stock.c', 'stock_sum' },
    { 'cpp/main.cpp', 'total_of', 'cpp/stock.cpp', 'total_of' },
    { 'js/main.js', 'sumUp(', 'js/stock.js', 'sumUp' },
    { 'ts/main.ts', 'addUp(', 'ts/stock.ts', 'addUp' },
  }
  for _, one in ipairs(languages) do
    open_at(one[1], one[2])
    attached()
    keys('<C-]>')
    eventually('definition in ' .. one[1], place(one[3], one[4]), here)
  end

  -- references, calls
  local references = sorted(
    place('main.py', 'label'),
    place('main.py', 'label(total', 1),
    place('main.py', 'label(total', 2),
    place('shop/stock.py', 'label'),
    place('shop/stock.py', 'label(total')
  )
  open_at('main.py', 'label(total')
  keys('grr')
  eventually('references in the quickfix list', references, quickfix)
  close_lists()

  open_at('main.py', 'label(total')
  vim.lsp.buf.incoming_calls()
  local calls = sorted(
    place('main.py', 'label(total', 1),
    place('main.py', 'label(total', 2),
    place('shop/stock.py', 'label(total')
  )
  eventually('incoming calls in the quickfix list', calls, quickfix)
  close_lists()

  open_at('main.py', 'label(total')
  vim.cmd('Magellan callers')
  eventually(':Magellan callers', calls, quickfix)
  equal('its title', 'Magellan: callers of label', quickfix_title())
  local first = vim.fn.getqflist()[1].text
  check('it names the caller', first:find('report: ', 1, true) == 1, first)
  close_lists()

  vim.cmd.edit('main.py')
  vim.cmd('Magellan callers label')
  eventually(':Magellan callers NAME', calls, quickfix)
  close_lists()

  open_at('shop/stock.py', 'put')
  vim.cmd('Magellan callees')
  local callees = sorted(place('shop/stock.py', 'label(total'), place('shop/stock.py', 'total(self'))
  eventually(':Magellan callees', callees, quickfix)
  close_lists()

  open_at('main.py', '😀')
  messages = {}
  vim.cmd('Magellan callers')
  eventually(':Magellan callers where there is no name', 'magellan: there is no name here', function()
    return messages[1]
  end)

  -- symbols, hover, highlights
  open_at('shop/stock.py', 'class')
  keys('gO')
  vim.wait(15000, function()
    return #vim.fn.getloclist(0) > 0
  end, 20)
  local outline = {}
  for _, item in ipairs(vim.fn.getloclist(0)) do
    outline[#outline + 1] = item.text:match('%S+ +(%S+)') or item.text
  end
  local outline_text = table.concat(outline, ' ')
  check('document symbols', outline_text:find('total.*Shelf.*put') ~= nil, outline_text)
  close_lists()

  vim.cmd.edit('main.py')
  vim.cmd('Magellan symbols Shelf')
  eventually(':Magellan symbols: the title', 'Magellan: symbols like Shelf', quickfix_title)
  local shelves = quickfix()
  for _, file in ipairs({ 'shop/stock.py', 'rust/src/stock.rs', 'cpp/stock.hpp' }) do
    check(':Magellan symbols finds ' .. file, shelves:find(place(file, 'Shelf'), 1, true), shelves)
  end
  close_lists()

  open_at('main.py', 'label(total')
  vim.lsp.buf.hover()
  local function floating()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= '' then
        local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
        return table.concat(lines, '\n')
      end
    end
    return ''
  end
  vim.wait(15000, function()
    return floating() ~= ''
  end, 20)
  local text = floating()
  check('hover shows head and documentation', text:find('label(amount)', 1, true) and text:find('as people read'), text)
  vim.cmd('fclose!')

  local function cursor()
    return vim.lsp.util.make_position_params(0, client().offset_encoding)
  end
  equal('highlights', 3, #ask('textDocument/documentHighlight', cursor()))
  open_at('main.py', 'Shelf(')
  equal('type hierarchy', 'Shelf', ask('textDocument/prepareTypeHierarchy', cursor())[1].name)
  check('folding', #ask('textDocument/foldingRange', { textDocument = { uri = vim.uri_from_bufnr(0) } }) >= 2, 'none')
  vim.lsp.buf.type_definition()
  eventually('type definition', place('shop/stock.py', 'Shelf'), here)
  open_at('c/main.c', 'stock_sum')
  vim.lsp.buf.declaration()
  eventually('declaration', place('c/stock.h', 'stock_sum'), here)
  open_at('main.py', 'label(total')
  vim.lsp.buf.implementation()
  eventually('implementation', place('shop/stock.py', 'label'), here)
  open_at('js/main.js', './stock.js')
  local links = ask('textDocument/documentLink', { textDocument = { uri = vim.uri_from_bufnr(0) } })
  equal('links of imports', 1, #links)
  local ranges = ask('textDocument/selectionRange', {
    textDocument = { uri = vim.uri_from_bufnr(0) },
    positions = { { line = 0, character = 10 } },
  })
  check('selection ranges', ranges[1].parent ~= nil, vim.inspect(ranges))

  -- unsaved text
  open_at('shop/stock.py', 'def label')
  local line = find('shop/stock.py', 'def label')
  local new = { 'def relabel(amount):', '    return "😀" + label(amount)', '', '' }
  vim.api.nvim_buf_set_lines(0, line - 1, line - 1, false, new)
  vim.api.nvim_win_set_cursor(0, { line + 1, #'    return "😀" + ' })
  keys('<C-]>')
  eventually('definition after an unsaved edit', ('shop/stock.py:%d:5'):format(line + 4), here)
  open_at('main.py', 'import Shelf')
  vim.api.nvim_buf_set_lines(0, 1, 1, false, { 'from shop.stock import relabel', 'relabel(1)' })
  vim.api.nvim_win_set_cursor(0, { 3, 2 })
  vim.lsp.buf.definition()
  eventually('definition in another file that only unsaved text has', ('shop/stock.py:%d:5'):format(line), here)
  vim.cmd('wall')

  -- a file renamed on disk, behind the editor's back
  vim.fn.mkdir('later')
  vim.fn.writefile({ 'def arrives():', '    pass' }, 'later/one.py')
  open_at('main.py', 'shelf')
  vim.api.nvim_buf_set_lines(0, 0, 0, false, { 'from later.two import arrives', 'arrives()' })
  assert(vim.uv.fs_rename('later/one.py', 'later/two.py'))
  local function definition_of_arrives()
    if relative(vim.api.nvim_buf_get_name(0)) == 'main.py' then
      vim.api.nvim_win_set_cursor(0, { 2, 2 })
      keys('<C-]>')
    end
    return here()
  end
  vim.o.errorbells = false
  eventually('a file renamed on disk is seen', 'later/two.py:1:5', function()
    local answered, at = pcall(definition_of_arrives)
    return answered and at or here()
  end)
  vim.cmd('buffer main.py | silent write')

  -- our own commands
  local function completed(typed)
    return table.concat(vim.fn.getcompletion(typed, 'cmdline'), ' ')
  end
  equal(
    'completion of commands',
    'callees callers cfg chunk dead hotspots impact metrics migrate paths reindex restart status symbols',
    completed('Magellan ')
  )
  equal('of those that begin so', 'reindex restart', completed('Magellan re'))
  equal('of a second argument', 'discounted', completed('Magellan paths bill disco'))
  equal('of words of their own', 'fanIn fanOut', completed('Magellan hotspots fan'))
  equal('of their arguments', 'relabel', completed('Magellan callers rela'))
  equal('also after a modifier', 'relabel', completed('silent Magellan callers rela'))
  vim.cmd('Magellan status')
  eventually(':Magellan status opens a window', 'magellan://status', function()
    return vim.api.nvim_buf_get_name(0)
  end)
  local lines = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  check('it says how far the index is', lines:find('magellan%-lsp %S+: ok.*%d+ files, %d+ symbols') ~= nil, lines)
  keys('q')
  check('q closes it', vim.api.nvim_buf_get_name(0) ~= 'magellan://status', vim.api.nvim_buf_get_name(0))
  messages = {}
  vim.cmd('Magellan reindex')
  eventually(':Magellan reindex', 'magellan: comparing all folders with the disk', function()
    return messages[1]
  end)
  messages = {}
  vim.cmd('Magellan nonsense')
  check('an unknown command is refused', (messages[1] or ''):find('there is no command nonsense', 1, true), messages[1])
  local status
  client():exec_cmd({ title = 'status', command = 'magellan/status' }, { bufnr = 0 }, function(_, result)
    status = result
  end)
  eventually('workspace/executeCommand', 'ok', function()
    return status and status.health
  end)

  -- what one function, symbol or file is made of
  local function shown()
    return vim.api.nvim_buf_get_name(0) .. '\n' .. table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  end
  local function shows(name, pattern)
    vim.wait(15000, function()
      return shown():find(pattern) ~= nil
    end, 20)
    check(name, shown():find(pattern), shown())
  end
  open_at('shop/orders.py', 'price_of')
  vim.cmd('Magellan cfg')
  shows(':Magellan cfg', 'magellan://cfg\nprice_of: 1%d blocks, cyclomatic complexity 6')
  vim.fn.search('raise OutOfStock')
  keys('<CR>')
  eventually('its lines lead to their source', place('shop/orders.py', 'raise OutOfStock'), here)
  vim.cmd('only | Magellan cfg discounted')
  shows(':Magellan cfg NAME', 'discounted: %d blocks, cyclomatic complexity 1')
  vim.cmd('only | buffer main.py | Magellan chunk Shelf.put')
  shows(':Magellan chunk', 'magellan://chunk\n%s*def put%(self, price%):.*return label')
  equal('it is shown as what it is', 'python', vim.bo.filetype)
  keys('q')
  open_at('shop/orders.py', 'price_of')
  vim.cmd('Magellan metrics')
  shows(':Magellan metrics', 'cyclomatic.*16 +6 +7 +2 +1 +2  shop%.orders%.price_of')
  vim.fn.search('_forgotten')
  keys('<CR>')
  eventually('its lines lead to the symbols', place('shop/orders.py', '_forgotten'), here)
  vim.cmd('only | Magellan metrics bill')
  shows(':Magellan metrics NAME', 'magellan://metrics[^_]*shop%.orders%.bill$')
  vim.cmd('only | buffer main.py')

  -- the graph of the folder
  local function quickfix_texts()
    return table.concat(vim.tbl_map(function(item)
      return item.text
    end, vim.fn.getqflist()), '\n')
  end
  local function lists(name, command, title, pattern)
    close_lists()
    vim.cmd(command)
    eventually(name, title, quickfix_title)
    check(name .. ': what is in it', quickfix_texts():find(pattern), quickfix_texts())
    close_lists()
  end
  open_at('shop/orders.py', 'bill')
  lists(
    ':Magellan paths TO',
    'Magellan paths discounted',
    'Magellan: paths to discounted',
    'path 1, 1: shop%.orders%.bill\npath 1, 2: shop%.orders%.price_of\npath 1, 3: shop%.orders%.discounted'
  )
  lists(
    ':Magellan paths FROM TO',
    'Magellan paths checkout discounted',
    'Magellan: paths to discounted',
    'path 1, 1: till%.checkout'
  )
  messages = {}
  vim.cmd('Magellan paths discounted checkout')
  eventually('where no chain of calls leads', 'magellan: no chain of calls leads to checkout', function()
    return messages[1]
  end)
  lists(':Magellan dead', 'Magellan dead', 'Magellan: dead code, 1 of 1', '^%[function%] shop%.orders%._forgotten: isolated')
  lists(':Magellan hotspots', 'Magellan hotspots', 'Magellan: hotspots by complexity', '^6  shop%.orders%.price_of\n')
  lists(':Magellan hotspots loc', 'Magellan hotspots loc', 'Magellan: hotspots by loc', '^%d%d\n')
  local function git(...)
    local done = vim.system({ 'git', '-c', 'user.name=me', '-c', 'user.email=me@example.com', ... }):wait()
    assert(done.code == 0, done.stderr)
  end
  git('init', '--quiet')
  git('add', '.')
  git('commit', '--quiet', '--message', 'All')
  open_at('shop/orders.py', 'amount - amount * rate')
  vim.cmd('substitute/amount - amount \\* rate/amount * (1 - rate)/ | write')
  ask('magellan/synchronize', vim.empty_dict())
  lists(
    ':Magellan impact',
    'Magellan impact',
    'Magellan: impact of what is not committed',
    '^changed: shop%.orders%.discounted\naffected, 1 away: shop%.orders%.price_of\n'
  )
  vim.ui.select = function(items, _, choose)
    choose(items[1])
  end
  vim.cmd('Magellan metrics Shelf')
  shows('a name of several symbols is settled by choosing', 'magellan://metrics.*Shelf')
  vim.cmd('only | buffer main.py')
  messages = {}
  vim.cmd('Magellan cfg nowhere')
  eventually('a name of none', 'magellan: nothing to show: no symbol nowhere', function()
    return messages[1]
  end)
  messages = {}
  require('magellan.about').ask('magellan/notThere', {}, function() end)
  check('a request that the server has not', (messages[1] or ''):find('does not answer magellan/notThere', 1, true), messages[1])

  -- help and health
  vim.cmd('helptags ' .. vim.fn.fnameescape(vim.env.MAGELLAN_RUNTIME .. '/doc'))
  for _, topic in ipairs({ 'magellan', ':Magellan', ':Magellan-cfg', ':Magellan-migrate', 'magellan-install', 'magellan-settings' }) do
    vim.cmd('help ' .. topic)
    equal(':help ' .. topic, 'magellan.txt', vim.fs.basename(vim.api.nvim_buf_get_name(0)))
    vim.cmd('helpclose')
  end
  vim.cmd('buffer main.py')
  local health
  -- The watcher may still take in what was written before.
  for _ = 1, 20 do
    ask('magellan/synchronize', vim.empty_dict())
    vim.cmd('checkhealth magellan')
    health = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
    vim.cmd('tabonly | only | buffer main.py')
    if health:find('ready, %d+ files') then
      break
    end
    vim.wait(250)
  end
  local troubled = health:find('ERROR') or health:find('WARNING')
  check(':checkhealth magellan finds all well', health:find('ready, %d+ files') and not troubled, health)

  -- a file outside of any workspace
  local alone = vim.fs.joinpath(vim.env.HOME, 'alone.py')
  vim.fn.writefile({ 'def single():', '    pass', '', 'text = "😀"; single()' }, alone)
  vim.cmd.edit(alone)
  attached()
  vim.api.nvim_win_set_cursor(0, { 4, #'text = "😀"; ' })
  vim.lsp.buf.definition()
  eventually('definition in a file outside of any workspace', 1, function()
    return vim.api.nvim_win_get_cursor(0)[1]
  end)
  local single = client().id
  client():stop()
  vim.wait(10000, function()
    return vim.lsp.get_client_by_id(single) == nil
  end, 20)
  vim.cmd('bdelete! | buffer main.py')

  -- a folder with an index that Magellan made
  messages = {}
  vim.cmd('Magellan migrate')
  eventually(':Magellan migrate where nothing was migrated', true, function()
    return (messages[1] or ''):find('nothing was migrated here', 1, true) ~= nil
  end)
  local old = assert(vim.env.MAGELLAN_OLD)
  local database = old .. '/.magellan/magellan.db'
  local function bytes()
    local file = assert(io.open(database, 'rb'))
    local all = file:read('a')
    file:close()
    return vim.base64.encode(all)
  end
  local before_migration = bytes()
  vim.cmd.edit(old .. '/python/main.py')
  attached()
  equal('its folder is the workspace', vim.uv.fs_realpath(old), vim.uv.fs_realpath(client().root_dir))
  ask('magellan/synchronize', vim.empty_dict())
  local report = ask('magellan/migration', vim.empty_dict())
  check('it was migrated when it was opened', report ~= vim.NIL and report.success and report.verified, vim.inspect(report))
  vim.cmd('Magellan migrate')
  shows(':Magellan migrate shows the report', 'magellan://migration\n.*outcome: migrated')
  keys('q')
  check('the original is untouched', before_migration == bytes())
  vim.cmd('Magellan migrate ' .. vim.fn.fnameescape(database))
  shows(':Magellan migrate FILE', 'magellan://migration\n.*input: [^\n]*magellan%.db')
  keys('q')
  local migrated = client().id
  client():stop()
  vim.wait(10000, function()
    return vim.lsp.get_client_by_id(migrated) == nil
  end, 20)
  vim.cmd('bdelete! | buffer main.py')

  -- the server is killed
  local killed = assert(client())
  local pid = ask('magellan/status', vim.empty_dict()).pid
  vim.uv.kill(pid, 'sigkill')
  check('the killed server is missed', vim.wait(10000, function()
    return vim.lsp.get_client_by_id(killed.id) == nil
  end, 20))
  vim.cmd('checkhealth magellan')
  health = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  check(':checkhealth magellan says that no server runs', health:find('No server is running', 1, true), health)
  vim.cmd('tabonly | only | buffer main.py')
  messages = {}
  vim.cmd('Magellan callers')
  check('a command without a server says so', (messages[1] or ''):find('checkhealth magellan', 1, true), messages[1])
  vim.cmd('Magellan restart')
  check(':Magellan restart after the server was killed', attached())
  check('it is another process', attached() and ask('magellan/status', vim.empty_dict()).pid ~= pid)
  open_at('main.py', 'label(total')
  vim.lsp.buf.definition()
  eventually('definition after the restart', place('shop/stock.py', 'label(amount):', 2), here)
  local before = client().id
  vim.cmd('Magellan restart')
  check(':Magellan restart of a server that runs', attached() and client().id ~= before)

  vim.lsp.enable('magellan_lsp', false)
  for _, one in ipairs(vim.lsp.get_clients({ name = 'magellan_lsp' })) do
    one:stop()
  end
  check('all servers stop', vim.wait(10000, function()
    return #vim.lsp.get_clients({ name = 'magellan_lsp' }) == 0
  end, 20))
end, debug.traceback)
if not ok then
  check('the script itself', false, problem)
end
io.stdout:write(('nvim %s: %d passed, %d failed\n'):format(vim.version(), passed, failed))
vim.cmd(failed == 0 and 'qall!' or 'cquit! 1')
