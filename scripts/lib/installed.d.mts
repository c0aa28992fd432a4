/** Throws when this Node is too old for what follows. */
export function ensureNode(version?: string): void
/** Installs what the lock file names, unless it is there. Throws with what npm said. */
export function ensureInstalled(): void
/** Whether what is installed is what the lock file and every package.json ask for. */
export function isInstalled(root?: string): boolean
