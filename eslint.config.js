import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/', 'action/dist/', 'src/**/generated/', '.stryker-tmp/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json' } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': false, 'ts-ignore': true, 'ts-nocheck': true },
      ],
      // Methods of plain objects and async functions that satisfy an interface are everyday here.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { varsIgnorePattern: '^_', argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    ignores: ['src/render/html/page/**'],
    languageOptions: { globals: globals.node },
  },
  { files: ['src/render/html/page/**/*.js'], languageOptions: { globals: globals.browser } },
  {
    // The core decides and never acts: no console, clock, environment or network below the shell.
    files: ['src/**/*.ts'],
    ignores: ['src/cli/**', 'src/shell/**', 'src/bin.ts', 'src/sandbox/**'],
    rules: { 'no-console': 'error' },
  },
);
