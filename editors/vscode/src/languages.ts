/** Languages that the server knows, by VS Code's names. */
export const LANGUAGES = [
  "c",
  "cpp",
  "cuda-cpp",
  "go",
  "java",
  "javascript",
  "javascriptreact",
  "python",
  "rust",
  "typescript",
  "typescriptreact",
];
