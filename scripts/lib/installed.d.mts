/** Throws when this Node is too old for what follows. */
export function ensureNode(version?: string): void
/** Installs what the lock file names, unless it is there. Throws with what npm said, or with the packages that the lock file lags behind. */
export function ensureInstalled(): void
/** Whether what is installed is what the lock file and every package.json ask for. */
export function isInstalled(root?: string): boolean
/** The package.json files that ask for something else than the lock file was made from, which no installation fixes. */
export function changedSinceLocked(root?: string): string[]
