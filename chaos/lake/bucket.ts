import { startServer } from '@boostercloud/dev-brokers'
import type { LakeOptions } from '@boostercloud/streamers-lake'
import { newBucket } from '../../packages/streamers-lake/test/support/s3'

/** A bucket of its own, at a server that speaks the protocol of S3. */
export async function startBucket(): Promise<{ place: Pick<LakeOptions, 's3'>; stop: () => Promise<void> }> {
  const server = await startServer('moto')
  return { place: { s3: await newBucket(server.url) }, stop: () => server.stop() }
}
