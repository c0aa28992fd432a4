import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import type { LakeS3Options } from '../../src'

let count = 0

/** Options for a bucket of its own at an endpoint that takes any credentials. */
export async function newBucket(endpoint: string): Promise<LakeS3Options> {
  const options = {
    bucket: `lake-${process.pid}-${(count += 1)}`,
    prefix: 'events/of the [shop]',
    region: 'eu-west-1',
    endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  }
  const client = clientFor(options)
  await client.send(
    new CreateBucketCommand({
      Bucket: options.bucket,
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    })
  )
  client.destroy()
  return options
}

/** A bare client of a bucket. */
export function clientFor({ region, endpoint, credentials }: LakeS3Options): S3Client {
  return new S3Client({ region, endpoint, credentials, forcePathStyle: true })
}
