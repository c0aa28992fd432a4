import tseslint from 'typescript-eslint'

const TYPESCRIPT = [
  'packages/*/src/**/*.ts',
  'examples/**/src/**/*.ts',
  'examples/blog/demo/**/*.ts',
  'examples/support/**/*.ts',
  'scripts/**/*.ts',
  'chaos/*.ts',
  'chaos/lake/*.ts',
  'chaos/providers/*.ts',
  'chaos/streamers/*.ts',
  'bench/**/*.ts',
]
const TESTS = ['packages/*/test/**/*.ts', 'examples/**/test/**/*.ts', 'test/**/*.ts']
const TYPE_TESTS = ['packages/*/test-types/**/*.ts']
const SCRIPTS = ['**/*.mjs', '**/*.cjs', '**/*.js']

/** Small: a file is one idea, a function can be read at once. */
const SIZES = {
  complexity: ['error', 10],
  'max-depth': ['error', 4],
  'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
  'max-params': ['error', 5],
}

const HABITS = {
  eqeqeq: ['error', 'always'],
  'no-console': 'error',
  'no-empty': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
}

const TYPED = {
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true, allowRethrowing: true }],
  '@typescript-eslint/prefer-nullish-coalescing': [
    'error',
    { ignoreConditionalTests: true, ignoreMixedLogicalExpressions: true, ignorePrimitives: { boolean: true } },
  ],
  '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
  '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
}

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '**/.booster/', '.cache/', 'reports/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  {
    files: [...TYPESCRIPT, ...TESTS],
    extends: [tseslint.configs.recommended],
    languageOptions: {
      parserOptions: {
        project: [
          'tsconfig.test.json',
          'bench/tsconfig.json',
          // One program for all examples: one for each of them costs more than all the rest.
          'examples/tsconfig.lint.json',
        ],
        tsconfigRootDir: import.meta.dirname,
        // Booster's compiler plugin keeps the repository on a TypeScript older than the linter's own range.
        warnOnUnsupportedTypeScriptVersion: false,
      },
    },
    rules: {
      ...SIZES,
      ...HABITS,
      ...TYPED,
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/explicit-function-return-type': ['error', { allowExpressions: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    rules: {
      '@typescript-eslint/explicit-member-accessibility': ['error', { overrides: { constructors: 'explicit' } }],
    },
  },
  {
    files: ['packages/streamers-cli/src/**/*.ts', 'examples/**/*.ts', 'scripts/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // Booster's compiler plugin reads the imports of an app, and its own template writes them without `type`.
    files: [
      'examples/{aws,blog,bridge,contracts,heterogeneous}/**/*.ts',
      'bench/{drain,store,sweep}/app/**/*.ts',
      'packages/framework-provider-sql/test/conformance/app/**/*.ts',
      'packages/framework-provider-sql/test/support/app/**/*.ts',
      'packages/streamers-cli/test/store/app/**/*.ts',
    ],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    files: TESTS,
    rules: {
      '@typescript-eslint/explicit-function-return-type': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },

  {
    files: TYPE_TESTS,
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { warnOnUnsupportedTypeScriptVersion: false } },
    rules: { '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': false, 'ts-ignore': true }] },
  },
  {
    files: SCRIPTS,
    rules: { ...SIZES, ...HABITS, 'no-console': 'off', 'no-undef': 'error', 'no-unused-vars': 'error' },
    languageOptions: { globals: await nodeGlobals() },
  }
)

/** The names that Node has without an import, and those of CommonJS. */
async function nodeGlobals() {
  const names = [...Object.getOwnPropertyNames(globalThis), 'require', 'module', '__dirname']
  return Object.fromEntries(names.map((name) => [name, 'readonly']))
}
