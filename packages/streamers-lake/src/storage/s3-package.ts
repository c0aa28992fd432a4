import { StreamerError } from '@boostercloud/streamer-connector'
import type * as s3 from '@aws-sdk/client-s3'

/** The AWS SDK's client, as far as a lake uses it. */
export type S3Package = typeof s3

const PACKAGE = '@aws-sdk/client-s3'

/** The package. It is loaded by its name, for the first bucket: most lakes are in folders. Throws `PACKAGE_MISSING` where it is not installed. */
export function s3Package(): S3Package {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require(PACKAGE) as S3Package
  } catch (cause) {
    throw new StreamerError('PACKAGE_MISSING', `A lake in a bucket needs the package ${PACKAGE}.`, {
      at: 's3',
      hint: `Install it: npm install ${PACKAGE}.`,
      cause,
    })
  }
}
