/** The scripts are plain JavaScript: what a test imports of them is untyped. */
declare module '*.mjs'
