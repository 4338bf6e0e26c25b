-- Nothing of the user's, only our runtime folder, as a new user would set it up.
vim.opt.runtimepath:prepend(assert(vim.env.MAGELLAN_RUNTIME))
vim.o.swapfile = false
vim.o.shadafile = 'NONE'
vim.o.more = false -- never stop at a "-- More --" prompt
vim.o.hidden = true
vim.o.shortmess = vim.o.shortmess .. 'aAcFIsW'
vim.cmd('filetype plugin on') -- sets 'filetype', which is what vim.lsp.enable() listens to
vim.lsp.log.set_level('INFO')
vim.lsp.config('magellan_lsp', { cmd = vim.json.decode(vim.env.LSP_CMD) })
vim.lsp.enable('magellan_lsp')
-- Once Neovim is up: before that, vim.lsp.enable() leaves open buffers alone.
vim.schedule(function()
  dofile(vim.env.MAGELLAN_CHECKS)
end)
