import type * as ts from 'typescript'
import { compiler } from './compiler'

/** Files of packages that were read already, for programs that use the same ones. */
const ofPackages = new Map<string, ts.SourceFile | undefined>()

/** A host of the compiler that reads each file of a package once in this process. Files outside `node_modules` are read anew for each program. */
export function hostOf(options: ts.CompilerOptions): ts.CompilerHost {
  const host = compiler.createCompilerHost(options)
  const read: ts.CompilerHost['getSourceFile'] = host.getSourceFile.bind(host)
  const getSourceFile: typeof read = (name, how, onError, again) => {
    if (!/[\\/]node_modules[\\/]/.test(name)) return read(name, how, onError, again)
    const key = JSON.stringify([name, how])
    if (!ofPackages.has(key)) ofPackages.set(key, read(name, how, onError, again))
    return ofPackages.get(key)
  }
  return { ...host, getSourceFile }
}
