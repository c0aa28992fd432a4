/**
 * Something that is wrong with a lake.
 * @experimental
 */
export interface LakeFault {
  /**
   * - `manifest-missing`: a version of the lake is missing; what it added cannot be found.
   * - `segment-missing`: a segment has no file.
   * - `segment-changed`: the file of a segment is not the one that was written.
   * - `segment-unreadable`: the file of a segment is not the Parquet file that its manifest says.
   * - `index-changed`: the index of a segment is not the one that was written; what is looked for by id or key may not be found. `lake compact` makes it again.
   * - `positions-missing`: a segment does not begin where the one before ended.
   * - `events-deleted`: the broker deleted events before they were recorded. The lake is whole, and lacks them for good.
   * - `position-twice`: a position is recorded more than once.
   * - `file-unknown`: a file among the segments does not belong to the lake; other engines read it all the same.
   */
  readonly kind:
    | 'manifest-missing'
    | 'segment-missing'
    | 'segment-changed'
    | 'segment-unreadable'
    | 'index-changed'
    | 'positions-missing'
    | 'events-deleted'
    | 'position-twice'
    | 'file-unknown'
  /** The file, below the place of the lake. */
  readonly path: string
  /** What is wrong, as a sentence. */
  readonly message: string
}
