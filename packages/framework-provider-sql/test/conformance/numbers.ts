/** The numbers from 0, so many. */
export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}
