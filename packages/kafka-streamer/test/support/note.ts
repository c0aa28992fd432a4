/** The event class of these tests. */
export class Note {
  public constructor(
    public readonly entity: string,
    public readonly n: number,
    public readonly text = ''
  ) {}

  /** The key. */
  public entityID(): string {
    return this.entity
  }
}
