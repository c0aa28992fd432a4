/** Where the code of a file is in a cache, and how the file was when it was compiled. */
interface CodePlace {
  readonly from: number
  readonly length: number
  readonly size: number
  readonly mtimeMs: number
}

/** The index of a cache. */
export function openCodeFile(file: string): { readonly places: Readonly<Record<string, CodePlace>> }
