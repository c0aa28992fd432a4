/**
 * The user a server runs as.
 * @experimental
 */
export interface User {
  readonly uid: number
  readonly gid: number
}

/**
 * Where one server lives.
 * @experimental
 */
export interface Place {
  /** A folder of its own. */
  readonly folder: string
  readonly port: number
  /** Others that it listens on, as many as its kind needs. */
  readonly morePorts: readonly number[]
  /** Its own settings, by the names that its kind has for them, beyond and before those that it gets anyway. */
  readonly settings: Readonly<Record<string, string>>
  /** Its password, made for it. */
  readonly secret: string
  /** Set where this process is root and the server refuses to be. */
  readonly user?: User
}

/**
 * What is executed.
 * @experimental
 */
export interface Command {
  readonly file: string
  readonly args: readonly string[]
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>
}

/**
 * What a container is made of.
 * @experimental
 */
export interface ContainerImage {
  readonly image: string
  /** Where it listens inside. */
  readonly port: number
  readonly env: (place: Place) => Readonly<Record<string, string>>
  /** Whether the settings of a place reach it, through `env` or `args`. */
  readonly takesSettings: boolean
  /** What the image is told after its name. Default: nothing. */
  readonly args?: (place: Place) => readonly string[]
}

/**
 * One kind of server: all that the rest needs to know of it. A new kind is one file that says this.
 * @experimental
 */
export interface BrokerKind {
  readonly name: string
  /** As people write it. */
  readonly title: string
  /** The environment variable that names one that runs already. */
  readonly variable: string
  readonly container: ContainerImage
  /** What a person can do to have one, as an imperative sentence. */
  readonly hint: string
  /** How many ports it needs besides the one that clients know. */
  readonly morePorts?: number
  /** Whether it refuses to run as root. */
  readonly refusesRoot: boolean
  /** The signal on which it ends at once and in order. */
  readonly stopSignal: NodeJS.Signals
  /** The folder of its programs, if they are installed. Rejects with `PACKAGE_MISSING` where they can't be run. */
  installed(): Promise<string | undefined>
  /** The folder of its programs in a cache of the user's, fetched if they are not there yet. */
  fetched(): Promise<string>
  /** Makes its data unless they are there. */
  prepare(programs: string, place: Place): Promise<void>
  /** Runs it in the foreground. */
  command(programs: string, place: Place): Command
  /** What removes what it leaves behind: programs that it started and that do not end with it. */
  cleanUp?(programs: string, place: Place): Command
  url(place: Place): string
  /** Whether it answers, and means it. */
  ready(place: Pick<Place, 'port'>): Promise<boolean>
}
