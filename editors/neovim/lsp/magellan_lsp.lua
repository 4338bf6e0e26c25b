---@brief
---
--- A language server for Python, Rust, C, C++, Java, JavaScript, TypeScript and Go that answers from a persistent
--- code graph, with no compiler and no build. It runs beside other servers; what they do better is switched off in
--- its settings:
---
--- ```lua
--- vim.lsp.config('magellan_lsp', {
---   settings = {
---     magellan = {
---       features = { hover = false },
---       languages = { python = { features = { definition = false } } },
---     },
---   },
--- })
--- vim.lsp.enable('magellan_lsp')
--- ```

-- The nearest folder upward with one of these is the workspace; where there is none, the nearest with a project file.
local roots = { '.magellan', '.git', '.hg', '.svn' }
local project_files = {
  'pyproject.toml',
  'setup.py',
  'setup.cfg',
  'Cargo.toml',
  'go.mod',
  'go.work',
  'package.json',
  'tsconfig.json',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'CMakeLists.txt',
  'compile_commands.json',
  'meson.build',
}

---@type vim.lsp.Config
return {
  cmd = { 'magellan-lsp', '--stdio' },
  filetypes = {
    'c',
    'cpp',
    'cuda',
    'go',
    'java',
    'javascript',
    'javascriptreact',
    'python',
    'rust',
    'typescript',
    'typescriptreact',
  },
  -- Neovim before 0.11.3 knows no markers of equal rank.
  root_markers = vim.fn.has('nvim-0.11.3') == 1 and { roots, project_files }
    or vim.list_extend(vim.list_extend({}, roots), project_files),
  capabilities = { experimental = { serverStatusNotification = true } },
  handlers = {
    ['experimental/serverStatus'] = function(_, status, ctx)
      if status.health ~= 'ok' and status.message then
        local client = vim.lsp.get_client_by_id(ctx.client_id)
        local level = status.health == 'error' and vim.log.levels.ERROR or vim.log.levels.WARN
        vim.notify(('%s: %s'):format(client and client.name or 'magellan_lsp', status.message), level)
      end
    end,
  },
}
