-- Defines :Magellan; everything else is loaded when it is first used.
if vim.g.loaded_magellan then
  return
end
vim.g.loaded_magellan = true

vim.api.nvim_create_user_command('Magellan', function(args)
  require('magellan.commands').run(args)
end, {
  nargs = '*',
  desc = 'Ask the Magellan language server',
  complete = function(lead, line)
    return require('magellan.commands').complete(lead, line)
  end,
})
