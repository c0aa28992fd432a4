import { currentDeclarations } from './install'

export { Event, EventHandler } from './decorators'

// Importing the package is enough for `config.streamers` to be checked at boot.
currentDeclarations()
