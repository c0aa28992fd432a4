import type { BrokerKind, Place } from '../broker-kind'
import { cachedPythonPackages } from '../fetch/pip-cache'

const VERSION = '5.2.5'
const PORT_INSIDE = 5000

/**
 * For each event, Moto asks its slow clock about every message of the queue, and makes eight parsers anew: told otherwise, it is some forty times faster. Two requests at
 * once that delete undo each other's deletions, and of two conditional puts of one object at once both may succeed: here they wait for each other.
 */
const FIXED = `
import functools, threading, time, jsonpath_ng.ext, moto.s3.responses as s3, moto.sqs.models as sqs
sqs.unix_time_millis = lambda: time.time() * 1000
jsonpath_ng.ext.parse = functools.lru_cache(jsonpath_ng.ext.parse)
delete = sqs.Queue.delete_message
def delete_alone(queue, receipt_handle):
    with queue._messages_lock:
        delete(queue, receipt_handle)
sqs.Queue.delete_message = delete_alone
put, putting = s3.S3Response.put_object, threading.Lock()
def put_alone(response):
    with putting:
        return put(response)
s3.S3Response.put_object = put_alone
from moto.server import main
main()
`

/**
 * Moto, which stands in for services of AWS (EventBridge, SQS and others), and takes any credentials. It keeps everything in memory: what was made
 * is gone when it ends. Rules match and deliver to queues, archives are replayed; it knows no throttling and no limit of an entry's size.
 */
export const moto: BrokerKind = {
  name: 'moto',
  title: 'Moto (AWS)',
  variable: 'STREAMERS_AWS_ENDPOINT',
  hint: 'Set STREAMERS_AWS_ENDPOINT to an endpoint for AWS, or start Docker, or install Python 3 with pip.',
  refusesRoot: false,
  stopSignal: 'SIGTERM',
  container: {
    image: `motoserver/moto:${VERSION}`,
    port: PORT_INSIDE,
    env: () => ({}),
    takesSettings: false,
  },
  installed: async () => undefined,
  // Not a virtual environment: its programs name the folder that they were made in, and a cached folder is moved once.
  fetched: () => cachedPythonPackages(`moto-${VERSION}`),
  prepare: async () => undefined,
  command: (programs, { port }) => ({
    file: 'python3',
    args: ['-c', FIXED, '-H', '127.0.0.1', '-p', String(port)],
    // What was checked stays as it is.
    env: { PYTHONPATH: programs, PYTHONDONTWRITEBYTECODE: '1' },
  }),
  url,
  ready: async (place) =>
    fetch(`${url(place)}/moto-api/data.json`, { signal: AbortSignal.timeout(2_000) }).then(
      ({ ok }) => ok,
      () => false
    ),
}

function url({ port }: Pick<Place, 'port'>): string {
  return `http://127.0.0.1:${port}`
}
