// What is used of tools whose own types are found by newer ways of resolution only.
declare module '@arethetypeswrong/core' {
  export function createPackageFromTarballData(tarball: Uint8Array): object
  export function checkPackage(
    packed: object
  ): Promise<{ readonly types: unknown; readonly problems?: ReadonlyArray<{ readonly kind: string }> }>
}

declare module 'publint' {
  export interface Message {
    readonly code: string
  }
  export function publint(options: {
    readonly pack: { readonly tarball: ArrayBufferLike }
    readonly strict: boolean
  }): Promise<{ readonly messages: readonly Message[]; readonly pkg: object }>
}

declare module 'publint/utils' {
  import type { Message } from 'publint'
  export function formatMessage(message: Message, pkg: object): string | undefined
}
