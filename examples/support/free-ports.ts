/** Free ports of 127.0.0.1, all different. */
export async function freePorts(count: number): Promise<number[]> {
  // Loaded at its use: who asks may have it built first.
  const { freePort } = await import('@boostercloud/dev-brokers')
  return Promise.all(Array.from({ length: count }, freePort))
}
