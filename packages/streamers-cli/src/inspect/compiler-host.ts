import type * as TypeScript from 'typescript'

type Compiler = typeof TypeScript
type SourceFiles = Map<string, TypeScript.SourceFile | undefined>

/** Files of packages that a compiler has read already, for programs that use the same ones. */
const readBy = new WeakMap<Compiler, SourceFiles>()

/** A host of a compiler that reads each file of a package once in this process. Files outside `node_modules` are read anew for each program. */
export function hostOf(compiler: Compiler, options: TypeScript.CompilerOptions): TypeScript.CompilerHost {
  const ofPackages: SourceFiles = readBy.get(compiler) ?? new Map()
  readBy.set(compiler, ofPackages)
  const host = compiler.createCompilerHost(options)
  const read: TypeScript.CompilerHost['getSourceFile'] = host.getSourceFile.bind(host)
  const getSourceFile: typeof read = (name, how, onError, again) => {
    if (!/[\\/]node_modules[\\/]/.test(name)) return read(name, how, onError, again)
    const key = JSON.stringify([name, how])
    if (!ofPackages.has(key)) ofPackages.set(key, read(name, how, onError, again))
    return ofPackages.get(key)
  }
  return { ...host, getSourceFile }
}
