import { join } from 'node:path'
import ts from 'typescript'
import { ROOT } from './source-tree'

/** A manifest of Kubernetes. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec: Readonly<Record<string, unknown>>
}

const FILE = join(ROOT, 'test', 'manifests.ts')

/** What does not fit the types that are made of the schemas of Kubernetes (kubernetes-types): fields that do not exist, and values of another type. */
export function kubernetesErrors(manifests: readonly Manifest[]): string[] {
  const imports = manifests.map(
    ({ apiVersion, kind }, index) =>
      `import type { ${kind} as Kind${index} } from 'kubernetes-types/${moduleOf(apiVersion)}'`
  )
  const values = manifests.map((one, index) => `export const manifest${index}: Kind${index} = ${JSON.stringify(one)}`)
  const text = [...imports, ...values].join('\n')
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.NodeJs,
    noEmit: true,
    strict: true,
    target: ts.ScriptTarget.ES5,
    lib: ['lib.es5.d.ts'],
    skipLibCheck: true,
    types: [],
  }
  const host = ts.createCompilerHost(options)
  const { fileExists, getSourceFile, readFile } = host
  host.fileExists = (name) => name === FILE || fileExists(name)
  host.readFile = (name) => (name === FILE ? text : readFile(name))
  host.getSourceFile = (name, version, ...rest) =>
    name === FILE ? ts.createSourceFile(name, text, version, true) : getSourceFile.call(host, name, version, ...rest)
  const program = ts.createProgram([FILE], options, host)
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
}

/** `networking.k8s.io/v1` is in the module networking/v1, `v1` in core/v1. */
function moduleOf(apiVersion: string): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion]
  return `${group.split('.')[0]}/${version}`
}
